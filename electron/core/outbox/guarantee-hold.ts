import { z } from 'zod';
import { chinaDate } from '../../../shared/calendar/china-time.ts';
import { catalogue } from '../../../shared/documents/catalogue.ts';
import { headOf } from '../../../shared/documents/spec.ts';
import { Num } from '../../../shared/rules/figures.ts';
import { coverOf } from '../../../shared/rules/guarantee/cover.ts';
import { exportDutyCalculator } from '../../../shared/rules/tax/import/export-duty.ts';
import type { Context } from '../context.ts';
import { fenOf, ruleSources, yuanText } from '../obligations.ts';
import { type DocumentRecord, findingsOf, storeFindings } from '../store/documents.ts';
import {
  activeGuarantees,
  exportDutyRate,
  insertUse,
  knowsExportDuties,
  openUse,
  settleUses,
} from '../store/guarantees.ts';
import { rateInForce } from '../store/rates.ts';

const listLines = z.object({
  InventoryList: z.array(z.object({ gcode: z.string(), totalPrice: z.string(), itemNo: z.string().optional() })),
});

/** Estimated export duty (T19) of a list in fen; 0 where no rate of duty or of exchange is known. */
function estimatedDuty(context: Context, list: DocumentRecord, date: string): number {
  const { book } = context;
  const lines = listLines.safeParse(list.body);
  const fx = rateInForce(book, list.currency, date)?.cnyPerUnit;
  if (!lines.success || fx === undefined) return 0;
  const byRate = new Map<string, Num>();
  for (const { gcode, totalPrice, itemNo } of lines.data.InventoryList) {
    const rate = exportDutyRate(book, itemNo ?? '', gcode, date);
    if (rate !== undefined && new Num(rate).gt(0)) byRate.set(rate, (byRate.get(rate) ?? new Num(0)).plus(totalPrice));
  }
  let fen = 0;
  for (const [rate, amount] of byRate) {
    const { result } = exportDutyCalculator.run(
      { date, term: 'FOB', amount: amount.toFixed(), fx, rate },
      ruleSources(context),
    );
    fen += fenOf(String(result['duty']), 'duty');
  }
  return fen;
}

/**
 * Takes the estimated export duty of an order's lists from the firm's guarantees (税款担保) before they are queued. What is
 * not covered is held with a finding that names the guarantee and what is missing. Does nothing for a firm without
 * guarantees or a book without export duties. Run it inside a transaction of the queue.
 * @returns whether the order may be queued
 */
export function takeGuarantees(context: Context, documents: readonly DocumentRecord[]): boolean {
  const { book } = context;
  const guarantees = activeGuarantees(book);
  if (guarantees.length === 0 || !knowsExportDuties(book)) return true;
  const date = chinaDate(context.now());
  return book.transaction(() => {
    settleUses(book);
    const left = new Map(activeGuarantees(book).map((one) => [one.id, one]));
    const takes: { list: DocumentRecord; id: number; fen: number }[] = [];
    for (const list of documents) {
      if (list.kind !== 'CEB603Message' || list.state !== 'checked') continue;
      const fen = estimatedDuty(context, list, date);
      if (fen === 0 || openUse(book, 'document', String(list.id)) !== undefined) continue;
      const customs = headOf(catalogue[list.kind], list.body)['customsCode'] ?? '';
      const cover = coverOf([...left.values()], fen, { customs, date });
      if (!cover.covered) {
        const params = {
          number: cover.number === '' ? '–' : cover.number,
          free: yuanText(cover.freeFen),
          want: yuanText(fen),
          missing: yuanText(cover.missingFen),
        };
        const finding = { rule: 'GUARANTEE-SHORT', level: 'reject' as const, path: '', params, source: '税款担保额度' };
        storeFindings(book, list.id, [...findingsOf(book, list.id), finding], context.now());
        return false;
      }
      const one = left.get(cover.id);
      if (one !== undefined) left.set(cover.id, { ...one, freeFen: one.freeFen - fen });
      takes.push({ list, id: cover.id, fen });
    }
    for (const { list, id, fen } of takes) {
      const subject = { subjectKind: 'document' as const, subjectId: String(list.id) };
      insertUse(book, { guaranteeId: id, ...subject, amountFen: fen, takenOn: date, text: list.businessKey });
      book.audit('guarantee.taken', list.businessKey, { guarantee: id, amount: yuanText(fen), date }, context.now());
    }
    return true;
  });
}
