import type { PageRoutes } from '../../app/page-route.ts';
import { ReportsPage } from './ReportsPage.tsx';

export const routes: PageRoutes = {
  reports: { area: 'ledger', component: ReportsPage },
};
