import type { PageRoutes } from '../../app/page-route.ts';
import { RecordMatchPage } from './RecordMatchPage.tsx';

export const routes: PageRoutes = {
  recordMatch: { area: 'money', component: RecordMatchPage },
};
