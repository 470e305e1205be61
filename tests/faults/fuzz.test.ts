import { expect, it } from 'vitest';
import { fuzz } from './fuzz/fuzz.ts';
import {
  carryTarget,
  doorTarget,
  fileTarget,
  packContentTarget,
  packTarget,
  readerTarget,
  receiptTarget,
  type Target,
} from './fuzz/targets.ts';
import { temporaryFolder } from './support/folder.ts';
import { LONG_MS, size } from './support/size.ts';

const folder = temporaryFolder('fuzz');
/** A target takes as large a part of the files as it is quick. */
const targets: readonly [share: number, make: () => Target | Promise<Target>][] = [
  [0.3, doorTarget],
  [0.26, readerTarget],
  [0.16, () => receiptTarget(folder)],
  [0.03, () => fileTarget(folder)],
  [0.12, () => packTarget(folder)],
  [0.03, () => packContentTarget(folder)],
  [0.1, () => carryTarget(folder)],
];

it.each(targets)(
  'damaged files, %f of all: none does harm, each is refused with a reason',
  async (share, make) => {
    const target = await make();
    const files = Math.ceil(size.files * share);
    try {
      // The whole ones are taken: a target that refuses everything would pass otherwise.
      for (const sample of target.samples) expect(await target.feed(sample), target.name).toBe('taken');
      const count = await fuzz(target, files, size.seed, (number) => {
        if (number % 1000 === 0 && size.isLong) console.log(`fuzz: ${target.name}: file ${number} of ${files}`);
      });
      const refused = Object.values(count.refused).reduce((sum, n) => sum + n, 0);
      expect(count.taken + refused).toBe(files);
      expect(refused).toBeGreaterThan(files / 4);
      console.log(`fuzz: ${JSON.stringify(count)}`);
    } finally {
      await target.close();
    }
  },
  LONG_MS,
);
