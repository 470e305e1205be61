/** Lines of statements worked off: what each is taken for, and the record that is made of it. */
import { addDays, type IsoDate } from '../../shared/calendar/index.ts';
import type { ParsedInputOf } from '../../shared/contract/contract.ts';
import {
  type EntrySuggestion,
  type MoneyRecordKind,
  moneyRecordDetail,
  twoSidedKinds,
} from '../../shared/contract/money.ts';
import { PortbookError } from '../../shared/errors.ts';
import {
  type StatementLine,
  type StatementLineRules,
  says,
  statementLinesPack,
  statementLinesPackId,
  suggestionOf,
} from '../../shared/matching/statement-lines.ts';
import { moneyText } from '../../shared/money/index.ts';
import type { Context } from './context.ts';
import { dateOf, packFigures } from './obligations.ts';
import { requireMoneyAccount } from './store/money/accounts.ts';
import {
  joinEntry,
  type MoneyEntry,
  oppositeEntries,
  recordPaidBack,
  recordSaying,
  requireOpenEntry,
} from './store/money/entries.ts';
import { requireRecord, saveRecord } from './store/money/records.ts';
import { ratesOn } from './store/typed-vouchers.ts';

type Source = Pick<Context, 'book' | 'resources'>;

const lineOf = (entry: MoneyEntry): StatementLine => ({
  id: entry.id,
  accountName: entry.accountName,
  currency: entry.currency,
  date: entry.date,
  amountMinor: entry.amountMinor,
  text: `${entry.text} ${entry.counterparty}`,
});

function rulesOn(source: Source, date: string): StatementLineRules {
  return packFigures(source, statementLinesPackId, statementLinesPack, date);
}

/** What an open line is taken for. */
export function suggestionFor(source: Source, entry: MoneyEntry): EntrySuggestion {
  const { book } = source;
  const date: IsoDate = dateOf(entry.date, 'date');
  const rules = rulesOn(source, date);
  const [from, to] = [addDays(date, -rules.pairDays), addDays(date, rules.pairDays)];
  const rateOf = ratesOn(book, date);
  return suggestionOf(lineOf(entry), rules, {
    opposites: oppositeEntries(book, entry, from, to).map(lineOf),
    saying: recordSaying(book, entry, from, to),
    paidBack: recordPaidBack(book, entry),
    rateOf: (currency) => (currency === 'CNY' ? '1' : rateOf(currency)?.cnyPerUnit),
  });
}

/** Which way each kind moves the first account. */
const incomingKinds: readonly MoneyRecordKind[] = ['receipt', 'refund-in', 'interest'];

/**
 * Makes a record of an open line, or joins it to one. Refusals as `moneyEntries.record` of the contract says.
 */
export function recordEntry(
  source: Source,
  input: ParsedInputOf<'moneyEntries.record'>,
  now: string,
): { readonly recordId: number; readonly number: string; readonly joined: boolean } {
  const { book } = source;
  return book.transaction(() => {
    const entry = requireOpenEntry(book, input.id);
    const given = input.kind === undefined && input.recordId === undefined ? suggestionFor(source, entry) : undefined;
    const joined = input.recordId ?? given?.recordId;
    if (joined !== undefined) {
      const { id, number } = joinTo(source, entry, joined);
      return { recordId: id, number, joined: true };
    }
    const kind = input.kind ?? given?.kind ?? 'receipt';
    const pairId = input.pairId ?? given?.pairId;
    const recordId = twoSidedKinds.includes(kind)
      ? recordPair(source, entry, kind, pairId, input.record, now)
      : recordOne(
          source,
          entry,
          kind,
          { ...(given?.refundsId === undefined ? {} : { refundsId: given.refundsId }), ...input.record },
          now,
        );
    return { recordId, number: requireRecord(book, recordId).number, joined: false };
  });
}

function joinTo(source: Source, entry: MoneyEntry, recordId: number): { readonly id: number; readonly number: string } {
  const { book } = source;
  const record = requireRecord(book, recordId, 'recordId');
  const moved = Math.abs(entry.amountMinor);
  const isIncoming = entry.amountMinor > 0;
  const own =
    record.accountId === entry.accountId &&
    isIncoming === incomingKinds.includes(record.kind) &&
    (moved === record.amountMinor || (!isIncoming && moved === record.amountMinor + record.feeMinor));
  const other = record.toAccountId === entry.accountId && isIncoming && moved === record.toAmountMinor;
  if (record.state === 'void' || (!own && !other))
    throw new PortbookError('MONEY_ENTRY_RECORD', { number: record.number }, 'recordId');
  joinEntry(book, entry.id, record.id);
  return record;
}

