import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Core } from '../../electron/core/core.ts';
import { paperDetails } from '../../shared/papers/details.ts';
import { textOfFinding } from '../../shared/rules/customs/index.ts';
import { coreAt, must } from '../fixtures/trade.ts';

/** What the checks before the queue ask of the firm itself: its account, its class with customs, the right to a brand. */
let folder = '';
let core: Core;
let shipmentId = 0;
let shipmentNo = '';
let id = 0;

beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-firm-'));
  core = coreAt(folder, { now: () => '2026-11-20T02:00:00.000Z' });
  await must(core, 'books.createSample', {});
  const [shipment] = (await must(core, 'shipments.list', {})).rows;
  shipmentId = shipment?.id ?? 0;
  shipmentNo = shipment?.shipmentNo ?? '';
  const details = paperDetails.parse({ sourcePlace: '46011 海口', contractNo: 'HT-1' });
  await must(core, 'papers.saveDetails', { subject: { shipmentId }, details });
  const { documents } = await must(core, 'documents.declare', { shipmentId, mode: '0110' });
  id = documents[0]?.id ?? 0;
  // What only a person knows: a reminder is asked about once nothing stands in the way.
  const operator = { TypistNo: '8930000012345', InputerName: '王五', DeclareName: '王五', EntyPortCode: '460001' };
  const changes = Object.entries(operator).map(([field, value]) => ({ path: `DecHead/${field}`, value }));
  await must(core, 'documents.edit', { id, changes });
}, 60_000);
afterAll(async () => {
  await core.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Findings of a rule after the documents were checked anew. */
async function found(rule: string) {
  await must(core, 'documents.check', {});
  return (await must(core, 'documents.get', { id })).findings.filter((one) => one.rule === rule);
}

describe('before the queue', () => {
  it('a profile without a bank account is a reminder at the firm, with the way to mend it', async () => {
    expect(await found('M-ACCOUNT')).toEqual([]);
    await must(core, 'books.updateProfile', { bankAccount: '' });
    const [finding] = await found('M-ACCOUNT');
    expect(finding).toMatchObject({ level: 'doubt', path: 'DecHead/TradeCoScc' });
    if (finding === undefined) throw new Error('no finding');
    expect(textOfFinding(finding, 'zh-CN')?.remedy).toContain('企业资料');
    const { rows } = await must(core, 'documents.reminders', { kind: 'DecMessage' });
    expect(rows.map(({ rule }) => rule)).toContain('M-ACCOUNT');
    await must(core, 'books.updateProfile', { bankAccount: '6200000000000000' });
    expect(await found('M-ACCOUNT')).toEqual([]);
  });

  it('a brand is held against what the papers and the archive say of the right to it', async () => {
    const { body } = await must(core, 'documents.get', { id });
    const model = (body['DecList'] as { GModel?: string }[])[0]?.GModel ?? '';
    const change = (value: string) =>
      must(core, 'documents.edit', { id, changes: [{ path: 'DecList[1]/GModel', value }] });
    expect(await found('M-BRAND')).toEqual([]);
    await change('3|0|陶瓷|品牌:某');
    expect(await found('M-BRAND')).toMatchObject([
      { level: 'doubt', path: 'DecList[1]/GModel', params: { type: '品牌类型:3' } },
    ]);
    const say = (brand: 'own' | 'authorised' | 'none') =>
      must(core, 'papers.saveDetails', { subject: { shipmentId }, details: paperDetails.parse({ brand }) });
    await say('own');
    expect(await found('M-BRAND')).toEqual([]);
    // Said to be none, the line that declares a brand says otherwise.
    await say('none');
    expect(await found('M-BRAND')).toHaveLength(1);
    // Said to be authorised, the paper itself is wanted.
    await say('authorised');
    expect(await found('M-BRAND')).toHaveLength(1);
    const file = path.join(folder, 'authorisation.pdf');
    writeFileSync(file, 'licence of the trade mark');
    const paper = { subjectKind: 'shipment', subjectId: shipmentNo, paper: 'brand-authorisation' } as const;
    await must(core, 'archive.add', { ...paper, file });
    expect(await found('M-BRAND')).toEqual([]);
    await change(model);
  });

  it('goods that look like batteries are asked about, and once they are said to be their papers are wanted', async () => {
    const { body } = await must(core, 'documents.get', { id });
    const goods = (body['DecList'] as { GName?: string }[])[0]?.GName ?? '';
    const name = (value: string) =>
      must(core, 'documents.edit', { id, changes: [{ path: 'DecList[1]/GName', value }] });
    expect(await found('M-DANGER-ASK')).toEqual([]);
    await name('含锂电池的灯');
    expect(await found('M-DANGER-ASK')).toMatchObject([{ level: 'doubt', path: 'DecList[1]/GName' }]);
    const say = (dangerous: 'no' | 'battery') =>
      must(core, 'papers.saveDetails', { subject: { shipmentId }, details: paperDetails.parse({ dangerous }) });
    await say('no');
    expect(await found('M-DANGER-ASK')).toEqual([]);
    await say('battery');
    expect(await found('M-DANGER-ASK')).toEqual([]);
    const [wanted] = await found('M-DANGER-PAPERS');
    if (wanted === undefined) throw new Error('no finding');
    expect(textOfFinding(wanted, 'zh-CN')?.message).toContain('锂电池 UN38.3 检测报告');
    const file = path.join(folder, 'battery.pdf');
    writeFileSync(file, 'papers of the battery');
    for (const paper of ['msds', 'battery-test', 'transport-conditions'])
      await must(core, 'archive.add', { subjectKind: 'shipment', subjectId: shipmentNo, paper, file });
    expect(await found('M-DANGER-PAPERS')).toEqual([]);
    await say('no');
    await name(goods);
  });

  it('a bad class with customs is told with what follows from it, there and where a mode is chosen', async () => {
    const classOf = async () => (await must(core, 'modes.route', { shipmentId })).customsClass;
    expect(await classOf()).toBeNull();
    const rating = (level: string, date: string) =>
      must(core, 'creditRecords.save', {
        body: {
          kind: 'rating',
          authority: 'customs',
          level,
          date,
          validTo: null,
          source: '海关企业进出口信用信息公示平台',
          note: '',
        },
      });
    await rating('dishonest', '2026-05-06');
    const held = await classOf();
    expect(held).toMatchObject({ standing: 'bad', name: { zh: '失信企业' }, source: expect.stringContaining('282') });
    const [finding] = await found('M-CREDIT-CLASS');
    expect(finding).toMatchObject({ level: 'note', path: 'DecHead/TradeCoScc', params: { name: '失信企业' } });
    // A later class takes its place.
    await rating('ordinary', '2026-10-08');
    expect(await classOf()).toMatchObject({ standing: 'plain' });
    expect(await found('M-CREDIT-CLASS')).toEqual([]);
  });

  it('what followed from a class is told by the edition of the day of export', async () => {
    const before = await must(core, 'creditRecords.list', {});
    for (const { id: record } of before.rows) await must(core, 'creditRecords.remove', { id: record, reason: '测试' });
    const common = { validTo: null, source: '海关决定书', note: '' };
    await must(core, 'creditRecords.save', {
      body: { kind: 'rating', authority: 'customs', level: 'dishonest', date: '2025-01-06', ...common },
    });
    const { customsClass } = await must(core, 'modes.route', { shipmentId, answers: { exportDate: '2025-02-01' } });
    expect(customsClass?.effects.map(({ zh }) => zh).join()).toContain('查验率 80%');
    expect(customsClass?.source).toContain('251');
  });
});
