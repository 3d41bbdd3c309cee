/** The licences of packages whose code is bundled. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

function licenceOf(path) {
  const { name, version, license } = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'));
  const files = readdirSync(path).filter((file) => /^(?:licen[cs]e|notice|thirdpartynotices)/i.test(file));
  const texts = files.map((file) => readFileSync(join(path, file), 'utf8').trim());
  return [`${name} ${version} (${license})`, ...texts].join('\n\n');
}

/** @param modules the bundled files; those of a package that is nested in another package count as well. */
export function writeLicences(file, modules) {
  const folders = modules.map((module) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(module)?.[0]);
  const licences = [...new Set(folders)]
    .filter((path) => path !== undefined)
    .sort()
    .map(licenceOf);
  writeFileSync(file, `${licences.join(`\n\n${'-'.repeat(80)}\n\n`)}\n`);
}
