import { describe, expect, it } from 'vitest';
import type { ShipmentBody } from '../contract/trade.ts';
import { decMessage } from '../documents/catalogue.ts';
import { linesOf, type Values } from '../documents/spec.ts';
import { format5, parse5, sum5 } from '../money/decimal.ts';
import { paperDetails } from '../papers/details.ts';
import type { SourceDocument, SourceGoods } from '../papers/paper-set.ts';
import { editBody } from './edit.ts';
import { blankDeclaration, type DeclarationSource, draftDeclarations as drafted } from './goods-declaration.ts';
import { restoreBetween } from './undo.ts';

const FIRM = '91460000MA5DEMQ01X';
const goods = (no: number, more: Partial<SourceGoods> = {}): SourceGoods => ({
  ...{ key: `L${no}/1`, sku: `SKU-${no}`, nameEn: 'Cup', levyMode: '', sourcePlace: '', gcode: '6912001000' },
  ...{
    gname: `杯${no}`,
    gmodel: '1|0|瓷',
    unit: '007',
    unit1: '035',
    currency: 'USD',
    origin: '142',
    destination: '502',
  },
  ...{ qty_e5: parse5('2'), qty1_e5: parse5('1.5'), price_e5: parse5('12.5'), total_e5: parse5('25') },
  ...{ net_e5: parse5('1.5'), gross_e5: parse5('1.8') },
  ...more,
});
const party = { code: FIRM, name: '演示商贸' };
const noFee = { mark: '', amount_e5: 0n, currency: '' };
const document = (no: number, lines: readonly SourceGoods[], more: Partial<SourceDocument> = {}): SourceDocument => ({
  ...{ id: no, copNo: `C${no}`, platformNo: '', orderNo: `O${no}`, waybillNo: '', isAccepted: false, mode: '9610' },
  ...{
    declareAt: '6407',
    exitAt: '6407',
    exitPort: '',
    exportDate: '2026-11-21',
    traffic: '5',
    vehicle: 'CA1',
    billNo: 'B1',
  },
  ...{
    recordNo: '',
    licenceNo: '',
    contractNo: '',
    tradeCountry: '502',
    arrival: '502',
    pod: '502',
    wrap: '2',
    packages: 3,
  },
  ...{
    terms: '3',
    freight: noFee,
    insurance: noFee,
    other: noFee,
    levyNature: '',
    marks: '',
    note: '',
    keepsItems: false,
  },
  ...{ consignor: party, producer: { code: 'NO', name: 'NO' }, declarant: party, platform: party, carrier: party },
  consignee: { code: '', name: '', address: '' },
  ...{ gross_e5: 0n, net_e5: 0n, goods: lines },
  ...more,
});
let number = 0;
const source = (documents: readonly SourceDocument[], more: Partial<DeclarationSource> = {}): DeclarationSource => ({
  mode: '0110',
  documents,
  firm: { name: '演示商贸', uscc: FIRM, customsCode: '4601960123', agentCode: '', agentName: '' },
  habits: { head: {}, sign: {}, freeText: {} },
  shipment: { trafName: 'CA1', voyageNo: '', note: '', portCode: '6407', customsCode: '6407' } as ShipmentBody,
  shipmentNo: 'S1',
  details: paperDetails.parse({ sourcePlace: '46011 海口', levyNature: '101 一般征税' }),
  person: { name: '王五', number: '' },
  codes: {
    country: (code) => ({ '142': 'CHN', '502': 'USA', '304': 'DEU' })[code] ?? '',
    wrap: () => '22',
    port: () => 'USA000',
    hasDistrict: () => true,
  },
  time: '20261121093000',
  newNumber: () => {
    number += 1;
    return `P${String(number).padStart(17, '0')}`;
  },
  ...more,
});
const items = (body: object): readonly Values[] => linesOf(decMessage, body as Record<string, unknown>);

const draftDeclarations = (of: DeclarationSource) => drafted(of).map(({ body }) => body);

