/** What the fields of the ledger look up: accounts in memory, everything else asked of the core. */
import { useMemo } from 'react';
import type { AccountView } from '../../../shared/contract/accounting.ts';
import type { ContractError } from '../../../shared/contract/operation.ts';
import { CURRENCY_EXPONENTS } from '../../../shared/money/index.ts';
import type { Choice } from '../../components/ChoiceBox.tsx';
import { call, useQuery } from '../../core-client.ts';
import { useView } from '../../stores/view-store.ts';
import { searchNamed } from './pinyin.ts';

const LIMIT = 9;

/** `销售费用-其他`: a sub-account says little without those above it. */
function fullName(byCode: ReadonlyMap<string, AccountView>, row: AccountView, name: 'nameZh' | 'nameEn'): string {
  const parent = row.parent === null ? undefined : byCode.get(row.parent);
  return parent === undefined ? row[name] : `${fullName(byCode, parent, name)}-${row[name]}`;
}

export interface Chart {
  readonly rows: readonly AccountView[];
  readonly byCode: ReadonlyMap<string, AccountView>;
  readonly isReady: boolean;
  readonly error: ContractError | undefined;
  readonly reload: () => void;
}

export function useAccounts(): Chart {
  const { data, error, reload } = useQuery('accounts.list', {}, { areas: ['ledger'] });
  return useMemo(
    () => ({
      rows: data?.rows ?? [],
      byCode: new Map((data?.rows ?? []).map((row) => [row.code, row])),
      isReady: data !== undefined,
      error,
      reload,
    }),
    [data, error, reload],
  );
}

/** What money is kept in: cash, bank, other. */
export const moneyAccounts = ['1001', '1002', '1012'];

/** Accounts that can be posted to; with `prefixes` only those below them (money accounts). */
export function searchAccounts(chart: Chart, text: string, prefixes: readonly string[] = []): readonly Choice[] {
  const open = chart.rows.filter(
    (row) =>
      row.active && !row.group && (prefixes.length === 0 || prefixes.some((prefix) => row.code.startsWith(prefix))),
  );
  return searchNamed(
    open.map((row) => ({
      code: row.code,
      name: fullName(chart.byCode, row, 'nameZh'),
      nameEn: fullName(chart.byCode, row, 'nameEn'),
    })),
    text,
    LIMIT,
  );
}

/** `1002 银行存款` or `560199 销售费用-其他`, in the language of the desk; a code the chart does not know stands alone. */
export function useAccountName(chart: Chart): (code: string) => string {
  const language = useView((view) => view.language);
  return (code) => {
    const row = chart.byCode.get(code);
    if (row === undefined) return code;
    return `${code} ${fullName(chart.byCode, row, language === 'en' && row.nameEn !== '' ? 'nameEn' : 'nameZh')}`;
  };
}

const usual = ['CNY', 'USD', 'EUR', 'GBP', 'HKD', 'JPY', 'AUD', 'CAD', 'SGD', 'KRW', 'THB', 'MYR', 'VND', 'RUB'];
const currencies = [...usual, ...Object.keys(CURRENCY_EXPONENTS).filter((code) => !usual.includes(code))];
const chineseNames = new Intl.DisplayNames('zh-CN', { type: 'currency' });
const englishNames = new Intl.DisplayNames('en', { type: 'currency' });

export function searchCurrencies(text: string): readonly Choice[] {
  return searchNamed(
    currencies.map((code) => ({ code, name: chineseNames.of(code) ?? code, nameEn: englishNames.of(code) ?? code })),
    text,
    LIMIT,
  );
}

export async function searchParties(text: string): Promise<readonly Choice[]> {
  const { rows } = await call('parties.list', { ...(text === '' ? {} : { text }), limit: LIMIT });
  return rows.filter((row) => row.active).map((row) => ({ code: String(row.id), name: row.name }));
}

export async function searchProducts(text: string): Promise<readonly Choice[]> {
  const { rows } = await call('products.list', { ...(text === '' ? {} : { text }), limit: LIMIT });
  return rows.map((row) => ({ code: row.sku, name: row.nameCn === '' ? row.nameSource : row.nameCn }));
}

export async function searchOrders(text: string): Promise<readonly Choice[]> {
  const { rows } = await call('orders.list', { ...(text === '' ? {} : { text }), limit: LIMIT });
  return rows.map((row) => ({ code: row.orderNo, name: `${row.orderDate} ${row.customer ?? ''}`.trim() }));
}

export async function searchShipments(text: string): Promise<readonly Choice[]> {
  const { rows } = await call('shipments.list', { limit: 200 });
  return searchNamed(
    rows.map((row) => ({ code: row.shipmentNo, name: `${row.body.ieDate} ${row.body.billNo}`.trim() })),
    text,
    LIMIT,
  );
}

export async function searchSummaries(text: string): Promise<readonly Choice[]> {
  if (text === '') return [];
  const { rows } = await call('summaries.search', { text, limit: LIMIT });
  return rows.filter((row) => row !== text).map((row) => ({ code: row, name: row }));
}
