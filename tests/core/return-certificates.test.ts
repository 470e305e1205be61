import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import ExcelJS from 'exceljs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bareHost, type Core } from '../../electron/core/core.ts';
import type { InputOf, OperationName } from '../../shared/contract/contract.ts';
import { taxBook } from '../fixtures/tax-book.ts';
import { coreAt, firm, must } from '../fixtures/trade.ts';

/** 《出口货物已补税/未退税证明》: a refunded line is repaid before it is asked for; what is not refunded is not claimed any more. */
let folder = '';
let core: Core;
let seed: ReturnType<typeof taxBook>;
const printed: string[] = [];

beforeEach(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-certificates-'));
  core = coreAt(folder, {
    now: () => '2026-09-01T04:00:00.000Z',
    host: {
      ...bareHost,
      printPdf: async (html) => {
        printed.push(html);
        return Buffer.from('%PDF');
      },
    },
  });
  await must(core, 'books.create', { profile: firm, passphrase: 'correct horse battery' });
  await must(core, 'tax.saveProfile', { taxpayer: 'general', kind: 'trading', refundRegisteredOn: '2024-01-01' });
  seed = taxBook(core);
  seed.tariff('6109100021', { vat_rate: '0.13', refund_rate: '0.13' });
});
afterEach(async () => {
  await core.close();
  rmSync(folder, { recursive: true, force: true });
});

async function refused<N extends OperationName>(name: N, input: InputOf<N>) {
  const answer = await core.call(name, input);
  return answer.ok ? undefined : [answer.error.code, answer.error.params];
}

/** 60 pieces bought for 900.00 and 117.00 of VAT, matched; claimed where asked. */
async function soldLine(isClaimed: boolean): Promise<number> {
  const line = seed.line({ mode: '9710', qty: 60, declarationNo: '640720260000000001', lineNo: 1 });
  seed.invoice({ number: 'A1', qty: 60, amountFen: 90_000, vatFen: 11_700 });
  await must(core, 'refunds.match', { period: '2026-03' });
  if (isClaimed) await must(core, 'refunds.claim', { period: '2026-04', batch: '1', date: '2026-04-20' });
  return line;
}
const subject = '640720260000000001-1';
const deadlines = async () =>
  (await must(core, 'deadlines.list', { today: '2026-09-01', from: '2026-09-01', to: '2026-12-31' })).rows
    .filter(({ rule }) => rule.startsWith('return'))
    .map(({ rule, subject: of, target }) => [rule, of, target]);

