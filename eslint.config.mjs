import eslint from '@eslint/js';
import tseslint from 'typescript-eslint';

// Time and randomness are injected (libs/base owns the real ones), so that every loop can be tested without waiting.
const ambientTime = [
  { object: 'Date', property: 'now', message: 'Take a Clock from @gantry/base.' },
  { object: 'Math', property: 'random', message: 'Take randomness from @gantry/base.' },
];

export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', '.gantry/', 'libs/rpc/src/gen/', '**/*.cjs', '**/*.mjs', 'apps/dashboard/'] },
  eslint.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-extraneous-class': 'off',
      '@typescript-eslint/no-unnecessary-condition': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      // Kinds are declared as classes, but their objects are plain JSON: literals and spreads are how they are made.
      '@typescript-eslint/no-misused-spread': 'off',
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
      'no-restricted-properties': ['error', ...ambientTime],
      'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
      'no-console': 'error',
    },
  },
  {
    files: ['libs/base/**', 'test/**', '**/*.spec.ts'],
    rules: { 'no-restricted-properties': 'off', 'no-console': 'off' },
  },
  { files: ['apps/cli/**'], rules: { 'no-console': 'off' } },
  {
    files: ['**/*.spec.ts', 'test/**', 'libs/testing/**'],
    rules: {
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      'max-lines': 'off',
    },
  },
);
