import type { PageRoutes } from '../../app/page-route.ts';
import { TodayPage } from './TodayPage.tsx';

export const routes: PageRoutes = {
  today: { area: 'today', component: TodayPage },
};