describe('the certificate of a refunded line', () => {
  it('is asked for once the refund is paid back, and carries its dates into deadlines, worksheet and return check', async () => {
    const exportLineId = await soldLine(true);
    const { id: returnId } = await must(core, 'returns.receive', {
      ...{ line: { exportLineId }, qty: '20', receivedOn: '2026-08-20', reason: 'unsold' },
    });
    const start = await must(core, 'returnCertificates.start', { returnId });
    // A third of 117.00 came back.
    expect(start).toMatchObject({
      ...{ exportLineId, returnId, qty: '20', left: '60', out: '60', reason: 'unsold', returnedOn: '2026-08-20' },
      figures: {
        ...{ isRefunded: true, claimedPeriod: '2026-04', claimBatch: '1', rates: ['0.13'], invoices: ['A1'] },
        ...{
          baseCny: '900.00',
          backBaseCny: '300.00',
          refundCny: '117.00',
          toRepayCny: '39.00',
          lastDay: '2026-09-10',
        },
      },
    });
    const of = { exportLineId, returnId, qty: '20', reason: 'unsold', returnedOn: '2026-08-20' } as const;
    const { id, number } = await must(core, 'returnCertificates.save', of);
    expect(number).toBe('BS-2026-001');
    expect((await must(core, 'returnCertificates.get', { id })).gaps).toEqual(['repaidOn', 'repaidCny', 'repayPaper']);
    const handIn = { id, to: 'handedIn', on: '2026-08-26' } as const;
    expect(await refused('returnCertificates.move', handIn)).toEqual([
      'CERTIFICATE_NOT_REPAID',
      { line: subject, amount: '39.00' },
    ]);
    const paid = { ...of, id, repaidOn: '2026-08-25', repaidCny: '38.99', repayPaper: '344036260800001234' };
    await must(core, 'returnCertificates.save', paid);
    expect((await must(core, 'returnCertificates.get', { id })).gaps).toEqual(['repaidShort']);
    await must(core, 'returnCertificates.save', { ...paid, repaidCny: '39.00' });
    expect(await deadlines()).toEqual([['returnCertificate', subject, `returns?tab=certificates&at=${id}`]]);
    expect(await refused('returnCertificates.move', { ...handIn, on: '2026-08-24' })).toMatchObject(['DATE_ORDER', {}]);

    await must(core, 'returnCertificates.move', handIn);
    expect(await refused('returnCertificates.save', { ...paid, repaidCny: '39.00' })).toMatchObject([
      'CERTIFICATE_FIXED',
      { number },
    ]);
    const certificates = async () =>
      (await must(core, 'worksheets.get', { name: 'returns', period: '2026-08' })).sections.find(
        (section) => section.id === 'certificates',
      )?.rows;
    expect(await certificates()).toHaveLength(1);
    expect((await certificates())?.[0]?.cells).toMatchObject({
      ...{ declarationItem: subject, returnedQuantity: '20', repay: '39.00', repaidOn: '2026-08-25' },
      ...{ certificateRequestedOn: '2026-08-26', state: { zh: '已申请' } },
    });
    expect(await refused('returnCertificates.move', { id, to: 'obtained', on: '2026-08-30' })).toMatchObject([
      'CERTIFICATE_NUMBER',
      { number },
    ]);
    await must(core, 'returnCertificates.move', {
      id,
      to: 'obtained',
      on: '2026-08-30',
      certificateNo: '4400-2026-77',
    });
    expect(await deadlines()).toEqual([]);
    const checked = await must(core, 'returns.check', {
      ...{ exportLineId, returnId, returnedOn: '2026-08-20', reason: 'unsold', quantity: '20' },
    });
    expect(checked.refund).toMatchObject({ refunded: true, isRepaid: true });
    expect(checked.quantity).toMatchObject({ returnedBefore: '0', isTooMuch: false });
    expect(checked.papers.find(({ id: paper }) => paper === 'taxCertificate')?.isAtHand).toBe(true);

    await must(core, 'returnCertificates.move', {
      ...{ id, to: 'used', on: '2026-08-31', importDeclarationNo: '514120261000000009' },
    });
    expect(await refused('returnCertificates.move', { id, to: 'void', on: '2026-09-01', reason: 'x' })).toMatchObject([
      'CERTIFICATE_STEP',
      { from: 'used', to: 'void' },
    ]);
    expect(await refused('returnCertificates.move', { id, to: 'obtained', on: '2026-09-01' })).toMatchObject([
      'CERTIFICATE_REASON',
      {},
    ]);
    await must(core, 'returnCertificates.move', { id, to: 'obtained', on: '2026-09-01', reason: '海关退单' });
    expect(await must(core, 'returnCertificates.get', { id })).toMatchObject({
      ...{ state: 'obtained', kind: 'repaid', certificateNo: '4400-2026-77', usedOn: null },
    });
  });

  it('stands with a fact of the same return as one, and beside one of another day', async () => {
    const exportLineId = await soldLine(true);
    const put = (returnedOn: string) =>
      must(core, 'tax.setFacts', {
        facts: [
          {
            name: 'export-return',
            period: '2026-07',
            subject,
            value: JSON.stringify({ reason: 'unsold', quantity: '5', returnedOn }),
          },
        ],
      });
    await put('2026-07-10');
    await must(core, 'returnCertificates.save', {
      exportLineId,
      qty: '20',
      reason: 'unsold',
      returnedOn: '2026-08-20',
    });
    const returns = async (period: string) =>
      (await must(core, 'worksheets.get', { name: 'returns', period })).sections
        .find(({ id }) => id === 'certificates')
        ?.rows.map(({ cells }) => cells['returnedQuantity']);
    expect([await returns('2026-07'), await returns('2026-08')]).toEqual([['5'], ['20']]);
    await put('2026-08-20');
    expect([await returns('2026-07'), await returns('2026-08')]).toEqual([['20'], []]);
  });
});

