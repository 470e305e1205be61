import { setImmediate } from 'node:timers/promises';
import type { OutputOf, ParsedInputOf } from '../../../shared/contract/contract.ts';
import type { transit } from '../../../shared/contract/transit.ts';
import { catalogue } from '../../../shared/documents/catalogue.ts';
import { isTransitKind, transitChanges } from '../../../shared/drafting/transit.ts';
import { PortbookError } from '../../../shared/errors.ts';
import { editableStates } from '../../../shared/sync/document-states.ts';
import { documentCheck, recheckCasesOf } from '../checking.ts';
import type { Context, Handlers } from '../context.ts';
import type { Book } from '../store/book.ts';
import { approvalOf } from '../store/broker/review.ts';
import { requireDocument } from '../store/documents.ts';
import { editDraft } from './documents.ts';

type View = OutputOf<'transit.preview'>;
type Row = View['rows'][number];

type Input = ParsedInputOf<'transit.preview'>;

/** Documents that are read, or changed in one transaction, at a time: between them others are answered. */
const batch = 500;
/** Rows that are shown; the counts are of all. */
const shownRows = 500;
const outcomes = ['ready', 'frozen', 'other', 'same'] as const satisfies readonly Row['outcome'][];

function batches<T>(all: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(all.length / batch) }, (_, at) => all.slice(at * batch, (at + 1) * batch));
}

/** What the values change in each document. */
function rowsOf(book: Book, ids: readonly number[], values: Input['values']): Row[] {
  return ids.map((id) => {
    const { kind, businessKey, state, body } = requireDocument(book, id);
    const of = { id, kind, businessKey, state };
    if (!isTransitKind(kind)) return { ...of, outcome: 'other', changes: [], without: [] };
    if (!editableStates.includes(state) || approvalOf(book, id) !== undefined)
      return { ...of, outcome: 'frozen', changes: [], without: [] };
    const { changes, without } = transitChanges(catalogue[kind], kind, body, values);
    return {
      ...of,
      outcome: changes.length > 0 ? 'ready' : 'same',
      changes: changes.map((one) => ({ ...one })),
      without: [...without],
    };
  });
}

async function view({ book, signal }: Pick<Context, 'book' | 'signal'>, { ids, values }: Input) {
  if (Object.values(values).every((text) => (text ?? '').trim() === ''))
    throw new PortbookError('TRANSIT_EMPTY', {}, 'values');
  const rows: Row[] = [];
  for (const some of batches([...new Set(ids)])) {
    if (signal.aborted) throw new PortbookError('CANCELLED');
    rows.push(...rowsOf(book, some, values));
    await setImmediate();
  }
  const count = (outcome: Row['outcome']): number => rows.filter((row) => row.outcome === outcome).length;
  const seen: View = {
    rows: outcomes.flatMap((outcome) => rows.filter((row) => row.outcome === outcome)).slice(0, shownRows),
    ...{ ready: count('ready'), same: count('same'), frozen: count('frozen'), other: count('other') },
  };
  return { seen, ready: rows.flatMap(({ id, outcome }) => (outcome === 'ready' ? [id] : [])) };
}

/** 批量转关. */
export const transitHandlers: Handlers<keyof typeof transit> = {
  'transit.preview': async (input, context) => (await view(context, input)).seen,

  'transit.apply': async (input, context) => {
    const { book, emit, signal, progress } = context;
    const { seen, ready } = await view(context, input);
    if (ready.length === 0) throw new PortbookError('TRANSIT_NOTHING', { frozen: seen.frozen });
    const now = context.now();
    let done = 0;
    try {
      for (const ids of batches(ready)) {
        if (signal.aborted) throw new PortbookError('CANCELLED');
        progress({ phase: 'transit.apply', done, total: ready.length });
        const check = documentCheck(context);
        book.transaction(() => {
          // Read again: between two batches another hand may have sent one of them.
          const changed = rowsOf(book, ids, input.values).filter(({ outcome }) => outcome === 'ready');
          for (const { id, changes } of changed) {
            const sets = changes.map(({ path, to }) => ({ op: 'set' as const, path, value: to }));
            editDraft(context, requireDocument(book, id), sets, now);
          }
          recheckCasesOf(
            book,
            check,
            changed.map(({ id }) => id),
            now,
          );
          done += changed.length;
          book.audit(
            'transit.applied',
            `documents:${changed.length}`,
            { ids: changed.slice(0, 50).map(({ id }) => id), frozen: seen.frozen, fields: Object.keys(input.values) },
            now,
          );
        });
        await setImmediate();
      }
    } finally {
      if (done > 0) emit({ name: 'book.changed', areas: ['documents', 'orders'] });
    }
    return { ...seen, ready: done };
  },
};
