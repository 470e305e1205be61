/** 拆分: a declaration with more items than it may have becomes several. */
import { chinaMessageTime } from '../../shared/calendar/china-time.ts';
import { catalogue } from '../../shared/documents/catalogue.ts';
import { linesOf, type MessageSpec } from '../../shared/documents/spec.ts';
import { amountOf, type EditOperation, moveMarks } from '../../shared/drafting/edit.ts';
import { MOST_ITEMS } from '../../shared/drafting/goods-declaration.ts';
import { splitBody } from '../../shared/drafting/split.ts';
import { PortbookError } from '../../shared/errors.ts';
import { storedValue } from '../../shared/money/stored.ts';
import { editableStates } from '../../shared/sync/document-states.ts';
import type { Context } from './context.ts';
import { isSplittable, storeDeclaration } from './document-life.ts';
import { type DeclarationDraft, newDeclarationNumber } from './goods-declaration.ts';
import { editDraft } from './operations/documents.ts';
import { goodsByItem, moveDeclaredGoods } from './store/declared-goods.ts';
import { requireDocument, rewriteDraft } from './store/documents.ts';
import { unconfirmedOf, writeUnconfirmed } from './store/entry.ts';

/**
 * Splits a declaration with more items than it may have. Run inside a transaction. Refusals as the contract names them.
 * @returns the ids, its own first
 */
export function splitDocument(context: Context, id: number, now: string): number[] {
  const { book } = context;
  const document = requireDocument(book, id);
  const { kind, businessKey: number, body, shipmentId } = document;
  if (!editableStates.includes(document.state))
    throw new PortbookError('DOCUMENT_FROZEN', { number, state: document.state });
  const spec: MessageSpec = catalogue[kind];
  const items = linesOf(spec, body).length;
  const [first, ...others] = isSplittable(document) ? splitBody(spec, body, MOST_ITEMS) : [];
  if (first === undefined) throw new PortbookError('SPLIT_NOT_NEEDED', { number, items, most: MOST_ITEMS });
  const goods = goodsByItem(book, number, body);
  const marks = unconfirmedOf(book, id);
  // Marks, reasons and facts to confirm go as with lines that are deleted.
  editDraft(context, document, [{ op: 'delete', at: first.to + 1, count: items - first.to }], now);
  const { stale } = document;
  rewriteDraft(
    book,
    id,
    { body: first.body, businessKey: number, amountE5: storedValue(amountOf(spec, first.body)), stale },
    now,
  );
  writeUnconfirmed(book, id, [...new Set([...unconfirmedOf(book, id), ...first.toConfirm])]);
  const made = others.map(({ body: part, from, to }) => {
    const time = chinaMessageTime(now);
    const own = {
      ...part,
      DecSign: {
        ...(part['DecSign'] as Record<string, unknown> | undefined),
        ...{ ClientSeqNo: newDeclarationNumber(context, time), SignDate: `${time}00` },
      },
    };
    const next = storeDeclaration(
      context,
      shipmentId,
      { body: own as unknown as DeclarationDraft['body'], goods: [] },
      now,
    );
    const away: readonly EditOperation[] = [
      ...(to < items ? [{ op: 'delete' as const, at: to + 1, count: items - to }] : []),
      { op: 'delete', at: 1, count: from - 1 },
    ];
    const left = away.reduce((rest: readonly string[], one) => moveMarks(spec, rest, one), marks);
    writeUnconfirmed(
      book,
      next,
      left.filter((path) => path.startsWith(`${spec.lines?.name ?? ''}[`)),
      id,
    );
    return { id: next, businessKey: requireDocument(book, next).businessKey, from, to };
  });
  moveDeclaredGoods(book, number, goods, [{ businessKey: number, from: first.from, to: first.to }, ...made]);
  book.audit('documents.split', `${kind} ${number}`, { items, into: made.map(({ businessKey }) => businessKey) }, now);
  return [id, ...made.map((one) => one.id)];
}