describe('the certificate of a line that was not refunded', () => {
  it('is asked for at once, and what it says of is not claimed any more', async () => {
    const exportLineId = await soldLine(false);
    const { id } = await must(core, 'returnCertificates.save', { exportLineId, qty: '20', reason: 'returned' });
    expect((await deadlines()).map(([rule]) => rule)).toEqual(['returnCertificate', 'returnLastDay']);
    await must(core, 'returnCertificates.move', { id, to: 'handedIn', on: '2026-08-26' });
    const claimed = await must(core, 'refunds.claim', { period: '2026-08', batch: '1', date: '2026-08-31' });
    // Forty of sixty pieces: two thirds of 117.00.
    expect(claimed).toMatchObject({ lines: 1, refund: '78.00' });
    expect(await must(core, 'returnCertificates.get', { id })).toMatchObject({
      kind: 'notRefunded',
      state: 'handedIn',
    });
    expect(
      (await must(core, 'archive.get', { subjectKind: 'return-certificate', subjectId: 'BS-2026-001' })).required,
    ).toMatchObject([{ code: 'return-certificate' }]);
  });

  it('is never for more than went out, nor for goods that another firm exported', async () => {
    const exportLineId = await soldLine(false);
    const of = { exportLineId, reason: 'returned' } as const;
    const { id } = await must(core, 'returnCertificates.save', { ...of, qty: '45' });
    expect(await refused('returnCertificates.save', { ...of, qty: '16' })).toEqual([
      'CERTIFICATE_TOO_MUCH',
      { left: '15' },
    ]);
    await must(core, 'returnCertificates.move', { id, to: 'void', on: '2026-09-01', reason: '录错' });
    await must(core, 'returnCertificates.save', { ...of, qty: '60' });
    expect(await refused('returnCertificates.save', { ...of, qty: '1' })).toEqual([
      'CERTIFICATE_TOO_MUCH',
      { left: '0' },
    ]);
    // The trigger stands behind the rule.
    expect(() =>
      core.session.book.prepare(`UPDATE return_certificate SET qty_e5 = 6000001 WHERE state = 'draft'`).run(),
    ).toThrow(/more than went out/);
    expect(await refused('returnCertificates.save', { ...of, qty: '1', returnedOn: '2026-01-01' })).toMatchObject([
      'RETURN_BEFORE_EXPORT',
      {},
    ]);
    const list = await must(core, 'returnCertificates.list', {});
    expect([list.total, list.counts.find(({ state }) => state === 'void')?.count]).toEqual([1, 1]);
  });
});

