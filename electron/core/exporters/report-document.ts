import type { ReportRequest } from '../../../shared/contract/reports.ts';
import type { StatementsPack } from '../../../shared/reports/pack.ts';
import { lastDay } from '../../../shared/reports/periods.ts';
import {
  accountLedgerCells,
  accountLedgerColumns,
  accountLedgerOpening,
  ageingCells,
  ageingColumns,
  ageingTotal,
  balanceSheetForm,
  generalSheet,
  marginCells,
  marginColumns,
  marginTotal,
  quantityCells,
  quantityColumns,
  type SheetColumn,
  type SheetRow,
  statementSheet,
  trialSheet,
  chineseWording as zh,
} from '../../../shared/reports/sheet.ts';
import type { Book } from '../store/book.ts';
import { accountLedgerOf } from '../store/reports/account-ledger.ts';
import { ageingOf } from '../store/reports/ageing.ts';
import { readChart } from '../store/reports/balances.ts';
import { marginReport } from '../store/reports/margin.ts';
import { quantityLedgerOf } from '../store/reports/quantities.ts';
import { balanceSheetOf, incomeStatementOf, statementRules } from '../store/reports/statements.ts';
import { generalLedgerOf, trialBalanceOf } from '../store/reports/trial-balance.ts';

/** A report as it is handed in: the heading of its form, then its rows, read while they are written. */
export interface ReportDocument {
  readonly title: string;
  /** 会小企01表 …, empty for what has no official form. */
  readonly form: string;
  readonly firm: string;
  /** 2026年11月, 2026年1月至11月, 2026年11月30日. */
  readonly period: string;
  readonly unit: string;
  readonly columns: readonly SheetColumn[];
  readonly rows: Iterable<SheetRow>;
  /** Name of its worksheet where a workbook holds several; else its title. */
  readonly sheet?: string;
  /** Who signs below; else those who sign the books. */
  readonly signs?: readonly string[];
}

export interface ReportSources {
  readonly book: Book;
  readonly pack: StatementsPack;
  readonly firm: string;
  readonly countryName: (code: string) => string;
}

const PAGE = 500;

/** The pages of a list as one run of rows. */
function* paged<P extends { readonly nextCursor?: string | undefined }>(
  read: (after: string | undefined) => P,
): Generator<P> {
  let after: string | undefined;
  do {
    const page = read(after);
    yield page;
    after = page.nextCursor;
  } while (after !== undefined);
}

const month = (period: string) => `${period.slice(0, 4)}年${Number(period.slice(5))}月`;
const day = (date: string) => `${month(date.slice(0, 7))}${Number(date.slice(8))}日`;
const range = ({ from, to }: { readonly from?: string | undefined; readonly to?: string | undefined }) =>
  from === undefined || to === undefined
    ? to === undefined
      ? ''
      : `截至${month(to)}`
    : from === to
      ? month(from)
      : `${month(from)}至${month(to)}`;

