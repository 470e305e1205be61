import type { PageRoutes } from '../../app/page-route.ts';
import { DelegationsPage } from './DelegationsPage.tsx';
import { FeeNotesPage } from './FeeNotesPage.tsx';
import { ReviewPage } from './ReviewPage.tsx';

export const routes: PageRoutes = {
  delegations: { area: 'declarations', component: DelegationsPage },
  feeNotes: { area: 'declarations', component: FeeNotesPage },
  review: { area: 'declarations', component: ReviewPage },
};
