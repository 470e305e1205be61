import type { PageRoutes } from '../../app/page-route.ts';
import { DeclarationsPage } from './DeclarationsPage.tsx';
import { NewDocumentPage } from './life/NewDocumentPage.tsx';

export const routes: PageRoutes = {
  declarations: { area: 'declarations', component: DeclarationsPage },
  declaration: { area: 'declarations', component: DeclarationsPage },
  documents: { area: 'declarations', component: DeclarationsPage },
  newDocument: { area: 'declarations', component: NewDocumentPage },
  document: { area: 'declarations', component: DeclarationsPage },
};
