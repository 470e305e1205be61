import { addDays, type IsoDate } from '../../../../shared/calendar/index.ts';
import type { AllocationInput, AllocationSuggestion, OpenTarget } from '../../../../shared/contract/allocations.ts';
import {
  chargesAllowed,
  formsOf,
  impliedRate,
  type MatchFacts,
  type MatchReceipt,
  type MatchTarget,
  referenceKey,
  referencesIn,
  type Suggestion,
  suggestReceipts,
  suggestTargets,
} from '../../../../shared/matching/allocation.ts';
import type { AllocationParameters } from '../../../../shared/matching/allocation-pack.ts';
import { nameLikeness, nameWords } from '../../../../shared/matching/party-names.ts';
import { Num } from '../../../../shared/rules/figures.ts';
import type { Book } from '../book.ts';
import { rateOf } from '../rates.ts';
import { explainedBefore, institutionsOf } from './allocations.ts';
import {
  allocationParameters,
  chargesOn,
  receiptsBetween,
  type StoredReceipt,
  type StoredTarget,
  targetKey,
  targetsWhere,
  targetViews,
  textOf,
} from './open-items.ts';

/**
 * Candidates for the suggestions of shared/matching/allocation.ts, each found by an index: never a walk over what is open.
 */

/** Most candidates of each way of finding them. */
const mostEqual = 12;
const mostOfBuyer = 48;
const mostBuyers = 8;
const mostNames = 200;
/** Rows looked at for who paid for whom before. */
const mostPast = 2000;

/** Country codes of customs for letter codes of banks. */
export type CountryOf = (alpha2: string) => string | undefined;

/** What suggestions of one run share: read once, however many receipts follow. */
export class Suggesting {
  readonly #book: Book;
  readonly #countryOf: CountryOf;
  readonly #institutions: readonly string[];
  readonly #rules = new Map<string, { parameters: AllocationParameters; charges: MatchFacts['charges'] }>();

  constructor(book: Book, countryOf: CountryOf) {
    this.#book = book;
    this.#countryOf = countryOf;
    this.#institutions = institutionsOf(book);
  }

