import type { PageRoutes } from '../../app/page-route.ts';
import { ContactsPage } from './ContactsPage.tsx';
import { MattersPage } from './MattersPage.tsx';
import { PoliciesPage } from './PoliciesPage.tsx';
import { RegistrationsPage } from './RegistrationsPage.tsx';

export const routes: PageRoutes = {
  registrations: { area: 'declarations', component: RegistrationsPage },
  matters: { area: 'declarations', component: MattersPage },
  policies: { area: 'declarations', component: PoliciesPage },
  contacts: { area: 'declarations', component: ContactsPage },
};
