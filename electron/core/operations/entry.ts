import { createHash, randomUUID } from 'node:crypto';
import { chinaDate, chinaMessageTime } from '../../../shared/calendar/china-time.ts';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import type { EntryState, entry } from '../../../shared/contract/entry.ts';
import { deskCommands, holderOf, isAllowedKey, type KeyMap } from '../../../shared/desk-keys.ts';
import { catalogue, type RequestName } from '../../../shared/documents/catalogue.ts';
import { fieldsOf } from '../../../shared/documents/fields.ts';
import { headOf, linesOf, type MessageSpec, type Values } from '../../../shared/documents/spec.ts';
import {
  copiedBody,
  factsToConfirm,
  goodsOfLine,
  leftByCopy,
  leftByTemplate,
  templateBody,
} from '../../../shared/drafting/copy.ts';
import { amountOf } from '../../../shared/drafting/edit.ts';
import { PortbookError } from '../../../shared/errors.ts';
import { storedText, storedValue } from '../../../shared/money/stored.ts';
import { type FieldSet, fieldSetPack, fieldSetPackId } from '../../../shared/rules/entry/field-sets.ts';
import { packOn } from '../../../shared/rules/pack.ts';
import { documentCheck, recheck } from '../checking.ts';
import type { Context, Handlers } from '../context.ts';
import { newDeclarationNumber } from '../goods-declaration.ts';
import type { Book } from '../store/book.ts';
import { approvalOf, currentClerk, marksOf } from '../store/broker/review.ts';
import {
  caseOf,
  type DocumentRecord,
  documentsOfOrder,
  findingsOf,
  requireDocument,
  sentBackOf,
} from '../store/documents.ts';
import {
  closePlace,
  deleteTemplate,
  deleteView,
  deskKeys,
  documentsCarrying,
  insertLooseDraft,
  isNumberUsed,
  keepOwnValue,
  keepPending,
  keepPlace,
  latestBodies,
  layoutOf,
  ownValues,
  pendingOf,
  placeOf,
  savedViews,
  type TemplateRecord,
  templateById,
  templatesOf,
  unconfirmedOf,
  unfinishedEntry,
  writeDeskKeys,
  writeLayout,
  writeTemplate,
  writeUnconfirmed,
  writeView,
} from '../store/entry.ts';
import { packInForce } from '../worksheets/rules.ts';
import { editDraft, numberOrStandIn, withMasks } from './documents.ts';

/** Names the content of a document: what is entered on top of other content would land in the wrong place. */
function revisionOf({ body, state }: DocumentRecord): string {
  return createHash('sha256')
    .update(JSON.stringify(body))
    .update(state === 'draft' || state === 'checked' ? '' : state)
    .digest('base64url')
    .slice(0, 22);
}

function stateOf(book: Book, document: DocumentRecord): EntryState {
  const approval = approvalOf(book, document.id);
  return {
    revision: revisionOf(document),
    businessKey: document.businessKey,
    state: document.state,
    amount: storedText(document.amountE5),
    currency: document.currency,
    findings: findingsOf(book, document.id),
    unconfirmed: unconfirmedOf(book, document.id),
    marked: marksOf(book, document.id).flatMap(({ path, resolvedAt }) => (resolvedAt === undefined ? [path] : [])),
    ...(approval === undefined ? {} : { approval }),
  };
}

/** The goods value of the order's own document, which the lines of its other papers have to meet. */
function amountDue(book: Book, document: DocumentRecord): string | undefined {
  if (document.orderId === undefined) return undefined;
  const spec: MessageSpec = catalogue[document.kind];
  if (spec.head.fields.some(({ name }) => name === 'goodsValue')) return undefined;
  const order = documentsOfOrder(book, document.orderId).find(
    ({ kind, body }) =>
      kind !== document.kind &&
      headOf(catalogue[kind], body)['orderNo'] === headOf(spec, document.body)['orderNo'] &&
      headOf(catalogue[kind], body)['goodsValue'] !== undefined,
  );
  return order === undefined ? undefined : headOf(catalogue[order.kind], order.body)['goodsValue'];
}

