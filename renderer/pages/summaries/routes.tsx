import type { PageRoutes } from '../../app/page-route.ts';
import { SummariesPage } from './SummariesPage.tsx';

export const routes: PageRoutes = {
  summaries: { area: 'declarations', component: SummariesPage },
};
