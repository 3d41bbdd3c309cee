import { build } from 'esbuild';
import { expect, it } from 'vitest';

it('the client helper is under 5 KB besides graphql-ws, and imports nothing else', async () => {
  const { outputFiles, metafile } = await build({
    entryPoints: [new URL('../../src/client/client.ts', import.meta.url).pathname],
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    external: ['graphql-ws'],
    write: false,
    metafile: true,
  });
  expect(outputFiles[0]?.contents.byteLength).toBeLessThan(5_120);
  const imports = Object.values(metafile.outputs).flatMap((output) => output.imports.map((one) => one.path));
  expect(imports).toEqual(['graphql-ws/client']);
});
