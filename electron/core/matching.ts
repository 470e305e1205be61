import { chinaDate } from '../../shared/calendar/china-time.ts';
import { type MatchSettings, matchSettings } from '../../shared/contract/record-match.ts';
import { PortbookError } from '../../shared/errors.ts';
import { recordMatchPack, tolerancesOf } from '../../shared/matching/record-match.ts';
import {
  electronicInformationPackId,
  electronicInformationPackSchema,
} from '../../shared/rules/forex/electronic-information.ts';
import type { Context } from './context.ts';
import { packVersion } from './obligations.ts';
import { type CertificateSubject, matchCertificate } from './printing/match-certificate.ts';
import type { Book } from './store/book.ts';
import { type Certified, certify } from './store/match-items.ts';
import { usdMinorOf } from './store/money/usd.ts';
import { dueOrders, type MatchResult, type MatchRules, matchChanged } from './store/record-match.ts';

/** Retail export is the default, where a missing payment is a doubt and a contradiction holds. */
const usual: MatchSettings = { direction: 'export', missing: 'doubt', contradiction: 'hold' };

const settingKey = 'recordMatch.settings';

export function settingsOf(book: Book): MatchSettings {
  const stored = book.setting(settingKey);
  return stored === undefined ? usual : matchSettings.parse(JSON.parse(stored));
}

export function saveSettings(book: Book, settings: MatchSettings): void {
  book.setSetting(settingKey, JSON.stringify(settings));
}

type Source = Pick<Context, 'book' | 'resources'>;

/** The pack in force on a day, the firm's own before the shipped one. Refusal: `RULE_PACK_MISSING`. */
export function matchPackOn(source: Source, date: string) {
  return packVersion(source, 'record-match', recordMatchPack, date);
}

/**
 * The rules of a match on the day it is made: records are matched for what is declared now, whatever the age of the order.
 * Refusal: `RULE_PACK_MISSING`.
 */
export function matchRules(source: Source, now: string): MatchRules {
  const { book, resources } = source;
  const date = chinaDate(now);
  const { parameters, inForceFrom } = matchPackOn(source, date);
  const limit = packVersion(source, electronicInformationPackId, electronicInformationPackSchema, date).parameters;
  const codes = resources
    .table('currency')
    .entries.map(({ code, more }) => [more['alpha3'] ?? '', code] as const)
    .filter(([iso]) => iso !== '');
  return {
    by: tolerancesOf(parameters, settingsOf(book).direction),
    rulesOn: date,
    rulesFrom: inForceFrom,
    currencyCodes: new Map(codes),
    limitUsd: limit.singleLimitUsd.toNumber(),
    usdMinor: (currency, minor, day) => usdMinorOf(book, currency, minor, day),
  };
}

/**
 * Matches what has changed since the last time; undefined where nothing has. Call it in the transaction of the change. On a day for
 * which no rules are in force the records stay due: an import is not refused for want of them.
 */
export function matchDue(source: Source, now: string): MatchResult | undefined {
  if (dueOrders(source.book) === 0) return undefined;
  try {
    return matchChanged(source.book, matchRules(source, now), now);
  } catch (error) {
    if (error instanceof PortbookError && error.code === 'RULE_PACK_MISSING') return undefined;
    throw error;
  }
}

/** Whose orders a certificate is of: all of some days, or those named, whose days these are. */
export interface CertificateOf {
  readonly from: string;
  readonly to: string;
  readonly ids?: readonly number[];
  /** The order, shipment or record they belong to; undefined: the days alone. */
  readonly subject?: CertificateSubject;
}

/**
 * The certificate (三单比对证明) as a page with what it says; undefined where none of the orders passes or is accepted.
 * Refusals: `REPORT_TOO_LONG`, `RULE_PACK_MISSING`.
 */
export function certificateOf(
  source: Source,
  of: CertificateOf,
  now: string,
): { readonly certified: Certified; readonly html: string } | undefined {
  const { book, resources } = source;
  const { from, to, ids, subject } = of;
  const certified = certify(book, from, to, ids);
  if (certified.orders === 0) return undefined;
  const { name, uscc } = book.profile();
  const { parameters, inForceFrom } = matchPackOn(source, chinaDate(now));
  const pack = resources.json('rules', 'record-match.json') as { readonly titleZh: string; readonly source: string };
  const html = matchCertificate({
    ...certified,
    ...{ from, to, subject },
    firm: name,
    uscc,
    madeOn: chinaDate(now),
    direction: settingsOf(book).direction,
    rules: { title: pack.titleZh, source: pack.source, inForceFrom },
    tolerances: {
      amount: parameters.amountTolerance,
      weight: parameters.weightTolerance,
      before: parameters.paidBeforeDays,
      after: parameters.paidAfterDays,
    },
  });
  return { certified, html };
}
