/** What the page shows, as parameters of its route: so that back, drill and reload all come to the same view. */
import type { Drill, ReportName, ReportRequest } from '../../../shared/contract/reports.ts';
import { lastDay, yearStart } from '../../../shared/reports/periods.ts';
import { type RouteParams, textParam } from '../../app/route-store.ts';

export const reportNames = [
  'trialBalance',
  'generalLedger',
  'accountLedger',
  'quantityLedger',
  'balanceSheet',
  'incomeStatement',
  'ageing',
  'margin',
] as const satisfies readonly ReportName[];

/** Stands in a route for "without": postings that name no order, party … */
const NONE = '-';
const isPeriod = (text: string) => /^\d{4}-(0[1-9]|1[0-2])$/.test(text);
const oneOf = <V extends string>(values: readonly V[], text: string | undefined): V =>
  values.find((one) => one === text) ?? (values[0] as V);

export const marginChoices = ['order', 'product', 'market', 'store'] as const;
export const levels = ['4', '1', '2', '3'] as const;

/** A month as typed: `2026-11`, `202611`, `2026/11`, `2026年11月`; undefined when it is none. */
export function typedPeriod(text: string): string | undefined {
  const match = /^(\d{4})[-./年]?(\d{1,2})月?$/.exec(text.normalize('NFKC').trim());
  const period = match === null ? '' : `${match[1]}-${(match[2] ?? '').padStart(2, '0')}`;
  return isPeriod(period) ? period : undefined;
}

/** Dimension filters of the account ledger, by the name of their parameter. */
export const dimensionNames = ['orderId', 'partyId', 'sku', 'store', 'country', 'orderedSku'] as const;

function dimensionsOf(params: RouteParams): Omit<Drill, 'accounts' | 'from' | 'to' | 'currency'> {
  const filters: Record<string, string | number | null> = {};
  for (const name of dimensionNames) {
    const text = textParam(params, name);
    if (text === undefined || text === '') continue;
    if (text === NONE) filters[name] = null;
    else filters[name] = name.endsWith('Id') ? Number(text) : text;
  }
  return filters;
}

/** The accounts asked for: codes, several with commas between. */
export function accountsOf(params: RouteParams): string[] {
  return (textParam(params, 'account') ?? '').split(',').filter((code) => /^\d{4}(\d{2}){0,3}$/.test(code));
}

/**
 * The report that the parameters ask for; undefined where the account ledger has no account yet.
 * @param today `yyyy-mm-dd`: without parameters the range is the year so far
 */
export function requestOf(params: RouteParams, today: string): ReportRequest | undefined {
  const period = (name: string, otherwise: string): string => {
    const text = textParam(params, name) ?? '';
    return isPeriod(text) ? text : otherwise;
  };
  const to = period('to', today.slice(0, 7));
  const from = period('from', yearStart(to));
  const text = textParam(params, 'currency');
  const currency = text !== undefined && /^[A-Z]{3}$/.test(text) ? { currency: text } : {};
  const accounts = accountsOf(params);
  const report = oneOf(reportNames, textParam(params, 'report'));
  const level = Number(oneOf(levels, textParam(params, 'level')));
  switch (report) {
    case 'trialBalance': {
      const mode = oneOf(['cny', 'original'] as const, textParam(params, 'mode'));
      return { report, params: { from, to, mode, level } };
    }
    case 'generalLedger': {
      const [account] = accounts;
      const ownLevel = Number(oneOf(['1', '2', '3', '4'] as const, textParam(params, 'level')));
      return {
        report,
        params: { from, to, level: ownLevel, ...currency, ...(account === undefined ? {} : { account }) },
      };
    }
    case 'accountLedger': {
      if (accounts.length === 0) return undefined;
      const start = textParam(params, 'from') === NONE ? {} : { from };
      return { report, params: { accounts, ...start, to, ...currency, ...dimensionsOf(params) } };
    }
    case 'quantityLedger': {
      const source = oneOf(['account', 'stock'] as const, textParam(params, 'source'));
      const [account] = accounts;
      return { report, params: { from, to, source, ...(account === undefined ? {} : { account }) } };
    }
    case 'balanceSheet':
      return { report, params: { period: to } };
    case 'incomeStatement':
      return { report, params: { from: period('from', to), to } };
    case 'ageing': {
      const kind = oneOf(['receivable', 'payable'] as const, textParam(params, 'kind'));
      const by = oneOf(['order', 'party'] as const, textParam(params, 'by'));
      const date = textParam(params, 'date') ?? '';
      const fallback = to === today.slice(0, 7) ? today : lastDay(to);
      return { report, params: { kind, by, date: /^\d{4}-\d{2}-\d{2}$/.test(date) ? date : fallback } };
    }
    case 'margin':
      return { report, params: { from, to, by: oneOf(marginChoices, textParam(params, 'by')) } };
  }
}

/** The account ledger behind a figure. A figure without a beginning counts from the book's first day. */
export function drillParams(drill: Drill): RouteParams {
  const params: Record<string, string | number> = {
    report: 'accountLedger',
    account: drill.accounts.join(','),
    from: drill.from ?? NONE,
  };
  if (drill.to !== undefined) params['to'] = drill.to;
  if (drill.currency !== undefined) params['currency'] = drill.currency;
  for (const name of dimensionNames) {
    const value = drill[name];
    if (value !== undefined) params[name] = value ?? NONE;
  }
  return params;
}
