#!/usr/bin/env node
// `import()` keeps each from the start of the other.
const args = process.argv.slice(2);

if (args.length === 0 || (args.length === 1 && args[0] === 'serve')) {
  const { serve } = await import('./app/serve.ts');
  await serve();
} else {
  const { runProcess } = await import('./cli/cli.ts');
  await runProcess(args);
}
