import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { catalogue, ceb303, ceb603, ceb621, decMessage, requestNames } from '../documents/catalogue.ts';
import { type FieldSpec, headOf, type MessageSpec, pathOf } from '../documents/spec.ts';
import { enteredValue, parseBlock, writeBlock } from './cells.ts';
import { copiedBody, factsToConfirm, leftByCopy, leftByTemplate, templateBody } from './copy.ts';
import { remainderFor } from './remainder.ts';

const fieldOf = (name: string): FieldSpec => {
  const field = [...ceb603.head.fields, ...ceb603.lines.fields].find((one) => one.name === name);
  if (field === undefined) throw new Error(name);
  return field;
};

describe('a block from the clipboard', () => {
  it('is read as Excel writes it', () => {
    expect(parseBlock('a\tb\r\nc\td\r\n')).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ]);
    expect(parseBlock('"two\nlines"\t"say ""so"""\nx\t')).toEqual([
      ['two\nlines', 'say "so"'],
      ['x', ''],
    ]);
    expect(parseBlock('12"\t5')).toEqual([['12"', '5']]);
    expect(parseBlock('"12\t5')).toEqual([['"12', '5']]);
    expect(parseBlock('')).toEqual([]);
    expect(parseBlock('a\n\nb')).toEqual([['a'], [''], ['b']]);
  });

  it('comes back as it was written', () => {
    const text = fc.string({ unit: fc.constantFrom('a', '"', '\t', '\n', ',', '中') });
    fc.assert(
      fc.property(fc.array(fc.tuple(text, text), { minLength: 1 }), (rows) => {
        expect(parseBlock(writeBlock(rows))).toEqual(rows);
      }),
    );
  });
});

describe('what is typed or pasted', () => {
  it('becomes what the document holds', () => {
    expect(enteredValue(fieldOf('qty'), ' １,２３４.50 ')).toBe('1234.50');
    expect(enteredValue(fieldOf('ieDate'), '2026-1-5')).toBe('20260105');
    expect(enteredValue(fieldOf('ieDate'), '2026年11月24日')).toBe('20261124');
    expect(enteredValue(fieldOf('statisticsFlag'), '汇总申报')).toBe('B');
    expect(enteredValue(fieldOf('gname'), '心形\n烛台')).toBe('心形 烛台');
    expect(enteredValue(fieldOf('unit'), '００７')).toBe('007');
    expect(enteredValue(fieldOf('ieDate'), '明天')).toBe('明天');
  });
});

describe('what is still missing to the total of the head', () => {
  const body = {
    InventoryHead: { netWeight: '10' },
    InventoryList: [
      { qty: '1', totalPrice: '4', qty1: '2.5', unit1: '035' },
      { qty: '1', totalPrice: '', qty1: '3', unit1: '007' },
      { qty: '1', qty1: '', unit1: '035' },
    ],
  };
  it('fills kilograms up to the net weight, and totals up to the goods value', () => {
    expect(remainderFor(ceb603, body, 3, 'qty1')).toBe('7.5');
    expect(remainderFor(ceb603, body, 2, 'qty1')).toBeUndefined();
    expect(remainderFor(ceb603, body, 3, 'totalPrice', { amount: '10.01' })).toBe('6.01');
    const order = { OrderHead: { goodsValue: '9' }, OrderList: [{ totalPrice: '4' }, {}] };
    expect(remainderFor(ceb303, order, 2, 'totalPrice')).toBe('5');
  });
  it('says nothing where there is no total or the lines exceed it', () => {
    expect(remainderFor(ceb603, body, 3, 'totalPrice')).toBeUndefined();
    expect(remainderFor(ceb603, body, 3, 'totalPrice', { amount: '3' })).toBeUndefined();
    expect(remainderFor(ceb603, body, 9, 'qty1')).toBeUndefined();
  });
});

