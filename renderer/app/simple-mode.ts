/** From one desk to the other. Nothing of the one is reached from the other by going back: its pages are not drawn there. */
import { setSimple } from '../stores/view-store.ts';
import { navigate, type RouteParams, resetRoutes } from './route-store.ts';

export function enterSimple(): void {
  resetRoutes();
  setSimple(true);
}

/** To the clerk's desk, at a page of it. */
export function leaveSimple(page?: string, params: RouteParams = {}): void {
  resetRoutes();
  setSimple(false);
  if (page !== undefined) navigate(page, params);
}
