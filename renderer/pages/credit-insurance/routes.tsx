import type { PageRoutes } from '../../app/page-route.ts';
import { CreditInsurancePage } from './CreditInsurancePage.tsx';

export const routes: PageRoutes = { creditInsurance: { area: 'money', component: CreditInsurancePage } };
