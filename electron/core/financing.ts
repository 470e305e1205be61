import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { chinaDate } from '../../shared/calendar/china-time.ts';
import { addDays, daysBetween, type IsoDate } from '../../shared/calendar/index.ts';
import type { OutputOf } from '../../shared/contract/contract.ts';
import { PortbookError } from '../../shared/errors.ts';
import {
  ageBounds,
  ageBucket,
  asOfSections,
  type FinancingSection,
  financingConsentPack,
  financingConsentPackId,
  maskedDigits,
  maskedName,
  mostFinancingRows,
  sumLine,
} from '../../shared/finance/data-pack.ts';
import { majorText } from '../../shared/reports/amounts.ts';
import { reportColumn, type SheetColumn, type SheetRow } from '../../shared/reports/sheet.ts';
import type { Context } from './context.ts';
import { creditRecordViews, creditScore } from './credit.ts';
import { creditReport } from './exporters/credit-report.ts';
import { writeFinancingWorkbook } from './exporters/financing-workbook.ts';
import { type PackFile, packPage, packText, writePack } from './exporters/paper-pack.ts';
import type { ReportDocument } from './exporters/report-document.ts';
import { refundAgeingDocument } from './exporters/risk-documents.ts';
import { Zip } from './importers/zip.ts';
import { packVersion, yuanText } from './obligations.ts';
import { financingIndexHtml } from './printing/financing-index.ts';
import { reportPage } from './printing/report-page.ts';
import { sha256Of } from './store/archive.ts';
import { insuredLimits } from './store/credit-insurance.ts';
import {
  financingDeclarations,
  financingOrders,
  financingRecords,
  type Limited,
  listPacks,
  openByDay,
} from './store/financing.ts';
import { maskedNumber } from './store/money/accounts.ts';
import { listOverseas } from './store/overseas.ts';
import { refundAgeing } from './store/risk/refund-ageing.ts';

type Source = Pick<Context, 'book' | 'resources' | 'now'>;

interface Row {
  readonly key: string;
  readonly cells: readonly string[];
  readonly currency?: string;
  /** Page and parameters that show what is behind it. */
  readonly target: string;
}

/** One part of a pack, masked as it goes out. */
export interface Section {
  readonly id: FinancingSection;
  readonly title: string;
  /** The day it is as of; undefined: of the period. */
  readonly asOf?: IsoDate;
  readonly columns: readonly SheetColumn[];
  readonly rows: readonly Row[];
  readonly total: number;
}

interface Period {
  readonly from: IsoDate;
  readonly to: IsoDate;
}

/** Of which days, and how many rows of a section at most: a preview reads no more than it shows. */
interface Extent extends Period {
  readonly limit: number;
  /** Today: what is owed, matched and left is as of this day whatever the period, and says so. */
  readonly asOf: IsoDate;
}

/** The text that is agreed to, as the pack has it today. Refusal: `RULE_PACK_MISSING`. */
export function financingConsent(source: Source) {
  const { parameters, source: from } = packVersion(
    source,
    financingConsentPackId,
    financingConsentPack,
    chinaDate(source.now()),
  );
  const textSha256 = createHash('sha256').update(parameters.text.join('\n'), 'utf8').digest('hex');
  return { ...parameters, source: from, textSha256 };
}

const params = (of: Readonly<Record<string, string>>): string => String(new URLSearchParams(of));

/** Rows as they stand in the pack: no free text carries a long number out. */
function section(
  id: FinancingSection,
  title: string,
  columns: readonly SheetColumn[],
  { rows, total }: Limited<Row>,
): Section {
  const isFree = columns.map(({ kind }) => kind === 'text');
  return {
    ...{ id, title, columns, total },
    rows: rows.map((row) => ({
      ...row,
      cells: row.cells.map((cell, at) => (isFree[at] === true ? maskedDigits(cell) : cell)),
    })),
  };
}

const mapped = <R>({ rows, total }: Limited<R>, row: (of: R) => Row): Limited<Row> => ({ rows: rows.map(row), total });
const whole = (rows: readonly Row[]): Limited<Row> => ({ rows, total: rows.length });

