import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BuildOptions, build } from 'esbuild';
import { ROOT } from './document-blocks.ts';

/** File names in docs/examples. */
export const EXAMPLES: readonly string[] = readdirSync(join(ROOT, 'docs/examples'));

export function exampleCode(name: string): string {
  return readFileSync(join(ROOT, 'docs/examples', name), 'utf8');
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
