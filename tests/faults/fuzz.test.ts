import { expect, it } from 'vitest';
import { fuzz } from './fuzz/fuzz.ts';
import { doorTarget, fileTarget, readerTarget, receiptTarget, type Target } from './fuzz/targets.ts';
import { temporaryFolder } from './support/folder.ts';

const folder = temporaryFolder('fuzz');
const SEED = 20261121;

/** A short run of what `npm run faults -- fuzz` does at length. */
const targets: readonly [files: number, make: () => Target | Promise<Target>][] = [
  [600, doorTarget],
  [600, readerTarget],
  [300, () => receiptTarget(folder)],
  [60, () => fileTarget(folder)],
];

it.each(targets)('%i damaged files: none does harm, each is refused with a reason', async (files, make) => {
  const target = await make();
  try {
    // The whole ones are taken: a target that refuses everything would pass otherwise.
    for (const sample of target.samples) expect(await target.feed(sample), target.name).toBe('taken');
    const count = await fuzz(target, files, SEED);
    const refused = Object.values(count.refused).reduce((sum, n) => sum + n, 0);
    expect(count.taken + refused).toBe(files);
    expect(refused).toBeGreaterThan(files / 4);
    console.log(
      `fuzz: ${count.target}: ${files} files, ${count.taken} harmless, refused ${JSON.stringify(count.refused)}`,
    );
  } finally {
    await target.close();
  }
});
