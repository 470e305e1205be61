import { chinaDate } from '../../../shared/calendar/china-time.ts';
import { catalogue } from '../../../shared/documents/catalogue.ts';
import { scoreShipment, shipmentScorePackId, shipmentScorePackSchema } from '../../../shared/risk/shipment-score.ts';
import type { Context } from '../context.ts';
import { packVersion } from '../obligations.ts';
import { type DocumentRecord, findingsOf, storeFindings } from '../store/documents.ts';
import { explainedScore } from '../store/finding-reasons.ts';
import { type ScoreSubject, shipmentFacts } from '../store/risk/shipment-facts.ts';

/** The reminder of a shipment whose own score (C10) is high; the reason for which it goes stands with it. */
const scoreRule = 'RISK-SHIPMENT';

const keyOf = (of: ScoreSubject): string =>
  'shipmentId' in of ? `shipment ${of.shipmentId}` : `document ${of.documentId}`;

/** What a document is scored with: its shipment, or itself where it is a declaration without one; undefined: it is not scored. */
function subjectOf({ id, kind, shipmentId, subject }: DocumentRecord): ScoreSubject | undefined {
  const { family } = catalogue[kind];
  if (subject !== undefined || family === 'fx' || family === 'plat') return undefined;
  if (shipmentId !== undefined) return { shipmentId };
  return kind === 'DecMessage' ? { documentId: id } : undefined;
}

/**
 * Holds what the firm itself scores as high (C10) until somebody has given a reason, whoever queues it. A shipment is scored once a queue and
 * asked about once: the reminder stands on the first of its papers that would leave, and a reason holds for the shipment up to that score.
 */
export class ScoreHold {
  readonly #context: Context;
  readonly #held = new Map<string, number | undefined>();

  constructor(context: Context) {
    this.#context = context;
  }

  /** The score that no reason covers; undefined: it may go. Refusal: `RULE_PACK_MISSING`. */
  #open(of: ScoreSubject): number | undefined {
    const key = keyOf(of);
    if (!this.#held.has(key)) {
      const context = this.#context;
      const on = chinaDate(context.now());
      const { parameters } = packVersion(context, shipmentScorePackId, shipmentScorePackSchema, on);
      const facts = shipmentFacts(context.book, of, on, parameters);
      const { score, level } = facts === undefined ? { score: 0, level: 'low' } : scoreShipment(parameters, facts);
      const isOpen = level === 'high' && explainedScore(context.book, of, scoreRule) < score;
      this.#held.set(key, isOpen ? score : undefined);
      if (isOpen) this.#waiting.add(key);
    }
    return this.#held.get(key);
  }

  /** Shipments whose reminder is to be written yet. */
  readonly #waiting = new Set<string>();

  /** @returns whether papers of a case that would leave may leave; writes the reminder where they may not. */
  mayLeave(leaving: readonly DocumentRecord[]): boolean {
    const { book, now } = this.#context;
    let isFree = true;
    for (const document of leaving) {
      const of = subjectOf(document);
      const score = of === undefined ? undefined : this.#open(of);
      if (of === undefined || score === undefined) continue;
      isFree = false;
      if (!this.#waiting.delete(keyOf(of))) continue;
      const finding = {
        ...{ rule: scoreRule, level: 'doubt' as const, path: '', params: { score } },
        source: '企业自评，非海关风险等级',
      };
      book.transaction(() => storeFindings(book, document.id, [...findingsOf(book, document.id), finding], now()));
    }
    return isFree;
  }
}
