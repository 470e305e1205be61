// The SQLite addon: the package's own prebuilt binary where the runtime can load it, else one built from its source.
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cp, mkdir, readFile, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { cacheFolder, capture, clearUnfinished, isThere, NeedsHelp, root, run, say, withLock } from './base.mjs';
import { installSystemPackages } from './system.mjs';

const require = createRequire(import.meta.url);

/** The prebuilt binaries ask for this Node-API level; an older runtime crashes while loading them. */
const prebuiltNapi = 10;
const ownNapi = Number(process.versions.napi);

/**
 * The addon's file for this Node and, when one is named, for an Electron runtime as well. The path is also exported
 * as PORTBOOK_SQLITE_ADDON to every process that is started from here.
 * @param {Promise<{ napi: number }>} [runtime]
 * @returns {Promise<string>}
 */
export async function ensureAddon(runtime) {
  const given = process.env.PORTBOOK_SQLITE_ADDON;
  const file = given && isThere(given) ? given : (findAddon(ownNapi) ?? (await buildAddon(ownNapi)));
  const napi = runtime ? Math.min(ownNapi, (await runtime).napi) : ownNapi;
  const both =
    given || napi >= prebuiltNapi || ownNapi < prebuiltNapi ? file : (findAddon(napi) ?? (await buildAddon(napi)));
  process.env.PORTBOOK_SQLITE_ADDON = both;
  return both;
}

/**
 * The addon's file when it is at hand already, without building anything.
 * @param {number} [napi] the lowest Node-API level among those that will load it
 * @returns {string | null}
 */
export function findAddon(napi = ownNapi) {
  const file = napi >= prebuiltNapi ? require('better-sqlite3/lib/binding.js').getPrebuildPath() : builtFile(napi);
  return file !== null && isThere(file) ? file : null;
}

/** @param {number} napi */
function builtFile(napi) {
  const { name, version } = JSON.parse(
    readFileSync(path.join(root, 'node_modules/better-sqlite3/package.json'), 'utf8'),
  );
  return path.join(
    cacheFolder,
    'addon',
    `${name}-${version}-${process.platform}-${process.arch}-napi${napi}`,
    'better_sqlite3.node',
  );
}

/**
 * Builds the addon from the package's own source. On an older Node-API it has to be compiled against the experimental
 * interface, which names the same functions; the one binary then loads in Node and in Electron alike.
 * @param {number} napi
 * @returns {Promise<string>}
 */
async function buildAddon(napi) {
  if (process.platform !== 'linux') {
    throw new NeedsHelp(
      'The encrypted store needs Node 22.14 or newer on this system. Install it and run the command again.',
    );
  }
  const file = builtFile(napi);
  return withLock(path.join(cacheFolder, 'addon.lock'), async () => {
    if (isThere(file)) return file;
    await ensureCompiler();
    await clearUnfinished(path.join(cacheFolder, 'addon'));
    const prefix = path.resolve(path.dirname(await nodeOnPath()), '..');
    if (!isThere(path.join(prefix, 'include/node/node_api.h'))) {
      await installSystemPackages(
        [['libnode-dev']],
        `Node's header files are not in ${path.join(prefix, 'include/node')}`,
      );
    }
    say('compiling the SQLite addon (a minute or two, once for this user)');
    const work = path.join(cacheFolder, 'addon', `new-${process.pid}`);
    try {
      await copySource(work);
      const gyp = path.join(root, 'node_modules/node-gyp/bin/node-gyp.js');
      await run(
        process.execPath,
        [gyp, 'rebuild', '--release', '--force_build=1', `--nodedir=${prefix}`, '--jobs=max'],
        {
          cwd: work,
          quiet: true,
        },
      );
      const built = path.join(work, 'build/Release/better_sqlite3.node');
      await proveAddon(built);
      await mkdir(path.dirname(file), { recursive: true });
      await rename(built, file);
    } finally {
      await rm(work, { recursive: true, force: true });
    }
    say('the SQLite addon is ready');
    return file;
  });
}

/** @param {string} work */
async function copySource(work) {
  const source = path.join(root, 'node_modules/better-sqlite3');
  rmSync(work, { recursive: true, force: true });
  mkdirSync(path.join(work, 'node_modules'), { recursive: true });
  for (const name of ['binding.gyp', 'deps', 'lib', 'src', 'package.json']) {
    await cp(path.join(source, name), path.join(work, name), { recursive: true });
  }
  const headers = path.dirname(createRequire(path.join(source, 'package.json')).resolve('node-addon-api/package.json'));
  cpSync(headers, path.join(work, 'node_modules/node-addon-api'), { recursive: true });
  const gypFile = path.join(work, 'binding.gyp');
  const gyp = await readFile(gypFile, 'utf8');
  const experimental = gyp.replace(
    "'NAPI_VERSION=10'",
    "'NAPI_EXPERIMENTAL', 'NODE_API_EXPERIMENTAL_NOGC_ENV_OPT_OUT'",
  );
  if (experimental === gyp) throw new Error('binding.gyp of better-sqlite3 has changed: NAPI_VERSION=10 is not in it');
  writeFileSync(gypFile, experimental);
}

/**
 * Loads the addon in a process of its own, which a bad binary may take down, and opens an encrypted database with it.
 * @param {string} addon
 */
async function proveAddon(addon) {
  const script = `const Database = require('better-sqlite3');
    const db = new Database(':memory:', { nativeBinding: process.argv[1] });
    process.stdout.write(db.prepare("select 'works' as answer").get().answer);`;
  const answer = await capture(process.execPath, ['-e', script, addon]);
  if (answer !== 'works') throw new Error('the SQLite addon was compiled but does not load');
}

/** Node's headers lie beside the `node` on the PATH, which need not be the file that the process was started from. */
async function nodeOnPath() {
  const text = await capture('node', ['-p', 'process.execPath']);
  return text?.trim() || process.execPath;
}

async function ensureCompiler() {
  const tools = await Promise.all(['c++', 'make', 'python3'].map((tool) => capture(tool, ['--version'])));
  if (tools.includes(null))
    await installSystemPackages([['g++'], ['make'], ['python3']], 'a C++ compiler is needed for the SQLite addon');
}