type Overrides = ParsedInputOf<'moneyEntries.record'>['record'];

const text = (minor: number, currency: string): string => moneyText({ minor: BigInt(minor), currency });

/** What the line says itself and what was typed besides. */
function fieldsOf(source: Source, entry: MoneyEntry, given: Overrides) {
  const { crossBorder, orderNo, refundBasis, partyId, expectedOn, store, refundsId } = given;
  const account = requireMoneyAccount(source.book, entry.accountId);
  const { words } = rulesOn(source, entry.date);
  const channel =
    account.kind === 'payment-institution'
      ? ({
          channel: 'payment-institution',
          detail: { institution: account.institution, licenceNo: account.licenceNo },
        } as const)
      : account.kind === 'wallet'
        ? ({ channel: 'platform', detail: { institution: account.institution, licenceNo: '' } } as const)
        : ({ channel: 'bank', detail: {} } as const);
  return {
    date: entry.date,
    fee: text(entry.feeMinor, entry.currency),
    toFee: '0',
    counterparty: given.counterparty ?? entry.counterparty,
    counterpartyCountry: given.counterpartyCountry ?? '',
    channel: given.channel ?? channel.channel,
    nature: given.nature ?? ('other' as const),
    reference: entry.reference,
    text: given.text ?? entry.text.slice(0, 200),
    partyId,
    expectedOn,
    store,
    refundsId,
    detail: moneyRecordDetail.parse({
      ...channel.detail,
      crossBorder:
        crossBorder ?? (entry.currency !== 'CNY' || says(`${entry.text} ${entry.counterparty}`, words.crossBorder)),
      ...(orderNo === undefined ? {} : { orderNo }),
      ...(refundBasis === undefined ? {} : { refundBasis }),
    }),
  };
}

function recordOne(source: Source, entry: MoneyEntry, kind: MoneyRecordKind, given: Overrides, now: string): number {
  const { book } = source;
  if (incomingKinds.includes(kind) !== entry.amountMinor > 0)
    throw new PortbookError('MONEY_ENTRY_DIRECTION', {}, 'kind');
  // What leaves an account includes what the bank took besides; a charge is all of it.
  const besides = entry.amountMinor < 0 && kind !== 'fee' ? entry.feeMinor : 0;
  const recordId = saveRecord(
    book,
    {
      ...fieldsOf(source, entry, given),
      kind,
      accountId: entry.accountId,
      amount: text(Math.abs(entry.amountMinor) - besides, entry.currency),
    },
    now,
  );
  joinEntry(book, entry.id, recordId);
  return recordId;
}

/** Two lines of one movement, or one line and what was typed of the other side. */
function recordPair(
  source: Source,
  entry: MoneyEntry,
  kind: MoneyRecordKind,
  pairId: number | undefined,
  given: Overrides,
  now: string,
): number {
  const { book } = source;
  const pair = pairId === undefined ? undefined : requireOpenEntry(book, pairId, 'pairId');
  if (pair === undefined) {
    const { toAccountId, toAmount } = given;
    if (toAccountId === undefined || entry.amountMinor > 0) throw new PortbookError('MONEY_ENTRY_PAIR', {}, 'pairId');
    const recordId = saveRecord(
      book,
      {
        ...fieldsOf(source, entry, given),
        kind,
        accountId: entry.accountId,
        amount: text(-entry.amountMinor, entry.currency),
        toAccountId,
        ...(toAmount === undefined ? {} : { toAmount }),
      },
      now,
    );
    joinEntry(book, entry.id, recordId);
    return recordId;
  }
  if (pair.accountId === entry.accountId || pair.amountMinor > 0 === entry.amountMinor > 0)
    throw new PortbookError('MONEY_ENTRY_PAIR', {}, 'pairId');
  const [out, into] = entry.amountMinor < 0 ? [entry, pair] : [pair, entry];
  // What left and did not arrive was kept on the way.
  const kept = kind === 'transfer' ? -out.amountMinor - into.amountMinor : 0;
  if (kept < 0) throw new PortbookError('MONEY_ENTRY_PAIR', {}, 'pairId');
  const fields = fieldsOf(source, out, given);
  const recordId = saveRecord(
    book,
    {
      ...fields,
      kind,
      accountId: out.accountId,
      amount: text(-out.amountMinor, out.currency),
      toAccountId: into.accountId,
      toAmount: text(into.amountMinor, into.currency),
      toFee: text(kept, into.currency),
      counterparty: given.counterparty ?? '',
    },
    now,
  );
  for (const one of [out, into]) joinEntry(book, one.id, recordId);
  return recordId;
}
