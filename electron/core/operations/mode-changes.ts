import { chinaDate } from '../../../shared/calendar/china-time.ts';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import type { modeChanges } from '../../../shared/contract/mode-changes.ts';
import { catalogue } from '../../../shared/documents/catalogue.ts';
import {
  formsOf,
  isModeMessage,
  type ModeChange,
  type ModeMessage,
  modeChange,
  modeFields,
  modeOf,
  orderUnderMode,
} from '../../../shared/drafting/mode-change.ts';
import { restoreBetween } from '../../../shared/drafting/undo.ts';
import { PortbookError } from '../../../shared/errors.ts';
import { type ModeRule, modesPackId, modesPackSchema, routeModes } from '../../../shared/rules/customs-modes/router.ts';
import { requirePackOn } from '../../../shared/rules/pack.ts';
import { documentCheck, recheck } from '../checking.ts';
import type { Context, Handlers } from '../context.ts';
import { caseOf, type DocumentRecord, requireDocument } from '../store/documents.ts';
import {
  insertModeChange,
  lastModeChange,
  markModeChangeUndone,
  papersUnderMode,
  requireModeChange,
} from '../store/mode-changes.ts';
import { Rules } from '../worksheets/rules.ts';
import { differenceViews, modeTitle } from './customs-modes.ts';
import { editDraft, requireEditable } from './documents.ts';

type ModeDocument = DocumentRecord & { readonly kind: ModeMessage };

/** Refusal: `MODE_NONE` {number}. */
function requireModeDocument({ book }: Context, id: number): ModeDocument {
  const document = requireDocument(book, id);
  const { kind, businessKey: number } = document;
  if (!isModeMessage(kind)) throw new PortbookError('MODE_NONE', { number });
  return { ...document, kind };
}

/** The modes in force today. */
const modesToday = ({ resources, book, now }: Context): readonly ModeRule[] =>
  requirePackOn(modesPackSchema.parse(new Rules(resources, book).pack(modesPackId)), chinaDate(now())).parameters.modes;

/** Refusals: `MODE_SAME` {mode}, `MODE_OTHER_FORM` {mode} for one that no document of the kind may bear. */
function requireTarget(document: ModeDocument, modes: readonly ModeRule[], to: string): ModeRule {
  const rule = modes.find(({ mode }) => mode === to);
  if (modeOf(document.kind, document.body) === to) throw new PortbookError('MODE_SAME', { mode: to }, 'to');
  if (rule === undefined || !formsOf(rule).includes(modeFields[document.kind].form))
    throw new PortbookError('MODE_OTHER_FORM', { mode: to }, 'to');
  return rule;
}

interface Planned {
  readonly document: DocumentRecord;
  readonly change: ModeChange;
}

/** The change of a document and of the papers of its order. Refusal: `DOCUMENT_FROZEN` where one that changes has left. */
function planOf({ book }: Context, document: ModeDocument, to: ModeRule): Planned[] {
  return papersUnderMode(book, document.id).flatMap((id): Planned[] => {
    const one = requireDocument(book, id);
    const change = isModeMessage(one.kind) ? modeChange(one.kind, one.body, to) : orderUnderMode(one.body, to.mode);
    if (change.operations.length === 0) return [];
    requireEditable(one);
    return [{ document: one, change }];
  });
}

function preview(context: Context, id: number, to: string | undefined): OutputOf<'modes.change'> {
  const { book } = context;
  const document = requireModeDocument(context, id);
  requireEditable(document);
  const modes = modesToday(context);
  const from = modeOf(document.kind, document.body);
  const { form } = modeFields[document.kind];
  const rule = to === undefined ? undefined : requireTarget(document, modes, to);
  const plan = rule === undefined ? [] : planOf(context, document, rule);
  const { options } = routeModes(modes, {});
  const [was, is] = [from, to].map((mode) => options.find((option) => option.mode === mode));
  const last = lastModeChange(book, id);
  return {
    from,
    fromTitle: modes.some(({ mode }) => mode === from) ? modeTitle(from) : { zh: from, en: from },
    targets: modes
      .filter(({ mode }) => mode !== from)
      .map((one) => ({ mode: one.mode, title: modeTitle(one.mode), isOtherForm: !formsOf(one).includes(form) })),
    documents: plan.map(({ document: { id: of, kind, businessKey } }) => ({ id: of, kind, businessKey })),
    rows: plan.flatMap(({ document: { id: documentId }, change }) =>
      change.rows.map((row) => ({ documentId, ...row })),
    ),
    // The form stays: what the modes ask of papers, days and tax is what differs.
    differences:
      was === undefined || is === undefined
        ? []
        : differenceViews(was, is).filter(({ aspect }) => ['papers', 'deadlines', 'tax'].includes(aspect)),
    source: rule?.source ?? '',
    undo: last === undefined ? null : { id: last.id, from: last.fromMode, to: last.toMode, at: last.madeAt },
  };
}

const changed = ({ emit }: Context): void => emit({ name: 'book.changed', areas: ['documents', 'orders'] });

/** Drafts taken to another supervision mode, and back. */
export const modeChangeHandlers: Handlers<keyof typeof modeChanges> = {
  'modes.change': ({ id, to }, context) => preview(context, id, to),

  'modes.convert': ({ id, to }, context) => {
    const { book } = context;
    const now = context.now();
    const count = book.transaction(() => {
      const document = requireModeDocument(context, id);
      requireEditable(document);
      const rule = requireTarget(document, modesToday(context), to);
      const fromMode = modeOf(document.kind, document.body);
      const documents = planOf(context, document, rule).map(({ document: one, change }) => {
        editDraft(context, one, change.operations, now);
        return { id: one.id, before: one.body, after: requireDocument(book, one.id).body };
      });
      insertModeChange(book, { documentId: id, fromMode, toMode: to, documents }, now);
      book.audit('modes.convert', `${document.kind} ${document.businessKey}`, { from: fromMode, to }, now);
      recheck(book, documentCheck(context), caseOf(document), now);
      return documents.length;
    });
    changed(context);
    return { changed: count };
  },

  'modes.undo': ({ id }, context) => {
    const { book } = context;
    const now = context.now();
    book.transaction(() => {
      const change = requireModeChange(book, id);
      for (const { id: documentId, before, after } of change.documents) {
        const document = requireDocument(book, documentId);
        requireEditable(document);
        if (JSON.stringify(document.body) !== JSON.stringify(after))
          throw new PortbookError('MODE_CHANGE_EDITED', { number: document.businessKey });
        const restore = restoreBetween(catalogue[document.kind], document.body, before);
        if (restore !== undefined) editDraft(context, document, [restore], now);
        recheck(book, documentCheck(context), caseOf(document), now);
      }
      markModeChangeUndone(book, id, now);
      book.audit('modes.undo', String(id), { from: change.toMode, to: change.fromMode }, now);
    });
    changed(context);
    return {};
  },
};
