import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Core } from '../../electron/core/core.ts';
import { noteFiled } from '../../electron/core/store/filed.ts';
import type { InputOf, OperationName } from '../../shared/contract/contract.ts';
import { coreAt, firm, must } from '../fixtures/trade.ts';

/** The broker's desk on the sample book: delegations, maker and checker, fee notes, and two clients side by side. */
const now = '2026-11-21T04:00:00.000Z';
const date = '2026-11-21';
let folder = '';
let core: Core;

async function refusal<N extends OperationName>(name: N, input: InputOf<N>): Promise<string> {
  const answer = await core.call(name, input);
  return answer.ok ? 'taken' : answer.error.code;
}
/** Drafts the sample's shipment with full lists anew and checks. */
async function drafts(profile: InputOf<'books.updateProfile'> = {}): Promise<void> {
  await must(core, 'books.updateProfile', { simplified: false, ...profile });
  const [shipment] = (await must(core, 'shipments.list', {})).rows;
  if (shipment === undefined) throw new Error('the sample has no shipment');
  const { id } = await must(core, 'shipments.save', { id: shipment.id, body: shipment.body });
  await must(core, 'shipments.draft', { id });
  await must(core, 'documents.check', {});
}
const lists = async (state: 'draft' | 'checked' = 'checked') =>
  (await must(core, 'documents.list', { kind: 'CEB603Message', state, limit: 100 })).rows;
const audit = (action: string): Record<string, unknown>[] =>
  (
    core.session.book.prepare('SELECT actor, subject, detail FROM audit WHERE action = ? ORDER BY id').all(action) as {
      actor: string;
      subject: string;
      detail: string;
    }[]
  ).map(({ actor, subject, detail }) => ({ actor, subject, ...(JSON.parse(detail) as object) }));

async function clerk(name: string): Promise<number> {
  const known = (await must(core, 'clerks.list', {})).rows.find((one) => one.name === name);
  return known?.id ?? (await must(core, 'clerks.save', { name })).id;
}
const sit = async (name: string | null): Promise<void> => {
  await must(core, 'clerks.choose', { id: name === null ? null : await clerk(name) });
};

const open = (): void => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-broker-'));
  core = coreAt(folder, { now: () => now });
};
const shut = async (): Promise<void> => {
  await core.close();
  rmSync(folder, { recursive: true, force: true });
};

const agent = { agentCode: '91460000MA5TAGENT9', agentName: '琼港报关有限公司' };

