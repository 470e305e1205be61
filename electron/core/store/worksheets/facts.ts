/** What a person has said that tax follows: the firm's tax profile, facts by period, rule packs, settings and switches. */
import { type TaxFactName, type TaxFactView, type TaxProfile, taxProfile } from '../../../../shared/contract/tax.ts';
import type { Book } from '../book.ts';

const profileKey = 'tax.profile';
const settingPrefix = 'rule.';

/** The tax profile as last saved; empty where nothing was ever said. */
export function storedTaxProfile(book: Book): { readonly profile: TaxProfile; readonly changedAt: string | undefined } {
  const stored = book.setting(profileKey);
  if (stored === undefined) return { profile: {}, changedAt: undefined };
  return { profile: taxProfile.parse(JSON.parse(stored)), changedAt: book.setting(`${profileKey}.at`) };
}

export function saveTaxProfile(book: Book, profile: TaxProfile, now: string): void {
  book.setSetting(profileKey, JSON.stringify(profile));
  book.setSetting(`${profileKey}.at`, now);
}

const factColumns = 'name, period, subject, value, source, entered_at AS enteredAt';

/** Facts whose period begins with a year, of one name or of all, by name, period and subject. */
export function listTaxFacts(
  book: Book,
  filter: { readonly year?: string | undefined; readonly name?: TaxFactName | undefined } = {},
): TaxFactView[] {
  return book
    .prepare(
      `SELECT ${factColumns} FROM tax_fact WHERE (:year = '' OR substr(period, 1, 4) = :year) AND (:name = '' OR name = :name)
       ORDER BY name, period, subject`,
    )
    .all({ year: filter.year ?? '', name: filter.name ?? '' }) as TaxFactView[];
}

/** Facts of a name in a period, by subject. */
export function taxFactsOf(book: Book, name: TaxFactName, period: string): TaxFactView[] {
  return book
    .prepare(`SELECT ${factColumns} FROM tax_fact WHERE name = ? AND period = ? ORDER BY subject`)
    .all(name, period) as TaxFactView[];
}

/** Stores a fact, or takes it away with `value` null. */
export function putTaxFact(
  book: Book,
  fact: {
    readonly name: TaxFactName;
    readonly period: string;
    readonly subject: string;
    readonly value: string | null;
    readonly source: string;
  },
  now: string,
): void {
  const { name, period, subject, value, source } = fact;
  if (value === null)
    book.prepare('DELETE FROM tax_fact WHERE name = ? AND period = ? AND subject = ?').run(name, period, subject);
  else
    book
      .prepare(
        `INSERT INTO tax_fact (name, period, subject, value, source, entered_at) VALUES (?, ?, ?, ?, ?, ?)
         ON CONFLICT (name, period, subject) DO UPDATE SET value = excluded.value, source = excluded.source, entered_at = excluded.entered_at`,
      )
      .run(name, period, subject, value, source, now);
}

// Rules ---------------------------------------------------------------------------------------------------------------

export interface FirmPack {
  readonly body: unknown;
  readonly reason: string;
  readonly changedAt: string;
}

/** The firm's own version of a rule pack; undefined: the shipped one holds. */
export function firmPack(book: Book, id: string): FirmPack | undefined {
  const row = book.prepare('SELECT body, reason, changed_at AS changedAt FROM rule_pack WHERE id = ?').get(id) as
    | { body: string; reason: string; changedAt: string }
    | undefined;
  return row === undefined ? undefined : { ...row, body: JSON.parse(row.body) as unknown };
}

export function saveFirmPack(book: Book, id: string, body: unknown, reason: string, now: string): void {
  book
    .prepare(
      `INSERT INTO rule_pack (id, body, reason, changed_at) VALUES (?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET body = excluded.body, reason = excluded.reason, changed_at = excluded.changed_at`,
    )
    .run(id, JSON.stringify(body), reason, now);
}

export function removeFirmPack(book: Book, id: string): void {
  book.prepare('DELETE FROM rule_pack WHERE id = ?').run(id);
}

/** Why a rule is switched off; undefined: it is on. */
export function ruleOff(book: Book, rule: string): { readonly reason: string; readonly changedAt: string } | undefined {
  return book.prepare('SELECT reason, changed_at AS changedAt FROM rule_off WHERE rule = ?').get(rule) as
    | { reason: string; changedAt: string }
    | undefined;
}

export function switchRule(book: Book, rule: string, off: boolean, reason: string, now: string): void {
  if (!off) book.prepare('DELETE FROM rule_off WHERE rule = ?').run(rule);
  else
    book
      .prepare(
        `INSERT INTO rule_off (rule, reason, changed_at, by_name) VALUES (?, ?, ?, ?)
         ON CONFLICT (rule) DO UPDATE SET reason = excluded.reason, changed_at = excluded.changed_at, by_name = excluded.by_name`,
      )
      .run(rule, reason, now, book.who());
}

/** The firm's choice in a point the rules leave unclear, and why. */
export function ruleSetting(book: Book, id: string): { readonly option: string | undefined; readonly reason: string } {
  return { option: book.setting(`${settingPrefix}${id}`), reason: book.setting(`${settingPrefix}${id}.reason`) ?? '' };
}

/** `option` undefined: back to the default. */
export function setRuleSetting(book: Book, id: string, option: string | undefined, reason: string): void {
  book.setSetting(`${settingPrefix}${id}`, option);
  book.setSetting(`${settingPrefix}${id}.reason`, option === undefined ? undefined : reason);
}
