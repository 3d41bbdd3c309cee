/** GraphiQL, which needs React itself. It is apart from the portal: what it weighs and what it may do is its own. */
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const file = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const gateway = { target: 'http://127.0.0.1:4000', ws: true };

export default defineConfig({
  root: file('.'),
  base: '/graphiql/',
  resolve: { alias: { 'vpcep-gateway/client': file('../../src/client/client.ts') } },
  worker: { format: 'es' },
  build: {
    target: 'es2022',
    outDir: file('../../dist/portal/graphiql'),
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // The editor is one large part.
    chunkSizeWarningLimit: 5_000,
    rolldownOptions: {
      // "use client" in hundreds of files, which means nothing here.
      onwarn: (warning, warn) => {
        if (warning.code !== 'MODULE_LEVEL_DIRECTIVE') warn(warning);
      },
    },
  },
  server: { proxy: { '/graphql': gateway } },
});
