import { describe, expect, it } from 'vitest';
import { decMessage } from '../documents/catalogue.ts';
import type { AnyDocument } from '../documents/spec.ts';
import { type EditOperation, editBody } from './edit.ts';
import {
  addGoods,
  changeGoods,
  isAnswered,
  isPrice,
  removeGoods,
  saleModes,
  saleOf,
  saleOperations,
  salePlace,
  saleStepAt,
  saleSteps,
  saleTerms,
  saleUnits,
  stepOfPath,
} from './plain-sale.ts';

const blank: AnyDocument = {
  DecHead: { IEFlag: 'E', TradeMode: '0110' },
  DecList: [{ GNo: '1', DutyMode: '1', DestinationCountry: 'CHN' }],
};
const litchi = {
  ...{ sku: 'NP-1', nameCn: '鲜荔枝', hsCode: '0810901000', gmodel: '0|3|鲜', unit: '035', unit1: '035', unit2: '' },
};
/** Applies what each step answers to what the ones before have made. */
const written = (...steps: readonly ((body: AnyDocument) => readonly EditOperation[])[]): AnyDocument =>
  steps.reduce((body, step) => editBody(decMessage, body, step(body)), blank);
const lineOf = (body: AnyDocument, at = 0) => (body['DecList'] as readonly Record<string, string>[])[at];
const headOf = (body: AnyDocument) => body['DecHead'] as Record<string, string>;
const add = (body: AnyDocument) => addGoods(body, litchi, '44049');

