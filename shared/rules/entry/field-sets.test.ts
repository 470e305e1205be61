import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { specOf } from '../../documents/catalogue.ts';
import { fieldSetPack, hiddenBySets } from './field-sets.ts';

const pack = fieldSetPack.parse(
  JSON.parse(readFileSync(new URL('../../../resources/rules/entry-fields.json', import.meta.url), 'utf8')),
);
const sets = pack.versions.flatMap(({ parameters }) => parameters.sets);

describe('fields that a kind of filing leaves out', () => {
  it.each(sets)('of $message under $id are really optional', ({ message, when, hide }) => {
    const fields = specOf(message)?.head.fields ?? [];
    expect(fields.map(({ name }) => name)).toEqual(expect.arrayContaining([when.field, ...hide]));
    for (const field of fields.filter(({ name }) => hide.includes(name))) {
      expect(field.required, field.name).toBe(false);
      const needed = field.requiredWhen?.field === when.field ? field.requiredWhen.in : [];
      expect(
        when.in.filter((value) => needed.includes(value)),
        field.name,
      ).toEqual([]);
    }
  });

  it('are hidden while they hold nothing and nobody asks for them', () => {
    const hidden = (head: Record<string, string>, asked: string[] = []) =>
      hiddenBySets(sets, head, new Set(asked)).map(({ id, fields }) => `${id}: ${fields.join(' ')}`);
    const retail = { statisticsFlag: 'A', tradeMode: '9610' };
    expect(hidden(retail)).toEqual(['simplified: licenseNo', 'direct: iacCode iacName emsNo']);
    expect(hidden({ ...retail, licenseNo: '1' }, ['emsNo'])).toEqual(['direct: iacCode iacName']);
    expect(hidden({ statisticsFlag: 'B', tradeMode: '1210' })).toEqual([]);
    expect(hidden({})).toEqual([]);
  });
});
