// npm run lint: format, style, types and the order of the folders.
import path from 'node:path';
import { checkTree } from './check-imports.mjs';
import { root, runMain, runStatus, say } from './lib/base.mjs';
import { ensurePackages } from './prepare.mjs';

const projects = ['.', 'shared', 'electron', 'electron/tsconfig.preload.json', 'renderer', 'platform', 'tests'];

/** Runs every check, even after one has failed. @returns {Promise<boolean>} whether all is well */
export async function lint() {
  const biome = path.join(root, 'node_modules/@biomejs/biome/bin/biome');
  const tsc = path.join(root, 'node_modules/typescript/bin/tsc');
  let isFine =
    (await runStatus(
      process.execPath,
      [biome, 'check', '--error-on-warnings', '--diagnostic-level=warn', '--max-diagnostics=50', '.'],
      {
        quiet: true,
      },
    )) === 0;
  const complaints = checkTree();
  for (const complaint of complaints) say(complaint);
  isFine &&= complaints.length === 0;
  for (const project of projects) {
    const status = await runStatus(process.execPath, [tsc, '-p', project], { quiet: true });
    isFine &&= status === 0;
  }
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
