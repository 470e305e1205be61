/** Official statements from balances by account: each line adds up the accounts its data names (资产负债表, 利润表). */
import { type Chart, pathOf } from './accounts.ts';
import type { AccountKind, StatementItem, StatementLine } from './pack.ts';

/** Fen by account without what is below it; debit positive. */
export type Fen = ReadonlyMap<string, bigint>;

export interface LineValue {
  readonly line: StatementLine;
  /** One for each column given, in fen, with the sign the line shows it with. */
  readonly values: readonly bigint[];
  /** The accounts behind it, those above standing for what is below; none for headings, sums and accounts the chart lacks. */
  readonly accounts: readonly string[];
}

function itemValue(chart: Chart, item: StatementItem, column: Fen): bigint {
  let fen = 0n;
  for (const [code, value] of column) if (chart.selects(item, code)) fen += value;
  if ((item.side === 'debit' && fen < 0n) || (item.side === 'credit' && fen > 0n)) return 0n;
  return item.sign === -1 ? -fen : fen;
}

/** Credits of claims and revenue are shown as positive, and so is profit not yet closed in undistributed profit. */
function restSign(kind: AccountKind, line: StatementLine): bigint {
  if (line.role === 'retained') return -1n;
  return kind === 'asset' || kind === 'expense' ? 1n : -1n;
}

/** Codes without those that stand below another of them. */
function topmost(codes: Iterable<string>): string[] {
  const all = new Set(codes);
  return [...all]
    .filter(
      (code) =>
        !pathOf(code)
          .slice(0, -1)
          .some((above) => all.has(above)),
    )
    .sort();
}

/**
 * The values of every line in every column. Sums add lines above or below them; a sum of itself is a mistake of the data and
 * throws. What no line names goes where the data says `rest`.
 */
export function computeStatement(
  lines: readonly StatementLine[],
  chart: Chart,
  columns: readonly Fen[],
): readonly LineValue[] {
  const main = lines.filter((line) => line.of === undefined);
  const named = main.flatMap((line) => line.items);
  const isNamed = (code: string) => named.some((item) => chart.selects(item, code));
  const byNo = new Map(lines.filter(({ no }) => no !== '').map((line) => [line.no, line]));
  const codes = new Set([
    ...chart.accounts.map(({ code }) => code),
    ...columns.flatMap((column) => [...column.keys()]),
  ]);
  const unnamed = [...codes].filter((code) => !isNamed(code));
  const restOf = (line: StatementLine) =>
    unnamed.filter((code) => {
      const kind = chart.get(code)?.kind;
      return kind !== undefined && line.rest.includes(kind);
    });

  const done = new Map<StatementLine, readonly bigint[]>();
  const open = new Set<StatementLine>();
  const valuesOf = (line: StatementLine): readonly bigint[] => {
    const known = done.get(line);
    if (known !== undefined) return known;
    if (open.has(line)) throw new Error(`line ${line.no} of a statement sums itself`);
    open.add(line);
    const rest = restOf(line);
    const values = columns.map((column, at) => {
      let fen = 0n;
      for (const item of line.items) fen += itemValue(chart, item, column);
      for (const code of rest) {
        const kind = chart.get(code)?.kind;
        if (kind !== undefined) fen += restSign(kind, line) * (column.get(code) ?? 0n);
      }
      for (const term of line.sum ?? []) {
        const part = byNo.get(term.replace('-', ''));
        if (part === undefined) throw new Error(`line ${line.no} of a statement sums ${term}, which is not there`);
        const value = valuesOf(part)[at] ?? 0n;
        fen += term.startsWith('-') ? -value : value;
      }
      return fen;
    });
    done.set(line, values);
    return values;
  };

  return lines.map((line) => ({
    line,
    values: valuesOf(line),
    accounts: topmost([
      ...line.items.flatMap((item) =>
        chart.accounts.filter(({ code }) => chart.selects(item, code)).map(({ code }) => code),
      ),
      ...restOf(line),
    ]),
  }));
}

/** The values of the line with a role. */
export function valueOfRole(values: readonly LineValue[], role: StatementLine['role'], column: number): bigint {
  return values.find(({ line }) => line.role === role)?.values[column] ?? 0n;
}