describe('certificates of parts of a line', () => {
  const drafted = async (exportLineId: number, qty: string, returnedOn: string | null = null): Promise<number> =>
    (await must(core, 'returnCertificates.save', { exportLineId, qty, reason: 'returned', returnedOn })).id;
  const figures = async (id: number) => (await must(core, 'returnCertificates.get', { id })).figures;

  it('say what stood when they were handed in, after the rest of the line was claimed', async () => {
    const exportLineId = seed.line({ mode: '9710', qty: 100, declarationNo: '640720260000000001', lineNo: 1 });
    const id = await drafted(exportLineId, '40', '2026-08-20');
    await must(core, 'returnCertificates.move', { id, to: 'handedIn', on: '2026-08-21' });
    seed.invoice({ number: 'A1', qty: 100, amountFen: 769_231, vatFen: 100_000 });
    await must(core, 'refunds.match', { period: '2026-03' });
    const claim = { period: '2026-08', batch: '1' };
    expect(await must(core, 'refunds.claim', { ...claim, date: '2026-08-31' })).toMatchObject({ refund: '600.00' });

    expect(await figures(id)).toMatchObject({ isRefunded: false, toRepayCny: '0.00' });
    expect(await figures(id)).not.toHaveProperty('claimedPeriod');
    const sheet = await must(core, 'worksheets.get', { name: 'returns', period: '2026-08' });
    expect(sheet.results.find((one) => one.id === 'toRepay')?.value).toBe('0.00');
    expect(sheet.sections.find((section) => section.id === 'certificates')?.rows[0]?.cells).toMatchObject({
      ...{ returnedQuantity: '40', repay: '0.00', taxState: { zh: '未退税' } },
    });
    await must(core, 'returnCertificates.print', { id, to: path.join(folder, 'request.pdf') });
    expect(printed.at(-1)).toContain('<th>应补税额（元）</th><td>0.00</td>');

    // Ten of the sixty that were refunded.
    expect((await must(core, 'returnCertificates.start', { exportLineId, qty: '10' })).figures).toMatchObject({
      ...{ isRefunded: true, refundCny: '600.00', toRepayCny: '100.00' },
    });
    expect(await figures(await drafted(exportLineId, '10'))).toMatchObject({ toRepayCny: '100.00' });

    for (const to of ['void', 'draft'] as const)
      expect(await refused('returnCertificates.move', { id, to, on: '2026-09-01', reason: '录错' })).toEqual([
        'CERTIFICATE_LEFT_OUT',
        { number: 'BS-2026-001', line: subject, ...claim },
      ]);
    await must(core, 'refunds.unclaim', { ...claim, reason: '录错' });
    await must(core, 'returnCertificates.move', { id, to: 'draft', on: '2026-09-01', reason: '录错' });
  });

  it('repay the refund to the fen, one piece after the other', async () => {
    const exportLineId = seed.line({ mode: '9710', qty: 3 });
    seed.invoice({ number: 'A1', qty: 3, amountFen: 76_923, vatFen: 10_000 });
    await must(core, 'refunds.match', { period: '2026-03' });
    await must(core, 'refunds.claim', { period: '2026-04', batch: '1', date: '2026-04-20' });
    const ids: number[] = [];
    for (const amount of ['33.33', '33.34', '33.33']) {
      expect((await must(core, 'returnCertificates.start', { exportLineId, qty: '1' })).figures).toMatchObject({
        ...{ refundCny: '100.00', toRepayCny: amount },
      });
      ids.push(await drafted(exportLineId, '1', '2026-08-20'));
    }
    expect(await Promise.all(ids.map(async (id) => (await figures(id)).toRepayCny))).toEqual([
      ...['33.33', '33.34', '33.33'],
    ]);
    const sheet = await must(core, 'worksheets.get', { name: 'returns', period: '2026-08' });
    expect(sheet.results.find((one) => one.id === 'toRepay')?.value).toBe('100.00');
  });
});

