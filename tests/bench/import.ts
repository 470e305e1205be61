import ExcelJS from 'exceljs';
import { coreAt, firm, must } from '../fixtures/trade.ts';
import { type Figure, inChild, inFolder, median, reportChild, timed } from './harness.ts';

const ROUNDS = 3;
const MEMORY_MB = 400;

/** Only reading the workbook with the streaming reader: every cell is touched, nothing is kept. */
export async function readOnly(file: string): Promise<void> {
  let cells = 0;
  const ms = await timed(async () => {
    const reader = new ExcelJS.stream.xlsx.WorkbookReader(file, {
      worksheets: 'emit',
      sharedStrings: 'cache',
      styles: 'cache',
      hyperlinks: 'ignore',
    });
    for await (const sheet of reader)
      for await (const row of sheet) if (Array.isArray(row.values)) cells += row.values.length;
  });
  if (cells === 0) throw new Error('the workbook was empty');
  reportChild(ms);
}

/** The real import into a sealed book, from the file to the last commit. */
export async function importOnly(file: string): Promise<void> {
  await inFolder(async (folder) => {
    const core = coreAt(folder);
    await must(core, 'books.create', { profile: firm, passphrase: 'bench-passphrase' });
    const ms = await timed(() => must(core, 'imports.run', { kind: 'orders', file, defaults: { currency: 'GBP' } }));
    await core.close();
    reportChild(ms);
  });
}

export async function importFigure(file: string): Promise<Figure> {
  const ours: number[] = [];
  const floor: number[] = [];
  let peakMb = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    floor.push((await inChild('read-only', file)).ms);
    const report = await inChild('import-only', file);
    ours.push(report.ms);
    peakMb = Math.max(peakMb, report.peakMb);
  }
  const figure = { ours: median(ours), floor: median(floor) };
  return {
    name: 'import of the workbook into a sealed book',
    unit: 'ms',
    ...figure,
    floorName: 'reading it with the streaming reader',
    goal: `≤ 1.5 ×, under ${MEMORY_MB} MB`,
    isMet: figure.ours / figure.floor <= 1.5 && peakMb < MEMORY_MB,
    peakMb,
  };
}
