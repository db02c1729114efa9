// Imports point down. The table is the architecture: each library may import only the libraries listed for it.
const may = {
  base: [],
  api: ['base'],
  rpc: [],
  observability: ['base'],
  oci: ['base'],
  store: ['api', 'base', 'observability'],
  client: ['api', 'base', 'rpc'],
  reconcile: ['client', 'api', 'base', 'observability'],
  runtime: ['oci', 'base', 'observability'],
  hosts: ['base'],
  testing: ['reconcile', 'runtime', 'client', 'store', 'oci', 'rpc', 'observability', 'hosts', 'api', 'base'],
};

const libraryRules = Object.entries(may).map(([lib, below]) => ({
  name: `${lib}-imports-down`,
  severity: 'error',
  comment: `libs/${lib} may import only: ${below.join(', ') || 'nothing'}`,
  from: { path: `^libs/${lib}/`, ...(lib === 'testing' ? {} : { pathNot: '\\.spec\\.ts$' }) },
  to: { path: '^(libs|apps)/', pathNot: `^libs/(${[lib, ...below].join('|')})/` },
}));

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'apps-stay-apart',
      severity: 'error',
      comment: 'Apps never import apps: what two apps need is a library.',
      from: { path: '^apps/([^/]+)/', pathNot: ['\\.spec\\.ts$', '/testing/'] },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'libraries-by-their-index',
      severity: 'error',
      comment: 'A library is entered through its index.ts.',
      from: { path: '^(apps|libs|test)/([^/]+)/' },
      to: { path: '^libs/([^/]+)/src/.+', pathNot: ['^libs/$2/', '^libs/[^/]+/src/index\\.ts$'] },
    },
    {
      name: 'production-without-testing',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: ['\\.spec\\.ts$', '/testing/'] },
      to: { path: '(^libs|/src)/testing/' },
    },
    {
      name: 'declared-dependencies',
      severity: 'error',
      from: { path: '^(apps|libs)/' },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'unknown', 'undetermined'] },
    },
    ...libraryRules,
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^dist/|^libs/rpc/src/gen/)' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['require', 'node', 'types', 'default'],
      extensions: ['.ts', '.js', '.json'],
    },
  },
};
