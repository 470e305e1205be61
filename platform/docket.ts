import { specOf } from '../shared/documents/catalogue.ts';
import { headOf, linesOf } from '../shared/documents/spec.ts';
import type { Lookup, StoredDocument, Turn } from './storage/storage.ts';

/**
 * The documents of one turn and all that customs may have to compare them with, read at once, so that deciding asks no storage. What was
 * not read cannot be asked for: a look-up that was not foreseen is a mistake, and is thrown as one.
 */

type Draft = { -readonly [K in keyof StoredDocument]: StoredDocument[K] };
export type Advance = Partial<
  Pick<StoredDocument, 'state' | 'nextStep' | 'dueAtMs' | 'waitsSinceMs' | 'preNo' | 'invtNo' | 'duplicate'>
>;

const WAYBILL = 'CEB505Message';
const LIST = 'CEB603Message';
const IMPORT_LIST = 'CEB621Message';

const nameOf = ({ by, enterpriseId, kind, value }: Lookup): string => `${by} ${enterpriseId} ${kind} ${value}`;

/** All that a document can be compared with. */
function lookupsOf(document: StoredDocument): Lookup[] {
  const { enterpriseId, kind } = document;
  const one = (by: Lookup['by'], of: string, value: string): Lookup => ({ by, enterpriseId, kind: of, value });
  const lookups = [one('key', kind, document.businessKey)];
  switch (kind) {
    case LIST:
      lookups.push(one('order', LIST, document.orderNo), one('order', 'CEB303Message', document.orderNo));
      lookups.push(one('logistics', LIST, document.logisticsNo), one('logistics', WAYBILL, document.logisticsNo));
      break;
    case 'FX201Message':
    case 'PLAT101Message':
    case 'PLAT201Message':
    case 'PLAT301Message':
      lookups.push(one('order', kind, document.orderNo));
      break;
    case 'CEB605Message':
    case 'CEB213Message':
      lookups.push(one('number', LIST, numberIn(document)));
      break;
    case 'CEB623Message':
    case 'CEB625Message':
      lookups.push(one('number', IMPORT_LIST, numberIn(document)));
      break;
    case 'CEB701Message': {
      const spec = specOf(kind);
      if (spec === undefined) break;
      for (const { invtNo } of linesOf(spec, document.body)) lookups.push(one('number', LIST, invtNo ?? ''));
      break;
    }
    default:
  }
  return lookups;
}

function numberIn(document: StoredDocument): string {
  const spec = specOf(document.kind);
  return (spec === undefined ? undefined : headOf(spec, document.body)['invtNo']) ?? '';
}

export class Docket {
  readonly #byId = new Map<number, Draft>();
  readonly #found = new Map<string, Draft[]>();
  readonly #changed = new Set<Draft>();
  readonly #due: readonly StoredDocument[];
  readonly #sendWaybills: ReadonlySet<number>;

  private constructor(
    due: readonly StoredDocument[],
    lookups: readonly Lookup[],
    related: readonly StoredDocument[],
    sendWaybills: ReadonlySet<number>,
  ) {
    for (const document of [...due, ...related])
      if (!this.#byId.has(document.id)) this.#byId.set(document.id, document);
    this.#due = due;
    this.#sendWaybills = sendWaybills;
    for (const lookup of lookups) this.#found.set(nameOf(lookup), []);
    for (const document of [...this.#byId.values()].sort((a, b) => a.id - b.id)) {
      this.#file(document, 'key', document.businessKey);
      this.#file(document, 'order', document.orderNo);
      this.#file(document, 'logistics', document.logisticsNo);
      if (document.invtNo !== undefined) this.#file(document, 'number', document.invtNo);
    }
  }

  static async open(turn: Turn): Promise<Docket> {
    const lookups = new Map<string, Lookup>();
    const shippers = new Set<number>();
    for (const document of turn.documents) {
      for (const lookup of lookupsOf(document)) lookups.set(nameOf(lookup), lookup);
      if (document.kind === LIST) shippers.add(document.enterpriseId);
    }
    const wanted = [...lookups.values()];
    const related = wanted.length === 0 ? [] : await turn.related(wanted);
    const sendWaybills = shippers.size === 0 ? new Set<number>() : await turn.everSent([...shippers], WAYBILL);
    return new Docket(turn.documents, wanted, related, sendWaybills);
  }

  #file(document: Draft, by: Lookup['by'], value: string): void {
    const { enterpriseId, kind } = document;
    this.#found.get(nameOf({ by, enterpriseId, kind, value }))?.push(document);
  }

  #find(lookup: Lookup): readonly StoredDocument[] {
    const found = this.#found.get(nameOf(lookup));
    if (found === undefined) throw new Error(`not read: documents of ${lookup.kind} by ${lookup.by}`);
    return found;
  }

  /** Documents whose next step is due at `ms`, in the order they came. */
  due(ms: number): StoredDocument[] {
    return this.#due.filter(({ nextStep, dueAtMs }) => nextStep !== undefined && dueAtMs <= ms);
  }

  /** Documents of a kind with the business key, oldest first; the one asked for is left out. */
  sameKey({ id, enterpriseId, kind, businessKey }: StoredDocument): StoredDocument[] {
    return this.#find({ by: 'key', enterpriseId, kind, value: businessKey }).filter((one) => one.id !== id);
  }

  byOrder(enterpriseId: number, kind: string, orderNo: string): readonly StoredDocument[] {
    return this.#find({ by: 'order', enterpriseId, kind, value: orderNo });
  }

  byLogistics(enterpriseId: number, kind: string, logisticsNo: string): readonly StoredDocument[] {
    return this.#find({ by: 'logistics', enterpriseId, kind, value: logisticsNo });
  }

  /** The newest document of a kind by the number it was given here. */
  byNumber(enterpriseId: number, kind: string, number: string): StoredDocument | undefined {
    return this.#find({ by: 'number', enterpriseId, kind, value: number }).findLast(
      ({ state }) => state !== 'replaced',
    );
  }

  /** Whether the enterprise ever sent a waybill itself. */
  sendsWaybills(enterpriseId: number): boolean {
    return this.#sendWaybills.has(enterpriseId);
  }

  /** Moves a document on; numbers that are undefined stay what they were. */
  advance({ id }: StoredDocument, to: Advance): void {
    const document = this.#byId.get(id);
    if (document === undefined) throw new Error(`document ${id} is not in this turn`);
    const { invtNo } = document;
    if (to.state !== undefined) document.state = to.state;
    if ('nextStep' in to) document.nextStep = to.nextStep;
    if (to.dueAtMs !== undefined) document.dueAtMs = to.dueAtMs;
    if (to.waitsSinceMs !== undefined) document.waitsSinceMs = to.waitsSinceMs;
    if (to.preNo !== undefined) document.preNo = to.preNo;
    if (to.invtNo !== undefined) document.invtNo = to.invtNo;
    if (to.duplicate !== undefined) document.duplicate = to.duplicate;
    if (document.invtNo !== undefined && document.invtNo !== invtNo) this.#file(document, 'number', document.invtNo);
    this.#changed.add(document);
  }

  replace(document: StoredDocument): void {
    this.advance(document, { state: 'replaced', nextStep: undefined });
  }

  get changed(): StoredDocument[] {
    return [...this.#changed];
  }
}
