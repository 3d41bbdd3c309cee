/** Imports point downward (docs/design/architecture.md): a part imports itself and lower rows, never its neighbours in a row. */
const ROWS = [
  ['main\\.ts$'],
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
    severity: 'error',
    from: { path: source([part]) },
    to: { path: '^src/', pathNot: source([part, ...ROWS.slice(row + 1).flat()]) },
  })),
);

module.exports = {
  forbidden: [
    ...downward,
    {
      name: 'no-stranger',
      comment: 'Every file of src belongs to a part named above.',
      severity: 'error',
      from: { path: '^src/', pathNot: source(ROWS.flat()) },
      to: {},
    },
    {
      name: 'noun-to-noun',
      comment: 'Of another noun a folder imports only the type or the model.',
      severity: 'error',
      from: { path: `^src/(vpcep|graphql)/${NOUNS}/` },
      to: {
        path: `^src/(vpcep|graphql)/${NOUNS}/`,
        pathNot: ['^src/$1/$2/', 'src/vpcep/.*/(model|client)\\.ts$', '\\.type\\.ts$'],
      },
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
