/** What the fields of money look up: accounts, countries, orders, records, transaction codes. */
import { useTranslation } from 'react-i18next';
import type { MoneyAccountView, MoneyRecordKind } from '../../../shared/contract/money.ts';
import { type Choice, ChoiceBox } from '../../components/ChoiceBox.tsx';
import { type OnceRead, useOnceRead } from '../../components/use-once-read.ts';
import { call, useQuery } from '../../core-client.ts';
import { useView } from '../../stores/view-store.ts';
import { searchCurrencies } from '../ledger/lookups.ts';

const LIMIT = 9;

export interface MoneyAccounts {
  readonly rows: readonly MoneyAccountView[];
  readonly onceRead: OnceRead<{ readonly rows: readonly MoneyAccountView[] }>;
}

/** Accounts with their numbers masked; read again when one changes. */
export function useMoneyAccounts(): MoneyAccounts {
  const accounts = useQuery('moneyAccounts.list', {}, { areas: ['money'] });
  const onceRead = useOnceRead(accounts);
  return { rows: accounts.data?.rows ?? [], onceRead };
}

/** `中行美元 •••• 6789 USD`. */
export function accountLabel({ name, number, currency }: MoneyAccountView): string {
  return [name, number, name.includes(currency) ? '' : currency].filter((part) => part !== '').join(' ');
}

/** An account in use, by the first letters of its name, its currency or its last digits. */
export function AccountBox({
  id,
  accounts,
  value,
  isInvalid = false,
  onChange,
}: {
  readonly id: string;
  readonly accounts: MoneyAccounts;
  readonly value: string;
  readonly isInvalid?: boolean;
  readonly onChange: (id: string) => void;
}) {
  const chosen = accounts.rows.find((account) => String(account.id) === value);
  const find = (rows: readonly MoneyAccountView[], typed: string): readonly Choice[] =>
    rows
      .filter(({ active }) => active)
      .map((account): Choice => ({ code: String(account.id), name: accountLabel(account) }))
      .filter(({ name }) => typed.split(/\s+/).every((word) => name.toLowerCase().includes(word.toLowerCase())))
      .slice(0, LIMIT);
  return (
    <ChoiceBox
      id={id}
      hidesCode
      isInvalid={isInvalid}
      shown={chosen === undefined ? '' : accountLabel(chosen)}
      // An account that is named before the accounts are read is not refused: it waits for them.
      search={(typed) => accounts.onceRead((read) => find(read?.rows ?? [], typed))}
      onTake={(choice) => onChange(choice?.code ?? '')}
    />
  );
}

/** The name of a country by its two letters, as the official tables have it. */
export function useCountryName(): (code: string) => string {
  const { t, i18n } = useTranslation();
  const names = new Intl.DisplayNames([i18n.language], { type: 'region', fallback: 'code' });
  return (code) => (code === '' ? '' : t(`money.country.${code}`, { defaultValue: names.of(code) ?? code }));
}

/** A country or region, kept by its two letters (ISO 3166); the box takes Chinese, pinyin and English too. */
export function CountryBox({
  id,
  value,
  onChange,
}: {
  readonly id: string;
  readonly value: string;
  readonly onChange: (code: string) => void;
}) {
  const nameOf = useCountryName();
  const search = async (typed: string): Promise<readonly Choice[]> => {
    const { rows } = await call('tables.search', { table: 'country', text: typed, limit: LIMIT });
    return rows.flatMap(({ alpha2, name, nameEn }) =>
      alpha2 === undefined ? [] : [{ code: alpha2, name, ...(nameEn === undefined ? {} : { nameEn }) }],
    );
  };
  return (
    <ChoiceBox
      id={id}
      code={value}
      shown={value === '' ? '' : `${value} ${nameOf(value)}`}
      search={search}
      onTake={(choice) => onChange(choice?.code ?? '')}
    />
  );
}

/** The receipt (of money back from a supplier: the payment) that a refund pays back. */
export function RefundsBox({
  id,
  kind,
  value,
  onChange,
}: {
  readonly id: string;
  readonly kind: MoneyRecordKind;
  readonly value: string;
  readonly onChange: (recordId: string) => void;
}) {
  const chosen = useQuery('moneyRecords.get', value === '' ? null : { id: Number(value) });
  const search = async (typed: string): Promise<readonly Choice[]> => {
    const { rows } = await call('moneyRecords.list', {
      kind: kind === 'refund-in' ? 'payment' : 'receipt',
      text: typed,
      limit: LIMIT,
    });
    return rows.map((row) => ({
      code: String(row.id),
      name: `${row.number} ${row.date} ${row.currency} ${row.amount} ${row.counterparty}`,
    }));
  };
  return (
    <ChoiceBox
      id={id}
      hidesCode
      shown={value === '' ? '' : (chosen.data?.number ?? '…')}
      search={search}
      onTake={(choice) => onChange(choice?.code ?? '')}
    />
  );
}

/** A transaction code (交易编码) of the firm's table. */
export function CodeBox({
  id,
  value,
  isInvalid,
  onChange,
}: {
  readonly id: string;
  readonly value: string;
  readonly isInvalid: boolean;
  readonly onChange: (code: string) => void;
}) {
  const codes = useMoneyCodes();
  const find = (rows: readonly MoneyCode[], typed: string): readonly Choice[] => {
    const wanted = typed.toLowerCase();
    return rows
      .filter(
        ({ code, name, nameEn }) =>
          code.startsWith(typed) || name.includes(typed) || nameEn.toLowerCase().includes(wanted),
      )
      .slice(0, LIMIT);
  };
  return (
    <ChoiceBox
      id={id}
      code={value}
      shown={`${value} ${codes.nameOf(value)}`.trim()}
      isInvalid={isInvalid}
      search={(typed) => codes.onceRead((rows) => find(rows, typed))}
      onTake={(choice) => onChange(choice?.code ?? '')}
    />
  );
}

interface MoneyCode {
  readonly code: string;
  readonly name: string;
  readonly nameEn: string;
}

/** Transaction codes of the firm's table, and what each is called in the language of the desk; empty: not in the table. */
export function useMoneyCodes(): {
  readonly rows: readonly MoneyCode[];
  readonly onceRead: <R>(use: (rows: readonly MoneyCode[]) => R) => R | Promise<R>;
  readonly nameOf: (code: string) => string;
} {
  const language = useView((view) => view.language);
  const codes = useQuery('moneyCodes.list', {});
  const onceRead = useOnceRead(codes);
  const rowsOf = (data: typeof codes.data): readonly MoneyCode[] =>
    (data?.rows ?? []).map(({ code, nameZh, nameEn }) => ({ code, name: nameZh, nameEn }));
  const rows = rowsOf(codes.data);
  return {
    rows,
    onceRead: (use) => onceRead((data) => use(rowsOf(data))),
    nameOf: (wanted) => {
      const row = rows.find(({ code }) => code === wanted);
      return (language === 'en' ? row?.nameEn : row?.name) ?? '';
    },
  };
}

/** A currency (币种) by its code, Chinese or English name. */
export function CurrencyBox({
  id,
  value,
  isInvalid = false,
  isDisabled = false,
  onChange,
}: {
  readonly id: string;
  readonly value: string;
  readonly isInvalid?: boolean;
  readonly isDisabled?: boolean;
  readonly onChange: (currency: string) => void;
}) {
  return (
    <ChoiceBox
      id={id}
      shown={value}
      isInvalid={isInvalid}
      isDisabled={isDisabled}
      search={searchCurrencies}
      onTake={(choice) => onChange(choice?.code ?? '')}
    />
  );
}
