import { parseIsoDate } from '../../../shared/calendar/index.ts';
import type { OutputOf, ParsedInputOf } from '../../../shared/contract/contract.ts';
import type { payouts } from '../../../shared/contract/payouts.ts';
import { PortbookError } from '../../../shared/errors.ts';
import { exponentOf, tryParseMoney } from '../../../shared/money/index.ts';
import {
  type MappableColumn,
  mappableColumns,
  type ParsedFile,
  type ParsedPayout,
  type PayoutFinding,
  type PayoutMapping,
} from '../../../shared/payouts/index.ts';
import type { Context, Handlers } from '../context.ts';
import { writePayoutWorkbook } from '../exporters/payout-workbook.ts';
import { writeFileAtomically } from '../files/atomic.ts';
import { layoutUnknown, openPayoutFile, type PayoutFile } from '../importers/payout-file.ts';
import { payoutPageHtml } from '../printing/payout-page.ts';
import type { Book } from '../store/book.ts';
import { allocatePayout, withdrawAllocation } from '../store/money/allocations.ts';
import {
  extendPayout,
  insertPayout,
  knownCategories,
  type PayoutPlan,
  planPayout,
  teachKind,
} from '../store/money/payout-intake.ts';
import { postPayout } from '../store/money/payout-posting.ts';
import {
  amountOf,
  chainFindings,
  depositAllocations,
  enteredPayouts,
  hasOrders,
  listPayoutLines,
  listPayouts,
  markVoid,
  monthsOf,
  payoutsOfOrder,
  plain,
  rememberedLayout,
  rememberLayout,
  requirePayout,
  setMonthsOf,
  unknownKinds,
} from '../store/money/payouts.ts';

type Source = ParsedInputOf<'payouts.inspect'>;
type Outcome = OutputOf<'payouts.import'>;

const areas = ['money', 'matching', 'ledger', 'orders'] as const;

/** The columns a person mapped the last time for these headers, where no layout knows them. */
function optionsOf(book: Book, input: Source, file?: PayoutFile): Source {
  if (input.mapping !== undefined || file === undefined || file.layout !== undefined) return input;
  const remembered = rememberedLayout(book, file.headerKey);
  if (remembered === undefined) return input;
  const platform = input.platform ?? remembered.platform;
  return {
    ...input,
    mapping: remembered.mapping,
    platform,
    currency: input.currency ?? remembered.currency,
    dayOrder: input.dayOrder ?? remembered.dayOrder,
    decimalMark: input.decimalMark ?? remembered.decimalMark,
  };
}

interface Read {
  readonly file: PayoutFile;
  readonly input: Source;
  readonly parsed: ParsedFile;
  readonly plans: readonly PayoutPlan[];
  readonly findings: readonly PayoutFinding[];
}

/** A deposit that was typed in proves the one payout of a report that has no figure of its own. */
function withDeposit(parsed: ParsedFile, deposit: string | undefined): ParsedFile {
  const [payout, other] = parsed.payouts;
  if (deposit === undefined || payout === undefined || payout.currency === '') return parsed;
  if (other !== undefined)
    throw new PortbookError('PAYOUT_DEPOSIT_MANY', { payouts: parsed.payouts.length }, 'deposit');
  const money = tryParseMoney(deposit, payout.currency);
  if (money === undefined)
    throw new PortbookError(
      'AMOUNT_DECIMALS',
      { currency: payout.currency, digits: exponentOf(payout.currency) },
      'deposit',
    );
  const depositMinor = Number(money.minor);
  const { currency, number, totalMinor } = payout;
  const finding: PayoutFinding = {
    code: 'PAYOUT_DEPOSIT_DIFFERS',
    level: 'reject',
    field: 'deposit',
    params: {
      number,
      currency,
      deposit: amountOf(depositMinor, currency),
      sum: amountOf(totalMinor, currency),
      difference: amountOf(depositMinor - totalMinor, currency),
      count: 1,
    },
  };
  const proved: ParsedPayout = { ...payout, depositMinor, proof: depositMinor === totalMinor ? 'deposit' : 'none' };
  return {
    ...parsed,
    payouts: [proved],
    findings: depositMinor === totalMinor ? parsed.findings : [finding, ...parsed.findings],
  };
}

/** Reads a report through and plans what it would do. */
async function readReport(context: Context, input: Source, file: PayoutFile): Promise<Read> {
  const { book, signal, progress } = context;
  const options = optionsOf(book, input, file);
  if (options.mapping !== undefined) requireMapping(options.mapping);
  progress({ phase: 'import.read', done: 0, total: 0 });
  const parsed = withDeposit(await file.read(options, knownCategories(book), signal), input.deposit);
  if (signal.aborted) throw new PortbookError('CANCELLED');
  const isRefused = parsed.findings.some(({ level }) => level === 'reject');
  const plans = isRefused
    ? parsed.payouts.map((payout): PayoutPlan => ({ state: 'refused', payout, findings: [] }))
    : parsed.payouts.map((payout) => planPayout(book, parsed, payout, input.store));
  return {
    file,
    input: options,
    parsed,
    plans,
    findings: [...parsed.findings, ...plans.flatMap(({ findings }) => findings)],
  };
}

