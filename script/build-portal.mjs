/**
 * Builds what browsers get: the portal, and GraphiQL in a folder of its own. Each file also compressed, the licences of what is
 * bundled, and a manifest for the gateway, which serves nothing that does not stand in it (src/http/pages.ts).
 * node script/build-portal.mjs FOLDER
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { extname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, gzip, constants as zlib } from 'node:zlib';
import { build } from 'vite';
import { writeLicences } from './licences.mjs';

const folder = resolve(process.argv[2]);

const TYPES = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.ttf': 'font/ttf',
  '.txt': 'text/plain; charset=utf-8',
  '.woff2': 'font/woff2',
};
const LICENCES = 'third-party-licenses.txt';
/** Brotli's best takes a second for each MB; the step below is a tenth of that, and hardly larger. */
const MOST_BYTES_AT_BEST = 500_000;

/** Files that are bundled, also into workers. */
const modules = new Set();
const collect = {
  name: 'collect-modules',
  generateBundle(_options, bundle) {
    for (const { moduleIds = [] } of Object.values(bundle)) for (const id of moduleIds) modules.add(id);
  },
};

async function compress(file, content) {
  const brotli = {
    [zlib.BROTLI_PARAM_QUALITY]: content.length > MOST_BYTES_AT_BEST ? 9 : zlib.BROTLI_MAX_QUALITY,
    [zlib.BROTLI_PARAM_SIZE_HINT]: content.length,
  };
  const forms = await Promise.all([
    promisify(brotliCompress)(content, { params: brotli }),
    promisify(gzip)(content, { level: zlib.Z_BEST_COMPRESSION }),
  ]);
  const sizes = {};
  for (const [at, [coding, ending]] of Object.entries([
    ['br', 'br'],
    ['gzip', 'gz'],
  ])) {
    const form = forms[at];
    if (form.length >= content.length) continue;
    writeFileSync(`${file}.${ending}`, form);
    sizes[coding] = form.length;
  }
  return sizes;
}

async function describe(name) {
  const file = join(folder, name);
  const type = TYPES[extname(name)];
  if (type === undefined) throw new Error(`${name}: give its type in ${import.meta.filename}`);
  const content = readFileSync(file);
  const etag = createHash('sha256').update(content).digest('base64url').slice(0, 22);
  return [name, { type, etag, size: content.length, encodings: await compress(file, content) }];
}

for (const [config, outDir] of [
  ['portal/vite.config.ts', folder],
  ['portal/graphiql/vite.config.ts', join(folder, 'graphiql')],
]) {
  await build({
    configFile: config,
    logLevel: 'warn',
    plugins: [collect],
    worker: { plugins: () => [collect] },
    build: { outDir, emptyOutDir: true },
  });
}
writeLicences(join(folder, LICENCES), [...modules]);
const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
const names = files.map(({ parentPath, name }) => join(parentPath, name).slice(folder.length + 1)).sort();
const described = await Promise.all(names.map(describe));
writeFileSync(join(folder, 'manifest.json'), `${JSON.stringify(Object.fromEntries(described), null, 1)}\n`);
