import type { PageRoutes } from '../../app/page-route.ts';
import { OrdersPage } from './OrdersPage.tsx';

export const routes: PageRoutes = {
  orders: { area: 'orders', component: OrdersPage },
  order: { area: 'orders', component: OrdersPage },
};