/** A report as rows of a section, each leading to the page of the report. */
function ofReport(id: FinancingSection, report: ReportDocument, target: string): Section {
  const rows = [...report.rows].map(({ key, cells, currency }: SheetRow) => ({
    ...{ key, cells, target },
    ...(currency === undefined ? {} : { currency }),
  }));
  return section(id, report.title, report.columns, whole(rows));
}

/** A column of a balance: the day stands in its heading. */
const balanceColumn = (id: string, titleZh: string, asOf: IsoDate): SheetColumn => ({
  ...reportColumn(id, `${titleZh}（截至 ${asOf}）`, 'amount', 26),
  params: { date: asOf },
});

const kindNames = { order: '订单', declaration: '报关单' } as const;

/** Each row leads to the orders or declarations it is the sum of. */
function receivables({ book }: Source, { asOf }: Extent): Section {
  type Sum = ReturnType<typeof openByDay>[number] & { readonly days: number };
  const sums = new Map<string, Sum>();
  for (const one of openByDay(book, asOf)) {
    const days = daysBetween(one.date as IsoDate, asOf);
    const key = `${one.kind} ${one.currency} ${ageBucket(days)}`;
    const { date, count, minor } = sums.get(key) ?? { date: one.date, count: 0, minor: 0 };
    sums.set(key, { ...one, days, date, count: count + one.count, minor: minor + one.minor });
  }
  const rows = [...sums].map(([key, { kind, currency, date, days, count, minor }]) => {
    const { first, last } = ageBounds(days);
    const range = {
      ...(last === undefined ? {} : { from: addDays(asOf, -last) }),
      to: addDays(asOf, -first),
    };
    return {
      ...{ key, currency, target: `allocations?${params({ view: 'targets', kind, currency, ...range })}` },
      cells: [currency, kindNames[kind], ageBucket(days), String(count), majorText(minor, currency), date],
    };
  });
  const columns = [
    ...[reportColumn('currency', '币种', 'code', 6), reportColumn('kind', '单据', 'code', 8)],
    ...[reportColumn('age', '自单据日起（天）', 'code', 16), reportColumn('count', '笔数', 'figure', 10)],
    ...[reportColumn('open', '未收金额', 'amount', 18), reportColumn('oldest', '最早单据日', 'code', 12)],
  ];
  return section('receivables', '应收账款账龄', columns, whole(rows));
}

function abroad({ book }: Source, { asOf, limit }: Extent): Section {
  const rows: Row[] = [];
  let after: string | undefined;
  let total = 0;
  do {
    const page = listOverseas(book, { open: true, to: asOf, after, limit: Math.min(500, limit) });
    total = page.total;
    rows.push(
      ...page.rows.map((one) => ({
        key: String(one.id),
        cells: [
          ...[
            one.declarationNo,
            String(one.lineNo),
            one.exportDate,
            one.sku ?? '',
            one.name,
            one.country ?? '',
            one.unit,
          ],
          ...[one.in, one.sold, one.back, one.lost ?? '0', one.left],
        ],
        target: `purchases?${params({ tab: 'overseas', text: one.declarationNo })}`,
      })),
    );
    after = page.nextCursor;
  } while (after !== undefined && rows.length < limit);
  const columns = [
    ...[
      reportColumn('no', '报关单号', 'code', 20),
      reportColumn('line', '项', 'figure', 5),
      reportColumn('date', '出口日期', 'code', 11),
    ],
    ...[
      reportColumn('sku', '货号', 'code', 16),
      reportColumn('name', '品名', 'text', 24),
      reportColumn('country', '国家', 'code', 6),
    ],
    ...[
      reportColumn('unit', '单位', 'code', 6),
      reportColumn('in', '出口数量', 'figure', 12),
      reportColumn('sold', '已售', 'figure', 12),
    ],
    ...[reportColumn('back', '退回', 'figure', 12), reportColumn('lost', '盘亏', 'figure', 12)],
    reportColumn('left', '结存', 'figure', 12),
  ];
  return section('abroad', '海外仓存货', columns, { rows: rows.slice(0, limit), total });
}

