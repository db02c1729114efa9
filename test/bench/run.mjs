// Bundles and runs the benchmarks one after another: node test/bench/run.mjs [name…]
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { build } from 'esbuild';

const asked = process.argv.slice(2);
const names = readdirSync('test/bench')
  .filter((file) => file.endsWith('.bench.ts'))
  .map((file) => file.slice(0, -'.bench.ts'.length))
  .filter((name) => asked.length === 0 || asked.includes(name));

await build({
  entryPoints: names.map((name) => `test/bench/${name}.bench.ts`),
  outdir: 'dist/bench',
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  packages: 'external',
  logLevel: 'warning',
});
for (const name of names) {
  console.log(`\n=== ${name}`);
  const { status } = spawnSync(process.execPath, [`dist/bench/${name}.bench.js`], { stdio: 'inherit' });
  if (status !== 0) process.exitCode = 1;
}
