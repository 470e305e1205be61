import { chinaDate } from '../../shared/calendar/china-time.ts';
import type { OutputOf } from '../../shared/contract/contract.ts';
import {
  type MattersFigures,
  mattersPack,
  mattersPackId,
  type OperatorType,
  registrationMatter,
} from '../../shared/rules/matters/pack.ts';
import { type PolicyCard, policiesPack, policiesPackId } from '../../shared/rules/policies/pack.ts';
import type { Context } from './context.ts';
import { filingView } from './filings/latest.ts';
import { packFigures } from './obligations.ts';
import { papersOf } from './store/archive.ts';
import type { RegistrationRecord } from './store/registrations.ts';

type Matters = MattersFigures['matters'];
type Source = Pick<Context, 'book' | 'resources' | 'now'>;

/** Matters as the pack has them today. Refusal: `RULE_PACK_MISSING`. */
export function mattersOf(source: Source): Matters {
  return packFigures(source, mattersPackId, mattersPack, chinaDate(source.now())).matters;
}

/** Policy cards as the pack has them today. Refusal: `RULE_PACK_MISSING`. */
export function policiesOf(source: Source): readonly PolicyCard[] {
  return packFigures(source, policiesPackId, policiesPack, chinaDate(source.now())).cards;
}

/** A paper that the registration of an operator asks for, with what is on file for it. */
export interface AskedPaper {
  readonly code: string;
  readonly title: { readonly zh: string; readonly en: string };
  readonly required: boolean;
  readonly note: { readonly zh: string; readonly en: string };
  readonly files: readonly { readonly id: number; readonly fileName: string; readonly sha256: string }[];
}

/** The checklist of a registration, by its number. */
export function checklistOf(source: Source, subjectType: OperatorType, number: string): AskedPaper[] {
  const asked = mattersOf(source).find(({ id }) => id === registrationMatter)?.papers ?? [];
  const files = papersOf(source.book, 'registration', number).filter(({ removedAt }) => removedAt === null);
  return asked
    .filter(({ operators }) => operators === undefined || operators.includes(subjectType))
    .map(({ code, title, required, note }) => ({
      code,
      title,
      required,
      note: note ?? { zh: '', en: '' },
      files: files.filter(({ paper }) => paper === code).map(({ id, fileName, sha256 }) => ({ id, fileName, sha256 })),
    }));
}

/** A registration as the list shows it, with how far its latest filing is. */
export function registrationView(
  { book }: Pick<Context, 'book'>,
  one: RegistrationRecord,
): OutputOf<'registrations.list'>['rows'][number] {
  const { id, number, subjectType, state, acceptNo, acceptedOn, body, updatedAt } = one;
  const expiries = body.papers.flatMap(({ validTo }) => (validTo === null ? [] : [validTo])).sort();
  return {
    ...{ id, number, subjectType, state, acceptNo, acceptedOn, updatedAt },
    validTo: body.validTo,
    nextExpiry: expiries[0] ?? null,
    filing: filingView(book, { kind: 'registration', id }),
  };
}
