/**
 * The portal: React source, built with Preact in the place of React, which makes it a third of the size. `npm run portal` serves
 * it with reloads, and passes the API on to a gateway at 127.0.0.1:4000.
 */
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const file = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const gateway = { target: 'http://127.0.0.1:4000', ws: true };

export default defineConfig({
  root: file('.'),
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  resolve: {
    alias: [
      { find: /^react-dom\/client$/, replacement: 'preact/compat/client' },
      { find: /^react\/jsx-runtime$/, replacement: 'preact/jsx-runtime' },
      { find: /^react(?:-dom)?$/, replacement: 'preact/compat' },
      { find: 'vpcep-gateway/client', replacement: file('../src/client/client.ts') },
      { find: 'vpcep-gateway/documents', replacement: file('../src/client/generated/documents.ts') },
    ],
  },
  build: {
    target: 'es2022',
    outDir: file('../dist/portal'),
    emptyOutDir: true,
    // Inlined files and the polyfill would need exceptions from the content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: { proxy: { '/graphql': gateway, '/portal.json': gateway } },
});
