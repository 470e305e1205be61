import type { PageRoutes } from '../../app/page-route.ts';
import { CreditPage } from './CreditPage.tsx';

export const routes: PageRoutes = {
  credit: { area: 'money', component: CreditPage },
};
