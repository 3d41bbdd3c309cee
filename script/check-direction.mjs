// Runs dependency-cruiser and refuses its word when it saw too little: over no modules at all it reports success.
import { execFileSync } from 'node:child_process';

const FEWEST = 60;

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
  console.error(`${rule.name}: ${from} -> ${path}`);
}
const seen = modules.filter((module) => module.source.startsWith('src/')).length;
if (seen < FEWEST) console.error(`Only ${seen} modules of src were seen, at least ${FEWEST} were expected.`);
process.exitCode = summary.violations.length > 0 || seen < FEWEST ? 1 : 0;
