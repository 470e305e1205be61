import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { app, utilityProcess } from 'electron';
import type { CoreToMain, MainToCore } from '../shared/contract/host.ts';
import { distFolder, processEnvironment } from './places.ts';

const limitMs = 20_000;

/**
 * `--smoke`: proves that a package is whole without opening a window. The core starts from inside it, loads the addon,
 * opens an encrypted database and asks it one thing.
 */
export async function runSmoke(): Promise<void> {
  const home = mkdtempSync(path.join(os.tmpdir(), 'portbook-smoke-'));
  app.setPath('userData', home);
  await app.whenReady();
  const core = utilityProcess.fork(path.join(distFolder(), 'core.js'), [], { env: processEnvironment() });
  const outcome = await new Promise<string>((resolve) => {
    const timer = setTimeout(() => resolve('the core does not answer'), limitMs);
    core.on('message', (message: CoreToMain) => {
      if (message.type !== 'smoke-result') return;
      clearTimeout(timer);
      resolve(message.ok ? 'OK' : message.detail);
    });
    core.once('exit', (code) => resolve(`the core ended with exit code ${code}`));
    core.postMessage({ type: 'smoke', id: 1 } satisfies MainToCore);
  });
  core.kill();
  rmSync(home, { recursive: true, force: true });
  process.stdout.write(`${outcome}\n`);
  app.exit(outcome === 'OK' ? 0 : 1);
}