/** Refusal: `PAYOUT_MAPPING` {column} for a mapping without date or amount. */
function requireMapping(mapping: PayoutMapping): void {
  for (const column of ['postedAt', 'amount'] as const satisfies readonly MappableColumn[])
    if (mapping[column] === undefined) throw new PortbookError('PAYOUT_MAPPING', { column }, `mapping.${column}`);
}

function previewOf({ parsed, input }: Read, { payout, state }: PayoutPlan): Outcome['payouts'][number] {
  const { currency } = payout;
  const sums = new Map<number, { lines: number; minor: number }>();
  for (const { kind, lines, minor } of payout.days) {
    const sum = sums.get(kind) ?? { lines: 0, minor: 0 };
    sums.set(kind, { lines: sum.lines + lines, minor: sum.minor + minor });
  }
  return {
    platform: parsed.layout.platform,
    layout: parsed.layout.id,
    store: input.store,
    number: payout.number,
    fromOn: payout.fromOn,
    toOn: payout.toOn,
    zone: payout.zone,
    ...(payout.depositOn === undefined ? {} : { depositOn: payout.depositOn }),
    currency,
    total: amountOf(payout.totalMinor, currency),
    ...(payout.depositMinor === undefined ? {} : { deposit: amountOf(payout.depositMinor, currency) }),
    reserveOpening: amountOf(payout.reserveOpeningMinor, currency),
    reserveClosing: amountOf(payout.reserveClosingMinor, currency),
    unavailable: amountOf(payout.unavailableMinor, currency),
    lines: payout.lines.row.length,
    orders: payout.orders.length,
    proof: payout.proof,
    kinds: [...sums]
      .map(([kind, { lines, minor }]) => {
        const { type = '', detail = '', category = 'unknown' } = parsed.kinds[kind] ?? {};
        return { type, detail, category, lines, amount: amountOf(minor, currency), minor };
      })
      .sort((a, b) => Math.abs(b.minor) - Math.abs(a.minor))
      .map(({ minor, ...kind }) => kind),
    state,
  };
}

function outcomeOf(read: Read, ids: readonly number[], written: number): Outcome {
  const { file, parsed, plans, findings } = read;
  return {
    fileName: file.name,
    layout: parsed.layout.id,
    layoutZh: parsed.layout.titleZh,
    layoutEn: parsed.layout.titleEn,
    rows: parsed.rows,
    // What could not be read has no day and no currency to show.
    payouts: plans
      .filter(({ payout }) => payout.currency !== '' && parseIsoDate(payout.fromOn) !== undefined)
      .map((plan) => previewOf(read, plan)),
    findings: findings.map(plain),
    ids: [...ids],
    written,
  };
}

/** Refuses what any finding rejects, under its own code. */
function requireWhole(findings: readonly PayoutFinding[]): void {
  const rejected = findings.find(({ level }) => level === 'reject');
  if (rejected !== undefined)
    throw new PortbookError(rejected.code, { field: rejected.field, ...rejected.params }, 'file');
}

/** Writes what is planned, pays the orders of the book and posts the months: all of it or nothing. */
function write(book: Book, read: Read, now: string): { ids: number[]; findings: PayoutFinding[] } {
  const { parsed, plans, file, input, findings } = read;
  const written = {
    layout: parsed.layout,
    kinds: parsed.kinds,
    findings,
    store: input.store,
    fileName: file.name,
    sha256: file.sha256,
  };
  return book.transaction(() => {
    const ids: number[] = [];
    for (const { state, payout, existingId } of plans) {
      if (state === 'new') ids.push(insertPayout(book, payout, written, now));
      else if (state === 'more' && existingId !== undefined) {
        extendPayout(book, existingId, payout, written, now);
        ids.push(existingId);
      }
    }
    for (const id of ids) {
      if (hasOrders(book)) allocatePayout(book, id, now);
      postPayout(book, id, now);
    }
    const { mapping, platform, currency, dayOrder, decimalMark } = input;
    if (mapping !== undefined && ids.length > 0)
      rememberLayout(
        book,
        file.headerKey,
        { mapping, platform: parsed.layout.platform, currency, dayOrder, decimalMark },
        now,
      );
    if (ids.length > 0)
      book.audit(
        'payout.imported',
        `payouts:${ids.join(',')}`,
        {
          layout: parsed.layout.id,
          platform: platform ?? parsed.layout.platform,
          file: file.name,
          sha256: file.sha256,
          numbers: plans.map(({ payout }) => payout.number).slice(0, 20),
          lines: plans.reduce((sum, { payout }) => sum + payout.lines.row.length, 0),
        },
        now,
      );
    return { ids, findings: ids.flatMap((id) => chainFindings(book, id)) };
  });
}