describe('delegations', () => {
  let given: InputOf<'delegations.save'>;
  beforeAll(async () => {
    open();
    await must(core, 'books.createSample', {});
    const { uscc, name } = await must(core, 'books.profile', {});
    // The check character that the rule of GB 32100 asks for.
    const wrong = await core.call('delegations.save', {
      number: 'WT-0',
      principalName: name,
      principalUscc: uscc,
      agentName: agent.agentName,
      agentUscc: agent.agentCode.replace(/.$/, '0'),
      fromOn: '2026-01-01',
      untilOn: '2026-12-10',
    });
    const expected = wrong.ok ? '' : String(wrong.error.params['expected'] ?? '');
    agent.agentCode = agent.agentCode.replace(/.$/, expected === '' ? '0' : expected);
    given = {
      number: 'WT-2026-001',
      principalName: name,
      principalUscc: uscc,
      agentName: agent.agentName,
      agentUscc: agent.agentCode,
      modes: ['9710'],
      fromOn: '2026-01-01',
      untilOn: '2026-12-10',
    };
    await drafts(agent);
  });
  afterAll(shut);

  const rules = async (): Promise<string[]> => {
    const rows = [...(await lists()), ...(await lists('draft'))];
    const [first] = rows;
    const { findings } = await must(core, 'documents.get', { id: first?.id ?? 0 });
    return findings.map(({ rule }) => rule).filter((rule) => /^M-(DELEGATION|REGISTRATION)/.test(rule));
  };
  const recheck = async (): Promise<string[]> => {
    await must(core, 'documents.check', {});
    return rules();
  };

  it('names what is wrong with a code, a date, a number', async () => {
    expect(await refusal('delegations.save', { ...given, agentUscc: given.principalUscc })).toBe('DELEGATION_SELF');
    expect(await refusal('delegations.save', { ...given, untilOn: '2025-12-31' })).toBe('DELEGATION_DATES');
    const answer = await core.call('delegations.save', { ...given, principalUscc: '91469002MA5T0TE5TX' });
    expect(answer).toMatchObject({ ok: false, error: { code: 'USCC_CHECK', path: 'principalUscc' } });
  });

  it('are asked for before a document leaves: none, another mode, another message, over, revoked', async () => {
    expect(await rules()).toEqual(['M-DELEGATION']);
    expect(await must(core, 'delegations.list', { date })).toMatchObject({ agent: { isCovered: false } });
    const { id } = await must(core, 'delegations.save', given);
    expect(await refusal('delegations.save', given)).toBe('DELEGATION_NUMBER_TAKEN');
    expect(await recheck()).toEqual(['M-DELEGATION-MODE']);
    await must(core, 'delegations.save', { ...given, id, modes: [], kinds: ['CEB701Message'] });
    expect(await recheck()).toEqual(['M-DELEGATION-KIND']);
    await must(core, 'delegations.save', { ...given, id, modes: ['9610'], kinds: ['CEB603Message'] });
    expect(await recheck()).toEqual([]);
    expect(await must(core, 'delegations.list', { date })).toMatchObject({
      agent: { isCovered: true },
      rows: [{ state: 'active', daysLeft: 19 }],
    });
    await must(core, 'delegations.save', { ...given, id, modes: [], untilOn: '2026-11-01' });
    expect(await recheck()).toEqual(['M-DELEGATION-DATE']);
    await must(core, 'delegations.save', { ...given, id, modes: [] });
    await must(core, 'delegations.revoke', { id, on: '2026-11-20', reason: '客户换了报关行' });
    expect(await recheck()).toEqual(['M-DELEGATION-DATE']);
    expect(await refusal('delegations.save', { ...given, id })).toBe('DELEGATION_REVOKED');
    expect(audit('delegation.revoked')).toMatchObject([{ number: 'WT-2026-001', reason: '客户换了报关行' }]);
  });

  it('of a firm that declares for itself are not asked for, under either of its codes', async () => {
    const { customsCode, name } = await must(core, 'books.profile', {});
    await drafts({ agentCode: customsCode, agentName: name });
    for (const { id } of [...(await lists()), ...(await lists('draft'))]) {
      await must(core, 'documents.edit', {
        id,
        changes: [{ path: 'InventoryHead/agentCode', value: customsCode }],
      });
    }
    expect(await recheck()).toEqual([]);
  });

  it('show on the first page before they end, unless a later one continues them', async () => {
    const due = async () =>
      (await must(core, 'today.get', { date })).due.filter(({ code }) => code === 'delegationExpiry').length;
    const { id } = await must(core, 'delegations.save', { ...given, number: 'WT-2026-002' });
    expect(await due()).toBe(1);
    await must(core, 'delegations.save', {
      ...given,
      number: 'WT-2027-001',
      fromOn: '2026-12-11',
      untilOn: '2027-12-10',
    });
    expect(await due()).toBe(0);
    expect((await must(core, 'delegations.list', { date })).rows.map(({ state }) => state)).toEqual([
      'active',
      'future',
      'revoked',
    ]);
    const paper = path.join(folder, 'letter.pdf');
    (await import('node:fs')).writeFileSync(paper, '%PDF-1.4 letter');
    const file = { subjectKind: 'delegation' as const, subjectId: String(id) };
    expect((await must(core, 'archive.get', file)).required.map(({ code }) => code)).toContain('delegation');
    await must(core, 'archive.add', { ...file, paper: 'delegation', file: paper });
    expect((await must(core, 'delegations.list', { date })).rows[0]).toMatchObject({ id, papers: 1 });
  });

  it('are held against what the firm itself is registered for', async () => {
    await must(core, 'delegations.save', { ...given, number: 'WT-2026-009', modes: [] });
    expect(await recheck()).toEqual([]);
    const { id } = await must(core, 'registrations.open', { subjectType: 'trader' });
    const say = async (body: InputOf<'registrations.save'>['body']) => {
      await must(core, 'registrations.save', { id, body });
      return recheck();
    };
    expect(await say({ modes: ['9810'] }), 'not accepted yet').toEqual([]);
    noteFiled(core.session.book, 'registration', id, { acceptNo: 'BA20261122000001', on: '2026-11-22' });
    expect(await recheck()).toEqual(['M-REGISTRATION-MODE']);
    expect(await say({ modes: ['9610', '9810'] })).toEqual([]);
    expect(await say({ modes: ['9610'], validTo: '2026-11-01' })).toEqual(['M-REGISTRATION-DATE']);
    await must(core, 'registrations.cancel', { id, reason: '不再经营' });
    expect(await recheck()).toEqual([]);
  });
});

