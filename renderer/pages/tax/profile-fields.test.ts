import { describe, expect, it } from 'vitest';
import { checkedProfile, fieldOf, formOf, profileOf, typedRate } from './profile-fields.ts';

describe('the tax profile as a form', () => {
  it('keeps what was chosen, and leaves open what was not', () => {
    const profile = {
      taxpayer: 'general' as const,
      zoneRegistered: false,
      deemedApproval: { number: '核2026-1', from: '2026-01-01' },
      waiver: { of: 'refund' as const, from: '2026-02-01' },
      domesticVatRate: '0.13',
    };
    expect(profileOf(formOf(profile))).toEqual(profile);
    expect(profileOf(formOf({}))).toEqual({});
  });

  it('names the fields that are wrong', () => {
    const form = formOf({});
    expect(checkedProfile({ ...form, deemedFrom: '2026-01-01' })).toEqual({ wrong: ['deemedNumber'] });
    expect(checkedProfile({ ...form, waiverOf: 'refund' })).toEqual({ wrong: ['waiverFrom'] });
    expect(checkedProfile({ ...form, domesticVatRate: '13x' })).toEqual({ wrong: ['domesticVatRate'] });
    expect(checkedProfile(form)).toEqual({ profile: {}, wrong: [] });
  });

  it('takes a rate in percent or as a fraction', () => {
    expect(['13%', '13', '0.13', '９％', '3', ''].map(typedRate)).toEqual(['0.13', '0.13', '0.13', '0.09', '0.03', '']);
  });

  it('knows the field that a worksheet means', () => {
    expect(['deemedApproval', 'kind', 'noSuchField'].map(fieldOf)).toEqual(['deemedNumber', 'kind', undefined]);
  });
});