describe('the declarations of goods', () => {
  it('merge lines of a nature, exchange origin and destination, and add up', () => {
    const [one, ...others] = draftDeclarations(
      source([
        document(1, [goods(1), goods(2)]),
        document(2, [goods(1, { key: 'L9/1', price_e5: parse5('11'), total_e5: parse5('22') })]),
      ]),
    );
    expect(others).toEqual([]);
    expect(one?.DecHead).toMatchObject({
      ...{ TradeMode: '0110', TradeCountry: 'USA', TradeAreaCode: 'USA', GrossWet: '5.4', NetWt: '4.5', PackNo: '6' },
      ...{
        OwnerCode: 'NO',
        OwnerCodeScc: 'NO',
        IEDate: '20261121',
        AgentCodeScc: FIRM,
        DeclareName: '王五',
        CutMode: '101',
      },
    });
    expect(items(one ?? {})).toMatchObject([
      { GNo: '1', GQty: '4', DeclTotal: '47', DeclPrice: '11.75', OriginCountry: 'USA', DestinationCountry: 'CHN' },
      { GNo: '2', GQty: '2', DeclTotal: '25', DeclPrice: '12.5', DistrictCode: '46011', DutyMode: '1', ExgNo: 'SKU-2' },
    ]);
    expect(one?.DecSign).toMatchObject({ OperType: 'G', SignDate: '2026112109300000' });
    expect(one?.EdocRealation).toBeUndefined();
  });

  it('keep what is longer than its field, for the check to name', () => {
    const long = goods(1, { sku: 'S'.repeat(31), nameEn: 'E'.repeat(101) });
    expect(items(draftDeclarations(source([document(1, [long])]))[0] ?? {})).toMatchObject([
      { ExgNo: 'S'.repeat(31), DeclGoodsEname: 'E'.repeat(101) },
    ]);
  });

  it('are split at fifty items with nothing lost, packages shared, totals to the fourth decimal', () => {
    const lines = Array.from({ length: 120 }, (_, at) => goods(at, { total_e5: parse5('24.99995') + BigInt(at) }));
    const made = draftDeclarations(source([document(1, lines, { packages: 7 })]));
    expect(made.map((body) => items(body).length)).toEqual([50, 50, 20]);
    const all = made.flatMap(items);
    expect(made.map((body) => items(body)[0]?.['GNo'])).toEqual(['1', '1', '1']);
    expect(sum5(made.map(({ DecHead }) => parse5(DecHead.NetWt)))).toBe(parse5('180'));
    expect(made.reduce((sum, { DecHead }) => sum + Number(DecHead.PackNo), 0)).toBe(7);
    const sold = sum5(lines.map(({ total_e5 }) => total_e5));
    const stated = sum5(all.map(({ DeclTotal = '' }) => parse5(DeclTotal)));
    expect(format5(stated)).toBe(format5(((sold + 5n) / 10n) * 10n));
    for (const { DeclTotal = '', DeclPrice = '' } of all) expect(`${DeclTotal} ${DeclPrice}`).not.toMatch(/\.\d{5}/);
  });

  it('part what cannot share a head, and name the orders of 9710 ten to a declaration', () => {
    const many = Array.from({ length: 12 }, (_, at) => document(at, [goods(1, { key: `K${at}` })]));
    const other = document(99, [goods(1, { key: 'D', destination: '304' })], { arrival: '304' });
    expect(draftDeclarations(source([...many, other]))).toHaveLength(2);
    const b2b = draftDeclarations(source([...many, other], { mode: '9710' }));
    expect(b2b.map(({ EdocRealation }) => EdocRealation?.length)).toEqual([10, 2, 1]);
    expect(b2b[0]?.EdocRealation?.[0]).toEqual({ EdocID: 'O0', EdocCode: '10000004', EdocFomatType: 'S' });
    const [overseas] = draftDeclarations(source(many, { mode: '9810' }));
    expect(overseas?.EdocRealation).toEqual([{ EdocCode: '10000004', EdocFomatType: 'S' }]);
    expect(draftDeclarations(source([]))).toEqual([]);
  });

  it('say whose goods each item is, and part articles for a warehouse abroad', () => {
    const same = { gname: '同名', gmodel: '同规格' };
    const lines = [goods(1, same), goods(2, same)];
    const [merged] = drafted(source([document(1, lines)]));
    expect(merged?.body.DecList).toHaveLength(1);
    expect(merged?.goods.map(({ itemNo, sku }) => [itemNo, sku])).toEqual([
      [1, 'SKU-1'],
      [1, 'SKU-2'],
    ]);
    expect(sum5((merged?.goods ?? []).map(({ qty_e5 }) => qty_e5))).toBe(
      parse5(items(merged?.body ?? {})[0]?.['GQty'] ?? ''),
    );
    const [overseas] = drafted(source([document(1, lines)], { mode: '9810' }));
    expect(overseas?.goods.map(({ itemNo, sku }) => [itemNo, sku])).toEqual([
      [1, 'SKU-1'],
      [2, 'SKU-2'],
    ]);
  });

  it('begin with what the last one said of its operator and port', () => {
    const habits = {
      head: { TypistNo: '8930', InputerName: '李四', IEPort: '6407', EntyPortCode: '460001', CopCode: 'C9' },
      sign: { ICCode: '8930' },
      freeText: { DecBpNo: '0898' },
    };
    const [one] = draftDeclarations(source([document(1, [goods(1)])], { habits }));
    expect(one).toMatchObject({
      DecHead: { TypistNo: '8930', InputerName: '李四', EntyPortCode: '460001', CopCode: 'C9' },
      DecFreeTxt: { DecBpNo: '0898' },
      DecSign: { ICCode: '8930' },
    });
    expect(blankDeclaration(source([], { habits }))).toMatchObject({
      DecHead: { TypistNo: '8930', TradeMode: '0110' },
      DecList: [{ GNo: '1' }],
    });
  });
});

