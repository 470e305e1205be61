import { chinaDate } from '../../../shared/calendar/china-time.ts';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import type { documentLife } from '../../../shared/contract/document-life.ts';
import { decMessage, specOf } from '../../../shared/documents/catalogue.ts';
import { headOf, linesOf } from '../../../shared/documents/spec.ts';
import { mergeSummary, type SummaryDeclaration, summaryLinesOf } from '../../../shared/drafting/summary-merge.ts';
import { PortbookError } from '../../../shared/errors.ts';
import { format5 } from '../../../shared/money/decimal.ts';
import {
  summaryDeadline,
  summaryKeysOf,
  summaryPackId,
  summaryPackSchema,
} from '../../../shared/rules/customs-modes/summary.ts';
import { requirePackOn } from '../../../shared/rules/pack.ts';
import { editableStates } from '../../../shared/sync/document-states.ts';
import { channelOf, rejectionReasons } from '../../../shared/sync/rejections.ts';
import { documentCheck, recheck, recheckCasesOf } from '../checking.ts';
import type { Context, Handlers } from '../context.ts';
import {
  amendDocument,
  applyForSummary,
  createDocument,
  gatherLists,
  leftOf,
  lifeOn,
  mayOf,
  modesNotSummed,
  returnGoods,
  tallyReturn,
  unconcluded,
  withdrawDocument,
} from '../document-life.ts';
import { declareShipment } from '../form-change.ts';
import { untouchedDeclaration } from '../goods-declaration.ts';
import { splitDocument } from '../split-declaration.ts';
import type { Book } from '../store/book.ts';
import { requireUnapproved } from '../store/broker/review.ts';
import { workCalendar } from '../store/calendar.ts';
import { freeDeclaredGoods } from '../store/declared-goods.ts';
import {
  documentsAbout,
  documentsAboutIt,
  matchesOf,
  receiptNotes,
  releasedLists,
  resultsOf,
  type StoredList,
  saveReceiptNote,
} from '../store/document-life.ts';
import { abandonDrafts, caseOf, type DocumentRecord, requireDocument } from '../store/documents.ts';
import { impactsOf } from '../store/impacts.ts';
import { recordDocument } from '../store/messages.ts';
import { packInForce } from '../worksheets/rules.ts';
import { detailOf } from './documents.ts';
import { parkedReceiptHandlers } from './parked-receipts.ts';

/** Makes a document in one transaction with its first check, and answers it. */
function made(context: Context, make: (now: string) => number): OutputOf<'documents.get'> {
  const { book } = context;
  const now = context.now();
  const id = book.transaction(() => {
    const one = make(now);
    recheck(book, documentCheck(context), caseOf(requireDocument(book, one)), now);
    return one;
  });
  context.emit({ name: 'book.changed', areas: ['documents'] });
  return detailOf(context, id);
}

/** The coded remarks of what stands on a document, with the official word and the user's own. */
function codesOf({ book, resources }: Context, document: DocumentRecord): OutputOf<'documents.life'>['codes'] {
  // Other states only say how far a document has come.
  if (document.state !== 'rejected') return [];
  const all = rejectionReasons(document.statusCode ?? '', document.statusInfo ?? '').filter(({ code }) => code !== '');
  const notes = receiptNotes(
    book,
    all.map(({ code }) => code),
  );
  return all.map(({ code, text }) => {
    const channel = channelOf(code);
    const meaning =
      channel === undefined
        ? (resources.table('error_code').lookup(code)?.zh ?? resources.table('return_info_code').lookup(code)?.zh)
        : resources.table('dec_channel').lookup(channel)?.zh;
    const note = notes.get(code);
    return { code, text, ...(meaning === undefined ? {} : { meaning }), ...(note === undefined ? {} : { note }) };
  });
}

function resultViews(book: Book, id: number): OutputOf<'documents.life'>['results'] {
  return resultsOf(book, id).map((result) => {
    const spec = specOf(result.kind);
    const head = spec === undefined ? {} : headOf(spec, result.body);
    return {
      id: result.id,
      kind: result.kind,
      number: result.number,
      at: result.at,
      fields: (spec?.head.fields ?? []).flatMap(({ name }) => {
        const value = head[name] ?? '';
        return value === '' || name === 'guid' || name === 'oriBizMessage' ? [] : [{ name, value }];
      }),
      lists: matchesOf(book, result.id).map(({ invtNo, listId, itemNo }) => ({
        invtNo,
        itemNo,
        ...(listId === null ? {} : { listId }),
      })),
    };
  });
}

