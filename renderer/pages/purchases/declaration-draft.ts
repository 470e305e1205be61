import type { InputOf } from '../../../shared/contract/contract.ts';
import { isBlankRow } from './entry-rows.ts';

type Line = InputOf<'exportLines.saveMany'>['lines'][number];

/** Modes that are declared outside: lists of 9610 and 1210 come from the book's own documents. */
export const typedModes = ['9810', '9710', '0110'] as const satisfies readonly Line['mode'][];

export interface DeclarationLine {
  readonly sku: string;
  readonly name: string;
  readonly hsCode: string;
  readonly unit: string;
  readonly qty: string;
  readonly fob: string;
  /** 项号; blank: one more than the line before. */
  readonly lineNo: string;
}
export interface DeclarationDraft {
  readonly mode: (typeof typedModes)[number];
  readonly declarationNo: string;
  readonly exportDate: string;
  readonly currency: string;
  readonly country: string;
  readonly lines: readonly DeclarationLine[];
}

export const blankLine: DeclarationLine = { sku: '', name: '', hsCode: '', unit: '', qty: '', fob: '', lineNo: '' };

const plain = (text: string): string => text.normalize('NFKC').replace(/[,\s]/g, '');

const forms: { readonly [K in keyof DeclarationLine]: RegExp } = {
  sku: /^/,
  name: /\S/,
  hsCode: /^\d{8,10}$/,
  unit: /\S/,
  qty: /^(?=.*[1-9])\d{1,10}(\.\d{1,5})?$/,
  fob: /^\d{1,13}(\.\d{1,4})?$/,
  lineNo: /^(\d{1,5})?$/,
};

/** The first cell that cannot be what a declaration says, blank lines left out. */
export function wrongCell(
  lines: readonly DeclarationLine[],
): { readonly row: number; readonly column: keyof DeclarationLine } | undefined {
  for (const [row, line] of lines.entries()) {
    if (isBlankRow(line, blankLine)) continue;
    for (const column of Object.keys(forms) as (keyof DeclarationLine)[]) {
      const text = column === 'hsCode' ? plain(line.hsCode).replaceAll('.', '') : plain(line[column]);
      if (!forms[column].test(text)) return { row, column };
    }
  }
  return undefined;
}

/** The lines as the core takes them, blank ones left out; undefined while the head is not complete or there is no line. */
export function linesOf(draft: DeclarationDraft): Line[] | undefined {
  const { declarationNo, exportDate, currency, country, mode } = draft;
  const filled = draft.lines.filter((line) => !isBlankRow(line, blankLine));
  if (declarationNo.trim() === '' || exportDate === '' || currency === '' || filled.length === 0) return undefined;
  let before = 0;
  return filled.map((line) => {
    const typed = plain(line.lineNo);
    const lineNo = /^\d{1,5}$/.test(typed) ? Number(typed) : before + 1;
    before = lineNo;
    const sku = line.sku.trim();
    return {
      mode,
      declarationNo: declarationNo.trim(),
      lineNo,
      exportDate,
      ...(sku === '' ? {} : { sku }),
      hsCode: plain(line.hsCode).replaceAll('.', ''),
      name: line.name.trim(),
      unit: line.unit.trim(),
      qty: plain(line.qty),
      currency,
      fob: plain(line.fob),
      ...(country === '' ? {} : { country }),
    };
  });
}
