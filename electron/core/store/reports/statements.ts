import type { z } from 'zod';
import type { balanceSheetInput, incomeStatementInput, reports } from '../../../../shared/contract/reports.ts';
import { fenText } from '../../../../shared/reports/amounts.ts';
import type { StatementRules, StatementsPack } from '../../../../shared/reports/pack.ts';
import { yearStart } from '../../../../shared/reports/periods.ts';
import { computeStatement, type Fen, type LineValue, valueOfRole } from '../../../../shared/reports/statements.ts';
import { packOn } from '../../../../shared/rules/pack.ts';
import type { Book } from '../book.ts';
import { balancesAt, readChart, requireRange, turnoverOf } from './balances.ts';

type Statement = z.output<(typeof reports)['reports.balanceSheet']['output']>;

/** The lines in force at the end of a month; before the first version, the first stands in. */
export function statementRules(pack: StatementsPack, period: string): { rules: StatementRules; source: string } {
  const oldest = [...pack.versions].sort((a, b) => (a.inForceFrom < b.inForceFrom ? -1 : 1))[0];
  const version = packOn(pack, `${period}-28`) ?? oldest;
  if (version === undefined) throw new Error('the pack of the statements has no version');
  return { rules: version.parameters, source: version.source === '' ? pack.source : version.source };
}

const check = (code: string, difference: bigint) => ({ code, difference: fenText(difference), ok: difference === 0n });

/** The month before; balances up to it are those at the start of the next. */
function yearBefore(period: string): string {
  return `${Number(period.slice(0, 4)) - 1}-12`;
}

function rowsOf(
  values: readonly LineValue[],
  half: 'assets' | 'income',
  drillRange: { readonly from?: string; readonly to: string },
): Statement['rows'] {
  let part: 'assets' | 'claims' | 'income' = half;
  return values.map(({ line, values: [amount = 0n, compared = 0n], accounts }) => {
    part = line.part ?? part;
    const isHeading = line.no === '';
    return {
      no: line.no,
      nameZh: line.nameZh,
      nameEn: line.nameEn,
      part,
      indent: line.indent ?? (line.of !== undefined ? 2 : isHeading || line.sum !== undefined ? 0 : 1),
      total: line.sum !== undefined,
      amount: isHeading ? '' : fenText(amount),
      compared: isHeading ? '' : fenText(compared),
      ...(accounts.length === 0 ? {} : { drill: { accounts: [...accounts], ...drillRange } }),
    };
  });
}

const total = (fen: Fen, take: (code: string) => boolean): bigint => {
  let sum = 0n;
  for (const [code, value] of fen) if (take(code)) sum += value;
  return sum;
};

/**
 * How far undistributed profit has moved in the year other than by the income statement's net profit and by what was
 * distributed (entries on equity that close nothing). Nought when the two statements tie.
 */
function profitGap(book: Book, rules: StatementRules, to: string): bigint {
  const chart = readChart(book);
  const from = yearStart(to);
  const year = turnoverOf(book, from, to);
  const distributed: Fen = new Map([...year].filter(([code]) => chart.get(code)?.kind === 'equity'));
  const sheet = computeStatement(rules.balanceSheet, chart, [
    balancesAt(book, to),
    balancesAt(book, yearBefore(to)),
    distributed,
  ]);
  const moved = valueOfRole(sheet, 'retained', 0) - valueOfRole(sheet, 'retained', 1);
  const profit = valueOfRole(computeStatement(rules.incomeStatement, chart, [year]), 'profit', 0);
  return moved - profit - valueOfRole(sheet, 'retained', 2);
}

/** 资产负债表 at the end of a month, beside the start of its year. Profit not yet closed stands in undistributed profit. */
export function balanceSheetOf(book: Book, pack: StatementsPack, input: z.output<typeof balanceSheetInput>): Statement {
  const { rules, source } = statementRules(pack, input.period);
  const chart = readChart(book);
  const columns = [balancesAt(book, input.period), balancesAt(book, yearBefore(input.period))];
  const values = computeStatement(rules.balanceSheet, chart, columns);
  return {
    rows: rowsOf(values, 'assets', { to: input.period }),
    checks: [
      check('assetsEqualClaims', valueOfRole(values, 'assets', 0) - valueOfRole(values, 'claims', 0)),
      check('profitTies', profitGap(book, rules, input.period)),
    ],
    source,
  };
}

/** 利润表 of a range, beside the year up to its end. Refusal: `PERIOD_RANGE`. */
export function incomeStatementOf(
  book: Book,
  pack: StatementsPack,
  input: z.output<typeof incomeStatementInput>,
): Statement {
  requireRange(input);
  const { rules, source } = statementRules(pack, input.to);
  const chart = readChart(book);
  const range = turnoverOf(book, input.from, input.to);
  const values = computeStatement(rules.incomeStatement, chart, [
    range,
    turnoverOf(book, yearStart(input.to), input.to),
  ]);
  const isProfitAndLoss = (code: string) => ['revenue', 'expense'].includes(chart.get(code)?.kind ?? '');
  return {
    rows: rowsOf(values, 'income', { from: input.from, to: input.to }),
    checks: [
      check('allProfitAndLoss', -total(range, isProfitAndLoss) - valueOfRole(values, 'profit', 0)),
      check('profitTies', profitGap(book, rules, input.to)),
    ],
    source,
  };
}
