import { describe, expect, it } from 'vitest';
import { blankDocument, documentOf, fieldsOfKind, valuesOfBody } from './document-fields.ts';

const date = '2026-11-20';

describe('source documents', () => {
  it('leave out what is blank', () => {
    const values = { ...blankDocument('receipt', date), amount: '100.00', partyId: '7' };
    expect(documentOf('receipt', values).document).toMatchObject({
      kind: 'receipt',
      date,
      currency: 'USD',
      amount: '100.00',
      partyId: 7,
      bankFee: '0',
      account: '1002',
      advance: false,
    });
  });

  it('name the fields that are wrong', () => {
    expect(documentOf('receipt', blankDocument('receipt', '2026-1-1')).wrong).toEqual(['date', 'amount']);
    expect(documentOf('import-tax', blankDocument('import-tax', date)).wrong).toEqual(['taxes']);
  });

  it('ask for an account only where one is touched', () => {
    const fee = blankDocument('platform-fee', date);
    expect(fieldsOfKind('platform-fee', fee)).not.toContain('account');
    expect(fieldsOfKind('platform-fee', { ...fee, from: 'account' })).toContain('account');
    expect(fieldsOfKind('payment', blankDocument('payment', date))).toContain('account');
  });

  it('come back from what was stored', () => {
    const values = { ...blankDocument('import-tax', date), taxes: [{ tax: 'vat', amount: '13' }], text: '进口' };
    const { document } = documentOf('import-tax', values);
    expect(document).toBeDefined();
    const back = valuesOfBody('import-tax', { ...document }, '');
    expect(documentOf('import-tax', back).document).toEqual(document);
  });
});
