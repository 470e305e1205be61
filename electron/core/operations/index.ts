import type { Handlers } from '../context.ts';
import type { Call } from '../core.ts';
import { bookHandlers } from './books.ts';
import { documentHandlers } from './documents.ts';
import { importHandlers } from './imports.ts';
import { ledgerHandlers } from './ledger.ts';
import { orderHandlers } from './orders.ts';
import { outboxHandlers } from './outbox.ts';
import { practiceHandlers } from './practice.ts';
import { productHandlers } from './products.ts';
import { rateHandlers } from './rates.ts';
import { searchHandlers } from './search.ts';
import { shipmentHandlers } from './shipments.ts';
import { signingHandlers } from './signing.ts';
import { syncHandlers } from './sync.ts';
import { tableHandlers } from './tables.ts';
import { todayHandlers } from './today.ts';

/**
 * The implementations, by operation. `call` lets one operation use another through its front door (the sample book is
 * filled by the same imports a user makes). One that is missing does not compile.
 */
export function createHandlers(call: Call): Handlers {
  return {
    ...bookHandlers(call),
    ...documentHandlers,
    ...importHandlers,
    ...ledgerHandlers,
    ...orderHandlers,
    ...outboxHandlers,
    ...practiceHandlers,
    ...productHandlers,
    ...rateHandlers,
    ...searchHandlers,
    ...shipmentHandlers,
    ...signingHandlers,
    ...syncHandlers,
    ...tableHandlers,
    ...todayHandlers,
  };
}
