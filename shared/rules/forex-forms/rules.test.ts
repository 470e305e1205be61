import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { RequestName } from '../../documents/catalogue.ts';
import { shippedSources } from '../tax/import/sources.testing.ts';
import { checkForexForm, type ForexFormSet, forexFormRules } from './rules.ts';

const sources = shippedSources((path): unknown =>
  JSON.parse(readFileSync(new URL(`../../../resources/${path}`, import.meta.url), 'utf8')),
);
const FIRM = '91469002MA5T0TE5TR';
type Fields = Record<string, string>;

/** A receipt of USD 10,000, 6,000 settled and 4,000 kept, for two lists: sound by every rule. */
const head = (): Fields => ({
  appType: '1',
  payeeCode: FIRM,
  currency: 'USD',
  amount: '10000',
  settledAmount: '6000',
  settledAccount: '6200000000001234',
  settledRate: '7.1',
  spotAmount: '4000',
  spotAccount: '6200000000005678',
  payerName: 'Marketplace',
  payerCountry: 'USA',
  nature: 'O',
  refund: 'N',
  code1: '122030',
  amount1: '10000',
  remark1: '跨境电商货款',
  bonded: 'N',
  creditedOn: '20260302',
  declaredOn: '20260309',
  amountUsd: '10000',
});
const lines = (): Fields[] => [
  { gnum: '1', docType: 'L', docNo: '640720260000000001', currency: 'USD', amount: '6000' },
  { gnum: '2', docType: 'L', docNo: '640720260000000002', currency: 'USD', amount: '4000' },
];
const credit = (): Fields => ({
  appType: '1',
  reporterCode: FIRM,
  creditKind: 'prepay',
  baseDate: '20260301',
  expectedDate: '20260415',
  currency: 'USD',
  amount: '10000',
  amountUsd: '10000',
  reportedOn: '20260331',
});

const check = (kind: RequestName, body: ForexFormSet['body']): string[] =>
  checkForexForm({ kind, body, uscc: FIRM, classOn: () => 'A', sources }).map(({ rule, path }) => `${rule} ${path}`);
const income = (change: Fields = {}, list = lines()): string[] =>
  check('FX101Message', { DeclarationHead: { ...head(), ...change }, DeclarationList: list });
const report = (change: Fields = {}): string[] => check('FX201Message', { ...credit(), ...change });

const headCases: [string, string, Fields][] = [
  ['FX-AMOUNT', 'amount', { amount: '0', settledAmount: '0', spotAmount: '0', amount1: '0' }],
  ['FX-PARTS', 'amount', { spotAmount: '3999.99' }],
  ['FX-CODE-SUM', 'amount1', { amount1: '9999' }],
  ['FX-CODE-PAIR', 'code2', { amount1: '9900', amount2: '100' }],
  ['FX-CODE-PAIR', 'amount2', { code2: '222011' }],
  ['FX-CODE-TWICE', 'code2', { code2: '122030', amount1: '9900', amount2: '100' }],
  ['FX-CODE', 'code1', { code1: '123456' }],
  ['FX-REFUND', 'remark1', { refund: 'Y' }],
  ['FX-REFUND-FLAG', 'refund', { remark1: '退货款' }],
  ['FX-BONDED', 'bonded', { code1: '121030' }],
  ['FX-SETTLED', 'settledRate', { settledRate: '' }],
  ['FX-KEPT', 'spotAccount', { spotAccount: '' }],
  ['FX-FEE-CURRENCY', 'foreignFeeCurrency', { foreignFee: '15' }],
  ['FX-CREDITED', 'declaredOn', { declaredOn: '20260301' }],
  ['FX-LATE', 'declaredOn', { declaredOn: '20260310' }],
  ['FX-LARGE', 'amount', { amountUsd: '30000000.01' }],
  ['FX-DECLARATION-NO', 'declarationNo', { declarationNo: '44080000010126030200-1' }],
  ['FX-PAYEE', 'payeeCode', { payeeCode: '91460000MA5DEMQ01X' }],
  ['FX-PAYER-HOME', 'payerCountry', { payerCountry: 'CHN' }],
  ['FX-ADVANCE', 'nature', { nature: 'A' }],
];
const lineCases: [string, Fields[]][] = [
  ['FX-GOODS-PAPERS DeclarationHead/code1', []],
  ['FX-LINE-TWICE DeclarationList[2]/docNo', lines().map((line) => ({ ...line, docNo: '1' }))],
  ['FX-LINE-SUM DeclarationHead/amount', lines().map((line) => ({ ...line, amount: '6000' }))],
];
const creditCases: [string, Fields][] = [
  ['FX-CREDIT-AMOUNT amount', { amount: '0' }],
  ['FX-CREDIT-ORDER expectedDate', { expectedDate: '20260201' }],
  ['FX-CREDIT-REPORTER reporterCode', { reporterCode: '91460000MA5DEMQ01X' }],
  ['FX-CREDIT-NEEDLESS expectedDate', { expectedDate: '20260331' }],
  ['FX-CREDIT-LATE reportedOn', { reportedOn: '20260401' }],
];

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
