import { basename } from 'node:path';
import { chinaDate } from '../../../shared/calendar/china-time.ts';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { PortbookError } from '../../../shared/errors.ts';
import { comparableName, comparableUnit } from '../../../shared/matching/names.ts';
import { storedText, storedValue } from '../../../shared/money/stored.ts';
import type { Handlers } from '../context.ts';
import { writeRefundImport } from '../exporters/refund-import-workbook.ts';
import { decodeCursor, encodeCursor } from '../store/cursor.ts';
import {
  exportLinesBetween,
  lineLabel,
  refuseClaimed,
  requireExportLine,
  setPreRefundDone,
  setRegime,
  type TaxLine,
} from '../store/worksheets/export-lines.ts';
import { invoiceStock, listClaims, matchesBetween, type StoredMatch } from '../store/worksheets/refund-matches.ts';
import { unitNames } from '../worksheets/matching.ts';
import { readPeriod } from '../worksheets/period.ts';
import { refundImport } from '../worksheets/refund-import.ts';
import {
  claimProducer,
  claimRefund,
  declareExempt,
  matchByHand,
  matchPeriod,
  removeMatch,
  routePeriod,
  unclaim,
} from '../worksheets/refund-run.ts';
import { yuan } from '../worksheets/sheet.ts';

type RefundOperation =
  | 'regimes.route'
  | 'regimes.set'
  | 'regimes.declareExempt'
  | 'refunds.match'
  | 'refunds.matches'
  | 'refunds.candidates'
  | 'refunds.setMatch'
  | 'refunds.removeMatch'
  | 'refunds.claim'
  | 'refunds.claimProducer'
  | 'refunds.unclaim'
  | 'refunds.claims'
  | 'refunds.preRefundDone'
  | 'refunds.importCheck'
  | 'refunds.importFile';

type LineView = OutputOf<'refunds.matches'>['rows'][number];

function stateOf(line: TaxLine): LineView['state'] {
  if (line.claimedPeriod !== null) return 'claimed';
  if (line.claimQtyE5 > 0 && line.matchedQtyE5 >= line.claimQtyE5) return 'matched';
  return line.matchedQtyE5 > 0 ? 'partly' : 'open';
}

function matchView(match: StoredMatch): LineView['matches'][number] {
  return {
    id: match.id,
    invoiceLineId: match.invoiceLineId,
    invoiceNumber: match.invoiceNumber,
    invoiceDate: match.invoiceDate,
    supplier: match.supplier,
    name: match.name,
    unit: match.unit,
    quantity: storedText(match.qtyE5),
    amount: yuan(match.amountFen),
    vat: yuan(match.vatFen),
    refundRate: match.refundRate,
    refund: yuan(match.refundFen),
    associationNo: match.associationNo,
    byPerson: match.byPerson,
  };
}

function lineView(line: TaxLine, matches: readonly StoredMatch[]): LineView {
  return {
    exportLineId: line.id,
    mode: line.mode,
    declarationNo: line.declarationNo,
    lineNo: line.lineNo,
    exportDate: line.exportDate,
    ...(line.sku === null ? {} : { sku: line.sku }),
    hsCode: line.hsCode,
    name: line.name,
    unit: line.unit,
    quantity: storedText(line.qtyE5),
    matchedQuantity: storedText(line.matchedQtyE5),
    ...(line.regime === null ? {} : { regime: line.regime }),
    regimeBy: line.regimeBy,
    regimeReason: line.regimeReason,
    state: stateOf(line),
    ...(line.claimedPeriod === null ? {} : { claimedPeriod: line.claimedPeriod }),
    ...(line.claimBatch === null ? {} : { claimBatch: line.claimBatch }),
    ...(line.receivedOn === null ? {} : { receivedOn: line.receivedOn }),
    refund: yuan(matches.reduce((sum, { refundFen }) => sum + refundFen, 0)),
    matches: matches.map(matchView),
  };
}

