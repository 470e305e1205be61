import type { PageRoutes } from '../../app/page-route.ts';
import { PurchasesPage } from './PurchasesPage.tsx';

export const routes: PageRoutes = {
  purchases: { area: 'purchases', component: PurchasesPage },
  invoice: { area: 'purchases', component: PurchasesPage },
};
