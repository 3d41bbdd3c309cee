import { writeFileSync } from 'node:fs';
import type { Reporter, SerializedError, TestModule } from 'vitest/node';

/**
 * Writes `N passed, N failed, N skipped` for script/test. A file that broke before its tests could run, or an error
 * outside every test, counts as one failure: the numbers must not look better than the run was.
 */
export default class CountReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly SerializedError[]): void {
    let passed = 0;
    let failed = errors.length;
    let skipped = 0;
    for (const module of modules) {
      const before = failed;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === 'passed') passed += 1;
        else if (state === 'skipped') skipped += 1;
        else failed += 1;
      }
      if (failed === before && module.state() === 'failed') failed += 1;
    }
    writeFileSync('.tmp/test-count', `${passed} passed, ${failed} failed, ${skipped} skipped\n`);
  }
}
