// What the operating system has to bring: the libraries of Electron's window and, for tests, a display in memory.
import { capture, NeedsHelp, readIfThere, run, say } from './base.mjs';

/**
 * Debian packages, each with the name it bears since the 64-bit time transition as its second choice.
 * @type {readonly (readonly string[])[]}
 */
const windowPackages = [
  ['libnss3'],
  ['libatk-bridge2.0-0', 'libatk-bridge2.0-0t64'],
  ['libgtk-3-0', 'libgtk-3-0t64'],
  ['libgbm1'],
  ['libasound2', 'libasound2t64'],
  ['fonts-noto-cjk'],
];
const displayPackages = [['xvfb'], ['xauth']];

/**
 * Sees to the system libraries. As root on Debian the missing ones are installed; an ordinary user is told the one
 * command to run, because nothing here may ask for a password.
 * @param {{ display: boolean }} needs whether a display in memory is needed too
 */
export async function ensureSystem(needs) {
  if (process.platform !== 'linux') return;
  const wanted = needs.display ? [...displayPackages, ...windowPackages] : windowPackages;
  await installSystemPackages(wanted, 'Electron needs system packages that are missing');
}

/**
 * @param {readonly (readonly string[])[]} wanted packages, each with its alternative names
 * @param {string} why
 */
export async function installSystemPackages(wanted, why) {
  if (!isDebian()) {
    if (await hasAllPrograms(wanted)) return;
    throw new NeedsHelp(`${why}. On Debian they are called: ${wanted.map(([name]) => name).join(' ')}.`);
  }
  const installed = await installedPackages(wanted.flat());
  const missing = wanted.filter((names) => !names.some((name) => installed.has(name)));
  if (missing.length === 0) return;
  const names = await Promise.all(missing.map(availableName));
  if (process.getuid?.() !== 0)
    throw new NeedsHelp(
      `${why}. Run this once, then repeat your command:\n  sudo apt-get install -y ${names.join(' ')}`,
    );
  say(`installing system packages: ${names.join(' ')}`);
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  await run('apt-get', ['update', '-qq'], { env, quiet: true });
  await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...names], { env, quiet: true });
}

function isDebian() {
  const about = readIfThere('/etc/os-release') ?? '';
  return /^ID(_LIKE)?=.*\bdebian\b/m.test(about);
}

/**
 * Elsewhere packages bear other names, so only what is a program can be looked for; a missing library shows when the
 * runtime is first started.
 * @param {readonly (readonly string[])[]} wanted
 */
async function hasAllPrograms(wanted) {
  const programs = wanted.flat().filter((name) => ['xvfb', 'make', 'python3'].includes(name));
  const found = await Promise.all(
    programs.map((name) => capture('sh', ['-c', `command -v ${name === 'xvfb' ? 'xvfb-run' : name}`])),
  );
  return !found.includes(null) && !wanted.flat().some((name) => name === 'g++' || name === 'libnode-dev');
}

/** @param {readonly string[]} names */
async function installedPackages(names) {
  // dpkg-query fails when it does not know one of the names, and still lists the others.
  const text = await capture('sh', [
    '-c',
    `dpkg-query -W -f='\${db:Status-Abbrev}\${Package}\\n' ${names.join(' ')} 2>/dev/null || true`,
  ]);
  const lines = (text ?? '').split('\n').filter((line) => line.startsWith('ii '));
  return new Set(lines.map((line) => line.slice(3).trim()));
}

/** @param {readonly string[]} names */
async function availableName(names) {
  for (const name of names) {
    const about = await capture('apt-cache', ['show', '--no-all-versions', name]);
    if (about?.includes(`Package: ${name}\n`)) return name;
  }
  return names[0] ?? '';
}
