import path from 'node:path';
import { postEveryOrder } from '../fixtures/posted.ts';
import { coreAt, firm, must } from '../fixtures/trade.ts';
import { type Figure, inFolder, median, timed } from './harness.ts';

const LIMIT_MS = 20;

/** Balance of all accounts in a book that holds every order line of the workbook and the postings of its sales. */
export function balanceFigure(workbook: string): Promise<Figure> {
  return inFolder(async (folder) => {
    const core = coreAt(path.join(folder, 'home'));
    await must(core, 'books.create', { profile: firm, passphrase: 'bench-passphrase' });
    await must(core, 'imports.run', { kind: 'orders', file: workbook, defaults: { currency: 'GBP' } });
    const posted = postEveryOrder(core);
    const times: number[] = [];
    for (let round = 0; round < 50; round += 1) times.push(await timed(() => must(core, 'ledger.trialBalance', {})));
    await core.close();
    const ours = median(times);
    return {
      name: `balance of all accounts, ${posted} vouchers from 50,000 lines`,
      unit: 'ms',
      ours,
      goal: `< ${LIMIT_MS} ms`,
      isMet: ours < LIMIT_MS,
    };
  });
}
