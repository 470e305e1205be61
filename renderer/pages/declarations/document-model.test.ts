import { describe, expect, it } from 'vitest';
import { requestNames } from '../../../shared/documents/catalogue.ts';
import {
  documentTotals,
  fieldAt,
  headFields,
  isEditable,
  isHiddenField,
  lineColumns,
  linePath,
  parsePath,
  requireSpec,
} from './document-model.ts';

const body = {
  InventoryHead: { customsCode: '6407', packNo: '2', grossWeight: '1.86', netWeight: '1.61', copNo: '1' },
  InventoryList: [
    { gnum: '1', itemNo: '22720', qty: '4', totalPrice: '19.8' },
    { gnum: '2', itemNo: '22423', qty: '3', totalPrice: '32.85' },
  ],
};

describe('a document on the page', () => {
  it('takes a finding path apart, lines counted from 1', () => {
    expect(parsePath('InventoryList[2]/qty')).toEqual({ line: 2, field: 'qty' });
    expect(parsePath('InventoryHead/billNo')).toEqual({ line: undefined, field: 'billNo' });
    expect(parsePath('payName')).toEqual({ line: undefined, field: 'payName' });
    expect(parsePath('')).toBeUndefined();
    expect(linePath('CEB603Message', 'qty', 2)).toBe('InventoryList[2]/qty');
    expect(fieldAt('CEB603Message', 'InventoryList[2]/gcode')?.zh).toBe('商品编码');
  });

  it('has a field description for every field and column it shows', () => {
    for (const kind of requestNames) {
      const main = headFields(kind, {}, false);
      expect(main.length).toBeGreaterThan(2);
      expect(main.every(({ path }) => !isHiddenField(kind, path))).toBe(true);
      expect(lineColumns(kind, false).length).toBeLessThanOrEqual(lineColumns(kind, true).length);
    }
    expect(isHiddenField('CEB603Message', 'InventoryHead/loctNo')).toBe(true);
  });

  it('sums the lines exactly, and not at all while one is missing', () => {
    expect(documentTotals('CEB603Message', body)).toEqual({
      lines: 2,
      packages: '2',
      gross: '1.86',
      net: '1.61',
      lineTotal: '52.65',
      isOfLines: true,
    });
    expect(documentTotals('FX101Message', { DeclarationHead: { amount: '5' }, DeclarationList: [] })).toMatchObject({
      lines: 0,
      isOfLines: false,
    });
    const open = { ...body, InventoryList: [...body.InventoryList, { gnum: '3' }] };
    expect(documentTotals('CEB603Message', open).lineTotal).toBeUndefined();
  });

  it('does not let the name of a document be typed over', () => {
    const spec = requireSpec('CEB603Message');
    const field = (name: string) => fieldAt('CEB603Message', `InventoryHead/${name}`);
    const [copNo, billNo] = [field('copNo'), field('billNo')];
    expect(copNo !== undefined && isEditable(spec, copNo)).toBe(false);
    expect(billNo !== undefined && isEditable(spec, billNo)).toBe(true);
  });
});
