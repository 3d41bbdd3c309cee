// Runs dependency-cruiser. It also reports success when it has read no modules, so their number is checked.
import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';

const FEWEST = 60;
const { forbidden: rules } = createRequire(import.meta.url)('../.dependency-cruiser.cjs');

let report;
try {
  report = execFileSync('depcruise', ['--config', '.dependency-cruiser.cjs', '--output-type', 'json', 'src'], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
} catch (error) {
  report = error.stdout;
  if (!report) throw error;
}
const { modules, summary } = JSON.parse(report);
for (const { rule, from, to, cycle } of summary.violations) {
  const path = cycle ? cycle.map((step) => step.name).join(' -> ') : to;
  const reason = rules.find(({ name }) => name === rule.name)?.comment ?? '';
  console.error(`${rule.name}: ${from} -> ${path}. ${reason}`);
}
const seen = modules.filter((module) => module.source.startsWith('src/')).length;
if (seen < FEWEST)
  console.error(`Only ${seen} modules of src were read, at least ${FEWEST} were expected: run it in a git work tree.`);
process.exitCode = summary.violations.length > 0 || seen < FEWEST ? 1 : 0;
