import type { PageRoutes } from '../../app/page-route.ts';
import { OutboxPage } from './OutboxPage.tsx';

export const routes: PageRoutes = {
  outbox: { area: 'outbox', component: OutboxPage },
};
