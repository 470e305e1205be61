import { describe, expect, it } from 'vitest';
import { ceb403, ceb603, decMessage } from '../../../../shared/documents/catalogue.ts';
import { editBody } from '../../../../shared/drafting/edit.ts';
import {
  fillOperation,
  gestureOf,
  gridColumns,
  headSections,
  hiddenRequired,
  isWritable,
  sectionCounts,
  shownValue,
  spotOf,
  takenFrom,
  templateOperations,
  unknownTexts,
} from './entry-model.ts';

const plain = { head: [], lines: [], hidden: [] };
const fieldOf = (name: string) => {
  const field = ceb603.head.fields.find((one) => one.name === name);
  if (field === undefined) throw new Error(name);
  return field;
};

describe('what the editor shows', () => {
  it('is the order of the paper, unless the book has its own', () => {
    expect(headSections(ceb603, plain).main.map(({ name }) => name)).toEqual(ceb603.head.main);
    const own = { head: ['billNo', 'packNo'], lines: ['price'], hidden: ['head/country', 'lines/barCode'] };
    const { main } = headSections(ceb603, own);
    expect(main.slice(0, 2).map(({ name }) => name)).toEqual(['billNo', 'packNo']);
    expect(main.map(({ name }) => name)).not.toContain('country');
    const columns = gridColumns(ceb603, own, [], new Set());
    expect(columns[0]?.name).toBe('price');
    expect(columns.map(({ name }) => name)).not.toContain('barCode');
    expect(hiddenRequired(ceb603, own)).toEqual(['head/country', 'lines/barCode']);
  });

  it('has optional columns only where a line uses them or a jump leads there', () => {
    const names = (lines: Record<string, string>[], forced: string[] = []) =>
      gridColumns(ceb603, plain, lines, new Set(forced)).map(({ name }) => name);
    expect(names([])).not.toContain('qty2');
    expect(names([{ qty2: '1' }])).toContain('qty2');
    expect(names([], ['unit2'])).toContain('unit2');
    expect(names([{ gnum: '1' }])).not.toContain('gnum');
    expect(gridColumns(ceb403, plain, [], new Set())).toEqual([]);
  });

  it('lets numbers be written only where no order stands behind them', () => {
    expect(isWritable(ceb603, fieldOf('billNo'), false)).toBe(true);
    expect(isWritable(ceb603, fieldOf('copNo'), true)).toBe(false);
    const [orderNo] = ceb403.head.fields.filter(({ name }) => name === ceb403.businessKey[0]);
    expect(
      orderNo === undefined ? undefined : [isWritable(ceb403, orderNo, false), isWritable(ceb403, orderNo, true)],
    ).toEqual([false, true]);
  });
});

describe('places and gestures', () => {
  it('are read from paths and from what is typed, full-width signs too', () => {
    expect(spotOf('InventoryList[12]/qty')).toEqual({ line: 12, field: 'qty' });
    expect(spotOf('charge')).toEqual({ line: undefined, field: 'charge' });
    expect(['..', '。。', '//', '、、', '／／', '=', '＝', '...', 'a//', ''].map(gestureOf)).toEqual([
      '..',
      '..',
      '//',
      '//',
      '//',
      '=',
      '=',
      undefined,
      undefined,
      undefined,
    ]);
    expect(shownValue(fieldOf('ieDate'), '20261124')).toBe('2026-11-24');
  });

  it('take the field of another line, or the whole of it into a blank one', () => {
    const body = {
      InventoryHead: {},
      InventoryList: [{ gnum: '1', gname: '烛台', qty: '3' }, { gnum: '2', gname: '贺卡' }, { gnum: '3' }],
    };
    expect(takenFrom(ceb603, body, 1, 2, 'qty')).toEqual({ qty: '3' });
    expect(takenFrom(ceb603, body, 1, 3, 'qty')).toEqual({ gname: '烛台', qty: '3' });
    expect(takenFrom(ceb603, body, 0, 1, 'qty')).toBeUndefined();
    expect(takenFrom(ceb603, body, 1, 1, 'qty')).toBeUndefined();
  });
});

describe('a template', () => {
  it('fills what is blank, brings goods only where there are none, and touches nothing else', () => {
    const template = {
      InventoryHead: { tradeMode: '9610', country: '502', copNo: 'X' },
      InventoryList: [{ gname: '烛台' }],
    };
    const writable = (field: { name: string }) => field.name !== 'copNo';
    const into = (body: Record<string, unknown>) =>
      editBody(ceb603, body, templateOperations(ceb603, body, template, writable));
    expect(into({ InventoryHead: { country: '303' }, InventoryList: [{ gnum: '1' }] })).toEqual({
      InventoryHead: { country: '303', tradeMode: '9610' },
      InventoryList: [{ gnum: '1', gname: '烛台' }],
    });
    expect(into({ InventoryHead: {}, InventoryList: [{ gname: '贺卡' }] })['InventoryList']).toMatchObject([
      { gname: '贺卡' },
    ]);
  });
});

