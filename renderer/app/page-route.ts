import type { ComponentType } from 'react';
import type { RouteParams } from './route-store.ts';

/** The entries of the rail, in the order of the work. */
export const areas = [
  'today',
  'orders',
  'products',
  'shipments',
  'declarations',
  'purchases',
  'money',
  'ledger',
  'tax',
  'outbox',
  'settings',
] as const;
export type AreaName = (typeof areas)[number];

/** The key that, with Alt, opens an area: 1 to 9, 0, then the key beside it. */
export function areaDigit(at: number): string {
  return '1234567890-'.charAt(at);
}

/** The entries of the rail in plain words (简易模式), each the name of its page; the first is where the desk begins. */
export const simpleAreas = ['simpleToday', 'sell', 'myGoods', 'showcase', 'received', 'progress', 'together'] as const;
export type SimpleArea = (typeof simpleAreas)[number];

export function isSimpleArea(page: string): page is SimpleArea {
  return simpleAreas.some((one) => one === page);
}

/** Pages a role works on that are an entry of no area of their own: named `area.<page>`. */
export const pagesOfRole = { cooperative: ['trace', 'listings'] } as const;

export interface PageProps {
  readonly params: RouteParams;
}

export interface PageRoute {
  readonly area: AreaName;
  readonly component: ComponentType<PageProps>;
}
export type PageRoutes = Readonly<Record<string, PageRoute>>;
