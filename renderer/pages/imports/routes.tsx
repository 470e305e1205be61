import type { PageProps, PageRoutes } from '../../app/page-route.ts';
import { FailedRowsPage } from './FailedRowsPage.tsx';
import { ImportPage } from './ImportPage.tsx';

/** A run's number leads to the rows it left out, under either name. */
function ImportOrLeftOut({ params }: PageProps) {
  return params['runId'] === undefined ? <ImportPage params={params} /> : <FailedRowsPage params={params} />;
}

export const routes: PageRoutes = {
  import: { area: 'orders', component: ImportOrLeftOut },
  imports: { area: 'orders', component: FailedRowsPage },
};
