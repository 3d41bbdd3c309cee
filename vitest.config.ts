import { defineConfig } from 'vitest/config';

// Vite would load the ESM build of `graphql` while Apollo and type-graphql load the CommonJS one: two copies, and
// "Cannot use GraphQLSchema from another module or realm".
const alias = [{ find: /^graphql$/, replacement: 'graphql/index.js' }];

export default defineConfig({
  resolve: { alias },
  test: {
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // Most of the time is waiting for statuses to move: more workers than cores, which the default would not take.
    maxWorkers: 4,
    // Test files keep their state to themselves; loading the code anew for each would be half of all the work.
    isolate: false,
    coverage: { provider: 'v8', include: ['src/**/*.ts'], exclude: ['src/**/generated/**'] },
    include: ['test/**/*.test.ts'],
  },
});
