// npm run package: packs the desk into out/package and proves that the packed program works.
// `npm run package -- installer` makes the installers of this system instead of a folder; electron-builder then fetches
// its helpers from their release host.
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { builderConfiguration } from './electron-builder.mjs';
import { capture, root, runMain, say } from './lib/base.mjs';
import { hasDisplay, sandboxSwitches } from './lib/display.mjs';
import { withDisplay } from './lib/launch.mjs';
import { ensureAddon, ensureBuilt, ensurePackages, ensureRuntime, ensureSystem } from './prepare.mjs';

/** The packed program, wherever this system's package has it. */
function packedProgram() {
  const output = path.join(root, 'out/package');
  const folder = readdirSync(output).find((name) => name.endsWith('unpacked') || name.startsWith('mac'));
  if (folder === undefined) throw new Error(`no package in ${output}`);
  if (process.platform === 'darwin') return path.join(output, folder, 'Portbook.app/Contents/MacOS/Portbook');
  return path.join(output, folder, process.platform === 'win32' ? 'Portbook.exe' : 'portbook');
}

await runMain(async () => {
  const isInstaller = process.argv[2] === 'installer';
  await ensurePackages();
  await ensureSystem({ display: !hasDisplay() });
  const pending = ensureRuntime();
  const [runtime, addon] = await Promise.all([pending, ensureAddon(pending)]);
  await ensureBuilt();

  const { build, Platform } = await import('electron-builder');
  const targets = isInstaller ? Platform.current().createTarget() : Platform.current().createTarget('dir');
  await build({ projectDir: root, targets, config: builderConfiguration(runtime, addon), publish: 'never' });

  // It starts as it was shipped; as root, on a build machine, Chromium's sandbox has to be left out by the caller.
  const command = [packedProgram(), ...sandboxSwitches(runtime.dist), '--smoke'];
  const [program, ...args] = withDisplay(hasDisplay(), command);
  const env = { PORTBOOK_SQLITE_ADDON: undefined, PORTBOOK_RESOURCES: undefined };
  const answer = await capture(program, args, { env, timeoutMs: 60_000 });
  if (answer?.trim() !== 'OK')
    throw new Error(`the packed program does not work: ${answer?.trim() ?? 'it did not start'}`);
  say(`the packed program works: ${path.relative(root, packedProgram())}`);
  return 0;
});
