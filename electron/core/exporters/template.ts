import type { TableKind } from '../../../shared/contract/imports.ts';
import type { ProductRow } from '../../../shared/contract/trade.ts';
import { headersOf } from '../../../shared/documents/fields.ts';
import type { MessageSpec } from '../../../shared/documents/spec.ts';
import { importFields, templateHeader } from '../../../shared/import/fields.ts';
import { writeTextSheet } from './text-sheet.ts';

const sheetNames: Readonly<Record<TableKind, string>> = {
  orders: '订单 Orders',
  products: '商品归类 Products',
  waybills: '运单 Waybills',
  rates: '汇率 Rates',
  invoices: '进项发票 Invoices',
  exportLines: '出口商品项 Export lines',
  tariff: '税则 Tariff',
  warehouse: '海外仓 Warehouse',
  stockCounts: '海外仓盘点 Stock counts',
  bonded: '保税账册 Bonded ledger',
  taxBills: '税费单 Tax bills',
  statement: '对账单 Statement',
  payments: '支付单 Payments',
  watchlist: '名单 Watch list',
  declarationCopies: '报关单副本 Declarations',
  tracking: '物流轨迹 Tracking',
  notices: '风险通报 Notices',
  parcels: '快件邮件物品 Parcels',
};

/**
 * Writes the template of an import kind: our headers, every cell text. Products come with the rows to classify; the
 * same file, filled in, is imported again.
 * @returns how many rows below the header
 */
export function writeTemplate(path: string, kind: TableKind, products: Iterable<ProductRow> = []): Promise<number> {
  const fields = importFields[kind];
  const columns = fields.map((field) => ({ header: templateHeader(field), width: field.isNote === true ? 40 : 20 }));
  return writeTextSheet(
    path,
    sheetNames[kind],
    columns,
    kind === 'products'
      ? productLines(
          fields.map(({ id }) => id),
          products,
        )
      : [],
  );
}

/** The name of a message as a sheet can bear it. */
export function sheetNameOf({ zh }: MessageSpec): string {
  return zh.slice(0, 31);
}

/**
 * Writes the template of a message: Chinese headers (`*`: required), field codes in the second row, then the given rows.
 * @returns how many rows below the codes
 */
export async function writeMessageTemplate(
  path: string,
  spec: MessageSpec,
  rows: Iterable<readonly string[]> = [],
): Promise<number> {
  const columns = headersOf(spec);
  const written = await writeTextSheet(
    path,
    sheetNameOf(spec),
    columns.map(({ zh, required, width }) => ({ header: required ? `${zh}*` : zh, width })),
    [columns.map(({ code }) => code), ...rows],
  );
  return written - 1;
}

function* productLines(ids: readonly string[], products: Iterable<ProductRow>): Generator<string[]> {
  for (const product of products) {
    const values: Readonly<Record<string, string | boolean | number | readonly string[]>> = product;
    yield ids.map((id) => {
      const value = values[id];
      if (typeof value === 'boolean') return value ? '是' : '';
      return typeof value === 'string' ? value : '';
    });
  }
}
