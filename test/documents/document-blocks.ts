import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const ROOT = new URL('../../', import.meta.url).pathname;

export interface MarkdownDocument {
  /** From the root of the project. */
  readonly path: string;
  readonly text: string;
}

const PATHS = readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' }).map((name) => `docs/${name}`);

export const DOCUMENTS: readonly MarkdownDocument[] = [
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'docker/README.md',
  ...PATHS.sort(),
]
  .filter((path) => path.endsWith('.md'))
  .map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }));

export interface Block {
  readonly path: string;
  /** Path and line, for the titles of tests. */
  readonly at: string;
  readonly language: string;
  readonly code: string;
  /** The text between the block before and this one. */
  readonly before: string;
  /** The JSON block that follows with nothing in between: what the commands of this block answer. */
  readonly output: string | undefined;
}

const FENCED = /^( *)```(\w*)\n([\s\S]*?)^ *```$/gm;

/** All fenced blocks of a document, in order. */
export function blocksOf({ path, text }: MarkdownDocument): readonly Block[] {
  const found = [...text.matchAll(FENCED)];
  const between = found.map(({ index }, i) => {
    const previous = found[i - 1];
    return text.slice(previous === undefined ? 0 : previous.index + previous[0].length, index);
  });
  return found.map(([, indent = '', language = '', code = ''], i) => ({
    path,
    at: `${path}:${text.slice(0, found[i]?.index).split('\n').length}`,
    language,
    code: code.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
    before: between[i] ?? '',
    output: found[i + 1]?.[2] === 'json' && between[i + 1]?.trim() === '' ? found[i + 1]?.[3] : undefined,
  }));
}
