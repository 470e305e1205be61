/** Red flags of buyers, suppliers and papers: R08 shared contacts, R09 growth, R10 young suppliers, R11 papers used twice. */
import { addMonths, daysBetween, type IsoDate } from '../calendar/index.ts';
import type { BookRow } from '../contract/risk.ts';
import type { Num } from '../rules/figures.ts';
import { type FiguresOf, type Hit, type Missing, numOf, percentText, type Verdict } from './flags.ts';

/** An order with one contact of its buyer. */
export interface ContactFact {
  readonly row: BookRow;
  readonly date: IsoDate;
  readonly kind: 'phone' | 'address' | 'id';
  /** As compared; never shown. */
  readonly contact: string;
  /** A mask of it that may be shown. */
  readonly masked: string;
  readonly buyer: string;
}

/**
 * R08: one contact of many buyers within some days.
 * @param keyOf a stable name of a contact that does not tell it
 */
export function sharedContacts(
  facts: readonly ContactFact[],
  checked: number,
  missing: readonly Missing[],
  figures: FiguresOf<'R08'>,
  keyOf: (contact: string) => string,
): Verdict {
  const groups = new Map<string, ContactFact[]>();
  for (const fact of facts) {
    const key = `${fact.kind}:${fact.contact}`;
    const list = groups.get(key);
    if (list === undefined) groups.set(key, [fact]);
    else list.push(fact);
  }
  const hits: Hit[] = [];
  for (const list of groups.values()) {
    list.sort((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : 0));
    const counts = new Map<string, number>();
    const tripped = new Set<ContactFact>();
    let from = 0;
    let most = 0;
    for (const [at, fact] of list.entries()) {
      counts.set(fact.buyer, (counts.get(fact.buyer) ?? 0) + 1);
      for (
        let first = list[from];
        first !== undefined && daysBetween(first.date, fact.date) > figures.days;
        first = list[from]
      ) {
        const left = (counts.get(first.buyer) ?? 1) - 1;
        if (left === 0) counts.delete(first.buyer);
        else counts.set(first.buyer, left);
        from += 1;
      }
      if (counts.size < figures.buyers) continue;
      most = Math.max(most, counts.size);
      for (const one of list.slice(from, at + 1)) tripped.add(one);
    }
    const [sample] = list;
    if (tripped.size === 0 || sample === undefined) continue;
    hits.push({
      key: `${sample.kind}:${keyOf(sample.contact)}`,
      subject: sample.masked,
      params: { contact: sample.kind, buyers: most, days: figures.days },
      rows: [...tripped].reverse().map(({ row }) => row),
    });
  }
  return { checked, hits, missing };
}

/** A month's exports and what should grow with them; undefined: the book does not say. Money in fen. */
export interface MonthFact {
  readonly month: string;
  readonly exportsFen: number;
  readonly staff: number | undefined;
  /** Goods received into stock. */
  readonly stockFen: number | undefined;
  readonly freightFen: number | undefined;
  readonly row: BookRow;
}
const growthFacts = ['staff', 'stockFen', 'freightFen'] as const;

/** R09: exports grow many times over from one month to the next while staff, stock and freight stay as they were. */
export function suddenGrowth(months: readonly MonthFact[], figures: FiguresOf<'R09'>): Verdict {
  const hits: Hit[] = [];
  const missing: Missing[] = [];
  for (const [at, now] of months.entries()) {
    const before = months[at - 1];
    if (before === undefined || before.exportsFen <= 0) continue;
    if (numOf(now.exportsFen).lte(figures.growth.times(before.exportsFen))) continue;
    const lacking = growthFacts.filter((name) => now[name] === undefined || before[name] === undefined);
    const hasMoved = growthFacts.some((name) => {
      const [then, since] = [before[name], now[name]];
      return (
        then !== undefined &&
        since !== undefined &&
        numOf(Math.abs(since - then)).gt(figures.unchangedWithin.times(then))
      );
    });
    // One that moved answers the question, whatever else is not known.
    if (hasMoved) continue;
    const times = numOf(now.exportsFen).div(before.exportsFen).toFixed(1);
    if (lacking.length > 0)
      missing.push({
        code: 'growthFacts',
        params: { month: now.month, times, facts: lacking.join(' ') },
        rows: [now.row, before.row],
      });
    else
      hits.push({
        key: `month:${now.month}`,
        subject: now.month,
        params: { times, limit: figures.growth.toFixed() },
        rows: [now.row, before.row],
      });
  }
  return { checked: months.length, hits, missing };
}

