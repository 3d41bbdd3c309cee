/** Imports point downward (docs/design/architecture.md): a part imports itself and lower rows, never its neighbours in a row. */
const ROWS = [
  ['main\\.ts$'],
  ['cli/'],
  ['app/'],
  ['http/'],
  ['graphql/'],
  ['create/'],
  ['watch/'],
  ['events/', 'vpcep/'],
  ['redis/'],
  ['simulator/'],
  ['config/', 'auth/'],
  ['client/', 'observability/', 'shared/'],
];

const NOUNS = '(endpoint|service|connection|permission|tag)';

const source = (parts) => `^src/(${parts.join('|')})`;

const downward = ROWS.flatMap((parts, row) =>
  parts.map((part) => ({
    name: `direction-${part.replace(/\W.*/, '')}`,
    comment: 'Move what both need to a lower row, or pass it in from app/.',
    severity: 'error',
    from: { path: source([part]) },
    to: { path: '^src/', pathNot: source([part, ...ROWS.slice(row + 1).flat()]) },
  })),
);

module.exports = {
  forbidden: [
    ...downward,
    {
      name: 'cli-apart',
      comment:
        'The commands talk to a running gateway: they import nothing that serves. Only check reads its settings.',
      severity: 'error',
      from: { path: '^src/cli/', pathNot: '^src/cli/check' },
      to: { path: source(['app/', 'http/', 'graphql/', 'create/', 'watch/', 'events/', 'simulator/']) },
    },
    {
      name: 'no-stranger',
      comment: 'Every file of src belongs to a part: move it into one, or add the part to ROWS.',
      severity: 'error',
      from: { path: '^src/', pathNot: source(ROWS.flat()) },
      to: {},
    },
    {
      name: 'noun-to-noun',
      comment: 'Of another noun a folder imports only the type or the model: move what is shared to core/.',
      severity: 'error',
      from: { path: `^src/(vpcep|graphql)/${NOUNS}/` },
      to: {
        path: `^src/(vpcep|graphql)/${NOUNS}/`,
        pathNot: ['^src/$1/$2/', 'src/vpcep/.*/(model|client)\\.ts$', '\\.type\\.ts$'],
      },
    },
    {
      name: 'no-circle',
      comment: 'Move what the lower file imports down to it, or pass it in.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-missing',
      comment: 'Correct the path, or add the package to package.json.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'no-dev-package',
      comment: 'Move the package to dependencies of package.json.',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'rules-run-in-browsers',
      comment: 'The portal checks input with the same code: leave out modules of Node.js and packages.',
      severity: 'error',
      from: {
        path: '^src/(graphql/.*(\\.validation|/input-check|/gateway-errors)|shared/objects|vpcep/core/model)\\.ts$',
      },
      to: { dependencyTypes: ['core', 'npm'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'no-outside',
      comment: 'src imports only src and packages: move the file into src.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(test|bench|script|dist)/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'default', 'types'] },
  },
};
