import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { expect, it } from 'vitest';
import { fuzz } from './fuzz/fuzz.ts';
import {
  answerTarget,
  carryTarget,
  doorTarget,
  fileTarget,
  packContentTarget,
  packTarget,
  readerTarget,
  receiptTarget,
  type Target,
} from './fuzz/targets.ts';
import { watch } from './fuzz/watchdog.ts';
import { temporaryFolder } from './support/folder.ts';
import { LONG_MS, size } from './support/size.ts';

const folder = temporaryFolder('fuzz');
/** A target takes as large a part of the files as it is quick. */
const targets: readonly [share: number, make: () => Target | Promise<Target>][] = [
  [0.3, doorTarget],
  [0.2, readerTarget],
  [0.06, answerTarget],
  [0.16, () => receiptTarget(folder)],
  [0.03, () => fileTarget(folder)],
  [0.12, () => packTarget(folder)],
  [0.03, () => packContentTarget(folder)],
  [0.1, () => carryTarget(folder)],
];

/** A file may be large and the machine busy; twice what a file may take at all. */
const HANG_MS = 60_000;

it('a program that hangs is named and ended while it does', async () => {
  const victim = spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' });
  const ended = once(victim, 'close');
  const dog = watch(path.join(folder, 'hang'), 'a target: seed 7', 300, victim.pid);
  let said = '';
  dog.child.stderr?.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  dog.beat(41);
  dog.beat(42);
  const [, signal] = (await ended) as [number | null, string | null];
  expect(signal).toBe('SIGKILL');
  await expect.poll(() => said).toContain('a target: seed 7, file 42: hangs');
});

it.each(targets)(
  'damaged files, %f of all: none does harm, each is refused with a reason',
  async (share, make) => {
    const target = await make();
    const files = Math.ceil(size.files * share);
    const dog = watch(path.join(folder, 'beat'), `fuzz: ${target.name}: seed ${size.seed}`, HANG_MS);
    try {
      // The whole ones are taken: a target that refuses everything would pass otherwise.
      for (const sample of target.samples) expect(await target.feed(sample), target.name).toBe('taken');
      const count = await fuzz(target, files, size.seed, (number) => {
        dog.beat(number);
        if (number % 1000 === 0 && size.isLong) console.log(`fuzz: ${target.name}: file ${number} of ${files}`);
      });
      const refused = Object.values(count.refused).reduce((sum, n) => sum + n, 0);
      expect(count.taken + refused).toBe(files);
      expect(refused).toBeGreaterThan(files / 4);
      console.log(`fuzz: ${JSON.stringify(count)}`);
    } finally {
      dog.close();
      await target.close();
    }
  },
  LONG_MS,
);
