import { chinaDate } from '../../../shared/calendar/china-time.ts';
import type { broker } from '../../../shared/contract/broker.ts';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { PortbookError } from '../../../shared/errors.ts';
import type { Context, Handlers } from '../context.ts';
import { feeNoteReport } from '../exporters/fee-note.ts';
import type { ReportDocument } from '../exporters/report-document.ts';
import { writeReportWorkbook } from '../exporters/report-workbook.ts';
import { writeFileAtomically } from '../files/atomic.ts';
import { dateOf, fenOf, yuanText } from '../obligations.ts';
import { reportPage } from '../printing/report-page.ts';
import * as fees from '../store/broker/fees.ts';

type Note = OutputOf<'feeNotes.list'>['rows'][number];

const changed = ({ emit }: Context): void => emit({ name: 'book.changed', areas: ['documents'] });

function rowOf({ totalFen, voidedAt, ...note }: fees.FeeNote): Note {
  return { ...note, total: yuanText(totalFen), ...(voidedAt === null ? {} : { voidedAt }) };
}

const lineOf = ({ feeFen, documentId, kind, mode, number, filedOn }: fees.FeeLine) => ({
  ...{ documentId, kind, mode, number, filedOn },
  fee: yuanText(feeFen),
});

function noteOf({ book }: Context, id: number): OutputOf<'feeNotes.get'> {
  const { lines, ...note } = fees.requireFeeNote(book, id);
  return { ...rowOf(note), lines: lines.map(lineOf) };
}

function reportOf(context: Context, id: number): ReportDocument {
  const { name, agentName } = context.book.profile();
  return feeNoteReport(noteOf(context, id), agentName === '' ? name : agentName);
}

const priced = (one: fees.Chargeable): one is fees.Chargeable & fees.FeeLine => one.feeFen !== null;

/** Fee notes (代理费) of the broker's desk. */
export const feeNoteHandlers: Handlers<Extract<keyof typeof broker, `feeNotes.${string}` | `feeTariff.${string}`>> = {
  'feeTariff.get': (_input, { book }) => ({
    rows: fees.feeTariff(book).map(({ kind, mode, feeFen }) => ({ kind, mode, fee: yuanText(feeFen) })),
  }),

  'feeTariff.save': ({ rows }, context) => {
    const { book } = context;
    const lines = rows.map(({ kind, mode, fee }, at) => ({ kind, mode, feeFen: fenOf(fee, `rows.${at}.fee`) }));
    book.transaction(() => {
      fees.saveFeeTariff(book, lines);
      book.audit('fee-tariff.saved', 'fee-tariff', { lines }, context.now());
    });
    changed(context);
    return {};
  },

  'feeNotes.plan': ({ from, until, clientCode }, { book }) => {
    const all = fees.chargeables(book, dateOf(from, 'from'), dateOf(until, 'until'), '');
    const clients = new Map<string, { code: string; name: string; documents: number }>();
    for (const { clientCode: code, clientName: name } of all) {
      const client = clients.get(code) ?? { code, name, documents: 0 };
      client.documents += 1;
      clients.set(code, client);
    }
    const own = all.filter((one) => one.clientCode === clientCode);
    const unpriced = new Map<string, OutputOf<'feeNotes.plan'>['unpriced'][number]>();
    for (const { kind, mode } of own.filter((one) => !priced(one))) {
      const group = unpriced.get(`${kind} ${mode}`) ?? { kind, mode, documents: 0 };
      group.documents += 1;
      unpriced.set(`${kind} ${mode}`, group);
    }
    const lines = own.filter(priced);
    return {
      clients: [...clients.values()],
      lines: lines.map(lineOf),
      unpriced: [...unpriced.values()],
      total: yuanText(lines.reduce((sum, { feeFen }) => sum + feeFen, 0)),
    };
  },

  'feeNotes.draw': ({ from, until, clientCode }, context) => {
    const { book } = context;
    const now = context.now();
    const drawn = book.transaction(() => {
      const own = fees.chargeables(book, dateOf(from, 'from'), dateOf(until, 'until'), clientCode);
      const [first] = own;
      if (first === undefined) throw new PortbookError('FEE_NOTHING', { client: clientCode });
      const lines = own.filter(priced);
      if (lines.length < own.length) throw new PortbookError('FEE_UNPRICED', { documents: own.length - lines.length });
      const client = { code: clientCode, name: first.clientName };
      const note = fees.insertFeeNote(book, client, { from, until }, lines, now, chinaDate(now).slice(0, 4));
      const detail = { client: clientCode, from, until, documents: lines.length, totalFen: note.totalFen };
      book.audit('fee-note.drawn', `fee-note:${note.number}`, detail, now);
      return note;
    });
    changed(context);
    return { id: drawn.id, number: drawn.number };
  },

  'feeNotes.list': (_input, { book }) => ({ rows: fees.listFeeNotes(book).map(rowOf) }),

  'feeNotes.get': ({ id }, context) => noteOf(context, id),

  'feeNotes.void': ({ id, reason }, context) => {
    const { book } = context;
    const now = context.now();
    book.transaction(() => {
      const number = fees.voidFeeNote(book, id, reason, now);
      book.audit('fee-note.voided', `fee-note:${number}`, { reason }, now);
    });
    changed(context);
    return {};
  },

  'feeNotes.print': async ({ id, to }, context) => {
    const path = context.files.pathOf(to, 'write');
    const { html, rows } = reportPage(reportOf(context, id));
    const pdf = await context.host.printPdf(html);
    if (pdf === undefined) throw new PortbookError('PRINT_NEEDS_WINDOW');
    writeFileAtomically(path, pdf);
    return { rows };
  },

  'feeNotes.export': async ({ id, to }, context) => ({
    rows: await writeReportWorkbook(context.files.pathOf(to, 'write'), reportOf(context, id), {
      signal: context.signal,
      progress: (done) => context.progress({ phase: 'write', done, total: 0 }),
    }),
  }),
};
