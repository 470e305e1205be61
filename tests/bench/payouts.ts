import { createReadStream } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { writeLargeSettlement } from '../fixtures/payouts.ts';
import { coreAt, firm, must } from '../fixtures/trade.ts';
import { type Figure, inChild, inFolder, median, reportChild, timed } from './harness.ts';

const LINES = 100_000;
const ROUNDS = 5;
const RATIO = 1.5;
const MEMORY_MB = 300;

/** The floor: the file streamed line by line as text, each line split into its cells, nothing kept. */
export async function settlementText(file: string): Promise<void> {
  let cells = 0;
  const ms = await timed(async () => {
    const lines = createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY });
    for await (const line of lines) cells += line.split('\t').length;
  });
  if (cells < LINES) throw new Error('the settlement was empty');
  reportChild(ms);
}

/** The real import into a sealed book: from the file to the last commit, ledger included. */
export async function settlementImport(file: string): Promise<void> {
  await inFolder(async (folder) => {
    const core = coreAt(folder);
    await must(core, 'books.create', { profile: firm, passphrase: 'bench-passphrase' });
    await must(core, 'rates.set', { currency: 'USD', date: '2026-06-01', cnyPerUnit: '7.1', source: 'bench' });
    const ms = await timed(async () => {
      const { payouts } = await must(core, 'payouts.import', { file, store: 'bench' });
      if (payouts[0]?.lines !== LINES || payouts[0].proof !== 'deposit') throw new Error('not imported as it should');
    });
    await core.close();
    reportChild(ms);
  });
}

export function settlementFigure(): Promise<Figure> {
  return inFolder(async (folder) => {
    const file = path.join(folder, 'settlement.txt');
    writeLargeSettlement(file, LINES);
    const ours: number[] = [];
    const floor: number[] = [];
    let peakMb = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      floor.push((await inChild('settlement-text', file)).ms);
      const report = await inChild('settlement-import', file);
      ours.push(report.ms);
      peakMb = Math.max(peakMb, report.peakMb);
    }
    const figure = { ours: median(ours), floor: median(floor) };
    return {
      name: `import of a settlement of ${LINES.toLocaleString('en')} lines into a sealed book`,
      unit: 'ms',
      ...figure,
      floorName: 'reading it as text line by line, each split into its cells',
      goal: `≤ ${RATIO} ×, under ${MEMORY_MB} MB`,
      isMet: figure.ours / figure.floor <= RATIO && peakMb < MEMORY_MB,
      peakMb,
    };
  });
}
