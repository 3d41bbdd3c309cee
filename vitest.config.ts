import { configDefaults, defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

// Without it Vite loads the ESM build of `graphql` and Apollo the CommonJS one: two copies, and "Cannot use GraphQLSchema
// from another module or realm".
const alias = [
  { find: /^graphql$/, replacement: 'graphql/index.js' },
  {
    find: 'vpcep-gateway/documents',
    replacement: new URL('src/client/generated/documents.ts', import.meta.url).pathname,
  },
];

const LONG =
  /\/(?:chaos\/chaos|fuzz\/fuzz|app\/start|app\/rolling-restart|app\/two-replicas|app\/two-tenants|app\/create-and-watch|create\/create-once-replicas|federation\/federation|documents\/documents|errors\/broken-answers)\.test\.ts$/;

/** The longest files first: otherwise vitest starts small files last, and one worker would still run them at the end. */
class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const [long, short] = [true, false].map((wanted) => sorted.filter((file) => LONG.test(file.moduleId) === wanted));
    return [...(long ?? []), ...(short ?? [])];
  }
}

export default defineConfig({
  resolve: { alias },
  test: {
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // The decorators of type-graphql need it, also in a test file that loads one type without the schema.
    setupFiles: ['reflect-metadata'],
    // The default of 1 s is too short for real processes and Redis on a busy machine.
    expect: { poll: { timeout: 10_000, interval: 20 } },
    // Tests mostly wait for statuses to change, so there are more workers than cores.
    maxWorkers: 4,
    sequence: { sequencer: LongFirst },
    // Test files share no state, and loading the code for each file would double the work.
    isolate: false,
    coverage: { provider: 'v8', include: ['src/**/*.ts'], exclude: ['src/**/generated/**'] },
    include: ['test/**/*.test.ts'],
    // script/test-observability runs it: it needs Prometheus.
    exclude: [
      ...configDefaults.exclude,
      ...(process.env.PROMETHEUS === undefined ? ['test/observability/prometheus.test.ts'] : []),
    ],
  },
});
