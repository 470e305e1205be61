import type { PageRoutes } from '../../app/page-route.ts';
import { FinancingPage } from './FinancingPage.tsx';

export const routes: PageRoutes = {
  financing: { area: 'money', component: FinancingPage },
};
