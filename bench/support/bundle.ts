/** A server of the benchmarks as one JavaScript file, so that no loader runs in what is measured. */
import { build } from 'esbuild';
import { ROOT } from './process.ts';

/** CommonJS, because Mercurius and graphql-jit are: a second copy of graphql would make foreign schemas. */
export async function bundle(folder: 'servers' | 'peers', name: string): Promise<string> {
  // In its folder: what it imports comes from the packages of the peers, or from ours.
  const outfile = `${ROOT}bench/${folder}/dist/${name}.cjs`;
  await build({
    entryPoints: [`${ROOT}bench/${folder}/${name}.ts`],
    outfile,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'cjs',
    logLevel: 'warning',
  });
  return outfile;
}
