/** For both React examples. The aliases are needed only inside this repository; elsewhere the package is installed. */
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const client = (file: string) => fileURLToPath(new URL(`../src/client/${file}`, import.meta.url));

export default defineConfig({
  server: { host: '127.0.0.1', port: 5173, strictPort: true },
  resolve: {
    alias: {
      'vpcep-gateway/client': client('client.ts'),
      'vpcep-gateway/documents': client('generated/documents.ts'),
    },
  },
});