function insured({ book }: Source, { asOf }: Extent): Section {
  const rows = insuredLimits(book, asOf).rows.map((one) => ({
    ...{ key: String(one.id), currency: one.currency, target: 'creditInsurance' },
    cells: [
      ...[maskedName(one.buyer), one.country, one.insurer, one.policyNo, one.fromOn, one.untilOn, one.currency],
      ...[one.limit, one.open, one.insured, one.uninsured],
    ],
  }));
  const columns = [
    ...[
      reportColumn('buyer', '买家', 'text', 10),
      reportColumn('country', '国家', 'code', 6),
      reportColumn('insurer', '保险人', 'text', 16),
    ],
    ...[
      reportColumn('policy', '保单号', 'code', 18),
      reportColumn('from', '起', 'code', 11),
      reportColumn('until', '止', 'code', 11),
    ],
    ...[
      reportColumn('currency', '币种', 'code', 6),
      reportColumn('limit', '限额', 'amount', 16),
      reportColumn('open', '应收余额', 'amount', 16),
    ],
    ...[reportColumn('insured', '已投保', 'amount', 16), reportColumn('uninsured', '未投保', 'amount', 16)],
  ];
  return section('insured', '出口信用保险限额与使用', columns, whole(rows));
}

function records({ book }: Source, id: 'receipts' | 'settlements', extent: Extent): Section {
  const isReceipt = id === 'receipts';
  const found = financingRecords(book, isReceipt ? 'receipt' : 'settlement', extent);
  const rows = mapped(found, (one) => ({
    ...{ key: String(one.id), currency: one.currency, target: `money?${params({ at: String(one.id) })}` },
    cells: [
      ...[one.number, one.date, maskedNumber(one.account), one.currency, majorText(one.minor, one.currency)],
      ...(isReceipt
        ? [maskedName(one.counterparty), majorText(one.allocatedMinor, one.currency)]
        : [
            one.toCurrency ?? '',
            one.toMinor === null || one.toCurrency === null ? '' : majorText(one.toMinor, one.toCurrency),
          ]),
    ],
  }));
  const columns = [
    ...[
      reportColumn('number', '编号', 'code', 16),
      reportColumn('date', '日期', 'code', 11),
      reportColumn('account', '账号末四位', 'code', 12),
    ],
    ...[reportColumn('currency', '币种', 'code', 6), reportColumn('amount', '金额', 'amount', 16)],
    ...(isReceipt
      ? [reportColumn('payer', '付款人', 'text', 10), balanceColumn('matched', '已核对', extent.asOf)]
      : [reportColumn('toCurrency', '兑入币种', 'code', 8), reportColumn('toAmount', '兑入金额', 'figure', 16)]),
  ];
  return section(id, isReceipt ? '收款记录' : '结汇记录', columns, rows);
}

function orders({ book }: Source, extent: Extent): Section {
  const rows = mapped(financingOrders(book, extent), (one) => ({
    ...{ key: String(one.id), currency: one.currency, target: `order?${params({ id: String(one.id) })}` },
    cells: [
      ...[one.orderNo, one.date, maskedName(one.buyer), one.country, one.currency],
      ...[majorText(one.dueMinor, one.currency), majorText(one.openMinor, one.currency)],
    ],
  }));
  const columns = [
    ...[
      reportColumn('no', '订单号', 'code', 22),
      reportColumn('date', '日期', 'code', 11),
      reportColumn('buyer', '买方', 'text', 10),
    ],
    ...[reportColumn('country', '国家（地区）', 'text', 14), reportColumn('currency', '币种', 'code', 6)],
    ...[reportColumn('due', '应收', 'amount', 16), balanceColumn('openAsOf', '未收', extent.asOf)],
  ];
  return section('orders', '订单', columns, rows);
}

function declarations({ book }: Source, extent: Extent): Section {
  const rows = mapped(financingDeclarations(book, extent), (one) => ({
    ...{ key: `${one.declarationNo} ${one.currency}`, currency: one.currency },
    target: `flows?${params({ view: 'declarations', no: one.declarationNo })}`,
    cells: [
      ...[
        one.declarationNo,
        one.mode,
        one.date,
        String(one.lines),
        one.currency,
        majorText(one.fobMinor, one.currency),
      ],
      one.fobFen === null ? '' : yuanText(one.fobFen),
    ],
  }));
  const columns = [
    ...[
      reportColumn('no', '报关单（清单）号', 'code', 20),
      reportColumn('mode', '监管方式', 'code', 8),
      reportColumn('date', '出口日期', 'code', 11),
    ],
    ...[
      reportColumn('lines', '商品项', 'figure', 8),
      reportColumn('currency', '币种', 'code', 6),
      reportColumn('fob', '离岸价', 'amount', 16),
    ],
    { ...reportColumn('cny', '折人民币', 'amount', 16), isCny: true },
  ];
  return section('declarations', '出口报关单（清单）', columns, rows);
}

