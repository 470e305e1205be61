import type { PageRoutes } from '../../app/page-route.ts';
import { FailedRowsPage } from './FailedRowsPage.tsx';
import { ImportPage } from './ImportPage.tsx';

export const routes: PageRoutes = {
  import: { area: 'orders', component: ImportPage },
  imports: { area: 'orders', component: FailedRowsPage },
};
