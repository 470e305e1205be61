import type { InputOf } from '../../../shared/contract/contract.ts';
import { tryParseScaled } from '../../../shared/money/decimal.ts';
import { fenText, ratioOfPercent } from '../../../shared/stock/index.ts';
import { isBlankRow } from './entry-rows.ts';

type Input = InputOf<'invoices.save'>;
/** A line as it is typed: the rate is a percentage. */
export interface DraftLine {
  readonly name: string;
  readonly spec: string;
  readonly unit: string;
  readonly qty: string;
  readonly amount: string;
  readonly vatRate: string;
  readonly vat: string;
  readonly sku: string;
}
export interface InvoiceDraft {
  readonly number: string;
  readonly kind: Input['kind'];
  readonly date: string;
  readonly supplierId: number | undefined;
  readonly amount: string;
  readonly vat: string;
  readonly total: string;
  readonly note: string;
  readonly lines: readonly DraftLine[];
}

export const emptyLine: DraftLine = {
  name: '',
  spec: '',
  unit: '',
  qty: '',
  amount: '',
  vatRate: '13%',
  vat: '',
  sku: '',
};

/** What the lines come to so far; a figure that is none counts as nothing. */
export function sumsOf(lines: readonly DraftLine[]): { amount: string; vat: string; total: string } {
  const sum = (texts: readonly string[]): number =>
    texts.reduce((total, text) => total + Number(tryParseScaled(text.trim(), 2) ?? 0n), 0);
  const amount = sum(lines.map((line) => line.amount));
  const vat = sum(lines.map((line) => line.vat));
  return { amount: fenText(amount), vat: fenText(vat), total: fenText(amount + vat) };
}

/** The draft as the core takes it; blank lines are left out. Undefined while there is no supplier or no line. */
export function inputOf(draft: InvoiceDraft, id: number | undefined): Input | undefined {
  const lines = draft.lines.filter((line) => !isBlankRow(line, emptyLine));
  const { supplierId } = draft;
  if (supplierId === undefined || lines.length === 0) return undefined;
  return {
    ...draft,
    ...(id === undefined ? {} : { id }),
    supplierId,
    lines: lines.map(({ sku, qty, vatRate, ...line }) => ({
      ...line,
      qty: qty.trim() === '' ? '0' : qty.trim(),
      // What is no percentage goes as it stands, so that the refusal names it.
      vatRate: ratioOfPercent(vatRate) === null ? vatRate.trim() : (ratioOfPercent(vatRate) ?? '0'),
      ...(sku.trim() === '' ? {} : { sku: sku.trim() }),
    })),
  };
}
