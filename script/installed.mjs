// Exit code 0 when node_modules holds exactly what package-lock.json asks for (npm keeps its own list of that).
import { readFileSync } from 'node:fs';

const packagesOf = (file) => JSON.parse(readFileSync(file, 'utf8')).packages;

try {
  const asked = packagesOf('package-lock.json');
  const present = packagesOf('node_modules/.package-lock.json');
  const stale = Object.keys(present).some((path) => asked[path]?.integrity !== present[path].integrity);
  const missing = Object.entries(asked).some(([path, entry]) => path !== '' && !entry.optional && !present[path]);
  process.exitCode = stale || missing ? 1 : 0;
} catch {
  process.exitCode = 1;
}
