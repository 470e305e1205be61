import type { PageRoutes } from '../../app/page-route.ts';
import { EndpointsPage } from './EndpointsPage.tsx';

export const routes: PageRoutes = {
  endpoints: { area: 'outbox', component: EndpointsPage },
};