describe('groups beside head and lines', () => {
  const body = { ...blankDeclaration(source([])) } as Record<string, unknown>;
  const set = (of: Record<string, unknown>, path: string, value: string) =>
    editBody(decMessage, of, [{ op: 'set', path, value }]);

  it('are edited by path and put back by undo', () => {
    const first = set(body, 'Container[1]/ContainerId', 'A');
    const second = set(first, 'Container[2]/ContainerId', 'B');
    const inLine = set(second, 'DecList[1]/DecGoodsLimit[1]/LicenceNo', 'L');
    const deep = set(inLine, 'DecList[1]/DecGoodsLimit[1]/DecGoodsLimitVin[1]/VinNo', '1');
    expect(deep).toMatchObject({
      Container: [{ ContainerId: 'A' }, { ContainerId: 'B' }],
      DecList: [{ GNo: '1', DecGoodsLimit: [{ LicenceNo: 'L', DecGoodsLimitVin: [{ VinNo: '1' }] }] }],
    });
    expect(set(second, 'Container[1]/ContainerId', '')['Container']).toEqual([{ ContainerId: 'B' }]);
    expect(() => set(second, 'Container[4]/ContainerId', 'C')).toThrow('Container[4]/ContainerId');
    expect(() => set(second, 'Odd[1]/ContainerId', 'C')).toThrow('Odd');
    expect(() => set(second, 'DecSign/Odd', 'C')).toThrow('Odd');
    for (const [from, to] of [
      [deep, body],
      [body, deep],
      [deep, inLine],
      [inLine, first],
    ] as const) {
      const operation = restoreBetween(decMessage, from, to);
      expect(operation === undefined ? from : editBody(decMessage, from, [operation])).toEqual(to);
    }
    expect(restoreBetween(decMessage, deep, deep)).toBeUndefined();
  });

  it('go with their lines', () => {
    const licensed = set(body, 'DecList[1]/DecGoodsLimit[1]/LicenceNo', 'L');
    const moved = editBody(decMessage, licensed, [{ op: 'insert', at: 1, lines: [{ GName: '新' }] }]);
    expect(items(moved)).toMatchObject([
      { GNo: '1', GName: '新' },
      { GNo: '2', DecGoodsLimit: [{ LicenceNo: 'L' }] },
    ]);
  });
});
