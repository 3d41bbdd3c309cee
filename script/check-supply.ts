/** Rules of the lockfile: every fetched package has a hash, and every install script is refused and explained. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export interface LockedPackage {
  readonly version?: string;
  readonly integrity?: string;
  readonly resolved?: string;
  readonly optional?: boolean;
  readonly os?: readonly string[];
  readonly hasInstallScript?: boolean;
}

export interface Supply {
  /** `packages` of package-lock.json, by path. */
  readonly packages: Readonly<Record<string, LockedPackage>>;
  /** `allowScripts` of package.json. */
  readonly allowScripts: Readonly<Record<string, boolean>>;
  readonly npmrc: string;
  /** docs/design/dependencies.md */
  readonly document: string;
}

/** What is wrong, a line for each; empty when nothing is. */
export function judgeSupply({ packages, allowScripts, npmrc, document }: Supply): string[] {
  const faults: string[] = [];
  const scripts = new Set<string>();
  for (const [path, locked] of Object.entries(packages)) {
    if (path === '') continue;
    const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
    // Added by `complete-lockfile`: packages of other platforms, which are not fetched here.
    const isOtherPlatform = locked.optional === true && locked.os !== undefined;
    if (locked.integrity === undefined && !isOtherPlatform) faults.push(`${path}: has no integrity hash`);
    if (locked.integrity !== undefined && !/^sha512-[A-Za-z0-9+/]{86}==$/.test(locked.integrity))
      faults.push(`${path}: its integrity hash is not SHA-512`);
    if (locked.resolved !== undefined) faults.push(`${path}: names the address that it came from`);
    if (locked.hasInstallScript === true) scripts.add(name);
  }
  for (const name of scripts) {
    if (allowScripts[name] !== false) faults.push(`${name}: has an install script, which allowScripts does not refuse`);
    if (!document.includes(`- \`${name}\``))
      faults.push(`${name}: has an install script that docs/design/dependencies.md does not explain`);
  }
  for (const name of Object.keys(allowScripts).filter((allowed) => !scripts.has(allowed)))
    faults.push(`${name}: stands in allowScripts and has no install script`);
  if (!/^ignore-scripts=true$/m.test(npmrc)) faults.push('.npmrc: does not set ignore-scripts=true');
  return faults;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const text = (name: string): string => readFileSync(new URL(`../${name}`, import.meta.url), 'utf8');
  const faults = judgeSupply({
    packages: JSON.parse(text('package-lock.json')).packages,
    allowScripts: JSON.parse(text('package.json')).allowScripts ?? {},
    npmrc: text('.npmrc'),
    document: text('docs/design/dependencies.md'),
  });
  for (const fault of faults) console.error(fault);
  process.exitCode = faults.length === 0 ? 0 : 1;
}