/** Regimes, matches and claims of export lines. */
export const refundHandlers: Handlers<RefundOperation> = {
  'refunds.importCheck': ({ period, batch }, context) => {
    const { layout, exports, purchases, findings, source } = refundImport(context, period, batch);
    return {
      exports: exports.length,
      purchases: purchases.length,
      findings: findings.map(({ code, level, file, row, field }) => ({
        ...{ code, level, file, row },
        head: layout[file].columns.find(({ from }) => from === field)?.zh ?? field,
      })),
      source: source.text,
      reliability: source.reliability,
    };
  },

  'refunds.importFile': async ({ period, batch, file, template, to }, context) => {
    const { book, files, now } = context;
    const path = files.pathOf(to, 'write');
    const from = template === undefined ? undefined : files.pathOf(template, 'read');
    const batchOf = refundImport(context, period, batch);
    const rejected = batchOf.findings.filter(({ level }) => level === 'reject').length;
    if (rejected > 0) throw new PortbookError('REFUND_IMPORT_REJECTED', { n: rejected }, 'batch');
    const rows = batchOf[file];
    const empty = await writeRefundImport(
      path,
      batchOf.layout,
      batchOf.layout[file],
      rows,
      from === undefined ? undefined : { path: from, name: basename(from) },
    );
    book.audit(
      'refund.importFile',
      `${period}-${batch}`,
      { file, rows: rows.length, template: from !== undefined },
      now(),
    );
    return { rows: rows.length, empty: [...empty] };
  },

  'regimes.route': ({ period }, { book, resources, now, emit }) => {
    const at = now();
    const counts = book.transaction(() => {
      const routed = routePeriod(book, resources, period, chinaDate(at));
      book.audit('regime.route', period, { ...routed }, at);
      return routed;
    });
    emit({ name: 'book.changed', areas: ['tax', 'purchases'] });
    return counts;
  },

  'regimes.set': ({ exportLineIds, regime, reason }, { book, now, emit }) => {
    const at = now();
    const changed = book.transaction(() => {
      let count = 0;
      for (const id of new Set(exportLineIds)) {
        const line = requireExportLine(book, id);
        refuseClaimed(line);
        const isNew =
          regime === null
            ? setRegime(book, id, undefined, 'router', '')
            : setRegime(book, id, regime, 'person', reason);
        if (!isNew) continue;
        count += 1;
        book.audit('regime.set', lineLabel(line), { before: line.regime, regime, reason }, at);
      }
      return count;
    });
    emit({ name: 'book.changed', areas: ['tax', 'purchases'] });
    return { changed };
  },

  'regimes.declareExempt': ({ period, batch, date }, { book, resources, now, emit }) => {
    const at = now();
    const declared = book.transaction(() => {
      const done = declareExempt(book, resources, period, batch, date ?? chinaDate(at));
      book.audit('exempt.declare', `${period}-${batch}`, done, at);
      return done;
    });
    emit({ name: 'book.changed', areas: ['tax', 'purchases'] });
    return declared;
  },

  'refunds.match': ({ period }, { book, resources, now, emit, progress, signal }) => {
    progress({ phase: 'refund.matching', done: 0, total: 0 });
    signal.throwIfAborted();
    const at = now();
    const { unmatched, ...outcome } = book.transaction(() => {
      const found = matchPeriod(book, resources, period, chinaDate(at), at);
      if (found.added + found.removed > 0)
        book.audit('refund.match', period, { added: found.added, removed: found.removed, refund: found.refund }, at);
      return found;
    });
    emit({ name: 'book.changed', areas: ['tax', 'purchases'] });
    return { ...outcome, unmatched: [...unmatched] };
  },

  'refunds.matches': ({ period, state, batch, after, limit }, { book }) => {
    const { from, to } = readPeriod(period);
    const lines = exportLinesBetween(book, from, to).filter(
      (line) =>
        (line.regime === 'refund' || line.matchedQtyE5 > 0) &&
        (state === undefined || stateOf(line) === state) &&
        (batch === undefined || line.claimBatch === batch),
    );
    const [last] = decodeCursor(after, [0]);
    const start = last === 0 ? 0 : lines.findIndex(({ id }) => id === last) + 1;
    const page = lines.slice(start, start + limit);
    const [first, end] = [page[0]?.exportDate, page.at(-1)?.exportDate];
    const matches = first === undefined || end === undefined ? [] : matchesBetween(book, first, end);
    const more = start + page.length < lines.length ? page.at(-1) : undefined;
    return {
      rows: page.map((line) =>
        lineView(
          line,
          matches.filter(({ exportLineId }) => exportLineId === line.id),
        ),
      ),
      total: lines.length,
      ...(more === undefined ? {} : { nextCursor: encodeCursor([more.id]) }),
    };
  },

  'refunds.candidates': ({ exportLineId }, { book, resources }) => {
    const line = requireExportLine(book, exportLineId);
    const names = unitNames(resources);
    const unit = comparableUnit(line.unit, names);
    const name = comparableName(line.name);
    // The article first, then the name; what is neither but counts alike comes last, for the eye.
    const articles = new Set(line.parts.length === 0 ? [line.sku] : line.parts.map(({ sku }) => sku));
    const rank = (one: { readonly sku: string | null; readonly name: string }): number =>
      one.sku !== null && articles.has(one.sku) ? 0 : comparableName(one.name) === name ? 1 : 2;
    return {
      rows: invoiceStock(book)
        .filter(
          (one) =>
            (one.kind === 'special' || one.kind === 'customs-payment') &&
            one.leftQtyE5 > 0 &&
            comparableUnit(one.unit, names) === unit,
        )
        .sort((a, b) => rank(a) - rank(b))
        .slice(0, 200)
        .map((one) => ({
          invoiceLineId: one.id,
          invoiceNumber: one.number,
          invoiceDate: one.date,
          supplier: one.supplier,
          name: one.name,
          unit: one.unit,
          vatRate: one.vatRate,
          left: storedText(one.leftQtyE5),
          leftAmount: yuan(one.leftAmountFen),
        })),
    };
  },

  'refunds.setMatch': ({ exportLineId, invoiceLineId, quantity }, { book, resources, now, emit }) => {
    const qtyE5 = storedValue(quantity);
    if (qtyE5 <= 0) throw new PortbookError('QUANTITY_POSITIVE', { quantity }, 'quantity');
    const at = now();
    const made = book.transaction(() => {
      const match = matchByHand(book, resources, { exportLineId, invoiceLineId, qtyE5 }, at);
      book.audit('refund.matchByHand', String(exportLineId), { invoiceLineId, quantity, refund: match.refund }, at);
      return match;
    });
    emit({ name: 'book.changed', areas: ['tax', 'purchases'] });
    return made;
  },

  'refunds.removeMatch': ({ id }, { book, now, emit }) => {
    book.transaction(() => {
      const line = removeMatch(book, id);
      book.audit('refund.removeMatch', line, { id }, now());
    });
    emit({ name: 'book.changed', areas: ['tax', 'purchases'] });
    return {};
  },

  'refunds.claim': (claim, { book, resources, now, emit }) => {
    const at = now();
    const claimed = book.transaction(() => {
      const done = claimRefund(book, resources, claim, at);
      book.audit('refund.claim', `${claim.period}-${claim.batch}`, { ...done, preRefund: claim.preRefund }, at);
      return done;
    });
    emit({ name: 'book.changed', areas: ['tax', 'purchases', 'ledger'] });
    return claimed;
  },

  'refunds.claimProducer': (claim, { book, resources, now, emit }) => {
    const at = now();
    const claimed = book.transaction(() => {
      const done = claimProducer(book, resources, claim, chinaDate(at), at);
      book.audit('refund.claimProducer', `${claim.period}-${claim.batch}`, done, at);
      return done;
    });
    emit({ name: 'book.changed', areas: ['tax', 'purchases', 'ledger'] });
    return claimed;
  },

  'refunds.unclaim': ({ period, batch, reason }, { book, now, emit }) => {
    const at = now();
    const lines = book.transaction(() => {
      const opened = unclaim(book, period, batch, reason, at);
      book.audit('refund.unclaim', `${period}-${batch}`, { lines: opened, reason }, at);
      return opened;
    });
    emit({ name: 'book.changed', areas: ['tax', 'purchases', 'ledger'] });
    return { lines };
  },

  'refunds.claims': (_input, { book }) => ({
    rows: listClaims(book).map(({ refundFen, toCostFen, documentId, ...claim }) => ({
      ...claim,
      refund: yuan(refundFen),
      toCost: yuan(toCostFen),
      ...(documentId === null ? {} : { documentId }),
    })),
  }),

  'refunds.preRefundDone': ({ period, batch, doneOn }, { book, now, emit }) => {
    const lines = book.transaction(() => {
      const changed = setPreRefundDone(book, period, batch, doneOn);
      if (changed === 0) throw new PortbookError('CLAIM_UNKNOWN', { period, batch });
      book.audit('refund.preRefundDone', `${period}-${batch}`, { doneOn }, now());
      return changed;
    });
    emit({ name: 'book.changed', areas: ['tax', 'purchases'] });
    return { lines };
  },
};
