import type { PageRoutes } from '../../app/page-route.ts';
import { AllocationsPage } from './AllocationsPage.tsx';

export const routes: PageRoutes = { allocations: { area: 'money', component: AllocationsPage } };