describe('a sale in plain words', () => {
  it('is empty in a blank declaration and asks everything', () => {
    const sale = saleOf(blank);
    expect(sale.goods).toEqual([]);
    expect(saleSteps.filter((step) => isAnswered(sale, step))).toEqual([]);
  });

  it('writes the official fields and reads the same back', () => {
    const body = written(
      (one) => saleOperations(one, { buyer: 'Rungis Fruits SARL', country: 'FRA' }),
      add,
      (one) => changeGoods(one, 0, { qty: '5000', unit: saleUnits.kilogram, price: '2.35' }),
      (one) =>
        saleOperations(one, { currency: 'EUR', terms: saleTerms.buyer, packages: '1000', wrap: '22', gross: '5600' }),
      (one) =>
        saleOperations(one, {
          ...{ leaveOn: '2026-06-21', transport: '5', exitCustoms: '5141', exitPort: '440101', arrivalPort: 'FRA003' },
        }),
    );
    expect(headOf(body)).toMatchObject({
      ...{ OverseasConsigneeEname: 'Rungis Fruits SARL', TradeCountry: 'FRA', TradeAreaCode: 'FRA', NetWt: '5000' },
      ...{ GrossWet: '5600', PackNo: '1000', IEDate: '20260621', IEPort: '5141', CustomMaster: '5141', TransMode: '3' },
    });
    expect(body['DecList']).toHaveLength(1);
    expect(lineOf(body)).toMatchObject({
      ...{ GNo: '1', ExgNo: 'NP-1', CodeTS: '0810901000', GQty: '5000', GUnit: '035', FirstQty: '5000' },
      ...{ DeclPrice: '2.35', DeclTotal: '11750', TradeCurr: 'EUR', OriginCountry: 'FRA', DestinationCountry: 'CHN' },
      ...{ DistrictCode: '44049', DutyMode: '1' },
    });
    const sale = saleOf(body);
    expect(sale).toMatchObject({ total: '11750', leaveOn: '2026-06-21', currency: 'EUR', isNetKnown: true });
    expect(saleSteps.every((step) => isAnswered(sale, step))).toBe(true);
  });

  it('keeps the country of every item with that of the sale', () => {
    const body = written(add, add, (one) => saleOperations(one, { country: 'JPN' }));
    expect([lineOf(body), lineOf(body, 1)].map((line) => line?.['OriginCountry'])).toEqual(['JPN', 'JPN']);
  });

  it('takes the legal quantity of boxes from their weight', () => {
    const body = written(
      add,
      (one) => changeGoods(one, 0, { qty: '1000', unit: saleUnits.box }),
      (one) => saleOperations(one, { net: '5000' }),
    );
    expect(lineOf(body)).toMatchObject({ GQty: '1000', GUnit: '120', FirstQty: '5000' });
    expect(saleOf(body)).toMatchObject({ net: '5000', isNetKnown: false });
    // Another unit says nothing yet of what was in the other.
    const other = written(
      add,
      (one) => changeGoods(one, 0, { qty: '5000' }),
      (one) => changeGoods(one, 0, { unit: saleUnits.box, qty: '' }),
    );
    expect(lineOf(other)?.['FirstQty']).toBeUndefined();
  });

  it('adds up the weight of several goods and takes it back with them', () => {
    const two = written(
      add,
      add,
      (one) => changeGoods(one, 0, { qty: '5000' }),
      (one) => changeGoods(one, 1, { qty: '250.5' }),
    );
    expect(saleOf(two).net).toBe('5250.5');
    const one = editBody(decMessage, two, removeGoods(two, 0));
    expect(saleOf(one)).toMatchObject({ net: '250.5', goods: [{ qty: '250.5' }] });
    expect(removeGoods(one, 7)).toEqual([]);
  });

  it('names the order of a platform, and forgets it where there is none', () => {
    const body = written((one) => saleOperations(one, { mode: saleModes.platform, platformOrder: 'PO-77' }));
    expect(body['EdocRealation']).toEqual([{ EdocID: 'PO-77', EdocCode: '10000004', EdocFomatType: 'S' }]);
    expect(isAnswered({ ...saleOf(body), buyer: 'A', country: 'FRA' }, 'who')).toBe(true);
    const back = editBody(decMessage, body, saleOperations(body, { mode: saleModes.direct }));
    expect(back['EdocRealation']).toBeUndefined();
    expect(saleOf(back)).toMatchObject({ mode: '0110', platformOrder: '' });
  });

  it('asks for freight only of who pays it, in the currency of the sale', () => {
    const paid = written(
      add,
      (one) => saleOperations(one, { currency: 'USD', terms: saleTerms.freightAndInsurance }),
      (one) => saleOperations(one, { freight: '800', insurance: '20' }),
    );
    expect(headOf(paid)).toMatchObject({ FeeRate: '800', FeeMark: '3', FeeCurr: 'USD', InsurRate: '20' });
    const free = editBody(decMessage, paid, saleOperations(paid, { terms: saleTerms.buyer }));
    for (const name of ['FeeRate', 'FeeMark', 'FeeCurr', 'InsurRate', 'InsurMark', 'InsurCurr'])
      expect(headOf(free)[name]).toBeUndefined();
  });

  it('leaves a fee alone that is a rate, or in a currency of its own, and shows neither as an amount of the sale', () => {
    const body = written(
      add,
      (one) => saleOperations(one, { currency: 'USD', terms: saleTerms.freightAndInsurance, freight: '100' }),
      () => [
        { op: 'set', path: 'DecHead/InsurMark', value: '1' },
        { op: 'set', path: 'DecHead/InsurRate', value: '0.3' },
      ],
    );
    expect(saleOf(body)).toMatchObject({ freight: '100', insurance: '' });
    const corrected = editBody(decMessage, body, saleOperations(body, { freight: '120' }));
    expect(headOf(corrected)).toMatchObject({ FeeRate: '120', FeeMark: '3', InsurMark: '1', InsurRate: '0.3' });
    const inEuro = editBody(decMessage, corrected, saleOperations(corrected, { currency: 'EUR' }));
    expect(headOf(inEuro)).toMatchObject({ FeeRate: '120', FeeCurr: 'EUR', InsurMark: '1', InsurRate: '0.3' });
    const inYuan = editBody(decMessage, body, [{ op: 'set', path: 'DecHead/FeeCurr', value: 'CNY' }]);
    expect(headOf(editBody(decMessage, inYuan, saleOperations(inYuan, { currency: 'EUR' })))).toMatchObject({
      FeeRate: '100',
      FeeCurr: 'CNY',
    });
  });

  it('keeps no weight that the goods do not come to any more, and what stands where nothing was changed', () => {
    const heavy = written(add, (one) => changeGoods(one, 0, { qty: '5000', unit: saleUnits.kilogram }));
    expect(headOf(heavy)['NetWt']).toBe('5000');
    const more = editBody(decMessage, heavy, addGoods(heavy, { ...litchi, sku: 'NP-2', unit: saleUnits.box }, ''));
    expect(headOf(more)['NetWt']).toBeUndefined();
    const boxed = editBody(decMessage, heavy, changeGoods(heavy, 0, { unit: saleUnits.box }));
    expect(headOf(boxed)['NetWt']).toBeUndefined();
    const weighed = editBody(decMessage, boxed, saleOperations(boxed, { net: '4800' }));
    expect(lineOf(weighed)).toMatchObject({ FirstQty: '4800' });
    expect(changeGoods(weighed, 0, { unit: saleUnits.box })).toEqual([]);
  });

  it('rounds the total of an item to the four decimals that a declaration has', () => {
    const body = written(add, (one) =>
      changeGoods(one, 0, { qty: '1250.75', unit: saleUnits.kilogram, price: '2.355' }),
    );
    expect(lineOf(body)?.['DeclTotal']).toBe('2945.5163');
  });

  it('leaves the office of declaration to who has chosen another', () => {
    const body = written(
      () => [{ op: 'set', path: 'DecHead/CustomMaster', value: '6401' }],
      (one) => saleOperations(one, { exitCustoms: '5141' }),
    );
    expect(headOf(body)).toMatchObject({ IEPort: '5141', CustomMaster: '6401' });
  });

  it('knows which question a finding belongs to, and keeps its place', () => {
    expect(stepOfPath('DecHead/GrossWet')).toBe('many');
    expect(stepOfPath('DecList[2]/DeclPrice')).toBe('price');
    expect(stepOfPath('EdocRealation[1]/EdocID')).toBe('who');
    expect(stepOfPath('DecHead/TypistNo')).toBeUndefined();
    expect(stepOfPath('DecList[1]/CodeTS')).toBeUndefined();
    for (const step of [...saleSteps, 'check'] as const)
      expect(saleStepAt(salePlace(step), saleOf(blank), false)).toBe(step);
  });

  it('opens at the first question without an answer after a broker, and where it is sent once it passed', () => {
    const begun = saleOf(written((one) => saleOperations(one, { buyer: 'Rungis Fruits SARL', country: 'FRA' })));
    expect(saleStepAt('DecHead/BillNo', saleOf(blank), false)).toBe('who');
    expect(saleStepAt('DecHead/BillNo', begun, false)).toBe('what');
    expect(saleStepAt(undefined, begun, false)).toBe('what');
    expect(saleStepAt(salePlace('price'), begun, true)).toBe('check');
  });

  it('takes prices as the format can carry them', () => {
    expect(['2.35', '0.0001', '12'].every(isPrice)).toBe(true);
    expect(['', '0', '1.00001', 'a', '-1'].some(isPrice)).toBe(false);
  });
});
