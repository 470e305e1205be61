import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  checkBankAccount,
  checkCustomsCode,
  checkEnterpriseCode,
  checkResidentId,
  checkUscc,
  maskBankAccount,
  maskResidentId,
  residentIdCheckCharacter,
  usccCheckCharacter,
} from './index.ts';

const ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY';
const first17 = fc.array(fc.constantFrom(...ALPHABET), { minLength: 17, maxLength: 17 }).map((a) => a.join(''));

describe('unified social credit code', () => {
  it("knows the standard's own example", () => {
    // Example of GB 32100-2015, annex.
    expect(checkUscc('91350100M000100Y43')).toEqual({ ok: true, value: '91350100M000100Y43' });
  });
  it('says what is wrong and where', () => {
    expect(checkUscc('91350100M000100Y4')).toMatchObject({ code: 'ID-LENGTH', params: { actual: 17, expected: 18 } });
    expect(checkUscc('91350100M0001O0Y43')).toMatchObject({
      code: 'ID-CHARACTER',
      params: { position: 14, character: 'O' },
    });
    for (const bad of 'IOZSV')
      expect(checkUscc(`9135010${bad}M000100Y43`)).toMatchObject({
        code: 'ID-CHARACTER',
        params: { position: 8, character: bad },
      });
    expect(checkUscc('91350100m000100Y43')).toMatchObject({
      code: 'ID-LOWERCASE',
      params: { position: 9, character: 'm' },
    });
    expect(checkUscc('91350100M000100Y44')).toMatchObject({
      code: 'ID-CHECK',
      params: { position: 18, character: '4', expected: '3' },
    });
  });
  it('catches every single wrong character', () => {
    fc.assert(
      fc.property(first17, fc.nat(17), fc.constantFrom(...ALPHABET), (body, at, wrong) => {
        const code = body + (usccCheckCharacter(body) ?? '');
        expect(checkUscc(code).ok).toBe(true);
        fc.pre(code[at] !== wrong);
        expect(checkUscc(code.slice(0, at) + wrong + code.slice(at + 1)).ok).toBe(false);
      }),
    );
  });
});

describe('customs registration code', () => {
  it('takes digits and, from the fifth place, capitals', () => {
    expect(checkCustomsCode('4601960123').ok).toBe(true);
    expect(checkCustomsCode('4453W6K0A1').ok).toBe(true);
    expect(checkCustomsCode('460A960123')).toMatchObject({ code: 'ID-CHARACTER', params: { position: 4 } });
    expect(checkCustomsCode('460196012a')).toMatchObject({ code: 'ID-LOWERCASE', params: { position: 10 } });
    expect(checkCustomsCode('46019')).toMatchObject({ code: 'ID-LENGTH' });
    expect(checkEnterpriseCode('4601960123').ok).toBe(true);
    expect(checkEnterpriseCode('460196012')).toMatchObject({ code: 'ID-LENGTH' });
    expect(checkEnterpriseCode('91350100M000100Y44')).toMatchObject({ code: 'ID-CHECK' });
  });
});

describe('bank account and resident ID', () => {
  it('checks and hides', () => {
    expect(checkBankAccount('6222 0200-1234 5678')).toEqual({ ok: true, value: '6222020012345678' });
    expect(checkBankAccount('1234567')).toMatchObject({ code: 'ID-LENGTH' });
    expect(checkBankAccount('1234567a9')).toMatchObject({ code: 'ID-CHARACTER', params: { position: 8 } });
    expect(checkBankAccount('-12345678')).toMatchObject({ code: 'ID-FORMAT' });
    expect(maskBankAccount('6222 0200 1234 5678')).toBe('**** **** **** 5678');
    expect(maskResidentId('11010519491231002X')).toBe('110105********002X');
  });
  it('knows the example of GB 11643', () => {
    expect(residentIdCheckCharacter('11010519491231002')).toBe('X');
    expect(checkResidentId('11010519491231002x')).toEqual({ ok: true, value: '11010519491231002X' });
    expect(checkResidentId('110105194912310021')).toMatchObject({ code: 'ID-CHECK', params: { expected: 'X' } });
    expect(checkResidentId('110105194902300021')).toMatchObject({ code: 'ID-DATE' });
  });
});
