import { describe, expect, it } from 'vitest';
import pack from '../../../../resources/rules/refund-import-layout.json' with { type: 'json' };
import { checkRefundImport, clientAssociationNos, importCell, refundImportPack } from './refund-import.ts';

const layout = refundImportPack.parse(pack).versions[0]?.parameters;
if (layout === undefined) throw new Error('no layout');

const out = {
  declarationItem: '514120260000000001001',
  exportDate: '2026-03-10',
  hsCode: '6109100021',
  goods: '针织T恤',
  unit: '件',
  quantity: '100',
  fobUsd: '1400.00',
  associationNo: '20260400100000001',
};
const bought = {
  associationNo: '20260400100000001',
  voucherKind: '02|增值税专用发票',
  voucherNo: '26442000000000000001',
  supplierTaxNo: '91440101MA5AKCT34X',
  invoiceDate: '2026-03-01',
  hsCode: '6109100021',
  goods: '针织T恤',
  unit: '件',
  quantity: '100',
  taxableAmount: '9000.00',
  levyRate: '0.13',
  refundRate: '0.13',
  refund: '1170.00',
};

describe('import files of a refund claim', () => {
  it('have the columns of the layout, seventeen each, the association number third', () => {
    expect(layout.exports.columns).toHaveLength(17);
    expect(layout.purchases.columns).toHaveLength(17);
    expect([layout.exports, layout.purchases].map(({ columns }) => columns[2]?.zh)).toEqual(['关联号', '关联号']);
  });

  it('number associations in fixed digits, in the order of the book, the same in both files', () => {
    const numbers = clientAssociationNos(['202604010002', '202604010001', '202604010002'], '2026-04', '1', layout);
    expect([...numbers]).toEqual([
      ['202604010001', '20260400100000001'],
      ['202604010002', '20260400100000002'],
    ]);
  });

  it('write rates as per cent and leave what is not known empty', () => {
    const cell = (from: string) =>
      importCell(
        bought,
        layout.purchases.columns.find((column) => column.from === from) ?? { zh: '', from: '', type: 'text' },
      );
    expect([cell('levyRate'), cell('taxableAmount'), cell('businessType')]).toEqual(['13', '9000.00', '']);
    expect(importCell({ refundRate: '0.09' }, { zh: '', from: 'refundRate', type: 'percent' })).toBe('9');
  });

  it('find nothing in rows that agree', () => {
    expect(checkRefundImport([out], [bought])).toEqual([]);
    expect(
      checkRefundImport(
        [out],
        [
          { ...bought, quantity: '60' },
          { ...bought, quantity: '40' },
        ],
      ),
    ).toEqual([]);
  });

  it.each([
    ['DECLARATION', 'reject', { declarationItem: '20260310-1' }, {}],
    ['VALUE', 'reject', { fobUsd: undefined }, {}],
    ['SUPPLIER', 'reject', {}, { supplierTaxNo: undefined }],
    ['ASSOCIATION', 'reject', { quantity: '99.99999' }, {}],
    ['VOUCHER_KIND', 'note', {}, { voucherKind: undefined }],
    ['BUSINESS_TYPE', 'note', { businessType: 'HWC-YT' }, {}],
  ] as const)('find %s', (code, level, of, from) => {
    expect(checkRefundImport([{ ...out, ...of }], [{ ...bought, ...from }])).toMatchObject([{ code, level }]);
  });

  it('find a number that stands on one side only', () => {
    expect(checkRefundImport([out], [{ ...bought, associationNo: '20260400100000002' }])).toMatchObject([
      { code: 'ASSOCIATION', file: 'exports' },
      { code: 'ASSOCIATION', file: 'purchases' },
    ]);
  });
});
