import { useTranslation } from 'react-i18next';
import { call } from '../core-client.ts';
import { lockScreen } from '../stores/lock-store.ts';
import { useView } from '../stores/view-store.ts';
import { areaDigit, areas } from './page-route.ts';
import { navigate, type RouteParams } from './route-store.ts';
import { enterSimple } from './simple-mode.ts';

export interface DeskCommand {
  readonly id: string;
  readonly label: string;
  readonly keys?: string;
  readonly run: () => void;
}

/** Pages that work begins with and that are no entry of the rail; named in `command.<id>`. */
const pages: readonly { readonly id: string; readonly page: string; readonly params?: RouteParams }[] = [
  { id: 'voucher', page: 'ledger', params: { tab: 'entry' } },
  { id: 'reports', page: 'reports' },
  { id: 'periods', page: 'periods' },
  { id: 'refunds', page: 'refunds' },
  { id: 'calculators', page: 'calculators' },
  { id: 'deadlines', page: 'deadlines' },
  { id: 'guarantees', page: 'guarantees' },
  { id: 'taxBills', page: 'taxBills' },
  { id: 'showGoods', page: 'showGoods' },
  { id: 'bonded', page: 'bonded' },
  { id: 'archive', page: 'archive' },
  { id: 'agentCertificates', page: 'agentCertificates' },
  { id: 'invoices', page: 'purchases', params: { tab: 'invoices' } },
  { id: 'stock', page: 'purchases', params: { tab: 'stock' } },
  { id: 'overseas', page: 'purchases', params: { tab: 'overseas' } },
  { id: 'exportLines', page: 'purchases', params: { tab: 'exports' } },
  { id: 'moneyEntries', page: 'moneyEntries' },
  { id: 'moneyAccounts', page: 'moneyAccounts' },
  { id: 'stores', page: 'stores' },
  { id: 'payouts', page: 'payouts' },
  { id: 'allocations', page: 'allocations' },
  { id: 'netting', page: 'netting' },
  { id: 'monitor', page: 'monitor' },
  { id: 'tradeCredit', page: 'tradeCredit' },
  { id: 'creditInsurance', page: 'creditInsurance' },
  { id: 'financing', page: 'financing' },
  { id: 'registrations', page: 'registrations' },
  { id: 'matters', page: 'matters' },
  { id: 'policies', page: 'policies' },
  { id: 'contacts', page: 'contacts' },
  { id: 'statistics', page: 'statistics' },
  { id: 'parcels', page: 'parcels' },
  { id: 'listings', page: 'listings' },
  { id: 'credit', page: 'credit' },
  { id: 'pledges', page: 'credit', params: { tab: 'pledges' } },
  { id: 'dataRequests', page: 'dataRequests' },
  { id: 'newDocument', page: 'newDocument' },
  { id: 'summaries', page: 'summaries' },
  { id: 'papers', page: 'papers' },
  { id: 'modes', page: 'modes' },
  { id: 'returnCheck', page: 'returnCheck' },
  { id: 'returns', page: 'returns' },
  { id: 'complaints', page: 'complaints' },
  { id: 'liveSessions', page: 'liveSessions' },
  { id: 'transit', page: 'transit' },
  { id: 'checks', page: 'checks' },
  { id: 'parkedReceipts', page: 'parkedReceipts' },
  { id: 'classification', page: 'classification' },
  { id: 'codeTables', page: 'classification', params: { tab: 'tables' } },
  { id: 'review', page: 'review' },
  { id: 'clerks', page: 'review', params: { tab: 'clerks' } },
  { id: 'errorRates', page: 'review', params: { tab: 'rates' } },
  { id: 'delegations', page: 'delegations' },
  { id: 'feeNotes', page: 'feeNotes' },
  { id: 'trace', page: 'trace' },
  { id: 'farmSites', page: 'trace', params: { tab: 'sites' } },
  { id: 'traceQuery', page: 'trace', params: { tab: 'query' } },
  { id: 'coldChain', page: 'trace', params: { tab: 'cold' } },
  { id: 'joint', page: 'joint' },
  { id: 'pickups', page: 'trace', params: { tab: 'pickups' } },
  { id: 'recordMatch', page: 'recordMatch' },
  { id: 'flows', page: 'flows' },
  { id: 'risk', page: 'risk' },
  { id: 'screening', page: 'risk', params: { tab: 'hits' } },
];

/** Lower case without blanks, so that `cljq` or `go to ledger` is found however it is spaced. */
function fold(text: string): string {
  return text.normalize('NFKC').toLowerCase().replace(/\s+/g, '');
}

/** The commands whose name, pinyin initials or English name hold the text; all of them for no text. */
export function useCommands(text: string): readonly DeskCommand[] {
  const { t } = useTranslation();
  const { language, setLanguage } = useView();
  const all: readonly DeskCommand[] = [
    ...areas.map((area, at) => ({
      id: `go.${area}`,
      label: t('command.go', { area: t(`area.${area}`) }),
      keys: `Alt+${areaDigit(at)}`,
      run: () => navigate(area),
    })),
    { id: 'import', label: t('shell.import'), keys: 'Ctrl+I', run: () => navigate('import') },
    { id: 'shipment', label: t('shell.newShipment'), keys: 'Ctrl+N', run: () => navigate('shipment', { id: 'new' }) },
    ...pages.map(({ id, page, params = {} }) => ({
      id,
      label: t(`command.${id}`),
      run: () => navigate(page, params),
    })),
    { id: 'language', label: t('command.language'), run: () => setLanguage(language === 'en' ? 'zh-CN' : 'en') },
    { id: 'simple', label: t('command.simple'), run: enterSimple },
    { id: 'lock', label: t('command.lock'), run: () => void lockScreen() },
    { id: 'close', label: t('command.closeBook'), run: () => void call('books.close', {}) },
  ];
  const wanted = fold(text);
  if (wanted === '') return all;
  return all.filter((command) =>
    fold(`${command.label} ${t(`command.keys.${command.id.replace('.', '-')}`, { defaultValue: '' })}`).includes(
      wanted,
    ),
  );
}
