import { describe, expect, it } from 'vitest';
import { certificateGapsOf, certificateStates, needsReason, nextCertificateStates } from './certificate.ts';

const repaid = {
  isRefunded: true,
  repaidOn: '2026-08-24',
  repaidFen: 3900,
  repayPaper: '344036260800001234',
  toRepayFen: 3900,
  note: '',
} as const;

describe('what stands against asking for the certificate', () => {
  it('is nothing where no refund was claimed, and nothing once the whole of it is paid back', () => {
    expect(
      certificateGapsOf({ ...repaid, isRefunded: false, repaidOn: null, repaidFen: null, repayPaper: '' }),
    ).toEqual([]);
    expect(certificateGapsOf(repaid)).toEqual([]);
    expect(certificateGapsOf({ ...repaid, repaidFen: 4000 })).toEqual([]);
  });

  it('is every part of the repayment that is missing', () => {
    expect(certificateGapsOf({ ...repaid, repaidOn: null, repaidFen: null, repayPaper: '' })).toEqual([
      'repaidOn',
      'repaidCny',
      'repayPaper',
    ]);
    expect(certificateGapsOf({ ...repaid, repaidFen: 0 })).toEqual(['repaidCny']);
  });

  it('is a sum below the book’s own, or one the book cannot work out, without a word on it', () => {
    expect(certificateGapsOf({ ...repaid, repaidFen: 3899 })).toEqual(['repaidShort']);
    expect(certificateGapsOf({ ...repaid, repaidFen: 3899, note: '税务机关核定' })).toEqual([]);
    expect(certificateGapsOf({ ...repaid, toRepayFen: undefined })).toEqual(['repayUnknown']);
  });
});

describe('the states of the certificate', () => {
  it('go one step on or back, and to void until customs has it', () => {
    expect(certificateStates.map((state) => [state, nextCertificateStates(state)])).toEqual([
      ['draft', ['handedIn', 'void']],
      ['handedIn', ['obtained', 'draft', 'void']],
      ['obtained', ['used', 'handedIn', 'void']],
      ['used', ['obtained']],
      ['void', []],
    ]);
    expect(needsReason('draft', 'handedIn')).toBe(false);
    expect(needsReason('used', 'obtained')).toBe(true);
    expect(needsReason('draft', 'void')).toBe(true);
  });
});
