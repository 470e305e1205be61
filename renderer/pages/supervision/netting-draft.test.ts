import { describe, expect, it } from 'vitest';
import { withBlankLast } from '../purchases/entry-rows.ts';
import {
  blankFee,
  draftOf,
  type FeeRow,
  identityOf,
  inputOf,
  type NettingDraft,
  withLastCodes,
} from './netting-draft.ts';

const fee = (type: string, amount: string): FeeRow => ({ ...blankFee, type, amount });
const draft: NettingDraft = {
  date: '2026-11-10',
  counterparty: 'Amazon',
  counterpartyCountry: 'us',
  partyId: undefined,
  store: '',
  currency: 'USD',
  goodsCode: '121010',
  goodsEvidence: 'D1',
  gross: '100.00',
  net: '',
  record: undefined,
  payout: undefined,
  note: '',
  fees: withBlankLast([fee('storage', '12.10'), fee('tax', '0.2')], blankFee),
};

describe('a netting sheet while it is typed', () => {
  it('shows gross less fees, and how far the typed net lies from it', () => {
    expect(identityOf(draft)).toEqual({ gross: '100.00', fees: '12.30', net: '87.70', difference: '', isEven: true });
    expect(identityOf({ ...draft, net: '87.69' })).toMatchObject({ difference: '-0.01', isEven: false });
    expect(identityOf({ ...draft, net: '87.7' })).toMatchObject({ difference: '0.00', isEven: true });
    expect(identityOf({ ...draft, gross: '1.005' })).toBeUndefined();
    expect(identityOf({ ...draft, currency: 'XX' })).toBeUndefined();
    expect(identityOf({ ...draft, currency: 'JPY', gross: '100', fees: [blankFee] })).toMatchObject({ net: '100' });
  });

  it('sends the rows that say something, or nothing while one cannot be read', () => {
    const input = inputOf(draft, 7);
    expect(input).toMatchObject({ id: 7, counterpartyCountry: 'US' });
    expect(input?.net).toBeUndefined();
    expect(input?.fees.map(({ type }) => type)).toEqual(['storage', 'tax']);
    expect(inputOf({ ...draft, fees: [fee('', '1'), blankFee] }, undefined)).toBeUndefined();
    expect(inputOf({ ...draft, fees: [fee('storage', ''), blankFee] }, undefined)).toBeUndefined();
    expect(inputOf({ ...draft, gross: '0' }, undefined)).toBeUndefined();
  });

  it('comes back as it was sent', () => {
    const input = inputOf({ ...draft, counterpartyCountry: 'US' }, undefined);
    if (input === undefined) throw new Error('input');
    expect(draftOf(input, {})).toEqual({
      ...draft,
      counterpartyCountry: 'US',
      fees: withBlankLast([fee('storage', '12.10'), fee('tax', '0.2')], blankFee),
    });
  });

  it('takes the code last used with a type', () => {
    const rows = withLastCodes([fee('storage', '1'), { ...fee('tax', '1'), code: '9' }, blankFee], () => '228010');
    expect(rows.map(({ code }) => code)).toEqual(['228010', '9', '']);
  });
});
