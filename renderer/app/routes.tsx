/**
 * Every page of the desk. An area puts its pages into `pages/<area>/routes.tsx`:
 *
 * ```ts
 * export const routes: PageRoutes = {
 *   orders: { area: 'orders', component: OrdersPage },
 *   order: { area: 'orders', component: OrderPage },
 * };
 * ```
 *
 * `area` is the entry of the rail that is lit; the component gets the route's `params`. Go there with
 * `navigate('order', { id: 12 })` from `app/route-store.ts`.
 */
import type { PageRoute, PageRoutes } from './page-route.ts';

const files = import.meta.glob<{ routes: PageRoutes }>('../pages/*/routes.tsx', { eager: true });

const all: ReadonlyMap<string, PageRoute> = new Map(
  Object.values(files).flatMap(({ routes }) => Object.entries(routes)),
);

/** The page of a name; undefined for a name nobody has registered. */
export function pageOf(name: string): PageRoute | undefined {
  return all.get(name);
}

export function hasPage(name: string): boolean {
  return all.has(name);
}
