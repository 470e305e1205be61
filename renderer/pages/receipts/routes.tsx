import type { PageRoutes } from '../../app/page-route.ts';
import { ParkedReceiptsPage } from './ParkedReceiptsPage.tsx';

export const routes: PageRoutes = {
  parkedReceipts: { area: 'outbox', component: ParkedReceiptsPage },
};
