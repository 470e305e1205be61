/** Where a row or finding of a worksheet leads: the one place that knows the routes of other areas. */
import type { z } from 'zod';
import type { drillTarget } from '../../../shared/contract/tax.ts';
import { navigate, type Route } from '../../app/route-store.ts';

export type DrillTarget = z.infer<typeof drillTarget>;

export function routeOfDrill({ page, params }: DrillTarget): Route {
  switch (page) {
    case 'export-line':
      return { page: 'purchases', params: { tab: 'exports', ...params } };
    case 'invoice':
      return { page: 'invoice', params };
    case 'order':
      return { page: 'order', params };
    case 'voucher':
      return { page: 'voucher', params };
    case 'account':
      return { page: 'reports', params: { report: 'accountLedger', ...months(params) } };
    case 'product':
      return { page: 'product', params: { id: params['sku'] ?? params['id'] ?? '' } };
    case 'document':
      return { page: 'document', params };
    case 'tax-fact':
      return { page: 'taxProfile', params: { ...params, tab: 'facts' } };
    case 'tax-profile':
      return { page: 'taxProfile', params: { ...params, tab: 'profile' } };
    case 'worksheet':
      return { page: 'worksheet', params };
    case 'rates':
      return { page: 'rates', params };
    case 'tariff':
      return { page: 'purchases', params: { tab: 'tariff', text: params['hs'] ?? '' } };
  }
}

/** The books of account are asked for by month; a worksheet speaks of days. */
function months({ from, to, ...rest }: DrillTarget['params']): DrillTarget['params'] {
  return {
    ...rest,
    ...(from === undefined ? {} : { from: from.slice(0, 7) }),
    ...(to === undefined ? {} : { to: to.slice(0, 7) }),
  };
}

export function openDrill(target: DrillTarget): void {
  const { page, params } = routeOfDrill(target);
  navigate(page, params);
}
