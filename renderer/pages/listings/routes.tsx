import type { PageRoutes } from '../../app/page-route.ts';
import { ListingsPage } from './ListingsPage.tsx';

export const routes: PageRoutes = {
  listings: { area: 'products', component: ListingsPage },
};
