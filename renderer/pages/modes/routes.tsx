import type { PageRoutes } from '../../app/page-route.ts';
import { ModesPage } from './ModesPage.tsx';
import { ReturnsPage } from './ReturnsPage.tsx';

export const routes: PageRoutes = {
  modes: { area: 'shipments', component: ModesPage },
  returnCheck: { area: 'declarations', component: ReturnsPage },
};
