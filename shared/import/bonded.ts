import type { bondedEntries, bondedExits, bondedPapers } from '../contract/bonded.ts';
import type { RowReason } from '../contract/imports.ts';
import { storedText } from '../money/stored.ts';
import { type DayChange, freeFrom } from '../stock/bonded.ts';
import type { SourceRow } from './cells.ts';
import type { Mapping } from './headers.ts';
import { cellText, DateReader, readId, readPositive, readText, reason } from './values.ts';

type Kind = (typeof bondedEntries)[number] | (typeof bondedExits)[number];
type PaperKind = (typeof bondedPapers)[number];

interface Item {
  readonly seq: number;
  readonly itemNo: string;
  readonly sku: string;
  readonly name: string;
  readonly hsCode: string;
  readonly unit: string;
}
interface Move {
  readonly kind: Kind;
  readonly on: string;
  readonly paperKind: PaperKind;
  readonly paperNo: string;
  readonly paperLine: number;
  readonly qtyE5: number;
}

/** What a row of a bonded ledger (保税账册) says. */
export interface BondedEntry {
  readonly bookId: number;
  readonly itemNo: string;
  /** An item the ledger does not have yet. */
  readonly item?: Item | undefined;
  /** Undefined: the row is a record item alone. */
  readonly move?: Move | undefined;
}

/** An item as the ledger has it, with what happened to it by day. */
export interface KnownItem {
  readonly seq: number;
  readonly unit: string;
  readonly changes: readonly DayChange[];
  move(direction: 'in' | 'out', paperNo: string, paperLine: number): Pick<Move, 'kind' | 'on' | 'qtyE5'> | undefined;
  /** Whether a list of the book by that number draws on the item: it counts by itself. */
  isList(paperNo: string): boolean;
}

export interface BondedLookups {
  readonly today: string;
  book(recordNo: string): { readonly id: number; readonly isOpen: boolean } | undefined;
  item(recordNo: string, itemNo: string): KnownItem | undefined;
  /** Numbers and articles of the items a ledger has. */
  taken(bookId: number): { readonly seqs: ReadonlySet<number>; readonly skus: ReadonlySet<string> };
  unit(text: string): string | undefined;
}

const kindWords: readonly (readonly [RegExp, Kind])[] = [
  [/退货|returned/i, 'returned'],
  [/转入|transfer.?in/i, 'transfer-in'],
  [/转出|transfer.?out/i, 'transfer-out'],
  [/境内入区|domestic/i, 'domestic'],
  [/进境|进口|^import/i, 'import'],
  [/内销|境内|home/i, 'home'],
  [/出境|出口|abroad|export/i, 'abroad'],
];
const paperWords: readonly (readonly [RegExp, PaperKind])[] = [
  [/核注|checklist/i, 'checklist'],
  [/报关单|declaration/i, 'declaration'],
  [/清单|list/i, 'list'],
  [/./, 'other'],
];
const isIn = (kind: Kind): boolean => ['import', 'domestic', 'transfer-in', 'returned'].includes(kind);

interface Taken {
  readonly row: SourceRow;
  readonly move: Move;
}
/** An item of the file: what the ledger has of it and what the rows add. */
interface Open {
  readonly bookId: number;
  readonly itemNo: string;
  readonly known: KnownItem | undefined;
  readonly item: Item | undefined;
  readonly moves: Map<string, Taken>;
  /** A row gives the item without a move: it stays although every exit is refused. */
  stands: boolean;
}

/** Reads a bonded ledger. What leaves an item may not be more than it had on that day; see {@link settle}. One instance a file. */
export class BondedSorter {
  readonly #at: (field: string) => number;
  readonly #lookups: BondedLookups;
  readonly #dates = new DateReader();
  readonly #items = new Map<string, Open>();
  readonly #taken = new Map<number, { readonly seqs: Set<number>; readonly skus: Set<string> }>();

  constructor(mapping: Mapping, lookups: BondedLookups) {
    this.#at = (field) => mapping[field] ?? -1;
    this.#lookups = lookups;
  }