describe('a copy', () => {
  const body = {
    InventoryHead: {
      guid: 'G',
      copNo: 'C',
      preNo: 'P',
      billNo: 'B',
      ieDate: '20261124',
      tradeMode: '9610',
      appType: '2',
    },
    InventoryList: [{ gnum: '1', gname: '烛台', price: '1.5' }],
  };
  it('leaves out what authorities gave and names the facts to confirm', () => {
    const copied = copiedBody(ceb603, body);
    expect(copied['InventoryHead']).toEqual({ billNo: 'B', ieDate: '20261124', tradeMode: '9610', appType: '1' });
    expect(factsToConfirm(ceb603, copied)).toEqual([
      'InventoryHead/ieDate',
      'InventoryHead/billNo',
      'InventoryList[1]/price',
    ]);
  });
  const copyable = requestNames.filter((name) => !['fx', 'plat'].includes(catalogue[name].family));
  it.each(copyable.map((name) => [name] as const))('of %s carries no day or time over as if it were known', (name) => {
    const spec: MessageSpec = catalogue[name];
    const filled = (fields: readonly FieldSpec[]) => Object.fromEntries(fields.map((field) => [field.name, '1']));
    const once = (spec.parts ?? []).filter(({ max, parts }) => max === 1 && parts === undefined);
    const lists = (spec.parts ?? []).filter(({ max }) => max > 1);
    const head = filled(spec.head.fields);
    const whole = {
      ...(spec.head.name === '' ? head : { [spec.head.name]: head }),
      ...(spec.lines === undefined ? {} : { [spec.lines.name]: [filled(spec.lines.fields)] }),
      ...Object.fromEntries(once.map((part) => [part.name, filled(part.fields)])),
      ...Object.fromEntries(lists.map((part) => [part.name, [filled(part.fields)]])),
    };
    const copied = copiedBody(spec, whole);
    const asked = new Set(factsToConfirm(spec, copied));
    const dated = ({ kind, ...field }: FieldSpec): boolean =>
      kind === 'text' && 'format' in field && (field.format === 'date8' || field.format === 'time14');
    const kept = [
      ...spec.head.fields
        .filter((field) => dated(field) && headOf(spec, copied)[field.name] !== undefined)
        .map(({ name: one }) => pathOf(spec, one)),
      ...once.flatMap((part) =>
        part.fields
          .filter(
            (field) =>
              dated(field) && (copied[part.name] as Record<string, string> | undefined)?.[field.name] !== undefined,
          )
          .map(({ name: one }) => `${part.name}/${one}`),
      ),
      ...lists.flatMap((part) =>
        part.fields.filter((field) => dated(field)).map(({ name: one }) => `${part.name}[1]/${one}`),
      ),
    ];
    expect(kept.filter((at) => !asked.has(at))).toEqual([]);
  });
  it.each([
    ['CEB507Message', ['ArrivalList[1]/logisticsNo']],
    ['CEB509Message', ['DepartureList[1]/logisticsNo']],
    ['CEB607Message', ['WayBillList[1]/logisticsNo', 'WayBillList[1]/invtNo']],
    ['CEB711Message', ['DeliveryList[1]/logisticsNo']],
    ['CEB701Message', ['SummaryApplyList[1]/invtNo']],
    ['DecMessage', ['DecHead/BLNo', 'DecHead/DespDate', 'DecHead/LicenseNo', 'DecHead/FeeRate', 'DecFreeTxt/VoyNo']],
  ] as const)('of %s names the parcels, papers and voyage of the earlier one to confirm', (name, paths) => {
    const spec: MessageSpec = catalogue[name];
    const filled = (fields: readonly FieldSpec[]) => Object.fromEntries(fields.map((field) => [field.name, '1']));
    const body = {
      [spec.head.name]: filled(spec.head.fields),
      ...(spec.lines === undefined ? {} : { [spec.lines.name]: [filled(spec.lines.fields)] }),
      ...(name === 'DecMessage' ? { DecFreeTxt: { VoyNo: '1' } } : {}),
    };
    expect(factsToConfirm(spec, copiedBody(spec, body))).toEqual(expect.arrayContaining([...paths]));
  });
  const declaration = {
    DecHead: { BillNo: 'B' },
    DecList: [{ GNo: '1', GName: '烛台', DecGoodsLimit: [{ GoodsNo: '1', LicTypeCode: '325', LicenceNo: 'X1' }] }],
    Container: [{ ContainerId: 'CONU1234567', ContainerMd: '11', GoodsNo: '1', LclFlag: '0', GoodsContaWt: '10' }],
    LicenseDocu: [{ DocuCode: 'B', CertCode: '123' }],
    DecOtherPack: [{ PackQty: '3', PackType: '92' }],
    EdocRealation: [{ EdocID: 'O1', EdocCode: '10000004', EdocFomatType: 'S', SignTime: '20261120' }],
    EcoRelation: [{ CertType: 'Y03', EcoCertNo: 'C9', DecGNo: '1', EcoGNo: '2' }],
    TrnContainer: [{ ContaNo: 'CONU1234567' }],
    SddTax: { SddTaxHead: { SddNo: 'S1' } },
  };
  it('carries the lists beside the lines, their numbers and figures to be confirmed, and says what it does without', () => {
    const copied = copiedBody(decMessage, declaration);
    const { SddTax: _, ...carried } = declaration;
    expect(copied).toEqual(carried);
    expect(leftByCopy(decMessage, declaration)).toEqual([{ group: 'SddTax', rows: 1 }]);
    expect(leftByCopy(decMessage, copied)).toEqual([]);
    expect(factsToConfirm(decMessage, copied)).toEqual([
      'DecHead/BillNo',
      'DecList[1]/DecGoodsLimit[1]/LicenceNo',
      'Container[1]/ContainerId',
      'Container[1]/GoodsContaWt',
      'LicenseDocu[1]/CertCode',
      'DecOtherPack[1]/PackQty',
      'TrnContainer[1]/ContaNo',
      'EdocRealation[1]/EdocID',
      'EdocRealation[1]/SignTime',
      'EcoRelation[1]/EcoCertNo',
      'EcoRelation[1]/EcoGNo',
    ]);
  });
  it('and a template keeps what is no fact of the one trade, and says which groups it does without', () => {
    expect(templateBody(decMessage, declaration)).toEqual({
      DecHead: {},
      DecList: [{ GNo: '1', GName: '烛台', DecGoodsLimit: [{ GoodsNo: '1', LicTypeCode: '325' }] }],
      Container: [{ ContainerMd: '11', GoodsNo: '1', LclFlag: '0' }],
      LicenseDocu: [{ DocuCode: 'B' }],
      DecOtherPack: [{ PackType: '92' }],
      EdocRealation: [{ EdocCode: '10000004', EdocFomatType: 'S' }],
      EcoRelation: [{ CertType: 'Y03', DecGNo: '1' }],
    });
    expect(leftByTemplate(decMessage, declaration).map(({ group, rows }) => [group, rows])).toEqual([
      ['TrnContainer', 1],
      ['SddTax', 1],
    ]);
  });
  it('and a template keeps no number of a person or an account', () => {
    const list = { InventoryHead: { buyerIdType: '1', buyerIdNumber: '110101199003070011', tradeMode: '1210' } };
    expect(templateBody(ceb621, list)['InventoryHead']).toEqual({ buyerIdType: '1', tradeMode: '1210', appType: '1' });
  });
  it('and a template keeps none of those facts', () => {
    expect(templateBody(ceb603, body)).toEqual({
      InventoryHead: { tradeMode: '9610', appType: '1' },
      InventoryList: [{ gnum: '1', gname: '烛台' }],
    });
  });
});
