import type { z } from 'zod';
import {
  agentExport,
  exportReturn,
  importConsignment,
  type TaxFactName,
  taxFactKinds,
  taxFactNames,
} from '../../../shared/contract/tax.ts';
import { PortbookError } from '../../../shared/errors.ts';
import type { Handlers } from '../context.ts';
import { listTaxFacts, putTaxFact, saveTaxProfile, storedTaxProfile } from '../store/worksheets/facts.ts';
import { readPeriod } from '../worksheets/period.ts';
import { hasSheetText, sheetText } from '../worksheets/texts.ts';

type TaxOperation = 'tax.profile' | 'tax.saveProfile' | 'tax.facts' | 'tax.setFacts' | 'income.prepay';

/** Parts a subject must have, e.g. `platform/store`. */
const subjectParts: Partial<Record<TaxFactName, number>> = {
  'platform-income': 2,
  'platform-difference': 4,
  'import-consignment': 1,
  'agent-export': 1,
  'export-return': 1,
  'warehouse-settlement': 1,
};
/** What a fact that is a small form must hold. */
const jsonSchemas: Partial<Record<TaxFactName, z.ZodType>> = {
  'import-consignment': importConsignment,
  'agent-export': agentExport,
  'export-return': exportReturn,
};
/** May be below nought. */
const signed: readonly TaxFactName[] = ['platform-difference'];
const shapes = {
  money: /^-?\d{1,13}(\.\d{1,2})?$/,
  count: /^\d{1,9}$/,
  ratio: /^\d{1,4}(\.\d{1,10})?$/,
} as const;

function isJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** What is wrong with a fact; undefined: nothing. `period`, `subject` or `value`. */
function faultOf(fact: {
  readonly name: TaxFactName;
  readonly period: string;
  readonly subject: string;
  readonly value: string | null;
}) {
  const { name, period, subject, value } = fact;
  const kind = taxFactKinds[name];
  if (readPeriod(period).kind !== kind.period) return 'period';
  const parts = subjectParts[name];
  const given = subject.split('/').filter((part) => part.trim() !== '').length;
  if (parts !== undefined && given < parts) return 'subject';
  if (value === null) return undefined;
  if (kind.type === 'json') {
    return jsonSchemas[name]?.safeParse(isJson(value)).success === true ? undefined : 'value';
  }
  if (!shapes[kind.type].test(value) || (value.startsWith('-') && !signed.includes(name))) return 'value';
  return undefined;
}

/** What a person says of the firm's taxes: profile and facts by period. */
export const taxHandlers: Handlers<TaxOperation> = {
  'tax.profile': (_input, { book }) => {
    const { profile, changedAt } = storedTaxProfile(book);
    return { profile, ...(changedAt === undefined ? {} : { changedAt }) };
  },

  'tax.saveProfile': (profile, { book, now, emit }) => {
    const at = now();
    book.transaction(() => {
      saveTaxProfile(book, profile, at);
      book.audit('tax.profile', '', profile, at);
    });
    emit({ name: 'book.changed', areas: ['tax'] });
    return {};
  },

  'tax.facts': (filter, { book }) => ({
    kinds: taxFactNames.map((name) => ({
      name,
      label: sheetText(`fact.${name}`),
      ...taxFactKinds[name],
      ...(hasSheetText(`subject.${name}`) ? { subject: sheetText(`subject.${name}`) } : {}),
    })),
    rows: listTaxFacts(book, filter),
  }),

  'tax.setFacts': ({ facts }, { book, now, emit }) => {
    for (const [at, fact] of facts.entries()) {
      const reason = faultOf(fact);
      if (reason !== undefined)
        throw new PortbookError('TAX_FACT', { name: fact.name, period: fact.period, reason }, `facts.${at}.${reason}`);
    }
    const at = now();
    book.transaction(() => {
      for (const fact of facts) {
        putTaxFact(book, fact, at);
        book.audit(
          'tax.fact',
          `${fact.name} ${fact.period} ${fact.subject}`,
          { value: fact.value, source: fact.source },
          at,
        );
      }
    });
    emit({ name: 'book.changed', areas: ['tax'] });
    return {};
  },

  'income.prepay': ({ period, amount, source }, { book, now, emit }) => {
    const fact = { name: 'income-prepaid', period, subject: '', value: amount, source } as const;
    const reason = faultOf(fact);
    if (reason !== undefined)
      throw new PortbookError('TAX_FACT', { name: fact.name, period, reason }, reason === 'value' ? 'amount' : reason);
    const at = now();
    book.transaction(() => {
      putTaxFact(book, fact, at);
      book.audit('income.prepay', period, { amount, source }, at);
    });
    emit({ name: 'book.changed', areas: ['tax'] });
    return {};
  },
};