/** Where a line, or a head without lines, says what the goods are. */
const goodsFields = ['gname', 'GName', 'itemName', 'goodsInfo', 'itemNo', 'gcode', 'CodeTS'] as const;
const buyerFields = ['buyerName', 'consignee', 'consigneeName', 'payerName', 'partyName', 'ownerName'] as const;
const modeFields = ['tradeMode', 'TradeMode', 'statisticsFlag', 'trafMode'] as const;

const firstOf = (values: Values, names: readonly string[]): string =>
  names.map((name) => values[name] ?? '').find((value) => value !== '' && value !== 'NO') ?? '';

function goodsOf(spec: MessageSpec, body: Record<string, unknown>): string {
  const [line] = linesOf(spec, body);
  return firstOf(line ?? headOf(spec, body), goodsFields);
}

function buyerOf(spec: MessageSpec, body: Record<string, unknown>, customer: string): string {
  const head = headOf(spec, body);
  if (customer !== '') return customer;
  return firstOf(head, spec.party === undefined ? buyerFields : [spec.party, ...buyerFields]);
}

const modeOf = (spec: MessageSpec, body: Record<string, unknown>): string => firstOf(headOf(spec, body), modeFields);

function carries(values: readonly (string | undefined)[], text: string): boolean {
  const wanted = text.trim().toLowerCase();
  return wanted === '' || values.some((value) => value?.toLowerCase().includes(wanted) === true);
}

/** 企业唯一编号 of a document made by hand: firm, day and a number of its own, at most 30 characters. */
function newCopNo(context: Context, kind: RequestName): string {
  const prefix = `${context.book.profile().customsCode}${chinaMessageTime(context.now()).slice(0, 8)}M`;
  for (let number = 1; ; number += 1) {
    const copNo = `${prefix}${String(number).padStart(6, '0')}`;
    if (!isNumberUsed(context.book, kind, copNo)) return copNo;
  }
}

function templateView({ body, ...template }: TemplateRecord) {
  return { ...template, lines: linesOf(catalogue[template.kind], body).length };
}

function requireTemplate(book: Book, id: number): TemplateRecord {
  const template = templateById(book, id);
  if (template === undefined) throw new PortbookError('TEMPLATE_UNKNOWN', { id });
  return template;
}

function changed(context: Context): void {
  context.emit({ name: 'book.changed', areas: ['documents'] });
}

/** Whose keys these are: the clerk's at the desk; 0 where nobody said who sits there. */
const clerkId = (book: Book): number => currentClerk(book)?.id ?? 0;

/** How many of the latest documents of a kind are looked through for values used before. */
const MINE_DOCUMENTS = 300;

/** Throws `FIELD_UNKNOWN` for a field the message does not have, or one whose values are never listed. */
function requireOwnField(kind: RequestName, field: string): void {
  const found = fieldsOf(catalogue[kind]).find((one) => one.path.replace(/\[[^\]]*\]/g, '') === field);
  if (found === undefined || (found.spec.kind === 'text' && found.spec.secret === true))
    throw new PortbookError('FIELD_UNKNOWN', { path: field }, 'field');
}

