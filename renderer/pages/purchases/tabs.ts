import type { RouteParams } from '../../app/route-store.ts';

/** The lists of the purchases area, in the order of the work. */
export const tabs = ['invoices', 'stock', 'overseas', 'exports', 'coverage', 'tariff'] as const;
export type Tab = (typeof tabs)[number];

/** What every list of the area gets: the route's parameters and how to change some of them. */
export interface TabProps {
  readonly params: RouteParams;
  readonly text: string;
  readonly set: (change: RouteParams) => void;
}
