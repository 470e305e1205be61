// npm run lint: format, style, types and the order of the folders.
import os from 'node:os';
import path from 'node:path';
import { checkTree } from './check-imports.mjs';
import { root, runMain, runStatus, say } from './lib/base.mjs';
import { ensurePackages } from './prepare.mjs';

/** From what takes longest to what takes least. */
const projects = ['tests', 'electron', 'renderer', 'shared', 'electron/tsconfig.preload.json', 'platform', '.'];

/** Runs every check, even after one has failed. @returns {Promise<boolean>} whether all is well */
export async function lint() {
  const biome = path.join(root, 'node_modules/@biomejs/biome/bin/biome');
  const tsc = path.join(root, 'node_modules/typescript/bin/tsc');
  const commands = [
    [biome, 'check', '--error-on-warnings', '--diagnostic-level=warn', '--max-diagnostics=50', '.'],
    // The compiler's checkers each work out for themselves the types that all share: one for a project, and the projects
    // side by side, take less than half the time of all of them for one project after the other.
    ...projects.map((project) => [tsc, '-p', project, '--checkers', '1']),
  ];
  const complaints = checkTree();
  for (const complaint of complaints) say(complaint);
  let isFine = complaints.length === 0;
  const work = async () => {
    for (let command = commands.shift(); command !== undefined; command = commands.shift()) {
      isFine = (await runStatus(process.execPath, command, { quiet: true })) === 0 && isFine;
    }
  };
  await Promise.all(Array.from({ length: os.availableParallelism() }, work));
  return isFine;
}

if (process.argv[1] === import.meta.filename) {
  await runMain(async () => {
    await ensurePackages();
    const isFine = await lint();
    say(isFine ? 'lint: nothing to complain about' : 'lint: see above');
    return isFine ? 0 : 1;
  });
}
