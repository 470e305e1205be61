// Runs one of the compiled tools of tests/ (bench, screens) with a runtime, the addon and a display.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { ensureAddon, ensureBuilt, ensurePackages, ensureRuntime, ensureSystem } from '../prepare.mjs';
import { NeedsHelp, root } from './base.mjs';
import { hasDisplay } from './display.mjs';
import { exportPlaces, runForeground, withDisplay } from './launch.mjs';

/**
 * @param {string} name the tool's name in dist/
 * @param {string} source the file it is compiled from
 */
export async function runTool(name, source) {
  const isDisplayed = hasDisplay();
  await ensurePackages();
  await ensureSystem({ display: !isDisplayed });
  const pending = ensureRuntime();
  const [runtime] = await Promise.all([pending, ensureAddon(pending)]);
  await ensureBuilt(['renderer', 'preload', 'programs', 'tools']);
  exportPlaces(runtime);
  const program = path.join(root, 'dist', `${name}.js`);
  if (!existsSync(program)) throw new NeedsHelp(`${source} does not exist.`);
  const [command, ...args] = withDisplay(isDisplayed, [process.execPath, program, ...process.argv.slice(2)]);
  return runForeground(command, args);
}
