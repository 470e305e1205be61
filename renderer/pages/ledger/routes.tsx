import type { PageRoutes } from '../../app/page-route.ts';
import { LedgerPage, RatesPage } from './LedgerPage.tsx';
import { VoucherPage } from './VoucherPage.tsx';

export const routes: PageRoutes = {
  ledger: { area: 'ledger', component: LedgerPage },
  rates: { area: 'ledger', component: RatesPage },
  voucher: { area: 'ledger', component: VoucherPage },
};