  #rulesOn(date: string): { parameters: AllocationParameters; charges: MatchFacts['charges'] } {
    const known = this.#rules.get(date);
    if (known !== undefined) return known;
    const made = { parameters: allocationParameters(this.#book, date), charges: chargesOn(this.#book, date) };
    this.#rules.set(date, made);
    return made;
  }

  #factsOf(receipt: StoredReceipt, paidBefore: ReadonlySet<string>): MatchFacts {
    const { parameters, charges } = this.#rulesOn(receipt.date);
    const rates = new Map<string, string | undefined>();
    const rate = (currency: string): string | undefined => {
      const own = rateOf(this.#book, 'parity', receipt.currency, receipt.date)?.cnyPerUnit;
      const other = rateOf(this.#book, 'parity', currency, receipt.date)?.cnyPerUnit;
      return own === undefined || other === undefined
        ? undefined
        : new Num(other).div(own).toDecimalPlaces(8).toString();
    };
    return {
      parameters,
      charges,
      paidBefore,
      institutions: this.#institutions,
      rateOf: (currency) => {
        if (!rates.has(currency)) rates.set(currency, rate(currency));
        return rates.get(currency);
      },
    };
  }

  #matchReceipt(row: StoredReceipt): MatchReceipt & { readonly row: StoredReceipt } {
    return {
      row,
      no: row.number,
      date: row.date,
      currency: row.currency,
      openMinor: BigInt(row.openMinor),
      payer: row.payer,
      country: row.country === '' ? '' : (this.#countryOf(row.country) ?? ''),
      text: `${row.reference} ${row.text}`,
      store: row.store ?? undefined,
      channel: row.channel,
    };
  }

  /** Ways to use a receipt, best first. */
  forReceipt(row: StoredReceipt): (Suggestion & { readonly rows: ReadonlyMap<string, StoredTarget> })[] {
    const receipt = this.#matchReceipt(row);
    const { parameters, charges } = this.#rulesOn(row.date);
    const rows = new Map<string, StoredTarget>();
    const numbers = new Map<string, string[]>();
    const put = (found: readonly StoredTarget[], alias?: (target: StoredTarget) => string | undefined): void => {
      for (const target of found) {
        const key = targetKey(target);
        if (!rows.has(key)) rows.set(key, target);
        const other = alias?.(target);
        numbers.set(key, [...(numbers.get(key) ?? [target.no]), ...(other === undefined ? [] : [other])]);
      }
    };
    const named = referencesIn(receipt.text, parameters.reference.least);
    const byNumber = this.#byNumbers(named);
    for (const { target, alias } of byNumber) put([target], () => alias);
    put(this.#byAmount(row, parameters, charges));
    put(this.#payouts(row, parameters));
    const paidBefore = this.#paidBefore(row.payer);
    const buyers = new Set([
      ...this.#buyersLike(row.payer, parameters),
      ...paidBefore,
      ...byNumber.flatMap(({ target }) => (target.buyer === '' || target.kind !== 'order' ? [] : [target.buyer])),
    ]);
    for (const buyer of [...buyers].sort().slice(0, mostBuyers * 2)) put(this.#ofBuyer(buyer, row.currency));
    const candidates = [...rows].map(([key, target]) => matchTarget(target, numbers.get(key) ?? [target.no]));
    return suggestTargets(receipt, candidates, this.#factsOf(row, paidBefore)).map((one) => ({ ...one, rows }));
  }

  /** Open receipts that may have paid for a target, best first. */
  forTarget(target: StoredTarget): (Suggestion & { readonly receipt: StoredReceipt })[] {
    const { days } = this.#rulesOn(target.date).parameters;
    const date = target.date as IsoDate;
    const isPayout = target.kind === 'payout';
    const found = receiptsBetween(this.#book, {
      currency: target.currency,
      from: addDays(date, -(isPayout ? days.payout : days.advance)),
      to: addDays(date, isPayout ? days.payout : days.late),
      limit: 5000,
    });
    const forms = formsOf(this.#rulesOn(target.date).parameters);
    const words = new Set(nameWords(target.buyer, forms));
    const numbers = [target.no, ...this.#otherNumbers(target)];
    const keys = numbers.map(referenceKey);
    const open = BigInt(target.openMinor);
    const allowed = chargesAllowed(
      { dueMinor: BigInt(target.dueMinor), currency: target.currency },
      this.#rulesOn(target.date).charges,
    );
    const likely = found.filter((row) => {
      const has = BigInt(row.openMinor);
      const slip = referenceKey(`${row.reference} ${row.text}`);
      return (
        isPayout ||
        (has <= open && has >= open - allowed) ||
        keys.some((key) => slip.includes(key)) ||
        nameWords(row.payer, forms).some((word) => words.has(word))
      );
    });
    const one = matchTarget(target, numbers);
    const receipts = likely.slice(0, mostNames).map((row) => this.#matchReceipt(row));
    return suggestReceipts(one, receipts, ({ row }) => this.#factsOf(row, this.#paidBefore(row.payer))).map(
      ({ receipt, ...rest }) => ({ ...rest, receipt: receipt.row }),
    );
  }

  /** Waybill and list numbers of an order: a slip may name it by them. */
  #otherNumbers({ kind, id, no }: StoredTarget): string[] {
    if (kind !== 'order' || id === null) return [];
    const rows = this.#book
      .prepare(
        `SELECT logistics_no AS no FROM waybill WHERE order_no = ? UNION SELECT declaration_no FROM export_share WHERE order_id = ? LIMIT 20`,
      )
      .all(no, id) as { no: string }[];
    return rows.map((row) => row.no);
  }

  #byNumbers(named: readonly string[]): { target: StoredTarget; alias: string | undefined }[] {
    if (named.length === 0) return [];
    const list = JSON.stringify(named);
    const among = '(SELECT value FROM json_each(:list))';
    const found = (kind: StoredTarget['kind'], condition: string): { target: StoredTarget; alias: undefined }[] =>
      targetsWhere(this.#book, kind, condition, { list }).map((target) => ({ target, alias: undefined }));
    const aliases = this.#book
      .prepare(
        `SELECT o.id, w.logistics_no AS alias FROM waybill w JOIN sales_order o ON o.order_no = w.order_no WHERE w.logistics_no IN ${among}
         UNION SELECT order_id, platform_no FROM document WHERE platform_no IN ${among} AND order_id IS NOT NULL
         UNION SELECT order_id, declaration_no FROM export_share WHERE declaration_no IN ${among} AND order_id IS NOT NULL`,
      )
      .all({ list }) as { id: number; alias: string }[];
    return [
      ...found('order', `o.reference_key IN ${among} AND o.open_minor > 0 ORDER BY o.id LIMIT 100`),
      ...found('declaration', `d.declaration_no IN ${among} AND d.open_minor > 0 ORDER BY d.declaration_no LIMIT 100`),
      ...aliases.slice(0, 100).flatMap(({ id, alias }) =>
        targetsWhere(this.#book, 'order', 'o.id = :id AND o.open_minor > 0', { id }).map((target) => ({
          target,
          alias,
        })),
      ),
    ];
  }

  /** Orders and declarations of the amount, of the amount and what banks may have kept, and of which it is a usual share. */
  #byAmount(row: StoredReceipt, parameters: AllocationParameters, charges: MatchFacts['charges']): StoredTarget[] {
    const { currency, openMinor: has, date } = row;
    const { days, depositShares } = parameters;
    const from = addDays(date as IsoDate, -days.late);
    const to = addDays(date as IsoDate, days.advance);
    // What is owed at most, with its charges gone: the rest is at least its own share.
    const allowed = Number(chargesAllowed({ dueMinor: BigInt(has), currency }, { ...charges, share: new Num(1) }));
    const most = charges.share.lt(1)
      ? Math.min(has + allowed, new Num(has).div(new Num(1).minus(charges.share)).ceil().toNumber())
      : has + allowed;
    const shares = depositShares.map((share) => new Num(has).div(share).toDecimalPlaces(0).toNumber());
    const columns = {
      order: { currency: 'o.currency', open: 'o.open_minor', date: 'o.order_date', last: 'o.id' },
      declaration: { currency: 'd.currency', open: 'd.open_minor', date: 'd.export_date', last: 'd.declaration_no' },
    };
    return (['order', 'declaration'] as const).flatMap((kind) => {
      const { currency: of, open, date: on, last } = columns[kind];
      const near = (minor: number): StoredTarget[] => [
        ...targetsWhere(
          this.#book,
          kind,
          `${of} = :currency AND ${open} = :minor AND ${open} > 0 AND ${on} BETWEEN :from AND :date ORDER BY ${on} DESC, ${last} DESC LIMIT :most`,
          { currency, minor, from, date, most: mostEqual },
        ),
        ...targetsWhere(
          this.#book,
          kind,
          `${of} = :currency AND ${open} = :minor AND ${open} > 0 AND ${on} > :date AND ${on} <= :to ORDER BY ${on}, ${last} LIMIT :most`,
          { currency, minor, date, to, most: mostEqual },
        ),
      ];
      return [
        ...near(has),
        ...shares.filter((minor) => minor > most).flatMap(near),
        ...targetsWhere(
          this.#book,
          kind,
          `${of} = :currency AND ${open} > :has AND ${open} <= :top AND ${open} > 0 AND ${on} BETWEEN :from AND :to ORDER BY ${open}, ${on}, ${last} LIMIT :most`,
          { currency, has, top: most, from, to, most: mostEqual },
        ),
      ];
    });
  }

  /** Payouts of the days around: there are few. */
  #payouts({ currency, date }: StoredReceipt, { days }: AllocationParameters): StoredTarget[] {
    return targetsWhere(
      this.#book,
      'payout',
      `p.state = 'entered' AND p.currency = :currency AND p.to_on BETWEEN :from AND :to ORDER BY p.to_on, p.id LIMIT 50`,
      {
        currency,
        from: addDays(date as IsoDate, -3 * days.payout),
        to: addDays(date as IsoDate, days.payout),
      },
    ).filter(({ openMinor }) => openMinor > 0);
  }

  #paidBefore(payer: string): ReadonlySet<string> {
    if (payer === '') return new Set();
    const rows = this.#book
      .prepare(
        `SELECT DISTINCT customer FROM (SELECT coalesce(nullif(o.buyer_name, ''), o.customer) AS customer FROM money_record r JOIN allocation a ON a.record_id = r.id JOIN sales_order o ON o.id = a.order_id
           WHERE r.kind = 'receipt' AND r.counterparty <> '' AND r.counterparty = ? ORDER BY r.id DESC LIMIT ?) WHERE customer <> '' LIMIT ?`,
      )
      .all(payer, mostPast, mostBuyers) as { customer: string }[];
    return new Set(rows.map(({ customer }) => customer));
  }

  /** Buyers whose names are like the payer's, by its rarest words. */
  #buyersLike(payer: string, parameters: AllocationParameters): string[] {
    const forms = formsOf(parameters);
    const words = nameWords(payer, forms).filter((word) => word.length > 1);
    if (words.length === 0) return [];
    const count = this.#book.prepare('SELECT doc FROM buyer_word_count WHERE term = ?');
    const counted = words
      .map((word) => ({ word: `"${word}"`, n: (count.get(word) as { doc: number } | undefined)?.doc ?? 0 }))
      .filter(({ n }) => n > 0)
      .sort((a, b) => a.n - b.n || (a.word < b.word ? -1 : 1));
    let reached = 0;
    const rare = counted.filter(({ n }) => {
      reached += n;
      return reached <= mostNames;
    });
    // Words that many share tell only together; and where none stands as it is, perhaps one is spelt wrong or goes on.
    const begun = words
      .filter((word) => word.length >= 4)
      .sort((a, b) => b.length - a.length || (a < b ? -1 : 1))
      .slice(0, 2)
      .map((word) => `"${word.slice(0, 4)}"*`);
    const match =
      rare.length > 0
        ? rare.map(({ word }) => word).join(' OR ')
        : counted.length > 0
          ? counted
              .slice(0, 3)
              .map(({ word }) => word)
              .join(' AND ')
          : begun.join(' OR ');
    if (match === '') return [];
    const rows = this.#book
      .prepare('SELECT name FROM buyer WHERE id IN (SELECT rowid FROM buyer_word WHERE buyer_word MATCH ? LIMIT ?)')
      .all(match, mostNames) as { name: string }[];
    return rows
      .map(({ name }) => ({ name, likeness: nameLikeness(payer, name, forms) }))
      .filter(({ likeness }) => likeness >= parameters.likeness.similar)
      .sort((a, b) => b.likeness - a.likeness || (a.name < b.name ? -1 : 1))
      .slice(0, mostBuyers)
      .map(({ name }) => name);
  }

  /** By name, or by the customer's number or account name where the order has no more. */
  #ofBuyer(buyer: string, currency: string): StoredTarget[] {
    const by = (column: string): StoredTarget[] =>
      targetsWhere(
        this.#book,
        'order',
        `${column} = :buyer AND o.currency = :currency AND o.open_minor > 0 ORDER BY o.order_date, o.id LIMIT :most`,
        { buyer, currency, most: mostOfBuyer },
      );
    return [...by('o.buyer_name IS NOT NULL AND o.buyer_name'), ...by('o.customer')];
  }
}

