import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { type BuildOptions, build } from 'esbuild';
import { ROOT } from './document-blocks.ts';

const FOLDER = join(ROOT, 'examples');

/** The files of examples/, from that folder. */
export const EXAMPLES: readonly string[] = readdirSync(FOLDER, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => relative(FOLDER, join(entry.parentPath, entry.name)));

export function exampleCode(name: string): string {
  return readFileSync(join(FOLDER, name), 'utf8');
}

export interface ExampleBuild {
  readonly code: string;
  readonly outfile: string;
  readonly platform?: 'node' | 'browser';
}

/** Only the package's own name leads to the sources; of packages a bundle for browsers has all. */
export async function bundleExample({ code, outfile, platform = 'node' }: ExampleBuild): Promise<void> {
  const packages: BuildOptions = platform === 'node' ? { packages: 'external' } : {};
  await build({
    stdin: { contents: code, resolveDir: ROOT, loader: 'ts' },
    outfile,
    bundle: true,
    format: 'esm',
    target: 'es2022',
    platform,
    alias: {
      'vpcep-gateway/client': join(ROOT, 'src/client/client.ts'),
      'vpcep-gateway/documents': join(ROOT, 'src/client/generated/documents.ts'),
    },
    ...packages,
  });
}
