import type { PageRoutes } from '../../app/page-route.ts';
import { StatisticsPage } from './StatisticsPage.tsx';

export const routes: PageRoutes = {
  statistics: { area: 'declarations', component: StatisticsPage },
};
