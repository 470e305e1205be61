/** What is due to members of a joint shipment (联合出海) in the ledger, and payments as records of money (收付记录). */
import { chinaDate } from '../../../shared/calendar/china-time.ts';
import type { ParsedInputOf } from '../../../shared/contract/contract.ts';
import { moneyRecordInput } from '../../../shared/contract/money.ts';
import { PortbookError } from '../../../shared/errors.ts';
import { cnyAmount } from '../../../shared/ledger/index.ts';
import { moneyText } from '../../../shared/money/index.ts';
import type { Book } from './book.ts';
import { balancesOf, issuesOf, type JointRecord } from './joint.ts';
import { requireMoneyAccount } from './money/accounts.ts';
import { saveRecord } from './money/records.ts';
import { draftByRule } from './posting-rules.ts';
import { repostDocument, type VoucherSource } from './vouchers.ts';

/** The joint shipment as the source of the vouchers of what is due by it. */
export const dueSource = ({ id }: Pick<JointRecord, 'id'>): VoucherSource => ({
  kind: 'joint-shipment',
  id: String(id),
});

/**
 * Makes the voucher of what is due to members what the last version of the statements says, on the day it was issued: posted, or
 * reversed and posted anew; nothing where it is not to be posted here. Run inside a transaction. Refusals: those of `postVouchers`,
 * `POSTING_RULE_MISSING`.
 */
export function postDues(book: Book, joint: JointRecord, now: string): void {
  const { id, number, posting } = joint;
  const [last] = issuesOf(book, id);
  const isPosted = posting === 'bought' || posting === 'agent';
  const draft =
    last === undefined || !isPosted
      ? undefined
      : draftByRule(book, {
          event: 'joint-due',
          date: chinaDate(last.at),
          text: `联合出海成员结算 ${number} 第 ${last.version} 版`,
          parts: balancesOf(book, id)
            .filter(({ dueFen }) => dueFen !== 0)
            .map(({ partyId, dueFen }) => ({
              partyId,
              amounts: { [dueFen > 0 ? 'due' : 'owed']: cnyAmount(BigInt(Math.abs(dueFen))) },
              facts: { goods: posting },
            })),
        });
  repostDocument(book, dueSource(joint), draft === undefined ? [] : [draft], now, `更正 ${number}`);
}

type Payment = Pick<ParsedInputOf<'joint.pay'>, 'partyId' | 'on' | 'method' | 'note'> & {
  readonly accountId: number;
  readonly name: string;
  /** To the member; below zero: from it. */
  readonly amountFen: number;
};

/**
 * Keeps a payment as a record of money, which posts itself: to a member it pays what is owed to it, from one it gives back. Run inside a
 * transaction. Refusals: `JOINT_ACCOUNT` {currency}, and those of `saveRecord`. @returns its id
 */
export function recordPayment(book: Book, joint: JointRecord, payment: Payment, now: string): number {
  const { partyId, on, method, note, accountId, name, amountFen } = payment;
  const { currency } = requireMoneyAccount(book, accountId);
  if (currency !== 'CNY') throw new PortbookError('JOINT_ACCOUNT', { currency }, 'accountId');
  return saveRecord(
    book,
    moneyRecordInput.parse({
      kind: amountFen > 0 ? 'payment' : 'refund-in',
      date: on,
      accountId,
      amount: moneyText({ currency, minor: BigInt(Math.abs(amountFen)) }),
      partyId,
      counterparty: name.slice(0, 200),
      channel: method === 'wallet' ? 'payment-institution' : 'bank',
      text: [`联合出海成员结算 ${joint.number}`, note]
        .filter((one) => one !== '')
        .join(' ')
        .slice(0, 200),
    }),
    now,
  );
}
