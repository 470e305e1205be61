import type { PageRoutes } from '../../app/page-route.ts';
import { ChecksPage } from './ChecksPage.tsx';

export const routes: PageRoutes = {
  checks: { area: 'declarations', component: ChecksPage },
};
