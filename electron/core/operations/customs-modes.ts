import type { customsModes } from '../../../shared/contract/customs-modes.ts';
import type { Handlers } from '../context.ts';

/** Supervision modes (监管方式): which mode and form a shipment may take, and why. */
export const customsModesHandlers: Handlers<keyof typeof customsModes> = {};
