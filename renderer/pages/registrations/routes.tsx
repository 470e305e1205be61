import type { PageRoutes } from '../../app/page-route.ts';
import { MattersPage } from './MattersPage.tsx';
import { RegistrationsPage } from './RegistrationsPage.tsx';

export const routes: PageRoutes = {
  registrations: { area: 'declarations', component: RegistrationsPage },
  matters: { area: 'declarations', component: MattersPage },
};
