import type { OutputOf, ParsedInputOf } from '../../../shared/contract/contract.ts';
import type { transit } from '../../../shared/contract/transit.ts';
import { catalogue } from '../../../shared/documents/catalogue.ts';
import { isTransitKind, transitChanges } from '../../../shared/drafting/transit.ts';
import { PortbookError } from '../../../shared/errors.ts';
import { editableStates } from '../../../shared/sync/document-states.ts';
import { documentCheck, recheck } from '../checking.ts';
import type { Handlers } from '../context.ts';
import type { Book } from '../store/book.ts';
import { approvalOf } from '../store/broker/review.ts';
import { caseOf, requireDocument } from '../store/documents.ts';
import { editDraft } from './documents.ts';

type View = OutputOf<'transit.preview'>;
type Row = View['rows'][number];

/** What the values change in each document. */
function view(book: Book, { ids, values }: ParsedInputOf<'transit.preview'>): View {
  if (Object.values(values).every((text) => (text ?? '').trim() === ''))
    throw new PortbookError('TRANSIT_EMPTY', {}, 'values');
  const rows = [...new Set(ids)].map((id): Row => {
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
  const count = (outcome: Row['outcome']): number => rows.filter((row) => row.outcome === outcome).length;
  return { rows, ready: count('ready'), same: count('same'), frozen: count('frozen'), other: count('other') };
}

/** 批量转关. */
export const transitHandlers: Handlers<keyof typeof transit> = {
  'transit.preview': (input, { book }) => view(book, input),

  'transit.apply': (input, context) => {
    const { book, emit } = context;
    const now = context.now();
    const done = book.transaction(() => {
      const seen = view(book, input);
      const ready = seen.rows.filter(({ outcome }) => outcome === 'ready');
      if (ready.length === 0) throw new PortbookError('TRANSIT_NOTHING', { frozen: seen.frozen });
      const check = documentCheck(context);
      for (const { id, changes } of ready) {
        const sets = changes.map(({ path, to }) => ({ op: 'set' as const, path, value: to }));
        editDraft(context, requireDocument(book, id), sets, now);
        recheck(book, check, caseOf(requireDocument(book, id)), now);
      }
      book.audit(
        'transit.applied',
        `documents:${ready.length}`,
        { ids: ready.slice(0, 50).map(({ id }) => id), frozen: seen.frozen, fields: Object.keys(input.values) },
        now,
      );
      return seen;
    });
    emit({ name: 'book.changed', areas: ['documents', 'orders'] });
    return done;
  },
};