describe('maker and checker', () => {
  beforeAll(async () => {
    open();
    await must(core, 'books.createSample', {});
    expect(await refusal('review.require', { isRequired: true })).toBe('REVIEW_NEEDS_TWO');
    await clerk('陈制单');
    await clerk('林复核');
    await must(core, 'review.require', { isRequired: true });
    await drafts();
  });
  afterAll(shut);

  it('holds what nobody made, until its maker claims it and another approves it', async () => {
    const before = await must(core, 'review.list', { limit: 500 });
    expect(before.counts.unclaimed).toBeGreaterThan(0);
    expect(before.counts.waiting).toBe(0);
    const ids = before.rows.filter(({ state }) => state === 'unclaimed').map(({ id }) => id);
    expect(await refusal('review.claim', { ids })).toBe('CLERK_NOT_CHOSEN');
    await sit('林复核');
    expect(await refusal('review.approve', { ids })).toBe('REVIEW_MAKER_UNKNOWN');
    const queued = await must(core, 'documents.queue', {});
    expect(queued).toMatchObject({ documents: 0, messages: 0 });
    expect(queued.reviewHeld).toBe(queued.held);
    await sit('陈制单');
    await must(core, 'review.claim', { ids });
    expect(await refusal('review.claim', { ids })).toBe('REVIEW_HAS_MAKER');
    expect(await refusal('review.approve', { ids })).toBe('REVIEW_OWN_WORK');
  });

  it('marks a field, goes on when the mark is settled, freezes what is approved', async () => {
    const [list] = await lists();
    const id = list?.id ?? 0;
    const get = () => must(core, 'review.get', { id });
    await sit('林复核');
    expect(await refusal('review.mark', { id, path: 'InventoryHead/nothing', comment: '？' })).toBe('FIELD_UNKNOWN');
    const { markId } = await must(core, 'review.mark', { id, path: 'InventoryList[2]/gname', comment: '品名太笼统' });
    expect(await refusal('review.approve', { ids: [id] })).toBe('REVIEW_MARKS_OPEN');
    expect((await must(core, 'review.list', { state: 'marked' })).rows).toMatchObject([{ id, openMarks: 1 }]);
    // A line put in above moves the mark with its line.
    await sit('陈制单');
    const { body } = await must(core, 'documents.get', { id });
    const [line] = body['InventoryList'] as Record<string, string>[];
    const { gnum: _, ...copy } = line ?? {};
    await must(core, 'documents.edit', { id, operations: [{ op: 'insert', at: 1, lines: [copy] }] });
    expect((await get()).marks).toMatchObject([{ path: 'InventoryList[3]/gname', by: '林复核' }]);
    await must(core, 'documents.edit', { id, operations: [{ op: 'delete', at: 1, count: 1 }] });
    await must(core, 'review.resolve', { markId, isResolved: true, answer: '已写明材质' });
    await must(core, 'documents.check', {});
    await sit('林复核');
    await must(core, 'review.approve', { ids: [id] });
    expect(await get()).toMatchObject({
      maker: '陈制单',
      approval: { by: '林复核' },
      obstacle: { code: 'DOCUMENT_APPROVED' },
      marks: [{ path: 'InventoryList[2]/gname', resolvedBy: '陈制单', answer: '已写明材质' }],
    });
    const edit = { id, changes: [{ path: 'InventoryHead/note', value: '改' }] };
    expect(await refusal('documents.edit', edit)).toBe('DOCUMENT_APPROVED');
    expect(await refusal('documents.refresh', { id })).toBe('DOCUMENT_APPROVED');
    expect(() => core.session.book.prepare(`UPDATE document SET body = '{}' WHERE id = ?`).run(id)).toThrow('approved');
    await must(core, 'review.reopen', { id, reason: '毛重要改' });
    await must(core, 'documents.edit', edit);
    // Reopened and changed by the checker: now it is his work as well.
    expect(await refusal('review.approve', { ids: [id] })).toBe('REVIEW_OWN_WORK');
    expect(audit('review.reopened')).toMatchObject([
      { actor: 'desk 林复核', reason: '毛重要改', approvedBy: '林复核' },
    ]);
    expect(audit('review.approved')).toHaveLength(1);
    expect(core.session.book.verifyAudit().intact).toBe(true);
  });

  it('lets an order leave only when all its papers are approved', async () => {
    await sit('陈制单');
    const third = await clerk('吴三');
    await must(core, 'clerks.choose', { id: third });
    const { rows } = await must(core, 'review.list', { state: 'waiting', limit: 500 });
    const eligible = rows.filter(({ mayApprove }) => mayApprove).map(({ id }) => id);
    expect(eligible.length).toBe(rows.length);
    const [list] = await lists();
    const { siblings } = await must(core, 'documents.get', { id: list?.id ?? 0 });
    const ofOrder = new Set([list?.id, ...siblings.map(({ id }) => id)]);
    await must(core, 'review.approve', { ids: eligible.filter((id) => id !== list?.id) });
    const queued = await must(core, 'documents.queue', {});
    expect(queued.reviewHeld).toBe(ofOrder.size);
    expect(queued.documents).toBe(eligible.length - ofOrder.size);
    await must(core, 'review.approve', { ids: [list?.id ?? 0] });
    expect(await must(core, 'documents.queue', {})).toMatchObject({ documents: ofOrder.size, reviewHeld: 0 });
    expect(await refusal('review.reopen', { id: list?.id ?? 0, reason: '晚了' })).toBe('DOCUMENT_FROZEN');
  });

  it('counts errors by clerk, and writes them to a workbook', async () => {
    const { rows } = await must(core, 'review.rates', { from: '2026-11-01', until: '2026-11-30' });
    const of = (name: string) => rows.find((one) => one.clerk === name);
    // The mark was put on 陈制单's work; that the checker corrected the document since makes it hers as well, and not her error.
    expect(of('林复核')).toMatchObject({ made: 1, marked: 0, marks: 0, wrong: 0, rate: '0.00', approved: 0 });
    expect(of('陈制单')).toMatchObject({ marked: 1, marks: 1, wrong: 1 });
    expect(of('陈制单')?.rate).not.toBe('0.00');
    expect(of('吴三')?.approved).toBeGreaterThan(5);
    expect((await must(core, 'review.rates', { from: '2020-01-01', until: '2020-01-31' })).rows[0]).not.toHaveProperty(
      'rate',
    );
    const to = path.join(folder, 'rates.xlsx');
    expect(await must(core, 'review.export', { from: '2026-11-01', until: '2026-11-30', to })).toEqual({
      rows: rows.length,
    });
    expect(readFileSync(to).subarray(0, 2).toString()).toBe('PK');
  });

  it('asks for two clerks as long as it is required', async () => {
    for (const name of ['陈制单', '林复核'])
      expect(await refusal('clerks.save', { id: await clerk(name), name, isActive: false })).toBe(
        name === '陈制单' ? 'taken' : 'REVIEW_NEEDS_TWO',
      );
    expect(await refusal('clerks.choose', { id: await clerk('陈制单') })).toBe('CLERK_INACTIVE');
  });
});