function matchTarget(row: StoredTarget, numbers: readonly string[]): MatchTarget {
  return {
    key: targetKey(row),
    kind: row.kind,
    no: row.no,
    date: row.date,
    currency: row.currency,
    dueMinor: BigInt(row.dueMinor),
    openMinor: BigInt(row.openMinor),
    buyer: row.buyer,
    country: row.country,
    store: row.store ?? undefined,
    numbers,
  };
}

/** A suggestion as the contract has it. @param views targets by key, as they are shown */
export function suggestionView(
  book: Book,
  receipt: StoredReceipt,
  suggestion: Suggestion,
  views: ReadonlyMap<string, OpenTarget>,
): AllocationSuggestion {
  const { currency, payer } = receipt;
  const buyers = [...new Set(suggestion.parts.map(({ target }) => target.buyer))];
  const [buyer] = buyers;
  const explained =
    suggestion.isThirdParty && buyers.length === 1 ? explainedBefore(book, payer, buyer ?? '') : undefined;
  return {
    parts: suggestion.parts.flatMap(({ target, amountMinor, targetMinor, chargeMinor }) => {
      const view = views.get(target.key);
      if (view === undefined) return [];
      const isAcross = target.currency !== currency;
      return [
        {
          target: view,
          amount: textOf(amountMinor, currency),
          targetAmount: textOf(targetMinor, target.currency),
          charge: textOf(chargeMinor, target.currency),
          ...(isAcross ? { rate: impliedRate(amountMinor, currency, targetMinor, target.currency) } : {}),
        },
      ];
    }),
    score: suggestion.score,
    reasons: suggestion.reasons.map(({ code, points, params }) => ({ code, points, params: { ...params } })),
    thirdParty: suggestion.isThirdParty,
    ...(explained === undefined ? {} : { explained }),
  };
}

