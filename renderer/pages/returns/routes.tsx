import type { PageRoutes } from '../../app/page-route.ts';
import { GoodsReturnsPage } from './GoodsReturnsPage.tsx';

export const routes: PageRoutes = { returns: { area: 'declarations', component: GoodsReturnsPage } };
