/** Facts that rules need and no document has: when a supplier was founded, staff by month, terms of a declaration. */
import { type RiskFact, riskFact } from '../../../../shared/contract/risk.ts';
import type { Book } from '../book.ts';

type FactName = RiskFact['name'];
type ValueOf<N extends FactName> = Extract<RiskFact, { name: N }>['value'];

export interface StoredFact {
  readonly fact: RiskFact;
  readonly source: string;
  readonly enteredAt: string;
}

/** Facts of a name or of all, by name and subject. */
export function listRiskFacts(book: Book, name?: FactName): StoredFact[] {
  const rows = book
    .prepare(
      `SELECT name, subject, value, source, entered_at AS enteredAt FROM risk_fact WHERE :name = '' OR name = :name ORDER BY name, subject`,
    )
    .all({ name: name ?? '' }) as { name: string; subject: string; value: string; source: string; enteredAt: string }[];
  return rows.map(({ value, source, enteredAt, ...of }) => ({
    fact: riskFact.parse({ ...of, value: JSON.parse(value) }),
    source,
    enteredAt,
  }));
}

export function putRiskFact(book: Book, { name, subject, value }: RiskFact, source: string, now: string): void {
  book
    .prepare(
      `INSERT INTO risk_fact (name, subject, value, source, entered_at) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (name, subject) DO UPDATE SET value = excluded.value, source = excluded.source, entered_at = excluded.entered_at`,
    )
    .run(name, subject, JSON.stringify(value), source, now);
}

export function removeRiskFact(book: Book, name: FactName, subject: string): void {
  book.prepare('DELETE FROM risk_fact WHERE name = ? AND subject = ?').run(name, subject);
}

function valuesOf<N extends FactName>(book: Book, name: N): Map<string, ValueOf<N>> {
  return new Map(listRiskFacts(book, name).map(({ fact }) => [fact.subject, fact.value as ValueOf<N>]));
}

/** Terms, freight and insurance by declaration number; amounts in the declaration's currency. */
export const dealsOf = (book: Book): Map<string, ValueOf<'deal'>> => valuesOf(book, 'deal');
/** People by month. */
export const staffOf = (book: Book): Map<string, ValueOf<'staff'>> => valuesOf(book, 'staff');
/** Day of foundation by id of the supplier. */
export const foundedOf = (book: Book): Map<string, ValueOf<'supplier-founded'>> => valuesOf(book, 'supplier-founded');
