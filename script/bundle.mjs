/**
 * Bundles the gateway and the simulator with every package that they import, and collects the licences of those packages.
 * node script/bundle.mjs FOLDER; docs/decisions/0019-bundled-programs.md has the reasons.
 */
import { join } from 'node:path';
import { build } from 'esbuild';
import { writeLicences } from './licences.mjs';

const [, , folder] = process.argv;

/** Only the used parts of undici: its index also loads fetch, WebSocket and mocks. An import that is not here fails the build. */
const undiciParts = {
  name: 'undici-parts',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^undici$/ }, () => ({ path: 'undici', namespace: 'parts' }));
    onLoad({ filter: /^undici$/, namespace: 'parts' }, () => ({
      contents: `
        import api from 'undici/lib/api/index.js';
        import Dispatcher from 'undici/lib/dispatcher/dispatcher.js';
        Object.assign(Dispatcher.prototype, api);
        export { default as Pool } from 'undici/lib/dispatcher/pool.js';
        export { default as EnvHttpProxyAgent } from 'undici/lib/dispatcher/env-http-proxy-agent.js';
      `,
      resolveDir: process.cwd(),
    }));
  },
};

/** Apollo hashes with this package where it finds no `module.require`, which a bundle does not have. */
const nativeHash = {
  name: 'native-hash',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^sha\.js$/ }, () => ({ path: 'sha.js', namespace: 'native' }));
    onLoad({ filter: /^sha\.js$/, namespace: 'native' }, () => ({
      contents: "module.exports = require('node:crypto').createHash;",
    }));
  },
};

const { metafile } = await build({
  entryPoints: ['src/main.ts', 'src/simulator/main.ts'],
  outbase: 'src',
  outdir: folder,
  chunkNames: 'chunks/[name]-[hash]',
  bundle: true,
  // Code behind `import()` gets files of its own, so that a start reads only what it needs.
  splitting: true,
  platform: 'node',
  target: 'node20.20',
  format: 'esm',
  // CommonJS packages call `require` for modules of Node.js.
  banner: {
    js: "import{createRequire as $createRequire}from'node:module';const require=$createRequire(import.meta.url);",
  },
  // Always the ES modules of a package with both forms: two copies of graphql refuse each other's schema.
  mainFields: ['module', 'main'],
  resolveExtensions: ['.mjs', '.js', '.json'],
  // type-graphql imports it to validate arguments, which is switched off.
  external: ['class-validator'],
  // Identifiers keep their names and lines stay short, so that a stack helps without the source maps.
  minifySyntax: true,
  minifyWhitespace: true,
  lineLimit: 120,
  sourcemap: true,
  sourcesContent: false,
  legalComments: 'none',
  metafile: true,
  plugins: [undiciParts, nativeHash],
});

const second = Object.keys(metafile.inputs).find((file) => /node_modules\/graphql\/.*\.js$/.test(file));
if (second !== undefined) throw new Error(`${second} is bundled, so graphql is there twice: import its ES module`);

const bundled = Object.values(metafile.outputs).flatMap(({ inputs }) =>
  Object.entries(inputs).flatMap(([file, { bytesInOutput }]) => (bytesInOutput > 0 ? [file] : [])),
);
writeLicences(join(folder, 'third-party-licenses.txt'), bundled);
