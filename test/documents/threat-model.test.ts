import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const root = new URL('../../', import.meta.url);
const document = readFileSync(new URL('docs/operations/threat-model.md', root), 'utf8');
const threats = document.slice(document.indexOf('## Threats'));
const rows = threats.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| threat |'));
const REFERENCE = /`(test\/[a-z/-]+\.test\.ts)` "([^"]+)"/g;

it('the threat model has more than 40 rows', () => {
  expect(rows.length).toBeGreaterThan(40);
});

describe('each threat', () => {
  it.each(rows.map((row) => [row.split(' | ')[0]?.slice(2) ?? '', row] as const))('%s', (_, row) => {
    const cells = row.split(' | ');
    expect(cells).toHaveLength(4);
    expect(cells[1]).toMatch(/^[STRIDE](?:, [STRIDE])*$/);
    const references = [...row.matchAll(REFERENCE)];
    // The last column holds only references.
    expect(cells[3]?.replaceAll(REFERENCE, '').replaceAll(/[; |]/g, '')).toBe('');
    expect(references.length).toBeGreaterThan(0);
    for (const [, file = '', title = ''] of references) {
      expect(existsSync(new URL(file, root)), file).toBe(true);
      const source = readFileSync(new URL(file, root), 'utf8');
      const found = ["'", '"', '`'].some(
        (quote) => source.includes(`(${quote}${title}${quote}`) || source.includes(`\n    ${quote}${title}${quote}`),
      );
      expect(found, `${file}: "${title}"`).toBe(true);
    }
  });
});
