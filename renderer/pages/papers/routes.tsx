import type { PageRoutes } from '../../app/page-route.ts';
import { PapersPage } from './PapersPage.tsx';

export const routes: PageRoutes = {
  papers: { area: 'shipments', component: PapersPage },
};
