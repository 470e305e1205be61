import type { PageRoutes } from '../../app/page-route.ts';
import { TransitPage } from './TransitPage.tsx';

export const routes: PageRoutes = { transit: { area: 'declarations', component: TransitPage } };
