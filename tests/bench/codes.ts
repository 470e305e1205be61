import { readFileSync } from 'node:fs';
import path from 'node:path';
import { findResources } from '../../electron/core/resources.ts';
import { buildTable } from '../../shared/tables/index.ts';
import { coreAt, must } from '../fixtures/trade.ts';
import { type Figure, inFolder, percentile, timed } from './harness.ts';

const LIMIT_MS = 30;
const ROUNDS = 6;

/** What clerks type: every beginning of these, as the box asks at every key. */
const typed = [
  '6109100010',
  '8517130000',
  '棉制 针织 汗衫',
  '塑料 盒',
  '陶瓷 装饰',
  'taoci zhuangshi',
  'mianzhi',
  'zhenzhi hanshan',
  'sl',
  'mzhs',
  'cotton knitted shirt',
  'plastic boxes',
  'mian 6109',
  'zzz',
];
const queries = typed.flatMap((text) =>
  [...text].map((_, at) => text.slice(0, at + 1)).filter((one) => !one.endsWith(' ')),
);

/**
 * The lookup box over the largest tables, that of goods under inspection and that of commodity codes with their elements: the p95 of an
 * operation of the core, beside a plain search for the same words as substrings of the same rows.
 */
export function codeFigures(): Promise<Figure[]> {
  return inFolder(async (folder) => {
    const core = coreAt(path.join(folder, 'home'));
    try {
      return [
        ...(await lookUps(core, 'hs_ciq', '13-digit codes of goods under inspection')),
        ...(await lookUps(core, 'hs', 'commodity codes')),
      ];
    } finally {
      await core.close();
    }
  });
}

async function lookUps(core: ReturnType<typeof coreAt>, id: 'hs' | 'hs_ciq', what: string): Promise<Figure[]> {
  const table = buildTable(JSON.parse(readFileSync(path.join(findResources(), `tables/${id}.json`), 'utf8')));
  const lines = table.entries.map(({ code, zh, en, pinyin }) =>
    `${code} ${zh} ${en} ${pinyin.replaceAll(' ', '')}`.toLowerCase(),
  );
  const floor = (text: string): number => {
    const words = text.toLowerCase().split(' ');
    let found = 0;
    for (const line of lines) if (words.every((word) => line.includes(word))) found += 1;
    return found;
  };
  // The box opens before anything is typed: the table is read then, once.
  const openMs = await timed(() => must(core, 'tables.search', { table: id, text: '' }));
  const ours: number[] = [];
  const base: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const text of queries) {
      base.push(await timed(() => floor(text)));
      ours.push(await timed(() => must(core, 'tables.search', { table: id, text })));
    }
  }
  const p95 = percentile(ours, 0.95);
  return [
    {
      name: `look up in ${table.entries.length} ${what}, p95 of ${ours.length} keys (opening the box the first time: ${openMs.toFixed(0)} ms)`,
      unit: 'ms',
      ours: p95,
      floor: percentile(base, 0.95),
      floorName: 'plain substring scan, p95',
      goal: `p95 at most ${LIMIT_MS} ms`,
      isMet: p95 <= LIMIT_MS,
    },
  ];
}