/** 我的清单 of a field: what is kept at hand, then what the latest documents had there, the most used first. */
function mineOf(book: Book, kind: RequestName, field: string): OutputOf<'entry.mine'>['rows'] {
  requireOwnField(kind, field);
  const spec: MessageSpec = catalogue[kind];
  const at = field.lastIndexOf('/');
  const group = field.slice(0, Math.max(0, at));
  const name = field.slice(at + 1);
  const isLine = spec.lines !== undefined && group === spec.lines.name;
  const found = new Map<string, { times: number; lastAt: string; line?: Record<string, string> }>();
  if (isLine || group === spec.head.name)
    for (const { body, at: lastAt } of latestBodies(book, kind, MINE_DOCUMENTS))
      for (const values of isLine ? linesOf(spec, body) : [headOf(spec, body)]) {
        const value = values[name] ?? '';
        const before = found.get(value);
        if (value === '') continue;
        if (before !== undefined) before.times += 1;
        else found.set(value, { times: 1, lastAt, ...(isLine ? { line: goodsOfLine(spec, values) } : {}) });
      }
  const kept = ownValues(book, kind, field);
  const used = [...found].sort(([, a], [, b]) => b.times - a.times);
  return [
    ...kept.map((value) => ({ value, times: 0, ...found.get(value), isKept: true })),
    ...used.filter(([value]) => !kept.includes(value)).map(([value, of]) => ({ value, ...of, isKept: false })),
  ];
}

/** What kinds of filing leave out of the form of a message today. */
function fieldSetsOf(context: Context, kind: RequestName): FieldSet[] {
  const pack = fieldSetPack.parse(packInForce(context.resources, context.book, fieldSetPackId));
  const sets = packOn(pack, chinaDate(context.now()))?.parameters.sets ?? [];
  return sets.filter(({ message }) => message === kind);
}

