import type { broker } from '../../../shared/contract/broker.ts';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { catalogue } from '../../../shared/documents/catalogue.ts';
import { fieldsOf } from '../../../shared/documents/fields.ts';
import { PortbookError } from '../../../shared/errors.ts';
import type { Context, Handlers } from '../context.ts';
import { clerkRateReport } from '../exporters/clerk-rates.ts';
import type { ReportDocument } from '../exporters/report-document.ts';
import { writeReportWorkbook } from '../exporters/report-workbook.ts';
import { writeFileAtomically } from '../files/atomic.ts';
import { dateOf } from '../obligations.ts';
import { reportPage } from '../printing/report-page.ts';
import { provePin, roleNow, sealPin } from '../roles.ts';
import type { Book } from '../store/book.ts';
import { delegationsBetween, listDelegations, revokeDelegation, saveDelegation } from '../store/broker/delegations.ts';
import * as review from '../store/broker/review.ts';
import { type DocumentRecord, requireDocument } from '../store/documents.ts';
import { feeNoteHandlers } from './fee-notes.ts';
import { refuseCustomsCode, refuseUscc } from './profile-check.ts';

type Detail = OutputOf<'review.get'>;

const changed = ({ emit }: Context): void => emit({ name: 'book.changed', areas: ['documents'] });
const subjectOf = ({ kind, businessKey }: DocumentRecord): string => `${kind} ${businessKey}`;

/** Whom the firm lets declare by its profile; undefined where it declares itself. */
function agentOf(book: Book, date: string): OutputOf<'delegations.list'>['agent'] {
  const { uscc, customsCode, agentCode: code, agentName: name } = book.profile();
  if (code === '' || code === uscc || code === customsCode) return undefined;
  const isCovered = [uscc, customsCode].some((principal) =>
    delegationsBetween(book, principal, code).some(({ from, to }) => from <= date && date <= to),
  );
  return { code, name, isCovered };
}

function detailOf({ book }: Context, id: number): Detail {
  const document = requireDocument(book, id);
  const hands = review.handsOf(book, id).map(({ name }) => name);
  const current = review.currentClerk(book)?.name;
  const approval = review.approvalOf(book, id);
  const obstacle = (): Detail['obstacle'] => {
    try {
      review.requireApprovable(book, document);
      return undefined;
    } catch (error) {
      if (!(error instanceof PortbookError)) throw error;
      const { code, params } = error.toContract();
      return { code, params };
    }
  };
  const found = obstacle();
  return {
    isRequired: review.isReviewRequired(book),
    ...(current === undefined ? {} : { current }),
    maker: hands[0] ?? '',
    hands,
    marks: review.marksOf(book, id),
    ...(approval === undefined ? {} : { approval }),
    ...(found === undefined ? {} : { obstacle: found }),
  };
}

/** Throws `FIELD_UNKNOWN` {path} for a place the message does not have; empty: the document as a whole. */
function requirePlace({ kind }: DocumentRecord, path: string): void {
  if (path === '') return;
  const plain = path.replace(/\[\d+\]/, '');
  if (!fieldsOf(catalogue[kind]).some((one) => one.path.replace(/\[[^\]]*\]/, '') === plain))
    throw new PortbookError('FIELD_UNKNOWN', { path }, path);
}

function ratesReport({ book }: Context, { from, until }: { from: string; until: string }): ReportDocument {
  const rates = review.clerkRates(book, dateOf(from, 'from'), dateOf(until, 'until'));
  return clerkRateReport(rates, book.profile().name, from, until);
}

