// npm run platform: the practice platform, in this very process.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { NeedsHelp, root, runMain } from './lib/base.mjs';
import { exportPlaces } from './lib/launch.mjs';
import { ensureAddon, ensureBuilt, ensurePackages } from './prepare.mjs';

await runMain(async () => {
  await ensurePackages();
  await ensureAddon();
  await ensureBuilt(['programs']);
  exportPlaces();
  const program = path.join(root, 'dist/platform.js');
  if (!existsSync(program)) throw new NeedsHelp('The practice platform is not part of this checkout.');
  process.argv[1] = program;
  await import(pathToFileURL(program).href);
  // The program sets its own exit code.
  return Number(process.exitCode ?? 0);
});
