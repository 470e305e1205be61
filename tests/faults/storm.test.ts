import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { startCluster, withoutPostgres } from '../fixtures/postgres.ts';
import { smallDisk } from '../fixtures/small-disk.ts';
import { type StormOptions, storm } from './storm/storm.ts';
import { temporaryFolder } from './support/folder.ts';
import { LONG_MS, size } from './support/size.ts';

const folder = temporaryFolder('storm');
const disk = smallDisk(path.join(folder, 'disk'), size.isLong ? 1500 : 150);

// Before the folder itself is taken away.
afterAll(() => {
  disk?.unmount();
});

async function weather(name: string, more: Partial<StormOptions>): Promise<void> {
  const own = path.join(folder, name);
  mkdirSync(own);
  const { seed, submissions, faults } = size;
  const say = (text: string): void => {
    if (size.isLong) console.log(text);
  };
  const counts = await storm({ folder: own, seed, submissions, faults, say, ...more }).catch((thrown: unknown) => {
    // At once: the other storm may take an hour before the report says it.
    say(`${name} failed: ${thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)}`);
    throw thrown;
  });
  expect(counts.submissions).toBeGreaterThanOrEqual(submissions);
  expect(counts.found.messages).toBeGreaterThanOrEqual(counts.submissions);
  console.log(`${name}: ${JSON.stringify(counts)}`);
}

it(
  'one platform on a file: what was queued is there once, every receipt is here, states moved as the tables allow',
  () => weather('storm', disk === undefined ? {} : { smallDisk: disk.at }),
  LONG_MS,
);

if (withoutPostgres !== undefined) console.log(`storm: ${withoutPostgres}`);

it.skipIf(withoutPostgres !== undefined)(
  'three platforms on one PostgreSQL, one of them killed every few seconds: the same',
  async () => {
    const cluster = await startCluster();
    try {
      await weather('postgres', { database: { url: await cluster.database('storm'), processes: 3 } });
    } finally {
      cluster.stop();
    }
  },
  LONG_MS,
);
