/** Facts of the firm as a grid of a year: a row for each fact (and subject), a column for each period of its kind. */
import type { OutputOf } from '../../../shared/contract/contract.ts';
import type { PeriodKind, TaxFactName } from '../../../shared/contract/tax.ts';

type Facts = OutputOf<'tax.facts'>;
export type FactKind = Facts['kinds'][number];
export type FactRow = Facts['rows'][number];

export interface GridRow {
  readonly kind: FactKind;
  readonly subject: string;
}

/** The fact a worksheet asks for. */
export interface WantedFact {
  readonly name: string | undefined;
  readonly period: string | undefined;
  readonly subject: string | undefined;
}

export function periodsOf(kind: PeriodKind, year: string): readonly string[] {
  if (kind === 'year') return [year];
  const parts = kind === 'quarter' ? 4 : 12;
  return Array.from({ length: parts }, (_, at) =>
    kind === 'quarter' ? `${year}-Q${at + 1}` : `${year}-${String(at + 1).padStart(2, '0')}`,
  );
}

/** `employees-opening 2026-Q3 platform/store`: the key of a cell, unique in the book. */
export function factKey(name: TaxFactName, period: string, subject: string): string {
  return `${name} ${period} ${subject}`;
}

/** Rows of one kind of period: facts without a subject once, those with one for each subject there is or was just added. */
export function gridRows(
  kinds: readonly FactKind[],
  rows: readonly FactRow[],
  period: PeriodKind,
  added: readonly GridRow[] = [],
): readonly GridRow[] {
  return kinds
    .filter((kind) => kind.period === period && kind.type !== 'json')
    .flatMap((kind) => {
      if (kind.subject === undefined) return [{ kind, subject: '' }];
      const subjects = [...rows, ...added.map(({ kind: { name }, subject }) => ({ name, subject }))]
        .filter((row) => row.name === kind.name)
        .map(({ subject }) => subject);
      return [...new Set(subjects)].sort().map((subject) => ({ kind, subject }));
    });
}

/** What is sent for what was typed: grouped figures and full-width digits become plain; empty takes the fact away. */
export function typedFact(text: string): string | null {
  const plain = text.normalize('NFKC').replace(/[,\s]/g, '').replace('\u2212', '-');
  return plain === '' ? null : plain;
}

/** The cell below, above or beside: positions in the grid, kept inside it. */
export function neighbour(
  at: { readonly row: number; readonly column: number },
  key: string,
  size: { readonly rows: number; readonly columns: number },
): { readonly row: number; readonly column: number } | undefined {
  const step: Readonly<Record<string, readonly [number, number]>> = {
    ArrowUp: [-1, 0],
    ArrowDown: [1, 0],
    'Shift+Enter': [-1, 0],
    Enter: [1, 0],
  };
  const by = step[key];
  if (by === undefined) return undefined;
  const row = at.row + by[0];
  if (row >= 0 && row < size.rows) return { row, column: at.column };
  // Enter at the foot of a column goes on at the head of the next, and back.
  const column = at.column + (row < 0 ? -1 : 1);
  if (!key.endsWith('Enter') || column < 0 || column >= size.columns) return undefined;
  return { row: row < 0 ? size.rows - 1 : 0, column };
}
