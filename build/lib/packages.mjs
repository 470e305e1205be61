// The npm packages: installed when they are missing or when the lockfile has changed.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { npm, readIfThere, root, say, sha256 } from './base.mjs';

const stampFile = path.join(root, 'node_modules', '.cache', 'portbook', 'packages');

/**
 * Brings node_modules into the state that the lockfile names. No package's install script is run: none is needed, and
 * none should run unseen on a developer's machine.
 */
export async function ensurePackages() {
  const lockText = readIfThere(path.join(root, 'package-lock.json'));
  if (lockText === null) throw new Error('package-lock.json is missing');
  const wanted = sha256(lockText);
  if (readIfThere(stampFile) === wanted) return;
  if (!isInstalled(lockText)) {
    say('installing the npm packages');
    await npm(['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']);
  }
  mkdirSync(path.dirname(stampFile), { recursive: true });
  writeFileSync(stampFile, wanted);
}

/**
 * Whether node_modules already holds what the lockfile names, as after an `npm install` by hand. npm keeps a record of
 * what it installed; packages for other platforms are missing there by design.
 * @param {string} lockText
 */
function isInstalled(lockText) {
  const recordText = readIfThere(path.join(root, 'node_modules', '.package-lock.json'));
  if (recordText === null) return false;
  /** @typedef {Record<string, { version?: string, integrity?: string, optional?: boolean, devOptional?: boolean, peer?: boolean }>} Entries */
  /** @type {Entries} */
  const wanted = JSON.parse(lockText).packages;
  /** @type {Entries} */
  const found = JSON.parse(recordText).packages;
  return Object.entries(wanted).every(([name, entry]) => {
    if (name === '') return true;
    const there = found[name];
    if (there === undefined) return entry.optional === true || entry.devOptional === true;
    return there.version === entry.version && there.integrity === entry.integrity;
  });
}
