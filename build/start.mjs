// npm start: opens the desk from a bare clone.
import { NeedsHelp, root, runMain } from './lib/base.mjs';
import { hasDisplay, sandboxSwitches } from './lib/display.mjs';
import { exportPlaces, runForeground } from './lib/launch.mjs';
import { ensureAddon, ensureBuilt, ensurePackages, ensureRuntime, ensureSystem } from './prepare.mjs';

await runMain(async () => {
  if (!hasDisplay()) {
    throw new NeedsHelp(
      'There is no display to open a window on (DISPLAY is not set). Without a desktop use a display in memory:\n  xvfb-run -a npm start',
    );
  }
  await ensurePackages();
  await ensureSystem({ display: false });
  const pending = ensureRuntime();
  const [runtime] = await Promise.all([pending, ensureAddon(pending)]);
  await ensureBuilt();
  exportPlaces(runtime);
  return runForeground(runtime.executable, [...sandboxSwitches(runtime.dist), root, ...process.argv.slice(2)]);
});
