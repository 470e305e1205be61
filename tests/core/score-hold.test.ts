import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Core } from '../../electron/core/core.ts';
import { decMessage } from '../../shared/documents/index.ts';
import { linesOf } from '../../shared/documents/spec.ts';
import { paperDetails } from '../../shared/papers/details.ts';
import { coreAt, must } from '../fixtures/trade.ts';

/** C10 at the queue: what the firm itself scores as high goes once somebody has given a reason, whoever queues it. */
let folder = '';
let core: Core;
let shipmentId = 0;
let ids: number[] = [];

beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-score-hold-'));
  core = coreAt(folder);
  await must(core, 'books.createSample', {});
  shipmentId = (await must(core, 'shipments.list', {})).rows[0]?.id ?? 0;
  const details = paperDetails.parse({ sourcePlace: '46011 海口', contractNo: 'HT-1' });
  await must(core, 'papers.saveDetails', { subject: { shipmentId }, details });
  const { documents } = await must(core, 'documents.declare', { shipmentId, mode: '0110' });
  ids = documents.map(({ id }) => id);
});
afterAll(async () => {
  await core.close();
  rmSync(folder, { recursive: true, force: true });
});

it('holds a high score with one reminder a shipment until its reason is given', async () => {
  const { book } = core.session;
  for (const id of ids) {
    const { body } = await must(core, 'documents.get', { id });
    for (const { CodeTS = '' } of linesOf(decMessage, body))
      book
        .prepare(
          `INSERT OR REPLACE INTO tariff (hs_code, in_force_from, conditions, entered_at) VALUES (?, '2020-01-01', '4', '')`,
        )
        .run(CodeTS);
    const operator = { TypistNo: '8930000012345', InputerName: '王五', DeclareName: '王五', EntyPortCode: '460001' };
    const changes = Object.entries(operator).map(([field, value]) => ({ path: `DecHead/${field}`, value }));
    await must(core, 'documents.edit', { id, changes });
  }
  book.prepare(`UPDATE tariff SET conditions = '4'`).run();
  // A firm for which goods with a licence are enough to be asked about.
  const { inForce } = await must(core, 'rules.pack', { id: 'risk-shipment-score' });
  const { id: pack, title, source, versions } = inForce;
  const text = JSON.stringify({ id: pack, titleZh: title.zh, titleEn: title.en, source, versions });
  const own = JSON.parse(text.replace('"highFrom":50', '"highFrom":30')) as Record<string, never>;
  await must(core, 'rules.savePack', { id: pack, body: own, reason: '许可证商品都要写明理由' });
  const { score } = await must(core, 'shipments.score', { id: shipmentId });
  expect(score).toMatchObject({ level: 'high' });
  expect(score?.items.find(({ code }) => code === 'regulated')?.outcome).toBe('hit');
  const scope = { shipmentId, kind: 'DecMessage' } as const;
  // Whatever is said of reminders: this one holds.
  expect(await must(core, 'documents.queue', scope)).toMatchObject({ documents: 0, riskHeld: ids.length });
  const asked = async () =>
    (await must(core, 'documents.reminders', { ...scope, state: 'checked' })).rows.filter(
      ({ rule }) => rule === 'RISK-SHIPMENT',
    );
  expect(await asked()).toMatchObject([{ params: { score: score?.score }, findings: 1 }]);
  await must(core, 'documents.explain', { ...scope, reasons: [{ rule: 'RISK-SHIPMENT', reason: '许可证已核对' }] });
  expect(await must(core, 'documents.queue', scope)).toMatchObject({ documents: ids.length, held: 0, riskHeld: 0 });
  const trail = book.prepare(`SELECT * FROM audit WHERE action = 'documents.explain'`).all();
  expect(JSON.stringify(trail)).toContain('许可证已核对');
});