describe('a repaid refund', () => {
  const trial = async () =>
    Object.fromEntries(
      (await must(core, 'ledger.trialBalance', {})).rows.map(({ account, debit, credit }) => [
        account,
        (Number(debit) - Number(credit)).toFixed(2),
      ]),
    );
  const vouchers = async () =>
    (await must(core, 'vouchers.list', { limit: 50 })).rows.filter(({ text }) => text.includes('BS-2026-001')).length;

  it('is posted once, balanced to the fen, from the account it was paid from; a correction is reversed, void takes it back', async () => {
    const exportLineId = await soldLine(true);
    const of = { exportLineId, qty: '20', reason: 'unsold', returnedOn: '2026-08-20' } as const;
    const { id } = await must(core, 'returnCertificates.save', { ...of, repaidOn: '2026-08-21', repaidCny: '39.00' });
    expect(await vouchers()).toBe(0);
    const paid = { ...of, id, repaidOn: '2026-08-21', repaidCny: '38.99', repayPaper: '344036260800001234' } as const;
    await must(core, 'returnCertificates.save', paid);
    expect(await trial()).toMatchObject({ '122102': '117.00', '22210107': '-78.01', '1002': '-38.99' });
    // Two vouchers more: what stood is reversed, and what stands is posted.
    await must(core, 'returnCertificates.save', { ...paid, repaidCny: '39.00', repayAccount: '1001' });
    expect(await vouchers()).toBe(3);
    const posted = { '122102': '117.00', '22210107': '-78.00', '1001': '-39.00' };
    expect(await trial()).toMatchObject(posted);
    await must(core, 'returnCertificates.save', { ...paid, repaidCny: '39.00', repayAccount: '1001' });
    await must(core, 'returnCertificates.move', { id, to: 'handedIn', on: '2026-08-22' });
    await must(core, 'returnCertificates.move', { id, to: 'obtained', on: '2026-08-24', certificateNo: '77' });
    expect(await vouchers()).toBe(3);
    const { rows } = await must(core, 'vouchers.list', { limit: 50 });
    const [voucher] = rows.filter(({ text }) => text.startsWith('补缴出口退税 BS-2026-001'));
    expect((await must(core, 'vouchers.get', { id: voucher?.id ?? 0 })).sources).toMatchObject([
      { kind: 'return-certificate', label: 'BS-2026-001', target: `returns?tab=certificates&at=${id}` },
    ]);
    await must(core, 'returnCertificates.move', { id, to: 'void', on: '2026-09-01', reason: '录错' });
    expect(await trial()).toMatchObject({ '122102': '117.00', '22210107': '-117.00' });
    expect((await trial())['1001'] ?? '0.00').toBe('0.00');
    expect(await vouchers()).toBe(4);
  });

  it('set off in a later claim takes it off what is to be received; an account that cannot be posted to is refused at its field', async () => {
    const exportLineId = await soldLine(true);
    const of = { exportLineId, qty: '20', reason: 'unsold' } as const;
    const paid = { repaidOn: '2026-08-21', repaidCny: '39.00', repayPaper: '2026-08/1' };
    const answer = await core.call('returnCertificates.save', { ...of, ...paid, repayAccount: '9999' });
    expect(answer).toMatchObject({ error: { path: 'repayAccount' } });
    expect((await must(core, 'returnCertificates.list', {})).total).toBe(0);
    await must(core, 'returnCertificates.save', { ...of, ...paid, repayWay: 'offset' });
    expect(await trial()).toMatchObject({ '122102': '78.00', '22210107': '-78.00' });
  });

  it('of a line that was not refunded posts nothing', async () => {
    const exportLineId = await soldLine(false);
    const paid = { repaidOn: '2026-08-21', repaidCny: '39.00', repayPaper: '1' };
    await must(core, 'returnCertificates.save', { exportLineId, qty: '20', reason: 'unsold', ...paid });
    expect(await vouchers()).toBe(0);
  });
});

