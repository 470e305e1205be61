import { describe, expect, it } from 'vitest';
import type { RuleInput } from '../../../shared/contract/tax.ts';
import { formPath, inputOf, nearestPlace, placesOf, refusalOf, startValues } from './calculator-form.ts';

const label = { zh: '', en: '' };
const field = (name: string, kind: RuleInput['kind'], required = true, fields?: RuleInput[]): RuleInput => ({
  name,
  label,
  kind,
  required,
  ...(fields === undefined ? {} : { fields }),
});
const fields: RuleInput[] = [
  field('year', 'whole'),
  field('grossRevenue', 'figure'),
  field('costs', 'figure', false),
  field('zoneRegistered', 'boolean', false),
  field('exportDate', 'date', false),
  field('rows', 'list', false, [field('declarationNo', 'text'), field('amountCny', 'figure')]),
  field('quarters', 'list', false),
  field('waiver', 'group', false, [field('of', 'choice'), field('from', 'date')]),
];

describe('the form of a calculator', () => {
  it('gives the core decimal text, whole numbers, yes and no; what is empty is left out', () => {
    expect(
      inputOf(fields, {
        year: '２０２６',
        grossRevenue: '1,234,567.80',
        costs: ' ',
        zoneRegistered: 'false',
        exportDate: '2026-03-31',
      }),
    ).toEqual({ year: 2026, grossRevenue: '1234567.80', zoneRegistered: false, exportDate: '2026-03-31' });
  });

  it('gives rows without the blank ones, and pairs of figures typed in one text', () => {
    expect(
      inputOf(fields, {
        rows: [
          { declarationNo: '', amountCny: '' },
          { declarationNo: 'A', amountCny: '5' },
        ],
        quarters: [{ '': '120 130' }, { '': '140，150' }],
        waiver: { of: 'refund', from: '2026-01-01' },
      }),
    ).toEqual({
      rows: [{ declarationNo: 'A', amountCny: '5' }],
      quarters: [
        ['120', '130'],
        ['140', '150'],
      ],
      waiver: { of: 'refund', from: '2026-01-01' },
    });
  });

  it('leaves a figure that is none to the core, which refuses it by name', () => {
    expect(inputOf(fields, { year: 'two', grossRevenue: 'x' })).toEqual({ year: 'two', grossRevenue: 'x' });
  });

  it('finds the place of a refusal although blank rows were left out', () => {
    const values = {
      rows: [{}, { declarationNo: 'A' }],
      quarters: [{ '': '1 2' }],
    };
    expect(formPath('rows.0.amountCny', fields, values)).toBe('rows.1.amountCny');
    const places = new Set(placesOf(fields, values));
    expect(places.has('rows.1.amountCny')).toBe(true);
    expect(nearestPlace('quarters.0.1', places)).toBe('quarters.0');
    expect(nearestPlace('gone', places)).toBeUndefined();
  });

  it('says in words what a refusal means', () => {
    expect(refusalOf('Invalid input: expected string, received undefined')).toBe('required');
    expect(refusalOf('not between 0 and 1')).toBe('ratio');
    expect(refusalOf('Invalid input')).toBe('wrong');
  });

  it('starts a list that is asked for with a row', () => {
    expect(startValues([field('rows', 'list', true, []), field('year', 'whole')])).toEqual({ rows: [{}] });
  });
});
