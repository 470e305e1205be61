import type { Cell, CellValue, Workbook, Worksheet } from 'exceljs';
import { PortbookError } from '../../../../shared/errors.ts';
import type { PaperSet } from '../../../../shared/papers/paper-set.ts';
import {
  type CellText,
  isPaperName,
  isRowName,
  nearestName,
  paperValue,
  type RepeatGroup,
  repeatGroups,
  repeatRows,
  rowValue,
} from '../../../../shared/papers/placeholders.ts';
import { exactCell, harmlessText } from '../text-sheet.ts';

/** A firm's own workbook as a template: checked when it is loaded, filled with the figures of a set. */

export interface TemplateProblem {
  readonly code: 'unknown' | 'unclosed' | 'outsideGoods' | 'mixedGoods' | 'formula';
  readonly sheet: string;
  readonly cell: string;
  readonly text: string;
  readonly nearest: string;
}

const placeholder = /\{\{\s*([^{}]*?)\s*\}\}/g;
const marker = /\{\{\s*#\s*(\w+)\s*\}\}/;

/** The text of a cell, rich text without its runs; undefined for figures, dates and the like. */
function cellText(value: CellValue): string | undefined {
  if (typeof value === 'string') return value;
  if (value !== null && typeof value === 'object' && 'richText' in value)
    return value.richText.map((run) => run.text).join('');
  return undefined;
}

/** A workbook of somebody's. Refusal: `PAPER_TEMPLATE_NOT_XLSX` {name}. */
export async function loadWorkbook(bytes: Uint8Array, name: string): Promise<Workbook> {
  const { default: ExcelJS } = await import('exceljs');
  const workbook = new ExcelJS.Workbook();
  try {
    const { buffer, byteOffset, byteLength } = bytes;
    await workbook.xlsx.load(buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer);
  } catch (error) {
    // Whatever the reader stumbles over: it is no workbook of this kind, and the file says no more.
    if (error instanceof Error) throw new PortbookError('PAPER_TEMPLATE_NOT_XLSX', { name });
    throw error;
  }
  if (workbook.worksheets.length === 0) throw new PortbookError('PAPER_TEMPLATE_NOT_XLSX', { name });
  return workbook;
}

/** Cells of a sheet that hold text with placeholders, merged ones once. */
function* textCells(sheet: Worksheet): Generator<{ cell: Cell; text: string }> {
  for (let at = 1; at <= sheet.rowCount; at += 1) {
    const row = sheet.getRow(at);
    for (let column = 1; column <= row.cellCount; column += 1) {
      const cell = row.getCell(column);
      if (cell.isMerged && cell.master.address !== cell.address) continue;
      const text = cellText(cell.value);
      if (text?.includes('{{') === true) yield { cell, text };
    }
  }
}

/** The group a row repeats for, by the marker in one of its cells. */
function groupOf(text: string): string | undefined {
  return marker.exec(text)?.[1];
}
const isGroup = (name: string): name is RepeatGroup => (repeatGroups as readonly string[]).includes(name);

/**
 * What is wrong with a template: names nobody knows, each with its cell and the nearest known one; braces not closed; names of goods
 * outside a repeated row; two groups in a row; formulas, which would move away from what they count. Refusals:
 * `PAPER_TEMPLATE_NOT_XLSX` {name}, `PAPER_TEMPLATE_EMPTY` {name} for one without placeholders.
 */
export async function checkTemplate(
  bytes: Uint8Array,
  name: string,
): Promise<{ readonly placeholders: number; readonly problems: TemplateProblem[] }> {
  const workbook = await loadWorkbook(bytes, name);
  const problems: TemplateProblem[] = [];
  let placeholders = 0;
  for (const sheet of workbook.worksheets) {
    const groups = new Map<number, string>();
    const add = (code: TemplateProblem['code'], cell: string, text: string, nearest = ''): void => {
      problems.push({ code, sheet: sheet.name, cell, text, nearest });
    };
    const cells = [...textCells(sheet)];
    for (const { cell, text } of cells) {
      const group = groupOf(text);
      if (group === undefined) continue;
      const at = Number(cell.row);
      const before = groups.get(at);
      if (before === undefined) groups.set(at, group);
      else if (before !== group) add('mixedGoods', cell.address, group);
    }
    sheet.eachRow((row) => {
      row.eachCell((cell) => {
        if (cell.formula !== undefined && cell.formula !== '') add('formula', cell.address, cell.formula);
      });
    });
    for (const { cell, text } of cells) {
      const group = groups.get(Number(cell.row));
      for (const [, typed = ''] of text.matchAll(placeholder)) {
        placeholders += 1;
        if (typed.startsWith('#')) {
          const wanted = typed.slice(1).trim();
          if (!isGroup(wanted)) add('unknown', cell.address, typed, '#goods');
          continue;
        }
        const known = group !== undefined && isGroup(group) ? isRowName(typed, group) : isPaperName(typed);
        if (known) continue;
        // A name of goods outside its row is another mistake than a name nobody knows.
        const isStray = repeatGroups.some((one) => isRowName(typed, one));
        if (isStray) add('outsideGoods', cell.address, typed);
        else
          add(
            'unknown',
            cell.address,
            typed,
            nearestName(typed, group !== undefined && isGroup(group) ? group : undefined),
          );
      }
      if (text.replaceAll(placeholder, '').includes('{{')) add('unclosed', cell.address, text.slice(0, 60));
    }
  }
  if (placeholders === 0 && problems.length === 0) throw new PortbookError('PAPER_TEMPLATE_EMPTY', { name });
  return { placeholders, problems };
}

/** A cell with its placeholders replaced: alone a figure may be a number, within a text everything is text. */
function filled(text: string, value: (name: string) => CellText | undefined): CellValue {
  const whole = /^\{\{\s*([^{}#]*?)\s*\}\}$/.exec(text.replace(marker, ''));
  if (whole !== null) {
    const one = value(whole[1] ?? '');
    if (one === undefined) return '';
    return one.isFigure ? exactCell(one.text) : harmlessText(one.text);
  }
  const put = text.replaceAll(placeholder, (_, name: string) =>
    name.startsWith('#') ? '' : (value(name)?.text ?? ''),
  );
  return harmlessText(put);
}

interface Merge {
  readonly top: number;
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
}

/** Merged ranges of a sheet by their corners. */
function mergesOf(sheet: Worksheet): Merge[] {
  const column = (letters: string): number => [...letters].reduce((sum, one) => sum * 26 + one.charCodeAt(0) - 64, 0);
  return sheet.model.merges.flatMap((range) => {
    const found = /^([A-Z]+)(\d+):([A-Z]+)(\d+)$/.exec(String(range));
    if (found === null) return [];
    const [, left = '', top = '', right = '', bottom = ''] = found;
    return [{ left: column(left), top: Number(top), right: column(right), bottom: Number(bottom) }];
  });
}

/** Makes room for `count` rows where one stands; merges below move, those of the row itself are made in each. */
function repeatRow(sheet: Worksheet, at: number, count: number): void {
  const merges = mergesOf(sheet);
  for (const { top, left, bottom, right } of merges) sheet.unMergeCells(top, left, bottom, right);
  const { height } = sheet.getRow(at);
  if (count === 0) sheet.spliceRows(at, 1);
  else if (count > 1) sheet.duplicateRow(at, count - 1, true);
  for (let n = 1; n < count; n += 1) if (height) sheet.getRow(at + n).height = height;
  const shift = count - 1;
  for (const { top, left, bottom, right } of merges) {
    if (top === at && bottom === at) for (let n = 0; n < count; n += 1) sheet.mergeCells(at + n, left, at + n, right);
    else if (top > at) sheet.mergeCells(top + shift, left, bottom + shift, right);
    else sheet.mergeCells(top, left, bottom >= at ? bottom + shift : bottom, right);
  }
}

/** Fills a checked template. @returns the workbook, how many cells were filled and how many rows repeated */
export async function fillTemplate(
  bytes: Uint8Array,
  set: PaperSet,
): Promise<{ readonly bytes: Uint8Array; readonly cells: number; readonly rows: number }> {
  const workbook = await loadWorkbook(bytes, set.subject.number);
  let [cells, repeated] = [0, 0];
  for (const sheet of workbook.worksheets) {
    // From below, so that rows above keep their places.
    const marked = [...textCells(sheet)].flatMap(({ cell, text }) => {
      const group = groupOf(text);
      return group !== undefined && isGroup(group) ? [{ at: Number(cell.row), group }] : [];
    });
    const rows = new Map(marked.map(({ at, group }) => [at, group]));
    for (const [at, group] of [...rows].sort(([a], [b]) => b - a)) {
      const values = repeatRows(set, group);
      repeatRow(sheet, at, values.length);
      repeated += values.length;
      for (const [n, row] of values.entries()) {
        const line = sheet.getRow(at + n);
        for (let column = 1; column <= line.cellCount; column += 1) {
          const cell = line.getCell(column);
          const text = cellText(cell.value);
          if (text?.includes('{{') !== true) continue;
          cell.value = filled(text, (name) => rowValue(name, group, row, set));
          cells += 1;
        }
      }
    }
    for (const { cell, text } of textCells(sheet)) {
      cell.value = filled(text, (name) => paperValue(name, set));
      cells += 1;
    }
  }
  return { bytes: new Uint8Array(await workbook.xlsx.writeBuffer()), cells, rows: repeated };
}
