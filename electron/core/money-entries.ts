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
import { accountsShown } from '../../shared/import/statement.ts';
import {
  folded,
  type OwnAccount,
  type StatementLine,
  type StatementLineRules,
  says,
  statementLinesPack,
  statementLinesPackId,
  suggestionOf,
} from '../../shared/matching/statement-lines.ts';
import { exponentOf, formatScaled, moneyText, tryParseScaled } from '../../shared/money/index.ts';
import type { Context } from './context.ts';
import { dateOf, packFigures } from './obligations.ts';
import type { Book } from './store/book.ts';
import { otherAccounts, requireMoneyAccount } from './store/money/accounts.ts';
import {
  hasEntryOf,
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
    own: ownAccountOf(book, entry),
    rateOf: (currency) => (currency === 'CNY' ? '1' : rateOf(currency)?.cnyPerUnit),
  });
}

/**
 * The own account on the other side of a line: the one whose name or number it gives as counterparty; where it gives the firm itself, or
 * says no more than that money was withdrawn, the only one that it can be.
 */
function ownAccountOf(book: Book, entry: MoneyEntry): OwnAccount {
  const others = otherAccounts(book, entry.accountId);
  const counterparty = folded(entry.counterparty);
  const named = others.filter(({ name }) => counterparty !== '' && folded(name) === counterparty);
  const numbered =
    named.length > 0 || entry.counterpartyAccount === ''
      ? named
      : accountsShown(entry.counterpartyAccount, others, false);
  const certain = numbered.filter(({ currency }) => currency === entry.currency);
  const told = certain.length === 1 ? certain : numbered;
  const [one] = told;
  if (one !== undefined && told.length === 1) return { isNamed: true, account: one };
  const possible = told.length > 0 ? certain : others.filter(({ currency }) => currency === entry.currency);
  const [only] = possible;
  return {
    isNamed: told.length > 0 || (counterparty !== '' && counterparty === folded(book.profile().name)),
    account: possible.length === 1 ? only : undefined,
  };
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
    const suggested = input.recordId === undefined ? suggestionFor(source, entry) : undefined;
    const given = input.kind === undefined ? suggested : undefined;
    const joined = input.recordId ?? given?.recordId;
    if (joined !== undefined) {
      const { id, number } = joinTo(source, entry, joined);
      return { recordId: id, number, joined: true };
    }
    const kind = input.kind ?? given?.kind ?? 'receipt';
    const pairId = input.pairId ?? given?.pairId;
    const other = suggested?.kind === kind ? suggested.otherAccountId : undefined;
    const recordId = twoSidedKinds.includes(kind)
      ? recordPair(
          source,
          entry,
          kind,
          pairId,
          { ...(other === undefined ? {} : { toAccountId: other }), ...input.record },
          now,
        )
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
  // One movement of an account is one line of its statement.
  if (hasEntryOf(book, record.id, entry.accountId))
    throw new PortbookError('MONEY_ENTRY_JOINED', { number: record.number }, 'recordId');
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

/** What was kept of money that arrived: of a transfer what is missing of what was sent, else what the line says. */
function keptOnTheWay(kind: MoneyRecordKind, entry: MoneyEntry, sent: string | undefined): string {
  const digits = exponentOf(entry.currency);
  const minor = sent === undefined || kind !== 'transfer' ? undefined : tryParseScaled(sent, digits);
  const kept = minor === undefined ? BigInt(entry.feeMinor) : minor - BigInt(entry.amountMinor);
  if (kept < 0n) throw new PortbookError('MONEY_ENTRY_PAIR', {}, 'record.toAmount');
  return formatScaled(kept, digits, digits);
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
    const { toAccountId: otherId, toAmount: otherAmount } = given;
    if (otherId === undefined) throw new PortbookError('MONEY_ENTRY_PAIR', {}, 'pairId');
    const fields = fieldsOf(source, entry, given);
    const moved = text(Math.abs(entry.amountMinor), entry.currency);
    const recordId = saveRecord(
      book,
      entry.amountMinor < 0
        ? {
            ...fields,
            kind,
            accountId: entry.accountId,
            // What the bank took besides is in what left, too.
            amount: text(-entry.amountMinor - entry.feeMinor, entry.currency),
            toAccountId: otherId,
            ...(otherAmount === undefined ? {} : { toAmount: otherAmount }),
          }
        : {
            ...fields,
            kind,
            accountId: otherId,
            // Of a transfer what was sent is what arrived and what was kept of it.
            amount:
              otherAmount ?? (kind === 'transfer' ? text(entry.amountMinor + entry.feeMinor, entry.currency) : '0'),
            fee: '0',
            toAccountId: entry.accountId,
            toAmount: moved,
            toFee: keptOnTheWay(kind, entry, otherAmount),
          },
      now,
    );
    joinEntry(book, entry.id, recordId);
    return recordId;
  }
  if (pair.accountId === entry.accountId || pair.amountMinor > 0 === entry.amountMinor > 0)
    throw new PortbookError('MONEY_ENTRY_PAIR', {}, 'pairId');
  const [out, into] = entry.amountMinor < 0 ? [entry, pair] : [pair, entry];
  // What the bank took besides is in what left, too; what left besides and did not arrive was kept on the way.
  const sent = -out.amountMinor - out.feeMinor;
  const kept = kind === 'transfer' ? sent - into.amountMinor : into.feeMinor;
  if (kept < 0) throw new PortbookError('MONEY_ENTRY_PAIR', {}, 'pairId');
  const fields = fieldsOf(source, out, given);
  const recordId = saveRecord(
    book,
    {
      ...fields,
      kind,
      accountId: out.accountId,
      amount: text(sent, out.currency),
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