/** The score and what is on record; the rows behind it name others and stay with the firm. */
function ownCredit(source: Source, { asOf }: Extent): Section {
  const { items, ...score } = creditScore(source, asOf);
  const bare = { ...score, items: items.map((item) => ({ ...item, rows: [] })) };
  return ofReport('credit', creditReport(bare, creditRecordViews(source), source.book.profile().name), 'credit');
}

/**
 * The sections of a pack, in the order they were asked for.
 *
 * @param limit rows of a section at most; `total` counts all of them
 */
export function financingSectionsOf(
  source: Source,
  period: Period,
  wanted: readonly FinancingSection[],
  limit = mostFinancingRows,
): Section[] {
  const asOf = chinaDate(source.now());
  const extent = { ...period, limit, asOf };
  const heading = { firm: source.book.profile().name, on: asOf };
  const make: Readonly<Record<FinancingSection, () => Section>> = {
    orders: () => orders(source, extent),
    declarations: () => declarations(source, extent),
    receipts: () => records(source, 'receipts', extent),
    settlements: () => records(source, 'settlements', extent),
    receivables: () => receivables(source, extent),
    refunds: () =>
      ofReport('refunds', refundAgeingDocument(refundAgeing(source.book, asOf), heading), 'flows?view=refunds'),
    insured: () => insured(source, extent),
    credit: () => ownCredit(source, extent),
    abroad: () => abroad(source, extent),
  };
  return [...new Set(wanted)].map((id) => (asOfSections.includes(id) ? { ...make[id](), asOf } : make[id]()));
}

/** Rows of a section that the desk shows. */
export const previewRows = 100;

/** A section as the desk shows it before the pack is made. */
export function sectionView({
  rows,
  total,
  columns,
  asOf,
  ...of
}: Section): OutputOf<'financing.preview'>['sections'][number] {
  return {
    ...of,
    asOf: asOf ?? null,
    columns: columns.map(({ id, params: filled, kind, width }) => ({ id, kind, width, params: { ...filled } })),
    rows: rows.slice(0, previewRows).map(({ key, cells, target }) => ({ key, cells: [...cells], target })),
    total,
    beyond: Math.max(0, total - mostFinancingRows),
  };
}

/** Pages are printed of what is short enough to be read. */
const mostPrinted = 200;

const documentOf = ({ title, asOf, columns, rows }: Section, firm: string, { from, to }: Period): ReportDocument => ({
  ...{ title, form: '', firm, period: asOf === undefined ? `${from} 至 ${to}` : `截至 ${asOf}`, unit: '', columns },
  rows: rows.map(({ key, cells, currency }) => ({ key, cells, ...(currency === undefined ? {} : { currency }) })),
});

/** What stands on the cover and in the register. */
export interface PackHead {
  readonly number: string;
  readonly bank: string;
  readonly purpose: string;
  readonly period: Period;
  readonly consentName: string;
}