describe('a return of a line with several certificates', () => {
  it('is judged by its own, and with all that came back of the line', async () => {
    const exportLineId = await soldLine(true);
    const received = async (qty: string, receivedOn: string) =>
      (await must(core, 'returns.receive', { line: { exportLineId }, qty, receivedOn, reason: 'unsold' })).id;
    const first = await received('20', '2026-08-20');
    const of = { exportLineId, returnId: first, qty: '20', reason: 'unsold', returnedOn: '2026-08-20' } as const;
    const paid = { repaidOn: '2026-08-21', repaidCny: '39.00', repayPaper: '344036260800001234' };
    const { id } = await must(core, 'returnCertificates.save', { ...of, ...paid });
    await must(core, 'returnCertificates.move', { id, to: 'handedIn', on: '2026-08-22' });
    await must(core, 'returnCertificates.move', {
      id,
      to: 'obtained',
      on: '2026-08-24',
      certificateNo: '4400-2026-77',
    });
    const second = await received('30', '2026-08-25');
    await must(core, 'returnCertificates.save', { ...of, returnId: second, qty: '30', returnedOn: '2026-08-25' });
    const check = async (returnedOn: string, quantity: string, returnId?: number) => {
      const {
        refund,
        quantity: back,
        papers,
        reasons,
      } = await must(core, 'returns.check', {
        ...{ exportLineId, returnedOn, quantity, reason: 'unsold' },
        ...(returnId === undefined ? {} : { returnId }),
      });
      const isAtHand = papers.find((paper) => paper.id === 'taxCertificate')?.isAtHand;
      return { ...refund, ...back, isAtHand, reasons: reasons.map(({ code }) => code) };
    };
    expect(await check('2026-08-20', '20', first)).toMatchObject({
      ...{ refunded: true, isRepaid: true, repayCny: '0.00', isAtHand: true, reasons: [] },
      ...{ returnedBefore: '30', isTooMuch: false },
    });
    // Thirty of sixty pieces: half of 117.00. What is repaid and certified for the first is not for the second.
    expect(await check('2026-08-25', '30', second)).toMatchObject({
      ...{ refunded: true, isRepaid: false, repayCny: '58.50', isAtHand: false, reasons: ['REFUND_NOT_REPAID'] },
      ...{ returnedBefore: '20', isTooMuch: false },
    });
    // Of a third return nothing is told: ten are left of the sixty, and the last sixth of the refund.
    expect(await check('2026-08-28', '10')).toMatchObject({
      ...{ isRepaid: false, repayCny: '19.50', isAtHand: false, returnedBefore: '50', isTooMuch: false },
    });
    expect((await check('2026-08-28', '11')).isTooMuch).toBe(true);
  });

  it('counts what certificates without a return, or of later days, say is back, and what none of its own covers', async () => {
    const exportLineId = await soldLine(true);
    const paid = { repaidOn: '2026-07-11', repaidCny: '19.50', repayPaper: '344036260800001234' };
    const of = { exportLineId, reason: 'unsold', qty: '10' } as const;
    await must(core, 'returnCertificates.save', { ...of, ...paid, returnedOn: '2026-07-10' });
    await must(core, 'returnCertificates.save', { ...of, qty: '45', returnedOn: '2026-08-20' });
    const check = { exportLineId, returnedOn: '2026-07-10', reason: 'unsold' } as const;
    expect(await must(core, 'returns.check', { ...check, quantity: '15' })).toMatchObject({
      // Five of the fifteen are in no certificate.
      refund: { isRepaid: false, repayCny: '9.75' },
      quantity: { returnedBefore: '45', isTooMuch: false },
    });
    expect((await must(core, 'returns.check', { ...check, quantity: '16' })).quantity.isTooMuch).toBe(true);
  });
});

describe('its papers', () => {
  it('are a page to sign and a workbook of all of them', async () => {
    const exportLineId = await soldLine(true);
    const { id } = await must(core, 'returnCertificates.save', { exportLineId, qty: '20', reason: 'unsold' });
    await must(core, 'returnCertificates.print', { id, to: path.join(folder, 'request.pdf') });
    for (const word of ['《出口货物已补税/未退税证明》申请', 'BS-2026-001', '39.00', '2026年第5号', '未补税'])
      expect(printed.at(-1)).toContain(word);
    const to = path.join(folder, 'certificates.xlsx');
    expect(await must(core, 'returnCertificates.export', { to })).toEqual({ rows: 1 });
    const workbook = new ExcelJS.Workbook();
    await workbook.xlsx.load(readFileSync(to).buffer as ArrayBuffer);
    const text = JSON.stringify(workbook.worksheets[0]?.getSheetValues());
    for (const word of ['已补税/未退税证明台账', 'BS-2026-001', '640720260000000001-1', '草稿'])
      expect(text).toContain(word);
  });
});
