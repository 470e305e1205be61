import type { broker } from '../../../shared/contract/broker.ts';
import type { Handlers } from '../context.ts';

/** The broker’s desk (报关行): delegations, maker and checker, fee notes. */
export const brokerHandlers: Handlers<keyof typeof broker> = {};
