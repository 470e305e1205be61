import type { PageRoutes } from '../../app/page-route.ts';
import { TracePage } from './TracePage.tsx';

export const routes: PageRoutes = { trace: { area: 'shipments', component: TracePage } };