export const payoutHandlers: Handlers<keyof typeof payouts> = {
  'payouts.inspect': async (input, context) => {
    const file = await openPayoutFile(context.files.pathOf(input.file, 'read'), input);
    const options = optionsOf(context.book, input, file);
    const base = {
      fileName: file.name,
      sheets: [...file.sheets],
      sheet: file.sheet,
      headerRow: file.headerRow,
      headers: [...file.headers],
      preview: file.preview.map((row) => [...row]),
      ...(options.mapping === undefined ? {} : { mapping: mappingView(options.mapping) }),
      ...(options.platform === undefined ? {} : { platform: options.platform }),
    };
    if (file.layout === undefined && options.mapping === undefined) return base;
    const read = await readReport(context, input, file);
    return { ...base, result: outcomeOf(read, [], 0) };
  },

  'payouts.import': async ({ dryRun, ...input }, context) => {
    const { book, progress, emit } = context;
    const file = await openPayoutFile(context.files.pathOf(input.file, 'read'), input);
    if (file.layout === undefined && optionsOf(book, input, file).mapping === undefined)
      throw layoutUnknown(file.headers);
    const read = await readReport(context, input, file);
    if (dryRun) return outcomeOf(read, [], 0);
    requireWhole(read.findings);
    progress({ phase: 'import.write', done: 0, total: read.parsed.rows });
    const { ids, findings } = write(book, read, context.now());
    if (ids.length > 0) emit({ name: 'book.changed', areas: [...areas] });
    return outcomeOf({ ...read, findings: [...read.findings, ...findings] }, ids, ids.length);
  },

  'payouts.list': (filter, { book }) => listPayouts(book, filter),
  'payouts.get': ({ id }, { book }) => requirePayout(book, id),
  'payouts.lines': (filter, { book }) => listPayoutLines(book, filter),
  'payouts.ofOrder': ({ orderNo }, { book }) => payoutsOfOrder(book, orderNo),
  'payouts.unknown': (_input, { book }) => unknownKinds(book),

  'payouts.teach': (input, { book, now, emit }) => {
    const at = now();
    const ids = book.transaction(() => {
      const changed = teachKind(book, input, at);
      for (const id of changed) {
        allocatePayout(book, id, at);
        postPayout(book, id, at);
      }
      book.audit('payout.taught', `payout-kind:${input.platform}`, { ...input, payouts: changed.length }, at);
      return changed;
    });
    emit({ name: 'book.changed', areas: [...areas] });
    return { payouts: ids.length };
  },

  'payouts.void': ({ id, reason }, { book, now, emit }) => {
    const at = now();
    book.transaction(() => {
      const number = markVoid(book, id, reason, at);
      const deposits = depositAllocations(book, id);
      if (deposits.length > 0) withdrawAllocation(book, deposits, at);
      allocatePayout(book, id, at);
      postPayout(book, id, at);
      book.audit('payout.voided', `payout:${id}`, { number, reason }, at);
    });
    emit({ name: 'book.changed', areas: [...areas] });
    return {};
  },

  'payouts.settings': (_input, { book }) => ({ monthsOf: monthsOf(book) }),
  'payouts.saveSettings': ({ monthsOf: value }, { book, now, emit, progress }) => {
    const at = now();
    const n = book.transaction(() => {
      if (monthsOf(book) === value) return 0;
      setMonthsOf(book, value);
      const ids = enteredPayouts(book);
      for (const [done, id] of ids.entries()) {
        postPayout(book, id, at);
        progress({ phase: 'import.write', done, total: ids.length });
      }
      book.audit('payout.settings', 'payouts', { monthsOf: value, payouts: ids.length }, at);
      return ids.length;
    });
    emit({ name: 'book.changed', areas: [...areas] });
    return { payouts: n };
  },

  'payouts.export': async ({ id, to, locale }, { book, files, now }) => {
    const path = files.pathOf(to, 'write');
    return { rows: await writePayoutWorkbook(path, book, id, paper(book, locale, now())) };
  },

  'payouts.print': async ({ id, to, locale }, { book, files, host, now }) => {
    const path = files.pathOf(to, 'write');
    const pdf = await host.printPdf(payoutPageHtml(requirePayout(book, id), paper(book, locale, now())));
    if (pdf === undefined) throw new PortbookError('PRINT_NEEDS_WINDOW');
    writeFileAtomically(path, pdf);
    return { pages: 1 };
  },
};

function paper(book: Book, locale: 'zh-CN' | 'en', now: string) {
  return { firm: book.profile().name, madeOn: now.slice(0, 10), locale };
}

function mappingView(mapping: PayoutMapping): Partial<Record<MappableColumn, number>> {
  return Object.fromEntries(
    mappableColumns.flatMap((column) => (mapping[column] === undefined ? [] : [[column, mapping[column]]])),
  );
}
