import type { PageRoutes } from '../../app/page-route.ts';
import { ParcelsPage } from './ParcelsPage.tsx';

export const routes: PageRoutes = {
  parcels: { area: 'declarations', component: ParcelsPage },
};
