import type { IsoDate } from '../../shared/calendar/dates.ts';
import { type ExportLine, type InvoiceLine, matchRefunds } from '../../shared/matching/refund-matching.ts';
import { compare, type Figure, timed } from './harness.ts';

const EXPORTS = 100_000;
const INVOICES = 50_000;
const GOODS = 4_000;
const LIMIT_RATIO = 6;

/** A generator of its own, so that every run matches the same lines. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const UNITS = ['件', '千克', 'KG', '公斤', '双', 'PCS'] as const;

function date(day: number): IsoDate {
  return new Date(Date.UTC(2026, 0, 1 + day)).toISOString().slice(0, 10) as IsoDate;
}

function lines(): { exports: ExportLine[]; invoices: InvoiceLine[] } {
  const next = numbers(20261121);
  const goods = (): Pick<ExportLine, 'sku' | 'nameCn' | 'unit'> => {
    const no = next(GOODS);
    return {
      sku: no % 3 === 0 ? null : `SKU-${no}`,
      nameCn: `*服装* 针织 T恤 ${no}`,
      unit: UNITS[no % UNITS.length] ?? '件',
    };
  };
  const exports = Array.from({ length: EXPORTS }, (_, at) => ({
    ...goods(),
    id: `E${at}`,
    exportDate: date(next(330)),
    declarationNo: `6407202600${String(next(30_000)).padStart(8, '0')}`,
    hs: '6109100021',
    qtyE5: BigInt(1 + next(500)) * 100_000n,
    fobFen: BigInt(1 + next(1_000_000)),
    refundRate: next(4) === 0 ? '0.09' : '0.13',
    receiptState: next(10) === 0 ? ('missing' as const) : ('received' as const),
  }));
  const invoices = Array.from({ length: INVOICES }, (_, at) => {
    const amount = 1 + next(5_000_000);
    return {
      ...goods(),
      id: `I${at}`,
      invoiceNo: `26462000000${String(at).padStart(9, '0')}`,
      date: date(next(330)),
      kind: next(20) === 0 ? ('ordinary' as const) : ('special' as const),
      supplier: `供应商${next(300)}`,
      qtyLeftE5: BigInt(1 + next(1000)) * 100_000n,
      amountLeftFen: BigInt(amount),
      vatRate: '0.13',
      vatLeftFen: BigInt(Math.floor(amount * 0.13)),
    };
  });
  return { exports, invoices };
}

/** The floor: both lists sorted by date and put into one map by goods, and the quantities added up. */
function grouped(exports: readonly ExportLine[], invoices: readonly InvoiceLine[]): number {
  const sums = new Map<string, bigint>();
  const add = (key: string, qty: bigint): void => void sums.set(key, (sums.get(key) ?? 0n) + qty);
  for (const line of [...exports].sort((a, b) => (a.exportDate < b.exportDate ? -1 : 1)))
    add(`${line.sku ?? line.nameCn} ${line.unit}`, line.qtyE5);
  for (const line of [...invoices].sort((a, b) => (a.date < b.date ? -1 : 1)))
    add(`${line.sku ?? line.nameCn} ${line.unit}`, -line.qtyLeftE5);
  return sums.size;
}

/** Matching of declaration lines to invoice lines, beside one pass that only groups the same rows. */
export async function refundMatchingFigure(): Promise<Figure> {
  const { exports, invoices } = lines();
  let found = 0;
  const ours = () =>
    timed(() => {
      found += matchRefunds(exports, invoices).matches.length;
    });
  const floor = () =>
    timed(() => {
      found += grouped(exports, invoices);
    });
  await ours();
  await floor();
  const ms = await compare(5, ours, floor);
  if (found === 0) throw new Error('nothing was matched');
  return {
    name: `${EXPORTS} export lines matched to ${INVOICES} invoice lines`,
    unit: 'ms',
    ours: ms.ours,
    floor: ms.floor,
    floorName: 'one grouping pass',
    goal: `≤ ${LIMIT_RATIO} ×`,
    isMet: ms.ours <= ms.floor * LIMIT_RATIO,
  };
}