/** Views of the targets that some suggestions name, by key. */
export function viewsOf(
  book: Book,
  suggestions: readonly Suggestion[],
  rows: ReadonlyMap<string, StoredTarget>,
  today: IsoDate,
): ReadonlyMap<string, OpenTarget> {
  const keys = [...new Set(suggestions.flatMap(({ parts }) => parts.map(({ target }) => target.key)))];
  const stored = keys.flatMap((key) => rows.get(key) ?? []);
  const views = targetViews(book, stored, today);
  return new Map(
    stored.flatMap((row, at) => {
      const view = views[at];
      return view === undefined ? [] : [[targetKey(row), view] as const];
    }),
  );
}

/** What confirming a suggestion asks of {@link allocate}. */
export function inputsOf(receipt: StoredReceipt, { parts, score, reasons }: Suggestion): AllocationInput[] {
  return parts.map(({ target, amountMinor, targetMinor, chargeMinor }) => ({
    recordId: receipt.id,
    target:
      target.kind === 'order'
        ? { kind: 'order', no: target.no }
        : target.kind === 'payout'
          ? { kind: 'payout', id: Number(target.key.slice('payout:'.length)) }
          : { kind: 'declaration', no: target.no, currency: target.currency },
    amount: textOf(amountMinor, receipt.currency),
    ...(target.currency === receipt.currency ? {} : { targetAmount: textOf(targetMinor, target.currency) }),
    charge: textOf(chargeMinor, target.currency),
    thirdParty: '',
    note: '',
    score,
    reasons: reasons.map(({ code, points, params }) => ({ code, points, params: { ...params } })),
  }));
}
