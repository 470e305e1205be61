import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { RequestName } from '../../documents/catalogue.ts';
import { shippedSources } from '../tax/import/sources.testing.ts';
import { credit, creditCases, FIRM, type Fields, head, headCases, lineCases, lines } from './cases.testing.ts';
import { checkForexForm, type ForexFormSet, forexFormRules } from './rules.ts';

const sources = shippedSources((path): unknown =>
  JSON.parse(readFileSync(new URL(`../../../resources/${path}`, import.meta.url), 'utf8')),
);
const check = (kind: RequestName, body: ForexFormSet['body']): string[] =>
  checkForexForm({ kind, body, uscc: FIRM, classOn: () => 'A', sources }).map(({ rule, path }) => `${rule} ${path}`);
const income = (change: Fields = {}, list = lines()): string[] =>
  check('FX101Message', { DeclarationHead: { ...head(), ...change }, DeclarationList: list });
const report = (change: Fields = {}): string[] => check('FX201Message', { ...credit(), ...change });

describe('the declaration of income', () => {
  it('passes when sound, whatever form its decimals have', () => {
    expect(income()).toEqual([]);
    expect(income({ settledAmount: '6000.00', amount1: '10000.000' })).toEqual([]);
    expect(income({ refund: 'Y', remark1: '退货款' }, [])).toEqual([]);
    expect(income({ code2: '222011', amount2: '100', amount1: '9900' })).toEqual([]);
    expect(income({ code1: '121030', bonded: 'Y' })).toEqual([]);
    // What banks kept counts as paid for the goods.
    expect(income({ foreignFee: '20', foreignFeeCurrency: 'USD' }, [{ ...lines()[0], amount: '10020' }])).toEqual([]);
    expect(income({ nature: 'A' }, [])).toEqual([]);
  });

  const head101 = (field: string): string => `DeclarationHead/${field}`;
  it.each(headCases)('finds %s at %s', (rule, field, change) => {
    expect(income(change)).toContain(`${rule} ${head101(field)}`);
  });

  it.each(lineCases)('finds %s in its lines', (finding, list) => {
    expect(income({}, list)).toContain(finding);
  });

  it('is silent where a figure cannot be read, and about tax refunds', () => {
    expect(income({ spotAmount: '4,000' })).not.toContain('FX-PARTS DeclarationHead/amount');
    expect(income({ remark1: '出口退税' })).toEqual([]);
    expect(income({ creditedOn: '20261340' })).toEqual([]);
    expect(income({}, [{ ...lines()[0], currency: 'EUR', amount: '99999' }])).toEqual([]);
  });
});

describe('the trade-credit report', () => {
  it('passes when sound', () => {
    expect(report()).toEqual([]);
    expect(report({ appType: '3', amount: '0' })).toEqual([]);
  });
  it.each(creditCases)('finds %s', (finding, change) => {
    expect(report(change)).toContain(finding);
  });
  it('goes by the class of the day and leaves figures the rule cannot use alone', () => {
    const body = { ...credit(), creditKind: 'deferIn', expectedDate: '20260410' };
    const found = (firmClass: 'A' | 'B') =>
      checkForexForm({ kind: 'FX201Message', body, uscc: FIRM, classOn: () => firmClass, sources });
    expect(found('B')).toEqual([]);
    expect(found('A').map(({ rule }) => rule)).toEqual(['FX-CREDIT-NEEDLESS']);
    expect(report({ creditKind: 'offshore', amountUsd: '' })).toEqual([]);
  });
});

it('has a case above for each rule, and no rule for other kinds', () => {
  const tripped = [...headCases, ...lineCases, ...creditCases].map(([finding]) => finding.split(' ')[0]);
  expect(new Set(tripped)).toEqual(new Set(forexFormRules.map(({ id }) => id)));
  expect(check('CEB303Message', {})).toEqual([]);
});