/** Writes a pack. Refusals: those of the ZIP, `CANCELLED`. */
export async function writeFinancingPack(
  context: Context,
  head: PackHead,
  sections: readonly Section[],
  to: string,
): Promise<{
  readonly files: number;
  readonly bytes: number;
  readonly listSha256: string;
  readonly index: 'pdf' | 'html';
}> {
  const { book, now, signal } = context;
  const at = now();
  const { name: firm, uscc } = book.profile();
  const consent = financingConsent(context);
  const { number, bank, purpose, period, consentName } = head;
  const json = (path: string, value: unknown): PackFile => packText(path, `${JSON.stringify(value, null, 2)}\n`);
  const files: PackFile[] = [
    json('consent.json', {
      ...{ number, firm, uscc, bank, purpose, ...period, agreedBy: consentName, agreedAt: at },
      ...{
        version: consent.version,
        textSha256: consent.textSha256,
        text: consent.text,
        leftOut: consent.leftOut.map(({ zh }) => zh),
        sections: sections.map(({ id, title, total }) => ({ id, title, total })),
      },
    }),
  ];
  for (const one of sections) {
    if (signal.aborted) throw new PortbookError('CANCELLED');
    const { id, title, asOf, columns, rows, total } = one;
    files.push(
      json(`data/${id}.json`, {
        ...{ id, title, total, beyond: Math.max(0, total - mostFinancingRows) },
        ...(asOf === undefined ? { period } : { asOf }),
        columns: columns.map(({ id: name, titleZh, kind }) => ({ name, titleZh, kind })),
        rows: rows.map(({ cells }) => cells),
      }),
    );
    if (rows.length > 0 && rows.length <= mostPrinted)
      files.push(await packPage(context, `pages/${id}`, reportPage(documentOf(one, firm, period)).html));
  }
  const workbook = await writeFinancingWorkbook(
    sections.map((one) => documentOf(one, firm, period)),
    at,
  );
  files.push({ path: 'tables.xlsx', sha256: sha256Of(workbook), bytes: () => workbook });
  const index = financingIndexHtml({
    ...{ number, firm, uscc, bank, purpose, ...period, agreedBy: consentName, agreedOn: chinaDate(at) },
    ...{ consent, files: files.map(({ path, sha256 }) => ({ path, sha256 })) },
    sections: sections.map(({ title, asOf, total, rows }) => ({
      ...{ title, total, beyond: total - rows.length },
      of: asOf === undefined ? `${period.from} 至 ${period.to}` : `截至 ${asOf}`,
    })),
  });
  const written = await writePack(context, { to, phase: 'financing.make', at, index, files });
  return { ...written, files: files.length + 1 };
}

/** What one file of a pack may come to. */
const largestMb = 500;

/**
 * Holds a pack against its contents list, and the list against the register. Refusals: `FILE_MISSING`, `FILE_DAMAGED` {detail},
 * `ARCHIVE_FILE_TOO_LARGE` {name, limitMb}, `FINANCING_NO_LIST` {name}.
 */
export async function verifyFinancingPack(
  { book }: Pick<Context, 'book'>,
  path: string,
  bytes: Uint8Array,
): Promise<OutputOf<'financing.verify'>> {
  const zip = new Zip(Buffer.from(bytes));
  const limit = largestMb * 1_048_576;
  if (!zip.has('SHA256SUMS')) throw new PortbookError('FINANCING_NO_LIST', { name: basename(path) });
  const list = await zip.text('SHA256SUMS', limit);
  const listed = list.split('\n').flatMap((line) => sumLine(line) ?? []);
  const files: OutputOf<'financing.verify'>['files'] = [];
  for (const { sha256, path: name } of listed) {
    if (!zip.has(name)) {
      files.push({ path: name, state: 'missing' });
      continue;
    }
    files.push({ path: name, state: (await hashIn(zip, name, limit)) === sha256 ? 'same' : 'changed' });
  }
  const known = new Set([...listed.map(({ path: name }) => name), 'SHA256SUMS']);
  for (const name of zip.names()) if (!known.has(name)) files.push({ path: name, state: 'unlisted' });
  const listSha256 = sha256Of(Buffer.from(list, 'utf8'));
  const pack = listPacks(book).find((one) => one.listSha256 === listSha256);
  return {
    files,
    isWhole: listed.length > 0 && files.every(({ state }) => state === 'same'),
    listSha256,
    pack: pack === undefined ? null : { id: pack.id, number: pack.number, bank: pack.bank, madeAt: pack.madeAt },
  };
}

/** Of what comes out of an entry; undefined where it cannot be unpacked as it says. */
async function hashIn(zip: Zip, name: string, limit: number): Promise<string | undefined> {
  const hash = createHash('sha256');
  try {
    for await (const piece of zip.open(name, limit)) hash.update(piece);
  } catch (error) {
    // A damaged entry is a changed file: the others are still told.
    if (error instanceof PortbookError && error.code === 'FILE_DAMAGED') return undefined;
    throw error;
  }
  return hash.digest('hex');
}