/** What one supplier's invoices bear of a claim. */
export interface ClaimPart {
  readonly supplierId: number;
  readonly supplier: BookRow;
  /** Undefined: the book does not say. */
  readonly foundedOn: IsoDate | undefined;
  /** The newest invoice of it in the claim. */
  readonly invoicedOn: IsoDate;
  readonly refundFen: number;
  readonly invoices: readonly BookRow[];
}
export interface ClaimFact {
  readonly claim: string;
  readonly parts: readonly ClaimPart[];
}

/** R10: more than a share of a refund claim stands on invoices of suppliers founded only some months before. */
export function youngSuppliers(claims: readonly ClaimFact[], figures: FiguresOf<'R10'>): Verdict {
  const hits: Hit[] = [];
  const unknown = new Map<number, BookRow>();
  const undecided: string[] = [];
  let checked = 0;
  const sum = (parts: readonly ClaimPart[]): Num => numOf(parts.reduce((all, { refundFen }) => all + refundFen, 0));
  for (const { claim, parts } of claims) {
    checked += parts.length;
    const whole = sum(parts);
    const limit = figures.share.times(whole);
    const young = parts.filter(
      ({ foundedOn, invoicedOn }) => foundedOn !== undefined && invoicedOn < addMonths(foundedOn, figures.months),
    );
    const ageless = parts.filter(({ foundedOn }) => foundedOn === undefined);
    if (sum(young).gt(limit))
      hits.push({
        key: `claim:${claim}`,
        subject: claim,
        params: {
          percent: percentText(sum(young), whole),
          months: figures.months,
          limit: figures.share.times(100).toFixed(),
        },
        rows: young.flatMap(({ supplier, invoices }) => [supplier, ...invoices]),
      });
    else if (sum(young).plus(sum(ageless)).gt(limit)) {
      undecided.push(claim);
      for (const { supplierId, supplier } of ageless) unknown.set(supplierId, supplier);
    }
  }
  const missing: Missing[] =
    undecided.length === 0
      ? []
      : [
          {
            code: 'supplierAge',
            params: { claims: undecided.join(' '), count: unknown.size },
            rows: [...unknown.values()],
          },
        ];
  return { checked, hits, missing };
}

/** A paper on file and the shipment it proves. */
export interface PaperFact {
  readonly row: BookRow;
  readonly sha256: string;
  readonly paper: string;
  /** Shipment, or declaration where there is none, or whatever else it belongs to. */
  readonly shipment: string;
}

/** R11: the very bytes of a paper stand for several shipments. */
export function reusedPapers(papers: readonly PaperFact[], checked: number, figures: FiguresOf<'R11'>): Verdict {
  const groups = new Map<string, PaperFact[]>();
  for (const paper of papers) {
    if (figures.sharedPapers.includes(paper.paper)) continue;
    const list = groups.get(paper.sha256);
    if (list === undefined) groups.set(paper.sha256, [paper]);
    else list.push(paper);
  }
  const hits = [...groups].flatMap(([sha256, list]): Hit[] => {
    const shipments = new Set(list.map(({ shipment }) => shipment));
    const [first] = list;
    if (shipments.size < 2 || first === undefined) return [];
    return [
      {
        key: `sha256:${sha256}`,
        subject: first.row.label,
        params: { shipments: shipments.size, hash: sha256.slice(0, 12) },
        rows: list.map(({ row }) => row),
      },
    ];
  });
  return { checked, hits, missing: [] };
}
