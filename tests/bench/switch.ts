import { readFileSync } from 'node:fs';
import path from 'node:path';
import { keyByPassphrase, readKeyFile } from '../../electron/core/keys/key-file.ts';
import { bookFile, keyFile } from '../../electron/core/store/book.ts';
import { openDatabase } from '../../electron/core/store/database.ts';
import { samplePassphrase } from '../../shared/sample-book.ts';
import { coreAt, firm, must } from '../fixtures/trade.ts';
import { compare, type Figure, inFolder, timed } from './harness.ts';

const LIMIT_MS = 1000;
const ROUNDS = 15;

/**
 * From one client's book to another's: what is open closes with its summary, the other opens and its first page is read. The floor opens
 * the same sealed file bare, by the key itself, and reads one row.
 */
export function switchFigures(): Promise<Figure[]> {
  return inFolder(async (folder) => {
    const core = coreAt(path.join(folder, 'home'));
    const passphrase = 'bench-passphrase';
    const { bookId: sample } = await must(core, 'books.createSample', {});
    const { bookId: other } = await must(core, 'books.create', { profile: firm, passphrase });
    const entry = (await must(core, 'books.list', {})).books.find(({ id }) => id === sample);
    const home = entry?.path ?? '';
    readFileSync(path.join(home, bookFile));
    const key = await keyByPassphrase(readKeyFile(path.join(home, keyFile)), samplePassphrase);
    const today = () => must(core, 'today.get', { date: '2026-11-21' });
    const leave = () => must(core, 'books.switch', { bookId: other });
    const bare = async (): Promise<number> => {
      await leave();
      return timed(() => {
        const db = openDatabase(path.join(home, bookFile), key);
        db.prepare('SELECT count(*) FROM setting').get();
        db.close();
      });
    };
    const held = await compare(
      ROUNDS,
      async () => {
        await leave();
        return timed(async () => {
          await must(core, 'books.switch', { bookId: sample });
          await today();
        });
      },
      bare,
    );
    const asked = await compare(
      ROUNDS,
      async () => {
        await leave();
        return timed(async () => {
          await must(core, 'books.open', { bookId: sample, secret: { passphrase: samplePassphrase } });
          await today();
        });
      },
      bare,
    );
    await core.close();
    const figure = (name: string, { ours, floor }: { ours: number; floor: number }): Figure => ({
      name,
      unit: 'ms',
      ours,
      floor,
      floorName: 'bare open of the sealed file',
      goal: `< ${LIMIT_MS} ms`,
      isMet: ours < LIMIT_MS,
    });
    return [
      figure('switch to another client, key held, first page read', held),
      figure('switch to another client, passphrase typed, first page read', asked),
    ];
  });
}
