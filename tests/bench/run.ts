import path from 'node:path';
import { realWorkbook } from '../fixtures/trade.ts';
import { writeSyntheticWorkbook } from '../fixtures/workbook.ts';
import { allocationFigures } from './allocations.ts';
import { balanceFigure } from './balance.ts';
import { codeFigures } from './codes.ts';
import { draftsFigures } from './drafts.ts';
import { documentFigures, entryFigures } from './entry.ts';
import { type Figure, inFolder, print } from './harness.ts';
import { importFigure, importOnly, readOnly } from './import.ts';
import { bareOnly, ledgerFigures, postOnly } from './ledger.ts';
import { settlementFigure, settlementImport, settlementText } from './payouts.ts';
import { photoFigures } from './photos.ts';
import { platformFigures, platformLoad } from './platform.ts';
import { matchOnly, recordMatchFigure } from './record-match.ts';
import { refundMatchingFigure } from './refund-matching.ts';
import { screeningFigure } from './screening.ts';
import { startFigures } from './start.ts';
import { statisticsFigures } from './statistics.ts';
import { switchFigures } from './switch.ts';
import { syncFigures, syncOnly } from './sync.ts';
import { traceFigures } from './trace.ts';

/**
 * `npm run bench`: every figure beside its floor. `npm run bench -- import sync` runs only those; `platform --minutes 10` is a long load.
 * The exit code is 0 whether or not the goals are met, for figures are for people; it is 2 for a name that is none.
 */
const children: Record<string, (...args: string[]) => Promise<void>> = {
  'read-only': readOnly,
  'import-only': importOnly,
  'bare-only': bareOnly,
  'post-only': postOnly,
  'match-only': matchOnly,
  'platform-load': platformLoad,
  'sync-only': syncOnly,
  'settlement-text': settlementText,
  'settlement-import': settlementImport,
};

/** Minutes asked for, or undefined for a short run. */
function minutesIn(args: readonly string[]): number | undefined {
  const at = args.indexOf('--minutes');
  const minutes = Number(args[at + 1]);
  return at >= 0 && minutes > 0 ? minutes : undefined;
}

/** The figures, in the order in which they are measured. */
const parts: Record<string, (workbook: string) => Promise<Figure[]>> = {
  import: async (workbook) => [await importFigure(workbook)],
  drafts: () => draftsFigures(),
  platform: () => platformFigures(minutesIn(process.argv)),
  sync: () => syncFigures(),
  balance: async (workbook) => [await balanceFigure(workbook)],
  ledger: () => ledgerFigures(),
  refunds: async () => [await refundMatchingFigure()],
  records: async () => [await recordMatchFigure()],
  screening: async () => [await screeningFigure()],
  payouts: async () => [await settlementFigure()],
  allocations: () => allocationFigures(),
  statistics: () => statisticsFigures(),
  codes: () => codeFigures(),
  documents: () => documentFigures(),
  entry: () => entryFigures(),
  switch: () => switchFigures(),
  trace: () => traceFigures(),
  photos: () => photoFigures(),
  start: (workbook) => startFigures(workbook),
};

async function main(): Promise<void> {
  const args = process.argv.slice(2);
  const child = children[args[0] ?? ''];
  if (child !== undefined) return child(...args.slice(1));

  // What follows a switch is its value.
  const chosen = args.filter((arg, at) => !arg.startsWith('--') && args[at - 1]?.startsWith('--') !== true);
  const unknown = chosen.filter((name) => !Object.hasOwn(parts, name));
  if (unknown.length > 0) {
    process.stderr.write(`no bench is called ${unknown.join(', ')}; there are: ${Object.keys(parts).join(', ')}\n`);
    process.exitCode = 2;
    return;
  }
  await inFolder(async (folder) => {
    const workbook = realWorkbook() ?? (await writeSyntheticWorkbook(path.join(folder, 'orders.xlsx'), 50_000));
    for (const [name, measure] of Object.entries(parts)) {
      if (chosen.length === 0 || chosen.includes(name)) print(await measure(workbook));
    }
  });
}

await main();
