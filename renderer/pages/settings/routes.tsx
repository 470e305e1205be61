import type { PageRoutes } from '../../app/page-route.ts';
import { SettingsPage } from './SettingsPage.tsx';

export const routes: PageRoutes = {
  settings: { area: 'settings', component: SettingsPage },
};
