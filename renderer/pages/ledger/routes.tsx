import type { PageProps, PageRoutes } from '../../app/page-route.ts';
import { textParam } from '../../app/route-store.ts';
import { LedgerPage } from './LedgerPage.tsx';
import { VoucherPage } from './VoucherPage.tsx';

/** A tab under the name by which the core and other pages point at it: `rates?currency=USD`, `source-document/12`. */
function tabPage(tab: string) {
  return function TabPage({ params }: PageProps) {
    return <LedgerPage params={{ ...params, tab }} />;
  };
}

const DocumentsPage = tabPage('documents');

/** `vouchers?drafts=1` shows what was left half typed. */
function VouchersPage({ params }: PageProps) {
  return <LedgerPage params={{ ...params, tab: textParam(params, 'drafts') === undefined ? 'vouchers' : 'entry' }} />;
}

export const routes: PageRoutes = {
  ledger: { area: 'ledger', component: LedgerPage },
  vouchers: { area: 'ledger', component: VouchersPage },
  voucher: { area: 'ledger', component: VoucherPage },
  'source-documents': { area: 'ledger', component: DocumentsPage },
  'source-document': { area: 'ledger', component: DocumentsPage },
  accounts: { area: 'ledger', component: tabPage('accounts') },
  parties: { area: 'ledger', component: tabPage('parties') },
  periods: { area: 'ledger', component: tabPage('periods') },
  rates: { area: 'ledger', component: tabPage('rates') },
};
