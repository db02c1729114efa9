// Bundles each app's own source into dist/apps/<app>/main.js; npm packages stay in node_modules.
import { build } from 'esbuild';
import { existsSync } from 'node:fs';

const apps = ['control-plane', 'agent', 'registry', 'cli'].filter((app) => existsSync(`apps/${app}/src/main.ts`));

await build({
  entryPoints: Object.fromEntries(apps.map((app) => [`${app}/main`, `apps/${app}/src/main.ts`])),
  outdir: 'dist/apps',
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  packages: 'external',
  sourcemap: true,
  keepNames: true,
  logLevel: 'warning',
  tsconfig: 'tsconfig.json',
});
