import { PortbookError } from '../../../shared/errors.ts';
import type { Handlers } from '../context.ts';
import { setCountry } from '../store/countries.ts';
import { listOrders, orderFacets, requireOrder } from '../store/orders.ts';

export const orderHandlers: Handlers<'orders.list' | 'orders.get' | 'orders.facets' | 'orders.setCountry'> = {
  'orders.list': ({ after, limit, ...filter }, { book }) => listOrders(book, filter, { after, limit }),
  'orders.get': ({ id }, { book }) => requireOrder(book, id),
  'orders.facets': (_, { book }) => orderFacets(book),
  'orders.setCountry': ({ countryText, country }, { book, resources, emit, now }) => {
    if (!resources.table('country').has(country)) throw new PortbookError('COUNTRY_UNKNOWN', { country }, 'country');
    const orders = setCountry(book, countryText, country, now());
    emit({ name: 'book.changed', areas: ['orders'] });
    return { orders };
  },
};
