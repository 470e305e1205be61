/** An amount with its currency code and exactly that currency's decimals (more only when the value has them). */
import { CURRENCY_EXPONENTS } from '../../shared/money/index.ts';
import { formatAmount } from '../i18n/format.ts';

/** `value` is decimal text; `currency` is shown before it unless `bare`. An absent value is a dash, not a zero. */
export function Amount({
  value,
  currency,
  bare = false,
}: {
  readonly value: string | undefined;
  readonly currency?: string | undefined;
  readonly bare?: boolean;
}) {
  if (value === undefined || value === '') return <span className="amount is-empty">–</span>;
  const decimals = currency === undefined ? 0 : (CURRENCY_EXPONENTS[currency] ?? 2);
  return (
    <span className="amount">
      {currency === undefined || bare ? null : <span className="amount-currency">{currency} </span>}
      {formatAmount(value, decimals)}
    </span>
  );
}

/** Totals of several currencies in one line, each with its code. */
export function Totals({
  totals,
}: {
  readonly totals: readonly { readonly currency: string; readonly amount: string }[];
}) {
  return (
    <span className="totals">
      {totals.map((total) => (
        <Amount key={total.currency} value={total.amount} currency={total.currency} />
      ))}
    </span>
  );
}

/** A number, code or credit code in the monospaced face. */
export function Code({ children }: { readonly children: string | number | undefined }) {
  return children === undefined || children === '' ? (
    <span className="muted">–</span>
  ) : (
    <span className="code">{children}</span>
  );
}
