/**
 * Who may import whom (docs/ARCHITECTURE.md). A part sees itself and what stands further down; parts on one line never
 * see each other.
 */
const RANKS = [
  ['(main|gateway|upstream|projects|stores|authentication|watching)\\.ts$'],
  ['http/'],
  ['graphql/'],
  ['watch/', 'create/'],
  ['events/', 'vpcep/'],
  ['redis[a-z-]*\\.ts$'],
  ['auth/', 'observability/', 'config[a-z-]*\\.ts$'],
  ['auth/secret\\.ts$'],
];

/** What stands beside the ranks: its own imports, and whoever may import it. */
const SIMULATOR = 'simulator/';
const SIMULATOR_MAY = ['config[a-z-]*\\.ts$', 'observability/', 'vpcep/model\\.ts$'];
const CLIENT = 'client/';

const source = (parts) => `^src/(${parts.join('|')})`;

const downward = RANKS.flatMap((parts, rank) =>
  parts.map((part) => ({
    name: `direction-${part.replace(/\W.*/, '')}`,
    severity: 'error',
    from: { path: source([part]) },
    to: {
      path: '^src/',
      pathNot: source([part, ...RANKS.slice(rank + 1).flat(), ...(rank === 0 ? [SIMULATOR] : [])]),
    },
  })),
);

module.exports = {
  forbidden: [
    ...downward,
    {
      name: 'direction-simulator',
      comment: 'It must not share a fault with the client.',
      severity: 'error',
      from: { path: source([SIMULATOR]) },
      to: { path: '^src/', pathNot: source([SIMULATOR, ...SIMULATOR_MAY]) },
    },
    {
      name: 'direction-client',
      comment: 'It runs in browsers.',
      severity: 'error',
      from: { path: source([CLIENT]) },
      to: { path: '^src/', pathNot: source([CLIENT]) },
    },
    {
      name: 'no-stranger',
      comment: 'Every file of src belongs to a part named above.',
      severity: 'error',
      from: { path: '^src/', pathNot: source([...RANKS.flat(), SIMULATOR, CLIENT]) },
      to: {},
    },
    { name: 'no-circle', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-missing', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'no-dev-package',
      comment: 'What src imports at run time is a dependency.',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
    },
    { name: 'no-outside', severity: 'error', from: { path: '^src/' }, to: { path: '^(test|bench|script|dist)/' } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'default', 'types'] },
  },
};