/** The broker’s desk (报关行): delegations, maker and checker, fee notes. */
export const brokerHandlers: Handlers<keyof typeof broker> = {
  ...feeNoteHandlers,

  'delegations.list': ({ date }, { book }) => {
    const agent = agentOf(book, date);
    return { rows: listDelegations(book, dateOf(date, 'date')), ...(agent === undefined ? {} : { agent }) };
  },

  'delegations.save': (input, context) => {
    const { book } = context;
    const now = context.now();
    refuseUscc(input.principalUscc, 'principalUscc');
    refuseUscc(input.agentUscc, 'agentUscc');
    if (input.principalCustoms !== '') refuseCustomsCode(input.principalCustoms, 'principalCustoms');
    if (input.agentCustoms !== '') refuseCustomsCode(input.agentCustoms, 'agentCustoms');
    if (input.principalUscc === input.agentUscc) throw new PortbookError('DELEGATION_SELF', {}, 'agentUscc');
    const id = book.transaction(() => {
      const saved = saveDelegation(book, input, now);
      const { number, principalUscc, agentUscc, modes, kinds, fromOn, untilOn } = input;
      book.audit(
        'delegation.saved',
        `delegation:${saved}`,
        { number, principalUscc, agentUscc, modes, kinds, fromOn, untilOn },
        now,
      );
      return saved;
    });
    changed(context);
    return { id };
  },

  'delegations.revoke': ({ id, on, reason }, context) => {
    const { book } = context;
    const now = context.now();
    book.transaction(() => {
      const number = revokeDelegation(book, id, on, reason, now);
      book.audit('delegation.revoked', `delegation:${id}`, { number, on, reason }, now);
    });
    changed(context);
    return {};
  },

  'clerks.list': (_input, { book, session }) => {
    const current = review.currentClerk(book);
    return {
      rows: review.listClerks(book),
      ...(current === undefined ? {} : { current }),
      hasRoles: review.hasRoles(book),
      role: roleNow(session),
      isProved: current === undefined || !current.hasPin || session.hasProved(current.id),
      isRequired: review.isReviewRequired(book),
    };
  },

  'clerks.save': async ({ pin: typed, ...input }, context) => {
    const { book } = context;
    const pin = typed === undefined ? undefined : typed === '' ? null : await sealPin(typed);
    const now = context.now();
    const id = book.transaction(() => {
      const saved = review.saveClerk(book, { ...input, pin }, now);
      const detail = {
        ...{ name: input.name, active: input.isActive },
        ...(input.role === undefined ? {} : { role: input.role }),
        ...(pin === undefined ? {} : { pin: pin === null ? 'removed' : 'set' }),
      };
      book.audit('clerk.saved', `clerk:${saved}`, detail, now);
      return saved;
    });
    // Whoever sets his own PIN knows it.
    if (typeof pin === 'string' && review.currentClerk(book)?.id === id) context.session.proved(id);
    changed(context);
    return { id };
  },

  'clerks.choose': async ({ id, pin }, context) => {
    const { book, session } = context;
    if (id !== null) await provePin(context, id, pin);
    book.transaction(() => {
      const before = review.currentClerk(book)?.name ?? '';
      const name = review.chooseClerk(book, id);
      book.audit('clerk.chosen', 'desk', { name, before }, context.now());
    });
    session.proved(id ?? undefined);
    changed(context);
    return {};
  },

  'review.require': ({ isRequired }, context) => {
    const { book } = context;
    book.transaction(() => {
      review.requireReview(book, isRequired);
      book.audit('review.required', 'review', { required: isRequired }, context.now());
    });
    changed(context);
    return {};
  },

  'review.list': ({ state, text, after, limit }, { book }) => ({
    ...review.listForReview(book, { state, text }, { after, limit }),
    counts: review.reviewCounts(book),
  }),

  'review.get': ({ id }, context) => detailOf(context, id),

  'review.approve': ({ ids }, context) => {
    const { book } = context;
    const now = context.now();
    book.transaction(() => {
      for (const id of ids) {
        const document = requireDocument(book, id);
        const clerk = review.requireApprovable(book, document);
        review.approve(book, id, clerk.id, now);
        const [maker] = review.handsOf(book, id);
        const detail = { document: id, version: document.version, clerk: clerk.name, maker: maker?.name ?? '' };
        book.audit('review.approved', subjectOf(document), detail, now);
      }
    });
    changed(context);
    return { approved: ids.length };
  },

  'review.reopen': ({ id, reason }, context) => {
    const { book } = context;
    const now = context.now();
    book.transaction(() => {
      const clerk = review.requireCurrentClerk(book);
      const document = requireDocument(book, id);
      review.requireDraft(document);
      const approval = review.approvalOf(book, id);
      review.reopen(book, document);
      const detail = { document: id, clerk: clerk.name, approvedBy: approval?.by ?? '', reason };
      book.audit('review.reopened', subjectOf(document), detail, now);
    });
    changed(context);
    return {};
  },

  'review.mark': ({ id, path, comment }, context) => {
    const { book } = context;
    const now = context.now();
    const markId = book.transaction(() => {
      const clerk = review.requireCurrentClerk(book);
      const document = requireDocument(book, id);
      review.requireDraft(document);
      review.requireUnapproved(book, id);
      requirePlace(document, path);
      const made = review.addMark(book, document, { path, comment, clerkId: clerk.id }, now);
      book.audit('review.marked', subjectOf(document), { document: id, mark: made, clerk: clerk.name, path }, now);
      return made;
    });
    changed(context);
    return { markId };
  },

  'review.resolve': ({ markId, isResolved, answer }, context) => {
    const { book } = context;
    const now = context.now();
    book.transaction(() => {
      const clerk = review.requireCurrentClerk(book);
      const { documentId, path } = review.resolveMark(
        book,
        markId,
        isResolved ? { clerkId: clerk.id, at: now, answer } : undefined,
      );
      const detail = { document: documentId, mark: markId, clerk: clerk.name, path };
      const document = requireDocument(book, documentId);
      book.audit(isResolved ? 'review.settled' : 'review.unsettled', subjectOf(document), detail, now);
    });
    changed(context);
    return {};
  },

  'review.claim': ({ ids }, context) => {
    const { book } = context;
    const now = context.now();
    book.transaction(() => {
      const clerk = review.requireCurrentClerk(book);
      for (const id of ids) {
        const document = requireDocument(book, id);
        review.claim(book, document, clerk.id, now);
        book.audit('review.claimed', subjectOf(document), { document: id, clerk: clerk.name }, now);
      }
    });
    changed(context);
    return { claimed: ids.length };
  },

  'review.rates': ({ from, until }, { book }) => review.clerkRates(book, dateOf(from, 'from'), dateOf(until, 'until')),

  'review.print': async ({ to, ...days }, context) => {
    const path = context.files.pathOf(to, 'write');
    const { html, rows } = reportPage(ratesReport(context, days));
    const pdf = await context.host.printPdf(html);
    if (pdf === undefined) throw new PortbookError('PRINT_NEEDS_WINDOW');
    writeFileAtomically(path, pdf);
    return { rows };
  },

  'review.export': async ({ to, ...days }, context) => ({
    rows: await writeReportWorkbook(context.files.pathOf(to, 'write'), ratesReport(context, days), {
      signal: context.signal,
      progress: (done) => context.progress({ phase: 'write', done, total: 0 }),
    }),
  }),
};
