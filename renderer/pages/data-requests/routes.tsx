import type { PageRoutes } from '../../app/page-route.ts';
import { DataRequestsPage } from './DataRequestsPage.tsx';

export const routes: PageRoutes = {
  dataRequests: { area: 'outbox', component: DataRequestsPage },
};
