import { describe, expect, it } from 'vitest';
import { blankRecord, fieldOfPath, groupsOfKind, type RecordValues, recordOf } from './record-fields.ts';

const context = { isPersonal: false };
const values = (more: Partial<RecordValues>): RecordValues => ({ ...blankRecord('receipt', '2026-11-05'), ...more });
const fieldsOf = (...args: Parameters<typeof groupsOfKind>) => groupsOfKind(...args).flatMap(({ fields }) => fields);

describe('the form of a record', () => {
  it('leaves out what is blank and gives one code the whole amount', () => {
    const { record } = recordOf('receipt', values({ accountId: '3', amount: '100', code1: '121010' }), context);
    expect(record).toMatchObject({
      kind: 'receipt',
      accountId: 3,
      amount: '100',
      fee: '0',
      detail: { crossBorder: true, codes: [{ code: '121010', amount: '100', remark: '' }] },
    });
    expect(record).not.toHaveProperty('partyId');
  });

  it('names the fields that are wrong, the second code too', () => {
    const { wrong } = recordOf('receipt', values({ accountId: '', amount: 'x', code2: '12' }), context);
    expect(wrong).toEqual(['accountId', 'amount', 'code2', 'amount2']);
    expect(fieldOfPath('detail.codes.1.amount', values({ code1: '121010', code2: '122030' }))).toBe('amount2');
    expect(fieldOfPath('detail.orderNo', values({}))).toBe('orderNo');
    expect(fieldOfPath('toAccountId', values({}))).toBe('toAccountId');
  });

  it('asks only for what the kind has', () => {
    expect(fieldsOf('settlement', values({}), context)).toEqual([
      'date',
      'accountId',
      'amount',
      'fee',
      'toAccountId',
      'toAmount',
      'toFee',
      'reference',
      'text',
    ]);
    expect(fieldsOf('transfer', values({}), context)).not.toContain('toAmount');
    expect(fieldsOf('receipt', values({ crossBorder: false }), context)).not.toContain('code1');
    expect(fieldsOf('receipt', values({ channel: 'payment-institution' }), context)).toContain('licenceNo');
    expect(fieldsOf('receipt', values({}), { isPersonal: true })).toContain('personProof');
    expect(fieldsOf('refund-out', values({}), context)).toContain('refundBasis');
    expect(fieldsOf('fee', values({}), context)).not.toContain('fee');
  });
});
