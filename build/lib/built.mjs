// Compiles what has changed since it was last compiled.
import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { readIfThere, root, say, sha256, withLock } from './base.mjs';
import { bundles, compile } from './bundles.mjs';

const stampFile = path.join(root, 'dist', '.stamps.json');
/** What every bundle depends on besides its sources. */
const common = [
  'package.json',
  'package-lock.json',
  'tsconfig.base.json',
  'build/lib/bundles.mjs',
  'build/lib/fonts.mjs',
];

/**
 * Brings dist/ up to date. With nothing changed it costs one look at each source file's time and size.
 * @param {readonly string[]} [names] the bundles that are wanted
 */
export async function ensureBuilt(names = ['renderer', 'preload', 'programs']) {
  const wanted = bundles.filter((bundle) => names.includes(bundle.name));
  if (wanted.every((bundle) => readStamps()[bundle.name] === fingerprint(bundle))) return;
  await withLock(path.join(root, 'dist', '.lock'), async () => {
    for (const bundle of wanted) {
      // Taken before compiling: a file saved meanwhile makes the next run compile again.
      const stamp = fingerprint(bundle);
      if (readStamps()[bundle.name] === stamp) continue;
      const from = performance.now();
      await compile(bundle);
      writeFileSync(stampFile, JSON.stringify({ ...readStamps(), [bundle.name]: stamp }));
      say(`compiled ${bundle.name} in ${((performance.now() - from) / 1000).toFixed(1)} s`);
    }
  });
}

/** @returns {Record<string, string>} */
function readStamps() {
  return JSON.parse(readIfThere(stampFile) ?? '{}');
}

/** @param {import('./bundles.mjs').Bundle} bundle */
function fingerprint(bundle) {
  const lines = [...common, ...bundle.sources].flatMap((name) => [...filesUnder(path.join(root, name))]);
  return sha256(lines.join('\n'));
}

/**
 * @param {string} place
 * @returns {Generator<string>}
 */
function* filesUnder(place) {
  const about = statSync(place, { throwIfNoEntry: false });
  if (!about) return;
  if (!about.isDirectory()) {
    if (!/\.test\.tsx?$/.test(place)) yield `${path.relative(root, place)} ${about.size} ${about.mtimeMs}`;
    return;
  }
  for (const name of readdirSync(place).sort()) yield* filesUnder(path.join(place, name));
}

mkdirSync(path.join(root, 'dist'), { recursive: true });
