import type { PageRoutes } from '../../app/page-route.ts';
import { DeclarationsPage } from './DeclarationsPage.tsx';

export const routes: PageRoutes = {
  declarations: { area: 'declarations', component: DeclarationsPage },
  declaration: { area: 'declarations', component: DeclarationsPage },
  documents: { area: 'declarations', component: DeclarationsPage },
  document: { area: 'declarations', component: DeclarationsPage },
};
