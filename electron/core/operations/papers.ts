import type { papers } from '../../../shared/contract/papers.ts';
import type { Handlers } from '../context.ts';

/** Papers of a shipment (单据): draft declaration, invoice, packing list, contract, and the users’ own templates. */
export const papersHandlers: Handlers<keyof typeof papers> = {};
