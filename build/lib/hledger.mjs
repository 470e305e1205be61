// hledger, a plain-text accounting program: the tests compare the book's balances with its own.
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { cacheFolder, capture, isThere, run, say } from './base.mjs';

const unpacked = path.join(cacheFolder, 'hledger');

/**
 * Brings hledger where that is possible without asking anybody: by apt as root on Debian, unpacked into the cache as an
 * ordinary user there. Elsewhere, or without a network, the tests that need it say that they are skipped.
 * An unpacked one is exported as PORTBOOK_HLEDGER.
 */
export async function ensureHledger() {
  if (process.env.PORTBOOK_HLEDGER || (await capture('hledger', ['--version'])) !== null) return;
  const program = path.join(unpacked, 'usr', 'bin', 'hledger');
  try {
    if (!isThere(program)) {
      if ((await capture('apt-get', ['--version'])) === null) throw new Error('there is no apt-get');
      if (process.getuid?.() === 0) {
        say('installing the system package hledger');
        await run('apt-get', ['update', '-qq'], { quiet: true });
        const env = { DEBIAN_FRONTEND: 'noninteractive' };
        await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'hledger'], { env, quiet: true });
        return;
      }
      await unpack();
    }
    process.env.PORTBOOK_HLEDGER = program;
  } catch (error) {
    say(
      `without hledger its tests are skipped: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`,
    );
  }
}

async function unpack() {
  mkdirSync(cacheFolder, { recursive: true });
  const folder = mkdtempSync(path.join(cacheFolder, 'hledger-'));
  try {
    await run('apt-get', ['download', '-qq', 'hledger'], { cwd: folder, quiet: true });
    const file = readdirSync(folder).find((name) => name.endsWith('.deb'));
    if (file === undefined) throw new Error('apt-get downloaded nothing');
    await run('dpkg', ['-x', file, 'root'], { cwd: folder, quiet: true });
    rmSync(unpacked, { recursive: true, force: true });
    renameSync(path.join(folder, 'root'), unpacked);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
