/** Where a row of the book behind a flag or a difference is shown: the one place of these pages that knows the routes of others. */
import type { BookRow, FlagRule } from '../../../shared/contract/risk.ts';
import type { Route } from '../../app/route-store.ts';

/** Undefined: there is no page for it. `rule`: of the flag it is a row of; what tripped it is shown first. */
export function routeOfRow({ kind, id, label, detail }: BookRow, rule?: FlagRule): Route | undefined {
  switch (kind) {
    case 'order':
      return { page: 'order', params: { id } };
    case 'export-line':
      return { page: 'purchases', params: { tab: 'exports', id } };
    case 'declaration':
      return { page: 'flows', params: { view: 'declarations', no: id } };
    case 'document':
      return { page: 'document', params: rule === 'R18' ? { id, tab: 'score' } : { id } };
    case 'shipment':
      return { page: 'shipment', params: rule === 'R18' ? { id, side: 'score' } : { id } };
    case 'record':
      return { page: 'money', params: { at: id } };
    case 'payout':
      return { page: 'payouts', params: { id } };
    case 'netting':
      return { page: 'netting', params: { at: id } };
    case 'source-document':
      return { page: 'source-document', params: { id } };
    case 'stock-move':
      return { page: 'purchases', params: { tab: 'stock' } };
    case 'invoice':
      return { page: 'invoice', params: { id } };
    case 'party':
      return { page: 'parties', params: { text: label } };
    case 'product':
      return { page: 'product', params: { id } };
    case 'paper':
      return { page: 'archive', params: detail === undefined ? {} : { no: detail, at: detail } };
    case 'account':
      return { page: 'moneyAccounts', params: { id } };
    case 'screening-hit':
      return { page: 'risk', params: { tab: 'hits', text: label } };
    case 'lot':
      return { page: 'trace', params: { tab: 'lots', at: id } };
    case 'dispatch':
      return { page: 'trace', params: { tab: 'dispatches', at: id } };
    case 'cold-log':
      return { page: 'trace', params: { tab: 'cold', at: id } };
    case 'month':
      return { page: 'monitor', params: { tab: 'indicators' } };
  }
}