  get entries(): readonly BondedEntry[] {
    return [...this.#items.values()].flatMap(({ bookId, itemNo, item, moves }): BondedEntry[] => [
      ...(item === undefined ? [] : [{ bookId, itemNo, item }]),
      ...[...moves.values()].map(({ move }) => ({ bookId, itemNo, move })),
    ]);
  }

  take(row: SourceRow): 'taken' | 'already' | RowReason[] {
    const reasons: RowReason[] = [];
    const recordNo = readId(row, this.#at('recordNo'), 'recordNo', reasons, { required: true, maxLength: 30 });
    const itemNo = readId(row, this.#at('itemNo'), 'itemNo', reasons, { required: true, maxLength: 30 });
    const book = recordNo === undefined ? undefined : this.#lookups.book(recordNo);
    if (recordNo !== undefined && book === undefined)
      reasons.push(reason('BONDED_BOOK_UNKNOWN', 'recordNo', { value: recordNo }));
    if (recordNo !== undefined && book?.isOpen === false)
      reasons.push(reason('BONDED_BOOK_CLOSED', 'recordNo', { value: recordNo }));
    const move = this.#move(row, reasons);
    if (recordNo === undefined || itemNo === undefined || book === undefined) return reasons;
    const open = this.#open(row, { recordNo, itemNo, bookId: book.id }, reasons);
    if (reasons.length > 0 || open === undefined) return reasons;
    const key = `${recordNo}\n${itemNo}`;
    const isNew = !this.#items.has(key);
    if (isNew && (open.item !== undefined || move !== undefined)) this.#items.set(key, open);
    if (move !== undefined) return this.#add(row, open, move);
    open.stands = true;
    return isNew && open.item !== undefined ? 'taken' : 'already';
  }

  /**
   * Refuses what left before it was there: call it once, when all rows were taken, for what came in may stand in a later row. Exits are taken by
   * their day. @returns rows that are refused
   */
  settle(): { readonly row: SourceRow; readonly outcome: RowReason[] }[] {
    return [...this.#items].flatMap(([place, { known, moves, itemNo, stands }]) => {
      const all = [...moves].sort(([, a], [, b]) => (a.move.on < b.move.on ? -1 : 1));
      const changes: DayChange[] = [
        ...(known?.changes ?? []),
        ...all.flatMap(([, { move }]) => (isIn(move.kind) ? [{ on: move.on, deltaE5: move.qtyE5 }] : [])),
      ];
      const refused = all.flatMap(([key, { row, move }]) => {
        if (isIn(move.kind)) return [];
        const free = freeFrom(changes, move.on);
        if (move.qtyE5 <= free) {
          changes.push({ on: move.on, deltaE5: -move.qtyE5 });
          return [];
        }
        moves.delete(key);
        return [{ row, outcome: [reason('BONDED_SHORT', 'qty', { value: itemNo, free: storedText(free) })] }];
      });
      // An item that only refused rows speak of is none.
      if (moves.size === 0 && !stands) this.#items.delete(place);
      return refused;
    });
  }

  #add(row: SourceRow, { known, moves }: Open, move: Move): 'taken' | 'already' | RowReason[] {
    const { kind, on, paperNo, paperLine, qtyE5 } = move;
    const direction = isIn(kind) ? 'in' : 'out';
    const key = JSON.stringify([direction, paperNo, paperLine]);
    const isSame = (other: Pick<Move, 'kind' | 'on' | 'qtyE5'>): boolean =>
      other.kind === kind && other.on === on && other.qtyE5 === qtyE5;
    const twin = moves.get(key);
    if (twin !== undefined)
      return isSame(twin.move) ? 'already' : [reason('ROW_TWICE', 'paperNo', { value: paperNo, row: twin.row.no })];
    const before = known?.move(direction, paperNo, paperLine);
    if (before !== undefined)
      return isSame(before)
        ? 'already'
        : [reason('BONDED_PAPER_DIFFERS', 'paperNo', { value: paperNo, line: paperLine })];
    if (direction === 'out' && known?.isList(paperNo) === true)
      return [reason('BONDED_PAPER_LIST', 'paperNo', { value: paperNo })];
    moves.set(key, { row, move });
    return 'taken';
  }

  /** The item of a row, as the file or the ledger has it; a new one needs all that a ledger says of an item. */
  #open(
    row: SourceRow,
    of: { readonly recordNo: string; readonly itemNo: string; readonly bookId: number },
    reasons: RowReason[],
  ): Open | undefined {
    const { recordNo, itemNo, bookId } = of;
    const before = this.#items.get(`${recordNo}\n${itemNo}`);
    const known = before?.known ?? this.#lookups.item(recordNo, itemNo);
    const isNew = before === undefined && known === undefined;
    const seq = this.#whole(row, 'seq', isNew, reasons);
    const unitText = readText(row, this.#at('unit'), 'unit', reasons, { required: isNew, maxLength: 20 });
    const unit = unitText === undefined ? undefined : this.#lookups.unit(unitText);
    if (unitText !== undefined && unit === undefined) reasons.push(reason('UNIT_UNKNOWN', 'unit', { value: unitText }));
    const there = before?.item ?? known;
    if (there !== undefined) {
      if ((seq !== undefined && seq !== there.seq) || (unit !== undefined && unit !== there.unit))
        reasons.push(reason('BONDED_ITEM_DIFFERS', unit === there.unit ? 'seq' : 'unit', { value: itemNo }));
      return before ?? { bookId, itemNo, known, item: undefined, moves: new Map(), stands: false };
    }
    const name = readText(row, this.#at('name'), 'name', reasons, { required: true, maxLength: 250 });
    const hsCode = readId(row, this.#at('hsCode'), 'hsCode', reasons, { required: true });
    if (hsCode !== undefined && !/^\d{8,13}$/.test(hsCode))
      reasons.push(reason('BONDED_HS_INVALID', 'hsCode', { value: hsCode.slice(0, 40) }));
    const sku = readId(row, this.#at('sku'), 'sku', reasons) ?? '';
    if (seq === undefined || unit === undefined || name === undefined || hsCode === undefined || reasons.length > 0)
      return undefined;
    const taken = this.#takenOf(bookId);
    if (taken.seqs.has(seq)) reasons.push(reason('BONDED_SEQ_USED', 'seq', { value: seq }));
    if (sku !== '' && taken.skus.has(sku)) reasons.push(reason('BONDED_SKU_USED', 'sku', { value: sku }));
    if (reasons.length > 0) return undefined;
    taken.seqs.add(seq);
    if (sku !== '') taken.skus.add(sku);
    return { bookId, itemNo, known, item: { seq, itemNo, sku, name, hsCode, unit }, moves: new Map(), stands: false };
  }

  #takenOf(bookId: number) {
    const known = this.#taken.get(bookId);
    if (known !== undefined) return known;
    const { seqs, skus } = this.#lookups.taken(bookId);
    const taken = { seqs: new Set(seqs), skus: new Set(skus) };
    this.#taken.set(bookId, taken);
    return taken;
  }

  /** Undefined for a row without quantity, kind and paper. */
  #move(row: SourceRow, reasons: RowReason[]): Move | undefined {
    const said = ['qty', 'kind', 'paperNo'].some((field) => cellText(row, this.#at(field)) !== '');
    if (!said) return undefined;
    const qtyE5 = readPositive(row, this.#at('qty'), 'qty', reasons, true);
    const kind = this.#word(row, 'kind', kindWords, reasons);
    const on = this.#dates.read(row, this.#at('on'), 'on', reasons)?.slice(0, 10);
    if (on !== undefined && on > this.#lookups.today) reasons.push(reason('BONDED_AHEAD', 'on', { value: on }));
    const paperNo = readId(row, this.#at('paperNo'), 'paperNo', reasons, { required: true });
    const paperLine = this.#whole(row, 'paperLine', false, reasons) ?? 1;
    const paper = cellText(row, this.#at('paperKind'));
    const paperKind =
      paper === '' ? 'checklist' : (paperWords.find(([pattern]) => pattern.test(paper))?.[1] ?? 'other');
    if (qtyE5 === undefined || kind === undefined || on === undefined || paperNo === undefined) return undefined;
    return { kind, on, paperKind, paperNo, paperLine, qtyE5 };
  }

  #word(
    row: SourceRow,
    field: string,
    words: readonly (readonly [RegExp, Kind])[],
    reasons: RowReason[],
  ): Kind | undefined {
    const text = cellText(row, this.#at(field));
    const found = text === '' ? undefined : words.find(([pattern]) => pattern.test(text))?.[1];
    if (found === undefined)
      reasons.push(
        text === ''
          ? reason('REQUIRED_BLANK', field)
          : reason('BONDED_KIND_UNKNOWN', field, { value: text.slice(0, 40) }),
      );
    return found;
  }

  #whole(row: SourceRow, field: string, isRequired: boolean, reasons: RowReason[]): number | undefined {
    const text = cellText(row, this.#at(field));
    if (text === '' && !isRequired) return undefined;
    if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
    reasons.push(
      text === ''
        ? reason('REQUIRED_BLANK', field)
        : reason('BONDED_LINE_INVALID', field, { value: text.slice(0, 40) }),
    );
    return undefined;
  }
}
