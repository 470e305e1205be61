import type { PageRoutes } from '../../app/page-route.ts';
import { ShipmentOverviewPage } from './ShipmentOverviewPage.tsx';
import { ShipmentPage } from './ShipmentPage.tsx';
import { ShipmentsPage } from './ShipmentsPage.tsx';

export const routes: PageRoutes = {
  shipments: { area: 'shipments', component: ShipmentsPage },
  shipmentOverview: { area: 'shipments', component: ShipmentOverviewPage },
  shipment: { area: 'shipments', component: ShipmentPage },
};
