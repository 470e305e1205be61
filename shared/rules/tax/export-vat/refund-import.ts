/**
 * The rows of a claimed batch (外贸企业出口退税) as the import templates of the tax office's client have them, and what stands against
 * importing them. The layout is a dated pack: the office publishes no text of it.
 */
import { z } from 'zod';
import { Num } from '../../figures.ts';
import { packSchema } from '../../pack.ts';

const column = z.object({
  zh: z.string().min(1),
  /** What of a row stands there; empty: the column stays empty. */
  from: z.string(),
  type: z.enum(['text', 'number', 'date', 'percent']),
});
const file = z.object({ titleZh: z.string(), titleEn: z.string(), columns: z.array(column).min(1) });

export const refundImportPackId = 'refund-import-layout';
export const refundImportPack = packSchema(
  z.object({
    sheet: z.string(),
    /** Of the sheet, from 1; the rows follow. */
    headRow: z.number().int().positive(),
    taxKind: z.string(),
    /** As the client's list has them, by kind of invoice; a kind that is not known stays empty. */
    voucherKinds: z.record(z.string(), z.string()),
    batchDigits: z.number().int().positive(),
    serialDigits: z.number().int().positive(),
    exports: file,
    purchases: file,
  }),
);
export type RefundImportLayout = z.infer<typeof refundImportPack>['versions'][number]['parameters'];
export type ImportColumn = z.infer<typeof column>;

/** A row by the names of its figures; what is not known is absent. */
export type ImportRow = Readonly<Record<string, string | undefined>>;

/** What stands against importing a row: `reject` stops the file, `note` is to be chosen or looked at in the client. */
export interface ImportFinding {
  readonly code: 'DECLARATION' | 'VALUE' | 'SUPPLIER' | 'VOUCHER_KIND' | 'BUSINESS_TYPE' | 'ASSOCIATION';
  readonly level: 'reject' | 'note';
  readonly file: 'exports' | 'purchases';
  /** From 1. */
  readonly row: number;
  readonly field: string;
}

/**
 * 关联号 as the client has them: month, batch and serial in fixed digits. Numbers of the book keep their order; both files get the same.
 * @param period `yyyy-mm`
 */
export function clientAssociationNos(
  numbers: readonly string[],
  period: string,
  batch: string,
  { batchDigits, serialDigits }: Pick<RefundImportLayout, 'batchDigits' | 'serialDigits'>,
): ReadonlyMap<string, string> {
  const prefix = `${period.replace('-', '')}${batch.padStart(batchDigits, '0')}`;
  const distinct = [...new Set(numbers)].sort();
  return new Map(distinct.map((own, at) => [own, `${prefix}${String(at + 1).padStart(serialDigits, '0')}`]));
}

const mandatory = {
  exports: ['exportDate', 'hsCode', 'goods', 'unit', 'quantity', 'fobUsd'],
  purchases: [
    'voucherNo',
    'invoiceDate',
    'hsCode',
    'goods',
    'unit',
    'quantity',
    'taxableAmount',
    'levyRate',
    'refundRate',
    'refund',
  ],
} as const;

/** Checks the rows of both files against each other and field by field. */
export function checkRefundImport(exports: readonly ImportRow[], purchases: readonly ImportRow[]): ImportFinding[] {
  const found: ImportFinding[] = [];
  const put = (one: ImportFinding): void => {
    found.push(one);
  };
  const empty = (row: ImportRow, field: string): boolean => (row[field] ?? '') === '';
  for (const [name, rows] of [
    ['exports', exports],
    ['purchases', purchases],
  ] as const) {
    for (const [at, row] of rows.entries())
      for (const field of mandatory[name])
        if (empty(row, field)) put({ code: 'VALUE', level: 'reject', file: name, row: at + 1, field });
  }
  for (const [at, row] of exports.entries()) {
    if (!/^\d{21}$/.test(row['declarationItem'] ?? ''))
      put({ code: 'DECLARATION', level: 'reject', file: 'exports', row: at + 1, field: 'declarationItem' });
    // The list of the client has a text behind the code, which is not known here.
    if (!empty(row, 'businessType'))
      put({ code: 'BUSINESS_TYPE', level: 'note', file: 'exports', row: at + 1, field: 'businessType' });
  }
  for (const [at, row] of purchases.entries()) {
    if (empty(row, 'supplierTaxNo'))
      put({ code: 'SUPPLIER', level: 'reject', file: 'purchases', row: at + 1, field: 'supplierTaxNo' });
    if (empty(row, 'voucherKind'))
      put({ code: 'VOUCHER_KIND', level: 'note', file: 'purchases', row: at + 1, field: 'voucherKind' });
  }
  // In every group what is declared is what was bought, and each number stands on both sides.
  const sums = new Map<string, { declared: Num; bought: Num; row: number; file: 'exports' | 'purchases' }>();
  for (const [file, rows] of [
    ['exports', exports],
    ['purchases', purchases],
  ] as const) {
    for (const [at, row] of rows.entries()) {
      const key = row['associationNo'] ?? '';
      const sum = sums.get(key) ?? { declared: new Num(0), bought: new Num(0), row: at + 1, file };
      const quantity = new Num(row['quantity'] ?? '0');
      sums.set(
        key,
        file === 'exports'
          ? { ...sum, declared: sum.declared.plus(quantity) }
          : { ...sum, bought: sum.bought.plus(quantity) },
      );
    }
  }
  for (const [key, { declared, bought, row, file }] of sums)
    if (key === '' || !declared.eq(bought))
      put({ code: 'ASSOCIATION', level: 'reject', file, row, field: 'associationNo' });
  return found;
}

/** A figure as a cell of the template has it: rates as per cent, all else as it is. */
export function importCell(row: ImportRow, { from, type }: ImportColumn): string {
  const value = from === '' ? '' : (row[from] ?? '');
  return type === 'percent' && value !== '' ? new Num(value).times(100).toFixed() : value;
}
