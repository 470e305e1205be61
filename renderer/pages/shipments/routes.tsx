import type { PageRoutes } from '../../app/page-route.ts';
import { ShipmentPage } from './ShipmentPage.tsx';
import { ShipmentsPage } from './ShipmentsPage.tsx';

export const routes: PageRoutes = {
  shipments: { area: 'shipments', component: ShipmentsPage },
  shipment: { area: 'shipments', component: ShipmentPage },
};
