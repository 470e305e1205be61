import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { explode, implode } from '../../../shared/payouts/index.ts';
import { findResources } from '../resources.ts';
import { openPayoutFile } from './payout-file.ts';

/** Reports of others beside the project, where they lie; see the README there. */
const samples = path.resolve(findResources(), '../../shared/domain/samples');
const sample = async (file: string, currency?: string) => {
  const opened = await openPayoutFile(path.join(samples, file), {});
  const parsed = await opened.read({ currency }, () => undefined);
  return { opened, parsed };
};
const sums = (parsed: Awaited<ReturnType<typeof sample>>['parsed'], at = 0): Record<string, number> => {
  const found: Record<string, number> = {};
  for (const { kind, minor } of parsed.payouts[at]?.days ?? []) {
    const category = parsed.kinds[kind]?.category ?? '';
    found[category] = (found[category] ?? 0) + minor;
  }
  return found;
};

describe.skipIf(!existsSync(samples))('reports that lie beside the project', () => {
  it('settlement V2: rows sum to the deposit, reserves, a description nobody knows', async () => {
    const { opened, parsed } = await sample('amazon/settlement_v2_flatfile_US_sample.txt');
    expect(opened.layout?.id).toBe('amazon-settlement-v2');
    expect(parsed.payouts).toHaveLength(1);
    expect(parsed.payouts[0]).toMatchObject({
      number: '28471003921',
      currency: 'USD',
      fromOn: '2026-06-16',
      toOn: '2026-06-30',
      zone: 'UTC',
      depositOn: '2026-07-02',
      depositMinor: 58289,
      totalMinor: 58289,
      reserveOpeningMinor: 82044,
      reserveClosingMinor: 42000,
      proof: 'deposit',
    });
    expect(parsed.payouts[0]?.lines.minor).toHaveLength(23);
    expect(parsed.findings).toMatchObject([
      { code: 'PAYOUT_KIND_UNKNOWN', params: { detail: 'other-transaction / LowInventoryLevelFee', amount: '-12.60' } },
    ]);
    expect(sums(parsed)).toMatchObject({
      unknown: -1260,
      refund: -12999,
      'refund-fee': 1450,
      storage: -6428,
      subscription: -3999,
    });
  });

  it('settlement V1: a negative total, a carried balance, blanks after figures, other channels', async () => {
    const a = await sample('amazon/settlement_v1_flatfile_CA_A_anonymised.txt');
    expect(a.parsed.payouts[0]).toMatchObject({
      totalMinor: -6231,
      depositMinor: -6231,
      proof: 'deposit',
      reserveClosingMinor: -6231,
    });
    const b = await sample('amazon/settlement_v1_flatfile_CA_B_anonymised.txt');
    expect(b.parsed.payouts[0]).toMatchObject({
      totalMinor: 101608,
      depositMinor: 101608,
      proof: 'deposit',
      reserveOpeningMinor: -6231,
    });
    expect([...a.parsed.findings, ...b.parsed.findings].map(({ code, level }) => `${level} ${code}`)).toEqual([
      'note PAYOUT_NEGATIVE',
      'note PAYOUT_OTHER_CHANNEL',
    ]);
    expect(sums(b.parsed)).toMatchObject({ transfer: expect.any(Number), reimbursement: 1525 });
  });

  it('date range of 30 and of 21 columns', async () => {
    const wide = await sample('amazon/date_range_transactions_US_2026_30col.csv');
    expect(wide.opened.layout?.id).toBe('amazon-date-range');
    expect(wide.opened.headerRow).toBe(4);
    expect(wide.parsed.payouts).toMatchObject([
      {
        number: '1001',
        currency: 'USD',
        totalMinor: 2207,
        depositMinor: 2207,
        proof: 'transfer',
        zone: 'PDT',
        depositOn: '2026-09-16',
      },
    ]);
    expect(wide.parsed.findings).toEqual([]);
    expect(sums(wide.parsed)).toEqual({
      sale: 7600,
      'tax-collected': 304,
      shipping: 500,
      promotion: -400,
      'tax-withheld': -304,
      commission: -1155,
      refund: -3600,
      'refund-fee': 462,
      advertising: -1200,
      transfer: -2207,
    });
    const narrow = await sample('amazon/date_range_transactions_US_21col.csv', 'USD');
    expect(narrow.parsed.payouts).toMatchObject([
      { number: '12345', currency: 'USD', totalMinor: 2950, proof: 'rows' },
    ]);
    expect(sums(narrow.parsed)).toMatchObject({ storage: -142 });
  });

  it('TikTok Shop, Shopify, eBay', async () => {
    const tiktok = await sample('platforms/tiktok_shop_income_US_sample.csv');
    expect(tiktok.parsed).toMatchObject({
      payouts: [{ totalMinor: 2110, currency: 'USD', proof: 'rows' }],
      findings: [],
    });
    const shopify = await sample('platforms/shopify_payouts_sample.csv');
    expect(shopify.parsed.payouts).toMatchObject([
      { number: '90001', totalMinor: 5436, proof: 'rows', depositOn: '2026-09-05' },
      { number: '90002', totalMinor: 2397 },
    ]);
    const ebay = await sample('platforms/ebay_transaction_report_sample.csv');
    expect(ebay.parsed).toMatchObject({
      payouts: [{ totalMinor: 1586, depositMinor: 1586, proof: 'transfer' }],
      findings: [],
    });
    expect(sums(ebay.parsed)).toEqual({
      sale: 2000,
      shipping: 500,
      commission: -354,
      fulfilment: -410,
      advertising: -150,
      transfer: -1586,
    });
  });

  it('headers of reports of which there are no rows', async () => {
    for (const [file, layout] of [
      ['lazada_income_overview.csv', 'lazada-income'],
      ['shopee_income_released_MY_2022.csv', 'shopee-income-2022'],
      ['shopee_income_released_MY_2024plus.csv', 'shopee-income-2024'],
      ['tiktok_shop_income_MY_order_details.csv', 'tiktok-income'],
    ] as const) {
      const { opened, parsed } = await sample(`headers/${file}`, 'MYR');
      expect(opened.layout?.id).toBe(layout);
      expect(parsed.findings).toMatchObject([{ code: 'PAYOUT_EMPTY', level: 'reject' }]);
    }
  });

  it('what explodes implodes to the deposit', async () => {
    const { parsed } = await sample('amazon/settlement_v1_flatfile_CA_B_anonymised.txt');
    const steps = explode(
      (parsed.payouts[0]?.days ?? []).map(({ kind, minor, lines }) => ({
        category: parsed.kinds[kind]?.category ?? 'unknown',
        minor,
        lines,
      })),
    );
    expect(implode(steps)).toBe(101608);
  });
});
