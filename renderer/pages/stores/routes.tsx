import type { PageRoutes } from '../../app/page-route.ts';
import { StoresPage } from './StoresPage.tsx';

export const routes: PageRoutes = { stores: { area: 'money', component: StoresPage } };
