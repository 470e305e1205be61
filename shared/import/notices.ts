import type { OnDuplicate, RowReason } from '../contract/imports.ts';
import { nameKey } from '../matching/record-match.ts';
import type { SourceRow } from './cells.ts';
import { outcomeOfKnown } from './duplicates.ts';
import type { Mapping } from './headers.ts';
import { cellText, DateReader, readText, reason } from './values.ts';

/** A notice of risk (风险通报) on a country, goods or a counterparty. Empty texts: not limited. */
export interface NoticeEntry {
  /** Customs' old numeric code. */
  readonly country: string;
  readonly counterparty: string;
  readonly counterpartyKey: string;
  /** Two to ten digits. */
  readonly hsPrefix: string;
  readonly level: 'high' | 'medium' | 'low';
  readonly text: string;
  readonly source: string;
  readonly validFrom: string;
  readonly validTo: string;
}

export interface NoticeLookups {
  country(text: string): string | undefined;
  /** What the book has of the same notice; undefined: nothing. */
  known(entry: NoticeEntry): Pick<NoticeEntry, 'level' | 'validTo'> | undefined;
}

const levels: readonly (readonly [RegExp, NoticeEntry['level']])[] = [
  [/高|严重|红|^一级|high|severe|critical|red|^1$/i, 'high'],
  [/中|较大|橙|黄|^二级|medium|moderate|orange|amber|yellow|^2$/i, 'medium'],
  [/低|一般|蓝|^三级|low|minor|blue|^3$/i, 'low'],
];

/** Reads a file of notices. A row without a level is of the middle one. One instance a file. */
export class NoticeSorter {
  readonly #onDuplicate: OnDuplicate;
  readonly #at: (field: string) => number;
  readonly #lookups: NoticeLookups;
  readonly #dates = new DateReader();
  readonly #entries = new Map<string, { readonly entry: NoticeEntry; readonly row: number }>();
  #updated = 0;

  constructor(mapping: Mapping, lookups: NoticeLookups, onDuplicate: OnDuplicate = 'update') {
    this.#onDuplicate = onDuplicate;
    this.#at = (field) => mapping[field] ?? -1;
    this.#lookups = lookups;
  }

  get entries(): readonly NoticeEntry[] {
    return [...this.#entries.values()].map(({ entry }) => entry);
  }

  get updated(): number {
    return this.#updated;
  }

  take(row: SourceRow): 'taken' | 'already' | 'skipped' | RowReason[] {
    const reasons: RowReason[] = [];
    const text = readText(row, this.#at('text'), 'text', reasons, { required: true, maxLength: 1000 });
    const counterparty = readText(row, this.#at('counterparty'), 'counterparty', reasons, { maxLength: 200 }) ?? '';
    const source = readText(row, this.#at('source'), 'source', reasons, { maxLength: 200 }) ?? '';
    const country = this.#country(row, reasons);
    const hsPrefix = this.#hsPrefix(row, reasons);
    const level = this.#level(row, reasons);
    const validFrom = this.#date(row, 'validFrom', reasons);
    const validTo = this.#date(row, 'validTo', reasons);
    if (validFrom !== '' && validTo !== '' && validTo < validFrom)
      reasons.push(reason('DATES_REVERSED', 'validTo', { from: validFrom, to: validTo }));
    if (text === undefined || reasons.length > 0) return reasons;
    if (country === '' && counterparty === '' && hsPrefix === '') return [reason('NOTICE_OF_NOTHING', 'country')];
    const entry: NoticeEntry = {
      ...{ country, counterparty, counterpartyKey: nameKey(counterparty) ?? '', hsPrefix },
      ...{ level, text, source, validFrom, validTo },
    };
    const key = JSON.stringify([country, counterparty, hsPrefix, text, source, validFrom]);
    const before = this.#entries.get(key);
    if (before !== undefined) {
      const isSame = JSON.stringify(before.entry) === JSON.stringify(entry);
      return isSame ? 'already' : [reason('ROW_TWICE', 'text', { value: text.slice(0, 40), row: before.row })];
    }
    const known = this.#lookups.known(entry);
    if (known?.level === level && known.validTo === validTo) return 'already';
    const kept = known === undefined ? undefined : outcomeOfKnown(this.#onDuplicate, 'text', text);
    if (kept !== undefined) return kept;
    if (known !== undefined) this.#updated += 1;
    this.#entries.set(key, { entry, row: row.no });
    return 'taken';
  }

  #country(row: SourceRow, reasons: RowReason[]): string {
    const text = cellText(row, this.#at('country'));
    if (text === '') return '';
    const code = this.#lookups.country(text);
    if (code === undefined) reasons.push(reason('COUNTRY_UNKNOWN', 'country', { value: text.slice(0, 40) }));
    return code ?? '';
  }

  #hsPrefix(row: SourceRow, reasons: RowReason[]): string {
    const text = cellText(row, this.#at('hsPrefix'));
    const digits = text.normalize('NFKC').replace(/[\s.]/g, '');
    if (digits === '' || /^\d{2,10}$/.test(digits)) return digits;
    reasons.push(reason('NOTICE_HS_INVALID', 'hsPrefix', { value: text.slice(0, 40) }));
    return '';
  }

  #level(row: SourceRow, reasons: RowReason[]): NoticeEntry['level'] {
    const text = cellText(row, this.#at('level'));
    if (text === '') return 'medium';
    const level = levels.find(([words]) => words.test(text))?.[1];
    if (level === undefined) reasons.push(reason('NOTICE_LEVEL_UNKNOWN', 'level', { value: text.slice(0, 40) }));
    return level ?? 'medium';
  }

  #date(row: SourceRow, field: 'validFrom' | 'validTo', reasons: RowReason[]): string {
    if (cellText(row, this.#at(field)) === '') return '';
    return this.#dates.read(row, this.#at(field), field, reasons)?.slice(0, 10) ?? '';
  }
}
