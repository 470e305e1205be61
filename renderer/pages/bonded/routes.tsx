import type { PageRoutes } from '../../app/page-route.ts';
import { BondedPage } from './BondedPage.tsx';

export const routes: PageRoutes = {
  bonded: { area: 'purchases', component: BondedPage },
};
