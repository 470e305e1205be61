import type { PageRoutes } from '../../app/page-route.ts';
import { JointPage } from './JointPage.tsx';
import { JointShipmentPage } from './JointShipmentPage.tsx';

export const routes: PageRoutes = {
  joint: { area: 'shipments', component: JointPage },
  jointShipment: { area: 'shipments', component: JointShipmentPage },
};
