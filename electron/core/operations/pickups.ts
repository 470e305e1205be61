import { chinaDate } from '../../../shared/calendar/china-time.ts';
import type { pickups } from '../../../shared/contract/pickups.ts';
import { PortbookError } from '../../../shared/errors.ts';
import { kilogramText } from '../../../shared/lots/mass.ts';
import { reportColumn } from '../../../shared/reports/sheet.ts';
import type { Context, Handlers } from '../context.ts';
import type { ReportDocument } from '../exporters/report-document.ts';
import { writeFileAtomically } from '../files/atomic.ts';
import { reportPage } from '../printing/report-page.ts';
import * as store from '../store/trace/pickups.ts';

const changed = ({ emit }: Context): void => emit({ name: 'book.changed', areas: ['lots'] });

/** 批次交接单: one lot, who gave it and who took it. */
function handoverReport({ book }: Context, id: number): ReportDocument {
  const one = store.requireHandover(book, id);
  const point = store.requirePoint(book, one.pointId);
  return {
    title: '批次交接单',
    form: one.number,
    firm: book.profile().name,
    period: `${one.on}　代收点 ${point.name} ${point.place}`.trim(),
    unit: '单位：箱、千克',
    columns: [
      reportColumn('lot', '批次（溯源码）', 'code', 20),
      reportColumn('goods', '货物', 'text', 26),
      reportColumn('cartons', '箱数', 'figure', 10),
      reportColumn('mass', '净重', 'figure', 12),
      reportColumn('note', '备注', 'text', 24),
    ],
    rows: [{ key: 'lot', cells: [one.lot, one.goods, String(one.cartons), kilogramText(one.massG), one.note] }],
    signs: [`交货人（${one.giver}）`, `接收人（${one.receiver}）`, '日期'],
  };
}

/** Pickup points and hand-over notes. Who gave and who took are persons: the audit names the note alone. */
export const pickupHandlers: Handlers<keyof typeof pickups> = {
  'pickupPoints.list': (input, { book }) => store.listPoints(book, input),

  'pickupPoints.save': (input, context) => {
    const { book } = context;
    const now = context.now();
    const id = book.transaction(() => {
      const saved = store.savePoint(book, input, now);
      book.audit('pickup.saved', `pickup:${saved}`, { name: input.name, active: input.isActive }, now);
      return saved;
    });
    changed(context);
    return { id };
  },

  'lotHandovers.list': (input, { book }) => store.listHandovers(book, input),

  'lotHandovers.add': (input, context) => {
    const { book } = context;
    const now = context.now();
    if (input.on > chinaDate(now)) throw new PortbookError('DATE_FUTURE', { date: input.on }, 'on');
    const made = book.transaction(() => {
      const added = store.addHandover(book, input, now);
      const { pointId, lotId, on, cartons, massG } = input;
      book.audit('handover.added', added.number, { pointId, lotId, on, cartons, massG }, now);
      return added;
    });
    changed(context);
    return made;
  },

  'lotHandovers.void': ({ id, reason }, context) => {
    const { book } = context;
    const now = context.now();
    book.transaction(() => {
      const one = store.requireHandover(book, id);
      store.voidHandover(book, one, reason, now);
      book.audit('handover.voided', one.number, { reason }, now);
    });
    changed(context);
    return {};
  },

  'lotHandovers.print': async ({ id, to }, context) => {
    const path = context.files.pathOf(to, 'write');
    const { html, rows } = reportPage(handoverReport(context, id));
    const pdf = await context.host.printPdf(html);
    if (pdf === undefined) throw new PortbookError('PRINT_NEEDS_WINDOW');
    writeFileAtomically(path, pdf);
    return { rows };
  },
};
