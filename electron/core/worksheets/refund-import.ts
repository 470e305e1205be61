import { chinaDate } from '../../../shared/calendar/china-time.ts';
import type { WorksheetView } from '../../../shared/contract/tax.ts';
import { PortbookError } from '../../../shared/errors.ts';
import {
  checkRefundImport,
  clientAssociationNos,
  type ImportFinding,
  type ImportRow,
  type RefundImportLayout,
  refundImportPack,
  refundImportPackId,
} from '../../../shared/rules/tax/export-vat/refund-import.ts';
import type { Context } from '../context.ts';
import { packVersion } from '../obligations.ts';
import { worksheet } from './index.ts';
import { Rules } from './rules.ts';
import { sheetText } from './texts.ts';

/** A claimed batch as the import templates have it. */
export interface RefundImport {
  readonly layout: RefundImportLayout;
  readonly source: { readonly text: string; readonly reliability: string };
  readonly exports: readonly ImportRow[];
  readonly purchases: readonly ImportRow[];
  readonly findings: readonly ImportFinding[];
}

type Cells = WorksheetView['sections'][number]['rows'][number]['cells'];

/** The Chinese text of a cell, as the forms have it. */
const zhOf = (cell: Cells[string] | undefined): string | undefined =>
  cell === undefined ? undefined : typeof cell === 'string' ? cell : cell.zh;

/** The rows of a batch that was claimed, of a trading firm. Refusal: `CLAIM_UNKNOWN` {period, batch}. */
export function refundImport(context: Context, period: string, batch: string): RefundImport {
  const { book, resources, now } = context;
  const today = chinaDate(now());
  const version = packVersion(context, refundImportPackId, refundImportPack, today);
  const layout = version.parameters;
  const view = worksheet('refund-trading', period, {
    book,
    resources,
    rules: new Rules(resources, book),
    today,
    limit: Number.MAX_SAFE_INTEGER,
  });
  const rowsOf = (section: string): Cells[] =>
    (view.sections.find(({ id }) => id === section)?.rows ?? [])
      .map(({ cells }) => cells)
      .filter(({ claimed }) => claimed === `${period}-${batch}`);
  const [exported, bought] = [rowsOf('exportDetail'), rowsOf('purchaseDetail')];
  if (exported.length === 0) throw new PortbookError('CLAIM_UNKNOWN', { period, batch }, 'batch');
  const numbers = clientAssociationNos(
    [...exported, ...bought].map((cells) => zhOf(cells['associationNo']) ?? ''),
    period,
    batch,
    layout,
  );
  const special = sheetText('word.special').zh;
  const head = { period: period.replace('-', ''), batch: batch.padStart(layout.batchDigits, '0') };
  const rowOf = (cells: Cells): ImportRow => {
    const row = Object.fromEntries(Object.entries(cells).map(([name, cell]) => [name, zhOf(cell)]));
    const own = row['associationNo'] ?? '';
    return {
      ...row,
      ...head,
      associationNo: own === '' ? '' : numbers.get(own),
      taxKind: layout.taxKind,
      voucherKind: row['voucherKind'] === special ? layout.voucherKinds['special'] : undefined,
    };
  };
  const [exports, purchases] = [exported.map(rowOf), bought.map(rowOf)];
  return {
    layout,
    source: { text: version.source, reliability: version.reliability },
    exports,
    purchases,
    findings: checkRefundImport(exports, purchases),
  };
}
