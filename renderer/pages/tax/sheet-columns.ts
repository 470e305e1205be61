/** How the columns of a worksheet are laid out; its cells as text. */
import type { WorksheetView } from '../../../shared/contract/tax.ts';
import { formatAmount } from '../../i18n/format.ts';
import type { Language } from '../../i18n/i18n.ts';
import { say } from './rule-text.ts';

export type Section = WorksheetView['sections'][number];
export type SheetColumn = Section['columns'][number];
export type SheetRow = Section['rows'][number];
export type Cell = SheetRow['cells'][string];
type ColumnType = SheetColumn['type'];

/** A cell as shown; empty where nothing is known, which is not nought. */
export function cellText(cell: Cell | undefined, type: ColumnType, language: Language): string {
  if (cell === undefined || cell === '') return '';
  if (typeof cell !== 'string') return say(cell, language);
  switch (type) {
    case 'money':
      return formatAmount(cell, 2);
    case 'quantity':
    case 'count':
      return formatAmount(cell);
    case 'ratio':
      return percentText(cell);
    default:
      return cell;
  }
}

/** `0.13` to `13%`, exact; rates of exchange (more than 1) stay as they are. */
export function percentText(ratio: string): string {
  const match = /^(-?)0(?:\.(\d+))?$/.exec(ratio) ?? /^(-?)(1)(?:\.(0+))?$/.exec(ratio);
  if (match === null) return formatAmount(ratio);
  if (match[2] === '1') return '100%';
  const digits = (match[2] ?? '').padEnd(2, '0');
  const whole = digits.slice(0, 2).replace(/^0(?=\d)/, '');
  const fraction = digits.slice(2).replace(/0+$/, '');
  return `${match[1] ?? ''}${whole}${fraction === '' ? '' : `.${fraction}`}%`;
}

export function isRight(type: ColumnType): boolean {
  return type !== 'text' && type !== 'date';
}

/** Width of text in px at 14 px: a Chinese character fills the em, a Latin one a little more than half of it. */
export function textWidth(text: string): number {
  let width = 0;
  for (const char of text) width += (char.codePointAt(0) ?? 0) > 0x2e7f ? 14 : /[A-Z]/.test(char) ? 9.6 : 7.8;
  return Math.ceil(width);
}

const limits: Readonly<Record<ColumnType, readonly [number, number]>> = {
  text: [72, 260],
  money: [100, 180],
  quantity: [80, 150],
  date: [100, 130],
  ratio: [72, 130],
  count: [60, 130],
};
const padding = 22;
const sampled = 200;

/** Wide enough for the head and the first rows, within what suits its kind. */
export function columnWidth(column: SheetColumn, rows: readonly SheetRow[], language: Language): number {
  const [least, most] = limits[column.type];
  let wanted = textWidth(say(column.label, language));
  for (const row of rows.slice(0, sampled))
    wanted = Math.max(wanted, textWidth(cellText(row.cells[column.id], column.type, language)));
  return Math.max(least, Math.min(Math.max(most, textWidth(say(column.label, language)) + padding), wanted + padding));
}

export type Finding = WorksheetView['findings'][number];
export const findingLevels = ['missing', 'paper', 'warning', 'note'] as const;

/** Findings in the order in which they matter, with how many there are of each level. */
export function groupedFindings(
  findings: readonly Finding[],
): readonly { readonly level: Finding['level']; readonly findings: readonly Finding[] }[] {
  return findingLevels.flatMap((level) => {
    const found = findings.filter((one) => one.level === level);
    return found.length === 0 ? [] : [{ level, findings: found }];
  });
}
