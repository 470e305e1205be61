import fc from 'fast-check';
import { expect, it } from 'vitest';
import pack from '../../resources/rules/financing-consent.json' with { type: 'json' };
import { requirePackOn } from '../rules/pack.ts';
import { ageBucket, financingConsentPack, maskedDigits, maskedName, receivableDays, sumLine } from './data-pack.ts';

it('masks names to their first character and long numbers to their last four digits', () => {
  expect([maskedName('张三'), maskedName(' ACME Ltd'), maskedName('')]).toEqual(['张***', 'A***', '']);
  expect(maskedDigits('账号 6222 0212 3456 7890 开户')).toBe('账号 ****7890 开户');
  expect(maskedDigits('身份证46000319900101123X')).toBe('身份证****123X');
  expect(maskedDigits('李某 13800138000，或 li.mou@example.com')).toBe('李某 ****8000，或 ***@***');
  // Dates, amounts and orders of usual length stay.
  expect(maskedDigits('2026-11-22 单 A-12345 金额 1200.50')).toBe('2026-11-22 单 A-12345 金额 1200.50');
});

it('lets no run of twelve digits through', () => {
  fc.assert(
    fc.property(
      fc.string(),
      fc.bigInt({ min: 10n ** 15n, max: 10n ** 19n - 1n }),
      fc.string(),
      (before, number, after) => {
        expect(maskedDigits(`${before}${number}${after}`)).not.toContain(String(number));
      },
    ),
  );
});

it('puts every age into one bucket', () => {
  expect([0, 30, 31, 60, 365, 366, 9000].map(ageBucket)).toEqual([
    '0-30',
    '0-30',
    '31-60',
    '31-60',
    '181-365',
    '365+',
    '365+',
  ]);
  fc.assert(fc.property(fc.nat(), (days) => /^\d+(-\d+|\+)$/.test(ageBucket(days))));
  expect(receivableDays).toHaveLength(5);
});

it('reads lines of sums and no others', () => {
  const sha256 = 'a'.repeat(64);
  expect(sumLine(`${sha256}  data/orders.json`)).toEqual({ sha256, path: 'data/orders.json' });
  expect([sumLine(''), sumLine('x  y'), sumLine(sha256)]).toEqual([undefined, undefined, undefined]);
});

it('the consent has a version, a text and what is left out', () => {
  const { version, text, leftOut } = requirePackOn(financingConsentPack.parse(pack), '2026-11-22').parameters;
  expect([version, text.length > 2, leftOut.length > 2]).toEqual(['2026-11', true, true]);
});
