import type { PageRoutes } from '../../app/page-route.ts';
import { FlowsPage } from './FlowsPage.tsx';
import { RiskPage } from './RiskPage.tsx';

export const routes: PageRoutes = {
  flows: { area: 'money', component: FlowsPage },
  risk: { area: 'money', component: RiskPage },
};
