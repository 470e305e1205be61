// What every build step shares: where things lie, how progress is told and how a command is run.
// Everything here must load on a bare Node, before `npm ci` has brought a single package.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

/** The project's root folder. */
export const root = path.resolve(import.meta.dirname, '..', '..');

/**
 * The per-user cache that outlives a clone: the 300 MB runtime and the compiled addon are fetched or built once a user,
 * not once a checkout. Deleting it is always safe.
 */
export const cacheFolder = path.join(userCache(), 'portbook');

function userCache() {
  if (process.env.XDG_CACHE_HOME) return process.env.XDG_CACHE_HOME;
  if (process.platform === 'darwin') return path.join(os.homedir(), 'Library', 'Caches');
  if (process.platform === 'win32') return process.env.LOCALAPPDATA ?? path.join(os.homedir(), 'AppData', 'Local');
  return path.join(os.homedir(), '.cache');
}

/**
 * Tells progress on stderr: stdout belongs to the program that is being started.
 * @param {string} text
 */
export function say(text) {
  process.stderr.write(`[portbook] ${text}\n`);
}

/** What a person has to do himself. Printed without a stack: it is an instruction and not a bug. */
export class NeedsHelp extends Error {}

/**
 * Runs the main function of a build command and turns its outcome into an exit code.
 * @param {() => Promise<number | undefined>} main
 */
export async function runMain(main) {
  try {
    process.exitCode = (await main()) ?? 0;
  } catch (error) {
    if (error instanceof NeedsHelp) process.stderr.write(`${error.message}\n`);
    else process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exitCode = 1;
  }
}

/**
 * @typedef {object} RunOptions
 * @property {string} [cwd]
 * @property {Record<string, string | undefined>} [env] added to the environment
 * @property {boolean} [quiet] keep the output back and show it only when the command fails
 * @property {number} [timeoutMs] end the command after this time
 */

/**
 * Runs a command with its output on stderr and resolves with its exit code.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<number>}
 */
export function runStatus(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: options.cwd ?? root,
      env: { ...process.env, ...options.env },
      stdio: ['ignore', options.quiet ? 'pipe' : 2, options.quiet ? 'pipe' : 2],
      timeout: options.timeoutMs,
    });
    /** @type {Buffer[]} */
    const kept = [];
    child.stdout?.on('data', (chunk) => kept.push(chunk));
    child.stderr?.on('data', (chunk) => kept.push(chunk));
    child.on('error', reject);
    child.on('close', (code, signal) => {
      const status = code ?? (signal ? 128 + (os.constants.signals[signal] ?? 0) : 1);
      if (status !== 0) process.stderr.write(Buffer.concat(kept));
      resolve(status);
    });
  });
}

/**
 * Runs a command that has to succeed.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {RunOptions} [options]
 */
export async function run(command, args, options = {}) {
  const status = await runStatus(command, args, options);
  if (status !== 0) throw new Error(`${path.basename(command)} ${args.join(' ')} ended with exit code ${status}`);
}

/**
 * Runs a command and returns what it wrote to stdout, or null when it cannot be run or fails.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<string | null>}
 */
export function capture(command, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: options.cwd ?? root,
      env: { ...process.env, ...options.env },
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: options.timeoutMs,
    });
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (chunk) => {
      text += chunk;
    });
    child.on('error', () => resolve(null));
    child.on('close', (code) => resolve(code === 0 ? text : null));
  });
}

/**
 * Runs npm with the Node that runs us, so that the version a developer chose is the one that counts.
 * @param {readonly string[]} args
 * @param {RunOptions} [options]
 */
export async function npm(args, options = {}) {
  const cli = process.env.npm_execpath;
  if (cli?.endsWith('.js')) await run(process.execPath, [cli, ...args], options);
  else if (process.platform === 'win32') await run('cmd.exe', ['/d', '/s', '/c', 'npm', ...args], options);
  else await run('npm', args, options);
}

/** @param {string | Buffer} data */
export function sha256(data) {
  return createHash('sha256').update(data).digest('hex');
}

/**
 * @param {string} file
 * @returns {string | null} the file's text, or null when there is none
 */
export function readIfThere(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (isCode(error, 'ENOENT')) return null;
    throw error;
  }
}

/** @param {string} file */
export function isThere(file) {
  return statSync(file, { throwIfNoEntry: false }) !== undefined;
}

/**
 * @param {unknown} error
 * @param {string} code
 */
export function isCode(error, code) {
  return error instanceof Error && 'code' in error && error.code === code;
}

/**
 * Lets one process at a time do a piece of work that others wait for instead of repeating it: two test runs started
 * together must not both compile SQLite. A lock whose owner has died is taken over.
 * @template T
 * @param {string} file
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(file, work) {
  mkdirSync(path.dirname(file), { recursive: true });
  let told = false;
  for (;;) {
    try {
      writeFileSync(file, String(process.pid), { flag: 'wx' });
      break;
    } catch (error) {
      if (!isCode(error, 'EEXIST')) throw error;
    }
    const owner = Number(readIfThere(file));
    const ageMs = Date.now() - (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    // An owner renews its lock, since after a restart of the machine its number may be another process's. One that has
    // created the file but not yet written its number gets a moment to do so.
    if (ageMs > lockAgeMs || (owner > 0 ? !isAlive(owner) : ageMs > 2000)) {
      rmSync(file, { force: true });
      continue;
    }
    if (!told) say(`waiting for process ${owner}, which is preparing the same thing`);
    told = true;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  const renewal = setInterval(() => utimesSync(file, new Date(), new Date()), lockAgeMs / 10);
  try {
    return await work();
  } finally {
    clearInterval(renewal);
    rmSync(file, { force: true });
  }
}

const lockAgeMs = 60_000;

/**
 * Removes what an interrupted run has left in a folder. Whoever calls this holds the folder's lock, so it belongs to nobody.
 * @param {string} folder
 */
export async function clearUnfinished(folder) {
  for (const name of isThere(folder) ? await readdir(folder) : []) {
    if (name.startsWith('new-')) await rm(path.join(folder, name), { recursive: true, force: true });
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return isCode(error, 'EPERM');
  }
}