interface Group {
  readonly key: string;
  readonly declarations: readonly SummaryDeclaration[];
  readonly lists: readonly StoredList[];
}

/** The month's lists as applications: one for all that agree in the head of a declaration. */
function groupsOf(context: Context, month: string) {
  const { book, resources } = context;
  const life = lifeOn(context, chinaDate(context.now()));
  const pack = summaryPackSchema.parse(packInForce(resources, book, summaryPackId));
  const { parameters } = requirePackOn(pack, `${month}-28`);
  const keys = summaryKeysOf(parameters, true);
  const released = releasedLists(book, month, life.summable, modesNotSummed(context, `${month}-28`));
  const open = released.filter(({ isApplied }) => !isApplied);
  const byNumber = new Map(open.map((list) => [list.invtNo, list]));
  const summary = mergeSummary(
    open.flatMap(({ invtNo, body }) => summaryLinesOf(invtNo, body)),
    keys,
  );
  const groups = new Map<string, { declarations: SummaryDeclaration[]; numbers: Set<string> }>();
  for (const declaration of summary.declarations) {
    const key = keys.head.map((name) => declaration.keys[name] ?? '').join('|');
    const group = groups.get(key) ?? { declarations: [], numbers: new Set<string>() };
    group.declarations.push(declaration);
    for (const number of declaration.lists) group.numbers.add(number);
    groups.set(key, group);
  }
  return {
    byProducer: keys.head.includes('producer'),
    dueOn: summaryDeadline(month, parameters, workCalendar(book, resources))?.date,
    statisticsOnly: summary.statistics.length,
    applied: released.length - open.length,
    appliedByPeriod: released.filter(({ isByPeriod }) => isByPeriod).length,
    groups: [...groups].map(
      ([key, { declarations, numbers }]): Group => ({
        key,
        declarations,
        lists: [...numbers].flatMap((number) => byNumber.get(number) ?? []),
      }),
    ),
  };
}

function totalsOf({ declarations }: Group): { currency: string; amount: string }[] {
  const totals = new Map<string, bigint>();
  for (const item of declarations.flatMap(({ items }) => items)) {
    const currency = item.keys.currency ?? '';
    totals.set(currency, (totals.get(currency) ?? 0n) + item.amount_e5);
  }
  return [...totals].map(([currency, amount]) => ({ currency, amount: format5(amount, 2) }));
}

