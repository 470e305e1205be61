import path from 'node:path';
import { type UtilityProcess, utilityProcess } from 'electron';
import type { PlatformToMain } from '../shared/contract/host.ts';
import { distFolder, processEnvironment } from './places.ts';

const startMs = 15_000;

/** The practice platform beside the desk: the same server as `npm run platform`, on this computer only. */
export class PracticeProcess {
  #running: { readonly child: UtilityProcess; readonly url: Promise<string> } | undefined;

  /** Starts the platform, or keeps the one that runs. @returns the URL it listens on */
  start(dataFolder: string): Promise<string> {
    if (this.#running) return this.#running.url;
    const child = utilityProcess.fork(
      path.join(distFolder(), 'platform.js'),
      ['serve', '--data', dataFolder, '--port', '0'],
      { serviceName: 'Portbook practice platform', env: processEnvironment() },
    );
    const url = new Promise<string>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('the practice platform did not start in time')), startMs);
      child.on('message', (message: PlatformToMain) => {
        clearTimeout(timer);
        if (message.type === 'listening') resolve(message.url);
        else reject(new Error(message.reason));
      });
      child.once('exit', (code) => {
        clearTimeout(timer);
        if (this.#running?.child === child) this.#running = undefined;
        reject(new Error(`the practice platform ended with exit code ${code}`));
      });
    });
    this.#running = { child, url };
    url.catch(() => {
      // Told to whoever asked; what is left of the process goes, so that the next start begins anew.
      child.kill();
      if (this.#running?.child === child) this.#running = undefined;
    });
    return url;
  }

  async stop(): Promise<void> {
    const child = this.#running?.child;
    this.#running = undefined;
    if (!child) return;
    const ended = new Promise<void>((resolve) => {
      child.once('exit', () => resolve());
    });
    if (child.kill()) await ended;
  }
}