describe('fee notes', () => {
  const days = { from: '2026-11-01', until: '2026-11-30' };
  let client = '';
  beforeAll(async () => {
    open();
    await must(core, 'books.createSample', {});
    await drafts();
    await must(core, 'documents.queue', {});
    // As if customs had taken them all on the 20th, in China already the 21st.
    const { book } = core.session;
    book.prepare(`UPDATE message SET sent_at = '2026-11-20T20:00:00.000Z' WHERE sent_at IS NULL`).run();
    book.prepare(`UPDATE document SET state = 'accepted' WHERE state = 'queued'`).run();
    client = (await must(core, 'books.profile', {})).uscc;
  });
  afterAll(shut);

  it('take the closest line of the tariff, once a document, to the fen', async () => {
    const before = await must(core, 'feeNotes.plan', { ...days, clientCode: client });
    expect(before.clients.map(({ code }) => code)).toContain(client);
    expect(before.lines).toEqual([]);
    expect(await refusal('feeNotes.draw', { ...days, clientCode: client })).toBe('FEE_UNPRICED');
    const twice = { kind: '' as const, mode: '', fee: '1' };
    expect(await refusal('feeTariff.save', { rows: [twice, twice] })).toBe('FEE_LINE_TWICE');
    await must(core, 'feeTariff.save', {
      rows: [
        { kind: '', mode: '', fee: '0.1' },
        { kind: '', mode: '9610', fee: '9' },
        { kind: 'CEB603Message', mode: '', fee: '8' },
        { kind: 'CEB603Message', mode: '9610', fee: '1.05' },
        { kind: 'CEB603Message', mode: '9710', fee: '7' },
      ],
    });
    const { lines, total, unpriced } = await must(core, 'feeNotes.plan', { ...days, clientCode: client });
    expect(unpriced).toEqual([]);
    const fee = (kind: string) => new Set(lines.filter((one) => one.kind === kind).map((one) => one.fee));
    expect(fee('CEB603Message')).toEqual(new Set(['1.05']));
    expect(fee('CEB303Message')).toEqual(new Set(['0.10']));
    const fen = lines.reduce((sum, one) => sum + BigInt(one.fee.replace('.', '')), 0n);
    expect(total.replace('.', '')).toBe(
      fen
        .toString()
        .padStart(3, '0')
        .replace(/^0(?=...)/, ''),
    );
    expect(new Set(lines.map(({ filedOn }) => filedOn))).toContain('2026-11-21');

    const { id, number } = await must(core, 'feeNotes.draw', { ...days, clientCode: client });
    expect(number).toBe('DLF-2026-0001');
    expect(await must(core, 'feeNotes.get', { id })).toMatchObject({
      total,
      documents: lines.length,
      clientCode: client,
    });
    expect(await refusal('feeNotes.draw', { ...days, clientCode: client })).toBe('FEE_NOTHING');
    const to = path.join(folder, 'fees.xlsx');
    expect(await must(core, 'feeNotes.export', { id, to })).toEqual({ rows: lines.length + 1 });
    const { default: ExcelJS } = await import('exceljs');
    const workbook = new ExcelJS.Workbook();
    await workbook.xlsx.readFile(to);
    const cells = workbook.worksheets[0]?.getRow(5).values as unknown[];
    expect(cells[4]).toBe(lines[0]?.number);
    expect(typeof cells[4]).toBe('string');
    await must(core, 'feeNotes.void', { id, reason: '客户要求分开开' });
    expect(await refusal('feeNotes.void', { id, reason: '再来' })).toBe('FEE_NOTE_VOID');
    expect((await must(core, 'feeNotes.draw', { ...days, clientCode: client })).number).toBe('DLF-2026-0002');
    expect(() => core.session.book.prepare('DELETE FROM fee_note').run()).toThrow('voided');
  });
});