/** The life of a document beyond its order: made by hand, changed, deleted, withdrawn, returned, summed up. */
export const documentLifeHandlers: Handlers<keyof typeof documentLife> = {
  ...parkedReceiptHandlers,

  'documents.create': ({ kind, reuse }, context) => {
    const blank = reuse && kind === 'DecMessage' ? untouchedDeclaration(context, context.now()) : undefined;
    return blank === undefined ? made(context, (now) => createDocument(context, kind, now)) : detailOf(context, blank);
  },

  'documents.life': ({ id }, context) => {
    const { book } = context;
    const document = requireDocument(book, id);
    const isList = document.kind === 'CEB603Message' || document.kind === 'CEB621Message';
    const [open] = unconcluded(context, id);
    return {
      may: mayOf(context, document),
      about: documentsAbout(book, id),
      by: documentsAboutIt(book, id),
      returnable: isList ? leftOf(context, document) : [],
      results: resultViews(book, id),
      codes: codesOf(context, document),
      ...(open === undefined ? {} : { unconcluded: { since: open.since, hours: open.hours, isLate: open.isLate } }),
    };
  },

  'documents.impacts': ({ id }, { book }) => ({ rows: impactsOf(book, requireDocument(book, id)) }),

  'documents.amend': ({ id, as }, context) => made(context, (now) => amendDocument(context, id, as, now)),
  'documents.withdraw': ({ id, reason }, context) => made(context, (now) => withdrawDocument(context, id, reason, now)),
  'documents.returnGoods': ({ id, reason, lines }, context) =>
    made(context, (now) => returnGoods(context, id, { reason, lines }, now)),
  'documents.tally': ({ id }, context) => made(context, (now) => tallyReturn(context, id, now)),
  'documents.split': ({ id }, context) => {
    const { book } = context;
    const now = context.now();
    const ids = book.transaction(() => {
      const made = splitDocument(context, id, now);
      recheckCasesOf(book, documentCheck(context), made, now);
      return made;
    });
    context.emit({ name: 'book.changed', areas: ['documents', 'orders'] });
    return {
      documents: ids.map((one) => {
        const { businessKey, body } = requireDocument(book, one);
        return { id: one, businessKey, items: linesOf(decMessage, body).length };
      }),
    };
  },
  'documents.gather': ({ shipmentId, as }, context) =>
    made(context, (now) => gatherLists(context, shipmentId, as, now)),

  'documents.declare': async ({ shipmentId, mode }, context) => {
    const make = await declareShipment(context, shipmentId, mode);
    const { declarations, away } = context.book.transaction(() => make(context.now()));
    context.emit({ name: 'book.changed', areas: ['documents', 'orders', 'shipments'] });
    return {
      documents: declarations.map(({ id, businessKey, body }) => ({
        ...{ id, businessKey },
        items: linesOf(decMessage, body).length,
      })),
      away,
    };
  },

  'documents.discard': ({ id }, context) => {
    const { book } = context;
    const now = context.now();
    book.transaction(() => {
      const document = requireDocument(book, id);
      const { businessKey: number, state } = document;
      if (!editableStates.includes(state)) throw new PortbookError('DOCUMENT_FROZEN', { number, state });
      if (document.orderId !== undefined || document.subject !== undefined)
        throw new PortbookError('DOCUMENT_OF_ORDER', { number });
      requireUnapproved(book, id);
      abandonDrafts(book, [id], now);
      if (document.kind === 'DecMessage') freeDeclaredGoods(book, number);
      recordDocument(book, id, { from: state, to: 'withdrawn', event: 'discard', at: now });
      book.audit('documents.discard', `${document.kind} ${number}`, {}, now);
    });
    context.emit({ name: 'book.changed', areas: ['documents'] });
    return {};
  },

  'summaries.plan': ({ month }, context) => {
    const { groups, dueOn, statisticsOnly, applied, appliedByPeriod } = groupsOf(context, month);
    return {
      ...(dueOn === undefined ? {} : { dueOn }),
      statisticsOnly,
      applied,
      appliedByPeriod,
      groups: groups.map((group) => {
        const keys = group.declarations[0]?.keys ?? {};
        return {
          key: group.key,
          consignor: keys.consignor ?? '',
          producer: keys.producer ?? '',
          arrivalCountry: keys.arrivalCountry ?? '',
          exitCustoms: keys.exitCustoms ?? '',
          transportMode: keys.transportMode ?? '',
          lists: group.lists.length,
          items: group.declarations.reduce((sum, { items }) => sum + items.length, 0),
          totals: totalsOf(group),
        };
      }),
    };
  },

  'summaries.draft': ({ month, keys }, context) => {
    const { book } = context;
    const now = context.now();
    const { groups, byProducer } = groupsOf(context, month);
    const wanted = groups.filter(({ key, lists }) => lists.length > 0 && (keys.length === 0 || keys.includes(key)));
    if (wanted.length === 0) throw new PortbookError('SUMMARY_NOTHING', { month });
    const documents = book.transaction(() => {
      const check = documentCheck(context);
      return wanted.map(({ lists }) => {
        const id = applyForSummary(context, lists, byProducer, now);
        const document = requireDocument(book, id);
        recheck(book, check, caseOf(document), now);
        book.audit('summaries.draft', `${document.kind} ${document.businessKey}`, { month, lists: lists.length }, now);
        return { id, businessKey: document.businessKey, lists: lists.length };
      });
    });
    context.emit({ name: 'book.changed', areas: ['documents'] });
    return { documents };
  },

  'receiptNotes.save': ({ code, note }, context) => {
    const { book } = context;
    const now = context.now();
    book.transaction(() => {
      saveReceiptNote(book, code, note, now);
      book.audit('receiptNotes.save', `code ${code}`, { kept: note !== '' }, now);
    });
    context.emit({ name: 'book.changed', areas: ['documents'] });
    return {};
  },
};
