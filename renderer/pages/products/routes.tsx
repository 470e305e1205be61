import type { PageRoutes } from '../../app/page-route.ts';
import { ProductsPage } from './ProductsPage.tsx';

export const routes: PageRoutes = {
  products: { area: 'products', component: ProductsPage },
  product: { area: 'products', component: ProductsPage },
};