describe('a template with groups', () => {
  const template = {
    DecHead: { TradeMode: '0110' },
    DecList: [{ GNo: '1', GName: '烛台', DecGoodsLimit: [{ GoodsNo: '1', LicTypeCode: '325' }] }],
    Container: [{ ContainerMd: '11', GoodsNo: '1' }],
    LicenseDocu: [{ DocuCode: 'B' }],
    EcoRelation: [{ CertType: 'Y03', DecGNo: '1' }],
  };
  const into = (body: Record<string, unknown>) =>
    editBody(
      decMessage,
      body,
      templateOperations(decMessage, body, template, () => true),
    );

  it('brings them beside and in the lines where the document has none', () => {
    expect(into({ DecHead: {}, DecList: [{ GNo: '1' }] })).toEqual(template);
  });

  it('leaves those that are there, and names no lines that are not its own', () => {
    const body = {
      DecHead: {},
      DecList: [{ GNo: '1', GName: '贺卡' }],
      LicenseDocu: [{ DocuCode: 'Y', CertCode: '9' }],
    };
    expect(into(body)).toEqual({
      ...body,
      DecHead: { TradeMode: '0110' },
      Container: [{ ContainerMd: '11' }],
      EcoRelation: [{ CertType: 'Y03' }],
    });
  });
});

describe('the fill handle', () => {
  const columns = ['gname', 'qty', 'price'].map((name) => {
    const field = ceb603.lines?.fields.find((one) => one.name === name);
    if (field === undefined) throw new Error(name);
    return field;
  });
  const lines = ['a', 'b', 'c', 'd', 'e'].map((gname, at) => ({ gname, qty: `${at}` }));
  const fill = (range: [number, number, number, number], row: number, column: number) => {
    const [top, bottom, left, right] = range;
    const made = fillOperation(lines, columns, { top, bottom, left, right }, { row, column }, 'gnum');
    return made === undefined ? undefined : [made.at, made.fields, made.rows];
  };

  it('repeats the selection downwards, upwards and to the right', () => {
    expect(fill([0, 1, 0, 0], 4, 0)).toEqual([3, ['gname'], [['a'], ['b'], ['a']]]);
    expect(fill([3, 4, 0, 1], 0, 1)).toEqual([
      1,
      ['gname', 'qty'],
      [
        ['e', '4'],
        ['d', '3'],
        ['e', '4'],
      ],
    ]);
    expect(fill([0, 1, 1, 1], 1, 2)).toEqual([1, ['price'], [['0'], ['1']]]);
  });

  it('writes nothing inside the selection, and no lines that are not there', () => {
    expect(fill([0, 2, 0, 1], 1, 0)).toBeUndefined();
    expect(fill([3, 3, 0, 0], 9, 0)).toEqual([5, ['gname'], [['d']]]);
  });
});

describe('findings in the editor', () => {
  const finding = (rule: string, path: string, level: 'reject' | 'doubt' = 'reject') => ({ rule, path, level });

  it('tell which texts name no code', () => {
    const found = unknownTexts(ceb603, [
      finding('DOC-CODE', 'InventoryHead/country'),
      finding('DOC-LENGTH', 'InventoryList[3]/unit'),
      finding('DOC-TOO-LONG', 'InventoryList[3]/gname'),
      finding('DOC-REQUIRED', 'InventoryHead/currency'),
    ]);
    expect([...found]).toEqual(['InventoryHead/country', 'InventoryList[3]/unit']);
  });

  it('are counted by section, the worst first to go to', () => {
    const sections = headSections(ceb603, plain);
    const [main, rest] = [sections.main[0]?.name ?? '', sections.rest[0]?.name ?? ''];
    const counts = sectionCounts(ceb603, sections, [
      finding('A', `InventoryHead/${main}`, 'doubt'),
      finding('B', `InventoryHead/${main}`),
      finding('C', `InventoryHead/${rest}`),
      finding('D', 'InventoryList[2]/qty', 'doubt'),
      { path: 'InventoryList[2]/qty', level: 'note' },
    ]);
    expect(counts).toEqual([
      { name: 'main', reject: 1, doubt: 1, first: `InventoryHead/${main}` },
      { name: 'rest', reject: 1, doubt: 0, first: `InventoryHead/${rest}` },
      { name: 'goods', reject: 0, doubt: 1, first: 'InventoryList[2]/qty' },
    ]);
  });
});