/** The report that is asked for, with the heading of its form. Refusals are those of the report. */
export function reportDocument(sources: ReportSources, request: ReportRequest): ReportDocument {
  const { book, pack } = sources;
  const head = { form: '', firm: sources.firm, unit: '单位：元' };
  switch (request.report) {
    case 'trialBalance': {
      const { params } = request;
      const isOriginal = params.mode === 'original';
      const sheet = trialSheet(trialBalanceOf(book, params), isOriginal, zh);
      return {
        ...head,
        title: '科目余额表',
        period: range(params),
        unit: isOriginal ? '单位：原币' : head.unit,
        ...sheet,
      };
    }
    case 'generalLedger': {
      const { params } = request;
      const currency = params.currency ?? 'CNY';
      const sheet = generalSheet(generalLedgerOf(book, params).rows, currency, zh);
      const unit = currency === 'CNY' ? head.unit : `币种：${currency}`;
      return { ...head, title: '总账', period: range(params), unit, ...sheet };
    }
    case 'accountLedger': {
      const { params } = request;
      const names = params.accounts.map((code) => `${code} ${readChart(book).nameOf(code).nameZh}`);
      // Asked once before the file is begun, so that a refusal leaves none behind.
      const first = accountLedgerOf(book, { ...params, limit: 1 });
      return {
        ...head,
        title: `明细账 ${names.length > 3 ? `${names.slice(0, 3).join('、')}等` : names.join('、')}`,
        period: range(params),
        unit: params.currency === undefined ? head.unit : `单位：元；原币：${params.currency}`,
        columns: accountLedgerColumns(params.currency),
        rows: accountLedgerRows(book, params, first),
      };
    }
    case 'quantityLedger': {
      const { params } = request;
      return {
        ...head,
        title: params.source === 'stock' ? '库存商品收发存（数量金额账）' : '数量金额账',
        period: range(params),
        columns: quantityColumns,
        rows: quantityRows(book, params),
      };
    }
    case 'balanceSheet': {
      const { rows } = balanceSheetOf(book, pack, request.params);
      const period = day(lastDay(request.params.period));
      return { ...head, title: '资产负债表', form: '会小企01表', period, ...balanceSheetForm(rows, zh) };
    }
    case 'incomeStatement': {
      const { rows } = incomeStatementOf(book, pack, request.params);
      const period = range(request.params);
      return { ...head, title: '利润表', form: '会小企02表', period, ...statementSheet(rows, 'income', zh) };
    }
    case 'ageing': {
      const { params } = request;
      const { rules } = statementRules(pack, params.date.slice(0, 7));
      return {
        ...head,
        title: params.kind === 'receivable' ? '应收账款账龄分析表' : '应付账款账龄分析表',
        period: day(params.date),
        unit: '单位：原币',
        columns: ageingColumns(rules.ageingDays),
        rows: ageingRows(book, rules, params),
      };
    }
    case 'margin': {
      const { params } = request;
      const { rules } = statementRules(pack, params.to);
      return {
        ...head,
        title: '毛利分析表',
        period: range(params),
        columns: marginColumns(params.by),
        rows: marginRows(book, rules, params, sources.countryName),
      };
    }
  }
}

type ParamsOf<R extends ReportRequest['report']> = Extract<ReportRequest, { report: R }>['params'];
type Rules = ReturnType<typeof statementRules>['rules'];

function* accountLedgerRows(
  book: Book,
  params: ParamsOf<'accountLedger'>,
  first: ReturnType<typeof accountLedgerOf>,
): Generator<SheetRow> {
  yield accountLedgerOpening(first.opening, params.currency, zh);
  for (const page of paged((after) => accountLedgerOf(book, { ...params, after, limit: PAGE })))
    for (const row of page.rows) yield accountLedgerCells(row, params.currency, zh);
}

function* quantityRows(book: Book, params: ParamsOf<'quantityLedger'>): Generator<SheetRow> {
  for (const page of paged((after) => quantityLedgerOf(book, { ...params, after, limit: PAGE })))
    for (const row of page.rows) yield quantityCells(row);
}

/** Ageing and margin go over the whole ledger for a page, so a file is one page. */
const WHOLE = Number.MAX_SAFE_INTEGER - 1;

function* ageingRows(book: Book, rules: Rules, params: ParamsOf<'ageing'>): Generator<SheetRow> {
  const { rows, totals } = ageingOf(book, rules, { ...params, after: undefined, limit: WHOLE });
  for (const row of rows) yield ageingCells(row, zh);
  for (const total of totals) yield ageingTotal(total, zh);
}

function* marginRows(
  book: Book,
  rules: Rules,
  params: ParamsOf<'margin'>,
  countryName: (code: string) => string,
): Generator<SheetRow> {
  const { rows, totals } = marginReport(book, rules, { ...params, after: undefined, limit: WHOLE }, countryName);
  for (const row of rows) yield marginCells(row, zh);
  yield marginTotal(totals, zh);
}