/** Entry of documents (录单): templates, copies, the place of the cursor, the grid of goods. */
export const entryHandlers: Handlers<keyof typeof entry> = {
  'entry.open': ({ id }, context) => {
    const { book } = context;
    const document = requireDocument(book, id);
    const place = placeOf(book, id);
    const pending = pendingOf(book, id);
    const due = amountDue(book, document);
    const sentBack = sentBackOf(book, document);
    return {
      ...stateOf(book, document),
      id,
      kind: document.kind,
      version: document.version,
      stale: document.stale,
      isLoose: document.orderId === undefined && document.subject === undefined,
      body: withMasks(document),
      ...(place === undefined ? {} : { place }),
      ...(pending === undefined || pending.revision !== revisionOf(document)
        ? {}
        : { pending: { operations: pending.operations, confirmed: pending.confirmed } }),
      layout: layoutOf(book, document.kind),
      fieldSets: fieldSetsOf(context, document.kind),
      ...(due === undefined ? {} : { amountDue: due }),
      ...(sentBack === undefined ? {} : { sentBack }),
    };
  },

  'entry.save': ({ id, base, operations, confirmed, place }, context) => {
    const { book } = context;
    const now = context.now();
    book.transaction(() => {
      const document = requireDocument(book, id);
      if (revisionOf(document) !== base)
        throw new PortbookError('ENTRY_OUTDATED', { number: document.businessKey, state: document.state });
      if (operations.length > 0) editDraft(context, document, operations, now);
      if (confirmed.length > 0) {
        const seen = new Set(confirmed);
        writeUnconfirmed(
          book,
          id,
          unconfirmedOf(book, id).filter((path) => !seen.has(path)),
        );
      }
      if (place !== undefined) keepPlace(book, id, place, now);
      keepPending(book, id, undefined);
      recheck(book, documentCheck(context), caseOf(document), now);
    });
    changed(context);
    return stateOf(book, requireDocument(book, id));
  },

  'entry.keep': ({ id, place, pending }, { book, now }) => {
    const document = requireDocument(book, id);
    if (pending === undefined) keepPlace(book, id, place, now());
    else
      book.transaction(() => {
        keepPlace(book, id, place, now());
        const isNothing = pending.operations.length === 0 && pending.confirmed.length === 0;
        keepPending(book, id, isNothing ? undefined : { ...pending, revision: revisionOf(document) });
      });
    return {};
  },

  'entry.close': ({ id }, { book }) => {
    closePlace(book, id);
    return {};
  },

  'entry.unfinished': (_input, { book }) => unfinishedEntry(book) ?? {},

  'entry.sources': ({ kind, buyer, product, text, limit }, { book }) => {
    // The stored text is a first sieve; what it lets through is looked at field by field.
    const rows: OutputOf<'entry.sources'>['rows'] = [];
    for (const found of documentsCarrying(book, { kind, buyer, product, text }, limit * 4)) {
      const spec: MessageSpec = catalogue[found.kind];
      const lines = linesOf(spec, found.body);
      const head = headOf(spec, found.body);
      const goods = [head, ...lines].flatMap((values) => goodsFields.map((name) => values[name]));
      const buyers = [
        found.customer,
        ...Object.entries(head).flatMap(([name, value]) => (/name|consignee|buyer/i.test(name) ? [value] : [])),
      ];
      if (!carries(goods, product) || !carries(buyers, buyer)) continue;
      rows.push({
        id: found.id,
        kind: found.kind,
        businessKey: found.businessKey,
        buyer: buyerOf(spec, found.body, found.customer),
        product: goodsOf(spec, found.body),
        lines: lines.length,
        amount: storedText(found.amountE5),
        currency: found.currency,
        state: requireDocument(book, found.id).state,
        createdAt: found.createdAt,
      });
      if (rows.length === limit) break;
    }
    return { rows };
  },

  'entry.copy': ({ id }, context) => {
    const { book } = context;
    const now = context.now();
    const made = book.transaction(() => {
      const source = requireDocument(book, id);
      if (source.subject !== undefined) throw new PortbookError('COPY_OF_FORM', { number: source.businessKey });
      const { kind } = source;
      const spec: MessageSpec = catalogue[kind];
      const guid = randomUUID().toUpperCase();
      const copied = copiedBody(spec, source.body);
      const own: Record<string, string> = spec.bare === undefined ? { guid } : {};
      if (spec.head.fields.some(({ name }) => name === 'appTime')) own['appTime'] = chinaMessageTime(now);
      if (spec.head.fields.some(({ name }) => name === 'copNo')) own['copNo'] = newCopNo(context, kind);
      // A number of the outside world that names the document must be another one.
      else if (spec.number !== undefined && spec.bare === undefined) own[spec.number] = '';
      const head = Object.fromEntries(
        Object.entries({ ...headOf(spec, copied), ...own }).filter(([, value]) => value !== '' && value !== undefined),
      );
      const body = spec.head.name === '' ? { ...copied, ...head } : { ...copied, [spec.head.name]: head };
      if (kind === 'DecMessage') {
        const time = chinaMessageTime(now);
        const sign = (copied['DecSign'] ?? {}) as Record<string, unknown>;
        Object.assign(body, {
          DecSign: { ...sign, ClientSeqNo: newDeclarationNumber(context, time), SignDate: `${time}00` },
        });
      }
      if (spec.head.name === '' && spec.number !== undefined && own[spec.number] === '') delete body[spec.number];
      const next = insertLooseDraft(
        book,
        {
          kind,
          guid,
          body,
          businessKey: numberOrStandIn(kind, body, guid),
          amountE5: storedValue(amountOf(spec, body)),
          currency: source.currency,
          tablesVersion: context.resources.tablesVersion,
        },
        now,
      );
      const unconfirmed = factsToConfirm(spec, body);
      writeUnconfirmed(book, next, unconfirmed, source.id);
      book.audit('entry.copy', `${kind} ${numberOrStandIn(kind, body, guid)}`, { from: source.businessKey }, now);
      const document = requireDocument(book, next);
      recheck(book, documentCheck(context), caseOf(document), now);
      return { id: next, unconfirmed: unconfirmed.length, left: leftByCopy(spec, source.body) };
    });
    changed(context);
    return made;
  },

  'entry.templates': ({ kind, documentId }, { book }) => {
    const spec: MessageSpec = catalogue[kind];
    const document = documentId === undefined ? undefined : requireDocument(book, documentId);
    const like =
      document === undefined
        ? undefined
        : {
            client: buyerOf(spec, document.body, ''),
            product: goodsOf(spec, document.body),
            mode: modeOf(spec, document.body),
          };
    const rows = templatesOf(book, kind).map((template) => {
      const fits = (['client', 'product', 'mode'] as const).filter(
        (key) => template[key] !== '' && template[key] === like?.[key],
      ).length;
      return { ...templateView(template), fits };
    });
    // Those that fit better first; of equals the order by name stays.
    return { rows: rows.sort((a, b) => b.fits - a.fits), suggested: { kind, ...like } };
  },

  'entry.template': ({ id }, { book }) => {
    const template = requireTemplate(book, id);
    return { ...templateView(template), body: template.body };
  },

  'entry.saveTemplate': ({ documentId, ...given }, context) => {
    const { book } = context;
    const now = context.now();
    return book.transaction(() => {
      const { kind, body } = requireDocument(book, documentId);
      const written = writeTemplate(book, {
        ...given,
        kind,
        body: templateBody(catalogue[kind], body),
        updatedAt: now,
      });
      book.audit('entry.saveTemplate', `${kind} ${given.name}`, {}, now);
      return { id: written, left: leftByTemplate(catalogue[kind], body) };
    });
  },

  'entry.deleteTemplate': ({ id }, context) => {
    const { book } = context;
    book.transaction(() => {
      const { kind, name } = requireTemplate(book, id);
      deleteTemplate(book, id);
      book.audit('entry.deleteTemplate', `${kind} ${name}`, {}, context.now());
    });
    return {};
  },

  'entry.saveLayout': ({ kind, layout }, { book, now }) => {
    book.transaction(() => {
      writeLayout(book, kind, layout);
      book.audit('entry.saveLayout', kind, { hidden: layout.hidden.length }, now());
    });
    return layout;
  },

  'entry.mine': ({ kind, field, limit }, { book }) => ({ rows: mineOf(book, kind, field).slice(0, limit) }),

  'entry.keepMine': ({ kind, field, value, isKept }, { book, now }) => {
    requireOwnField(kind, field);
    book.transaction(() => {
      keepOwnValue(book, { kind, field, value, isKept }, now());
      book.audit('entry.keepMine', `${kind} ${field}`, { isKept }, now());
    });
    return {};
  },

  'entry.keys': (_input, { book }) => ({
    keys: deskKeys(book, clerkId(book)),
    clerk: currentClerk(book)?.name ?? '',
  }),

  'entry.setKey': ({ command, key }, { book, now }) => {
    const clerk = clerkId(book);
    const { [command]: _, ...others } = deskKeys(book, clerk);
    const wanted = key ?? deskCommands[command].key;
    if (!isAllowedKey(wanted)) throw new PortbookError('KEY_NOT_ALLOWED', { key: wanted }, 'key');
    const holder = holderOf(others, command, wanted);
    if (holder !== undefined) {
      const { zh, en } = deskCommands[holder];
      throw new PortbookError('KEY_TAKEN', { key: wanted, command: zh, commandEn: en }, 'key');
    }
    const keys: KeyMap = wanted === deskCommands[command].key ? others : { ...others, [command]: wanted };
    book.transaction(() => {
      writeDeskKeys(book, clerk, keys);
      book.audit('entry.setKey', command, { key: wanted }, now());
    });
    return { keys };
  },

  'entry.resetKeys': (_input, { book, now }) => {
    book.transaction(() => {
      writeDeskKeys(book, clerkId(book), {});
      book.audit('entry.resetKeys', 'desk', {}, now());
    });
    return { keys: {} };
  },

  'entry.views': (_input, { book }) => ({ rows: savedViews(book) }),
  'entry.saveView': (view, { book }) => writeView(book, view),
  'entry.deleteView': ({ id }, { book }) => {
    if (!deleteView(book, id)) throw new PortbookError('VIEW_UNKNOWN', { id });
    return {};
  },
};
