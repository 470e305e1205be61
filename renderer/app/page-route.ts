import type { ComponentType } from 'react';
import type { RouteParams } from './route-store.ts';

/** The entries of the rail, in the order of the work. */
export const areas = [
  'today',
  'orders',
  'products',
  'shipments',
  'declarations',
  'ledger',
  'outbox',
  'settings',
] as const;
export type AreaName = (typeof areas)[number];

export interface PageProps {
  readonly params: RouteParams;
}

export interface PageRoute {
  readonly area: AreaName;
  readonly component: ComponentType<PageProps>;
}
export type PageRoutes = Readonly<Record<string, PageRoute>>;
