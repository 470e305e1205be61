import { describe, expect, it } from 'vitest';
import { ceb603, decMessage } from '../documents/catalogue.ts';
import { fieldsOf, isOwnField } from '../documents/fields.ts';
import { formChange, formPairs } from './form-change.ts';

describe('a list and a declaration, field by field', () => {
  it('has a word for every field of a list that is not the program’s own, and names only fields that are there', () => {
    const listed = fieldsOf(ceb603)
      .filter(({ spec }) => !isOwnField(ceb603, spec.name))
      .map(({ path }) => path);
    expect(formPairs.map(({ list }) => list)).toEqual(listed);
    const declared = new Set(fieldsOf(decMessage).map(({ path }) => path));
    expect(formPairs.flatMap(({ declaration }) => declaration).filter((path) => !declared.has(path))).toEqual([]);
  });

  it('tells what changes, is lost, is given and is missing, and counts what comes over', () => {
    const list = (no: string, gross: string) => ({
      InventoryHead: { tradeMode: '9610', logisticsNo: no, grossWeight: gross, billNo: 'B1', country: '110' },
      InventoryList: [{ gnum: '1', gname: '陶瓷杯', qty: '2' }],
    });
    const declaration = {
      DecHead: { TradeMode: '0110', GrossWet: '3', BillNo: 'B1', TradeCountry: 'HKG', CutMode: '101' },
      DecList: [{ GNo: '1', GName: '陶瓷杯', GQty: '4' }],
    };
    const { rows, carried } = formChange(
      'declaration',
      [list('W1', '1.0'), list('W2', '2')],
      [declaration],
      ['DecHead/EntyPortCode', 'DecHead/EntyPortCode'],
    );
    expect(rows.map(({ kind, from, to, old, now, reason }) => [kind, from, to, old.shown, now.shown, reason])).toEqual([
      ['lost', 'InventoryHead/logisticsNo', '', ['W1', 'W2'], [], 'listOnly'],
      ['enter', '', 'DecHead/EntyPortCode', [], [], 'required'],
      ['changed', 'InventoryHead/tradeMode', 'DecHead/TradeMode', ['9610'], ['0110'], 'mode'],
      ['changed', 'InventoryHead/country', 'DecHead/TradeCountry', ['110'], ['HKG'], 'code'],
      ['changed', 'InventoryHead/grossWeight', 'DecHead/GrossWet', ['1', '2'], ['3'], 'merged'],
      ['changed', 'InventoryList/qty', 'DecList/GQty', ['2'], ['4'], 'merged'],
      ['given', '', 'DecHead/CutMode', [], ['101'], 'default'],
    ]);
    // Bill and name.
    expect(carried).toBe(2);
  });

  it('says of a list drawn from its order that what was typed into the declaration does not come over', () => {
    const { rows } = formChange(
      'list',
      [{ DecHead: { TradeMode: '0110', MarkNo: 'ABC', GrossWet: '9' }, DecList: [] }],
      [{ InventoryHead: { tradeMode: '9710', grossWeight: '3' }, InventoryList: [] }],
      [],
    );
    expect(rows.map(({ kind, from, to, reason }) => [kind, from, to, reason])).toEqual([
      ['lost', 'DecHead/MarkNo', '', 'noPlace'],
      ['changed', 'DecHead/GrossWet', 'InventoryHead/grossWeight', 'redrawn'],
      ['changed', 'DecHead/TradeMode', 'InventoryHead/tradeMode', 'mode'],
    ]);
  });
});
