// npm test: everything from a bare clone. `npm test -- unit core` runs only those projects, without the linter;
// what follows a second `--` goes to vitest, as in `npm test -- desk -- -t security`.
import { closeSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { root, runMain, say } from './lib/base.mjs';
import { hasDisplay } from './lib/display.mjs';
import { exportPlaces, runForeground, withDisplay } from './lib/launch.mjs';
import { lint } from './lint.mjs';
import { ensureAddon, ensureBuilt, ensureHledger, ensurePackages, ensureRuntime, ensureSystem } from './prepare.mjs';

const all = ['unit', 'core', 'faults', 'desk'];
const reports = path.join(root, 'out', 'test-reports');

/**
 * Runs vitest for some projects and adds up its report.
 * @param {string} name
 * @param {readonly string[]} projects
 * @param {readonly string[]} extra
 * @param {{ display?: number, output?: number | undefined }} [places] which display in memory it opens windows on, where it
 *   opens any, and the descriptor of a file that takes what vitest prints
 */
async function runTests(name, projects, extra, { display, output } = {}) {
  const report = path.join(reports, `${name}.json`);
  const vitest = [
    process.execPath,
    path.join(root, 'node_modules/vitest/vitest.mjs'),
    'run',
    ...projects.flatMap((project) => ['--project', project]),
    '--passWithNoTests',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
    ...extra,
  ];
  const [command, ...args] = withDisplay(display === undefined || hasDisplay(), vitest, display);
  const status = await runForeground(command, args, output);
  return { status, ...countsOf(report) };
}

/**
 * A suite that fails to load has no tests to count, so it counts as one failure.
 * @param {string} report
 */
function countsOf(report) {
  try {
    const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults } = JSON.parse(
      readFileSync(report, 'utf8'),
    );
    const broken = testResults.filter(
      (/** @type {{ status: string, assertionResults: { status: string }[] }} */ suite) =>
        suite.status === 'failed' && !suite.assertionResults.some((one) => one.status === 'failed'),
    ).length;
    return {
      passed: numPassedTests,
      failed: numFailedTests + broken,
      skipped: numPendingTests + numTodoTests,
      failures: failuresOf(testResults),
    };
  } catch (error) {
    say(`no report in ${path.relative(root, report)}: ${error instanceof Error ? error.message : String(error)}`);
    return { passed: 0, failed: 1, skipped: 0, failures: [] };
  }
}

/**
 * What failed, to be said again as the last thing: a long output is often kept without its middle.
 * @param {readonly { name: string, status: string, message: string,
 *   assertionResults: readonly { status: string, fullName: string, failureMessages?: readonly string[] }[] }[]} suites
 * @returns {string[]} file, test and first lines of each failure
 */
function failuresOf(suites) {
  return suites
    .filter((suite) => suite.status === 'failed')
    .flatMap((suite) => {
      const file = path.relative(root, suite.name);
      const failed = suite.assertionResults.filter((one) => one.status === 'failed');
      if (failed.length === 0) return [`${file}\n${beginning(suite.message)}`];
      return failed.map((one) => `${file} > ${one.fullName}\n${beginning((one.failureMessages ?? []).join('\n'))}`);
    });
}

/** @param {string} text */
function beginning(text) {
  return text
    .split('\n')
    .slice(0, 12)
    .map((line) => `    ${line}`)
    .join('\n');
}

await runMain(async () => {
  const given = process.argv.slice(2);
  const cut = given.indexOf('--');
  const chosen = cut < 0 ? given : given.slice(0, cut);
  const extra = cut < 0 ? [] : given.slice(cut + 1);
  for (const name of chosen) if (!all.includes(name)) throw new Error(`${name} is none of ${all.join(', ')}`);
  const projects = chosen.length > 0 ? all.filter((name) => chosen.includes(name)) : all;
  const needsDesk = projects.includes('desk');

  await ensurePackages();
  if (needsDesk) await ensureSystem({ display: !hasDisplay() });
  const pending = needsDesk ? ensureRuntime() : undefined;
  const [, runtime] = await Promise.all([ensureAddon(pending), pending]);
  exportPlaces(runtime);
  if (projects.includes('core')) await ensureHledger();

  const isLinted = chosen.length > 0 || (await lint());
  // Desk, core and fault tests start the programs as they are compiled. What cannot be compiled counts as one failure, so
  // that the other tests still have their say.
  let broken = 0;
  try {
    await ensureBuilt();
  } catch (error) {
    broken = 1;
    say(`the build failed: ${error instanceof Error ? error.message : String(error)}`);
  }

  rmSync(reports, { recursive: true, force: true });
  mkdirSync(reports, { recursive: true });
  const quick = projects.filter((name) => name !== 'desk');
  // One window at a time leaves a core idle for most of the time, so the desk's tests run beside the others, and in two
  // halves where each can have a display of its own: on one screen two windows would take the focus from each other. What
  // they print is kept until all are done: none is printed into the other.
  const windows = hasDisplay() || extra.length > 0 ? 1 : 2;
  const jobs = quick.length > 0 ? [runTests('quick', quick, extra)] : [];
  const logs = [];
  if (needsDesk && broken === 0) {
    const isAlone = jobs.length === 0 && windows === 1;
    for (let shard = 1; shard <= windows; shard++) {
      const log = path.join(reports, `desk-${shard}.log`);
      const output = isAlone ? undefined : openSync(log, 'w');
      if (output !== undefined) logs.push({ log, output });
      const part = windows > 1 ? [`--shard=${shard}/${windows}`] : [];
      jobs.push(runTests(`desk-${shard}`, ['desk'], [...part, ...extra], { display: shard, output }));
    }
  }
  const results = await Promise.all(jobs);
  for (const { log, output } of logs) {
    closeSync(output);
    process.stdout.write(readFileSync(log));
  }

  const passed = results.reduce((sum, one) => sum + one.passed, 0);
  const failed = results.reduce((sum, one) => sum + one.failed, broken);
  const skipped = results.reduce((sum, one) => sum + one.skipped, 0);
  for (const failure of results.flatMap((one) => one.failures)) process.stdout.write(`FAILED ${failure}\n`);
  if (!isLinted) say('lint failed: see the top of this output');
  process.stdout.write(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`);
  return isLinted && failed === 0 && results.every((one) => one.status === 0) ? 0 : 1;
});
