// Runs every check and test, goes on after a failure so that all are seen, and ends with a line of totals.
//   node test/run.mjs [--only STAGE[,STAGE]]
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const stages = ['format', 'lint', 'types', 'imports', 'generated', 'unit', 'e2e'];
const suites = new Set(['unit', 'e2e']);
const only = process.argv.includes('--only') ? process.argv[process.argv.indexOf('--only') + 1].split(',') : stages;
const totals = { passed: 0, failed: 0, skipped: 0 };
const reports = mkdtempSync(join(tmpdir(), 'gantry-test-'));

for (const stage of stages.filter((name) => only.includes(name))) {
  const began = performance.now();
  console.log(`\n=== ${stage}`);
  const failed = suites.has(stage) ? runSuite(stage) : runCheck(stage);
  console.log(`=== ${stage} ${failed ? 'FAILED' : 'ok'} (${((performance.now() - began) / 1000).toFixed(1)} s)`);
}
rmSync(reports, { recursive: true });
console.log(`\n${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`);
process.exitCode = totals.failed > 0 ? 1 : 0;

function runCheck(name) {
  const { status } = spawnSync('npm', ['run', '-s', `check:${name}`], { stdio: 'inherit' });
  totals[status === 0 ? 'passed' : 'failed']++;
  return status !== 0;
}

function runSuite(name) {
  const report = join(reports, `${name}.json`);
  const args = [
    'jest',
    '--selectProjects',
    name,
    '--json',
    `--outputFile=${report}`,
    ...(name === 'e2e' ? ['-i'] : []),
  ];
  // With --json jest writes its report to stdout, too: people read stderr.
  const { status } = spawnSync('npx', ['--no-install', ...args], { stdio: ['ignore', 'ignore', 'inherit'] });
  let failures = 1;
  try {
    const result = JSON.parse(readFileSync(report, 'utf8'));
    // A file that could not even run has no failed tests of its own.
    failures = result.numFailedTests + result.numRuntimeErrorTestSuites;
    totals.passed += result.numPassedTests;
    totals.skipped += result.numPendingTests + result.numTodoTests;
  } catch (error) {
    console.error(`no report of the ${name} tests: ${error.message}`);
  }
  if (status !== 0 && failures === 0) failures = 1;
  totals.failed += failures;
  return failures > 0;
}
