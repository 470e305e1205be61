import type { PageRoutes } from '../../app/page-route.ts';
import { PayoutImportPage } from './PayoutImportPage.tsx';
import { PayoutsPage } from './PayoutsPage.tsx';

export const routes: PageRoutes = {
  payouts: { area: 'money', component: PayoutsPage },
  payoutImport: { area: 'money', component: PayoutImportPage },
};
