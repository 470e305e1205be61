import type { PageRoutes } from '../../app/page-route.ts';
import { ComplaintsPage } from './ComplaintsPage.tsx';
import { LiveSessionsPage } from './LiveSessionsPage.tsx';

export const routes: PageRoutes = {
  complaints: { area: 'orders', component: ComplaintsPage },
  liveSessions: { area: 'orders', component: LiveSessionsPage },
};
