import type { Handlers } from '../context.ts';
import { listOrders, orderFacets, requireOrder } from '../store/orders.ts';

export const orderHandlers: Handlers<'orders.list' | 'orders.get' | 'orders.facets'> = {
  'orders.list': ({ after, limit, ...filter }, { book }) => listOrders(book, filter, { after, limit }),
  'orders.get': ({ id }, { book }) => requireOrder(book, id),
  'orders.facets': (_, { book }) => orderFacets(book),
};