describe('two clients side by side', () => {
  beforeAll(open);
  afterAll(shut);

  it('see nothing of each other; what waits is left as counts; keys are held until the desk is left', async () => {
    const { bookId: first } = await must(core, 'books.createSample', {});
    await must(core, 'clerks.choose', { id: await clerk('陈制单') });
    await clerk('林复核');
    await must(core, 'review.require', { isRequired: true });
    await drafts();
    const { uscc } = await must(core, 'books.profile', {});
    await must(core, 'delegations.save', {
      number: 'WT-SECRET-77',
      principalName: '保密客户有限公司',
      principalUscc: '91469002MA5T0TE5TR',
      agentName: '本行',
      agentUscc: uscc,
      fromOn: '2026-01-01',
      untilOn: '2026-12-31',
    });
    await must(core, 'feeTariff.save', { rows: [{ kind: '', mode: '', fee: '5' }] });
    const { counts } = await must(core, 'review.list', {});
    const { bookId: second } = await must(core, 'books.create', { profile: firm, passphrase: 'another passphrase' });

    expect(await must(core, 'delegations.list', { date })).toEqual({ rows: [] });
    expect(await must(core, 'clerks.list', {})).toMatchObject({ rows: [], isRequired: false });
    expect(await must(core, 'review.list', {})).toMatchObject({ rows: [], total: 0 });
    expect(await must(core, 'feeTariff.get', {})).toEqual({ rows: [] });
    expect(await must(core, 'feeNotes.list', {})).toEqual({ rows: [] });
    expect((await must(core, 'documents.list', { limit: 10 })).total).toBe(0);

    const entry = async (id: string) => (await must(core, 'books.list', {})).books.find((one) => one.id === id);
    expect(await entry(first)).toMatchObject({
      isHeld: true,
      summary: { at: now, rejected: 0, toReview: counts.waiting, awaiting: 0 },
    });
    expect(counts.waiting).toBeGreaterThan(0);
    // The list of books is no sealed file: names of books and counts, and nothing else of a book.
    const registry = readFileSync(path.join(folder, 'books.json'), 'utf8');
    for (const word of ['WT-SECRET-77', '保密客户', '陈制单']) expect(registry).not.toContain(word);
    const { books } = JSON.parse(registry) as { books: { id: string; summary?: object }[] };
    expect(Object.keys(books.find(({ id }) => id === first)?.summary ?? {}).sort()).toEqual([
      'at',
      'awaiting',
      'due',
      'flags',
      'rejected',
      'returns',
      'toReview',
    ]);

    expect(await must(core, 'books.switch', { bookId: first })).toEqual({ bookId: first });
    expect((await must(core, 'clerks.list', {})).current?.name).toBe('陈制单');
    expect(await entry(second)).toMatchObject({ summary: { toReview: 0 } });
    await must(core, 'books.close', { keepKeys: true });
    await must(core, 'books.switch', { bookId: second });
    await must(core, 'books.close', {});
    expect(await entry(first)).toMatchObject({ isHeld: false });
    expect(await refusal('books.switch', { bookId: first })).toBe('BOOK_KEY_NOT_HELD');
  });
});
