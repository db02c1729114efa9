const { compilerOptions } = require('./tsconfig.json');

const swc = [
  '@swc/jest',
  {
    module: { type: 'commonjs' },
    jsc: {
      target: 'es2022',
      parser: { syntax: 'typescript', decorators: true },
      transform: { legacyDecorator: true, decoratorMetadata: false, useDefineForClassFields: false },
    },
  },
];

// Published as ES modules only: jest's CommonJS world needs them compiled.
const esModules = '(jose|@kubernetes/client-node|openid-client|oauth4webapi)';

const shared = {
  rootDir: __dirname,
  testEnvironment: 'node',
  transform: { '^.+\\.ts$': swc, [`/node_modules/${esModules}/.+\\.m?js$`]: swc },
  transformIgnorePatterns: [`/node_modules/(?!${esModules}/)`],
  moduleNameMapper: Object.fromEntries(
    Object.entries(compilerOptions.paths).map(([alias, [path]]) => [`^${alias}$`, path.replace(/^\./, '<rootDir>')]),
  ),
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/.gantry/'],
};

/** @type {import('jest').Config} */
module.exports = {
  watchman: false,
  projects: [
    { ...shared, displayName: 'unit', testMatch: ['<rootDir>/{apps,libs}/**/*.spec.ts'] },
    {
      ...shared,
      displayName: 'e2e',
      testMatch: ['<rootDir>/test/{e2e,faults}/**/*.e2e.ts'],
      globalSetup: '<rootDir>/test/e2e/cluster/set-up.ts',
      globalTeardown: '<rootDir>/test/e2e/cluster/tear-down.ts',
    },
  ],
};
