import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { codeChanges } from './changes.ts';
import { likeness, UNLIKE } from './likeness.ts';
import { draftOwnTable, mapOwnHeaders } from './own-table.ts';
import { learnSpelling } from './spelling.ts';
import { buildTable, initialsOf } from './table.ts';

const table = (id: string) =>
  buildTable(JSON.parse(readFileSync(new URL(`../../resources/tables/${id}.json`, import.meta.url), 'utf8')));
const header = { id: 'hs', titleZh: '商品编码', titleEn: 'HS', source: '测试', asOf: '2026', note: '' };
const row = (no: number, code: string, zh: string, elements?: string) => ({
  row: no,
  cells: { code, zh, ...(elements === undefined ? {} : { elements }) },
});

describe('changes of a table', () => {
  it('are codes added, gone and named otherwise', () => {
    const before = new Map([
      ['1', '甲'],
      ['2', '乙'],
      ['3', '丙（一）'],
    ]);
    const after = new Map([
      ['2', '乙二'],
      ['3', '丙(一)'],
      ['4', '丁'],
    ]);
    expect(codeChanges(before, after)).toEqual([
      { code: '1', kind: 'gone', before: '甲', after: '' },
      { code: '2', kind: 'renamed', before: '乙', after: '乙二' },
      { code: '4', kind: 'added', before: '', after: '丁' },
    ]);
  });
});

describe('a table of the user', () => {
  const hs = table('hs');
  const spell = learnSpelling([hs, table('region'), table('customs_district')]);

  it('finds its columns by usual headers', () => {
    expect(mapOwnHeaders('hs', ['序号', 'HS编码', '商品名称', '申报要素'])).toEqual({ code: 1, zh: 2, elements: 3 });
    expect(mapOwnHeaders('country', ['代码', '中文名称', '申报要素'])).toEqual({ code: 0, zh: 1 });
  });

  it('adds, renames and keeps, and spells what is new', () => {
    const draft = draftOwnTable(
      [
        row(2, '6109.1000.10', '棉制针织或钩编的T恤衫、汗衫', '1:品牌类型;2:出口享惠情况;3:新要素'),
        row(3, '9999999901', '重庆产厦门风格银行纪念品'),
        row(4, '61091', '短'),
        row(5, '', '无码'),
        row(6, '9999999901', '又一次'),
      ],
      hs,
      'add',
      header,
      spell,
    );
    expect(draft.failures.map(({ row: no, code }) => [no, code])).toEqual([
      [4, 'CODE_FORM'],
      [5, 'CODE_BLANK'],
      [6, 'CODE_TWICE'],
    ]);
    expect(draft.changes.filter(({ kind }) => kind === 'gone')).toEqual([]);
    expect(draft.changes.map(({ code }) => code)).toContain('9999999901');
    const made = buildTable(draft.file);
    expect(made.entries.length).toBe(hs.entries.length + 1);
    expect(initialsOf(made.lookup('9999999901')?.pinyin ?? '').startsWith('cqcxmfgyh')).toBe(true);
    expect(made.lookup('6109100010')?.more['elements']).toBe('品牌类型;出口享惠情况;新要素');
    expect(made.lookup('0101210010')).toEqual(hs.lookup('0101210010'));
  });

  it('replaces the whole table when asked to, and fills up codes that lost their zeros', () => {
    const units = table('unit');
    const draft = draftOwnTable(
      [row(2, '7', '个'), row(3, '35', '公斤')],
      units,
      'replace',
      { ...header, id: 'unit' },
      spell,
    );
    expect(draft.file.rows.map(([code]) => code)).toEqual(['007', '035']);
    expect(draft.changes.filter(({ kind }) => kind === 'gone').length).toBe(units.entries.length - 2);
  });
});

describe('how alike two descriptions are', () => {
  it('tells goods apart and says by what', () => {
    expect(likeness('陶瓷摆件', '陶瓷花瓶摆件').score).toBeGreaterThan(UNLIKE);
    const unlike = likeness('陶瓷摆件 CERAMIC ORNAMENT', '棉制T恤衫 COTTON T-SHIRT');
    expect(unlike.score).toBeLessThan(UNLIKE);
    expect(unlike.onlyFirst[0]).toBe('ornament');
    expect(unlike.onlySecond).toContain('棉制');
    expect(likeness('WHITE LANTERNS 12 PCS', 'white lantern').score).toBe(1);
    expect(likeness('', '').score).toBe(1);
  });
});
