import type { ReturnState } from '../../../shared/returns/states.ts';
import type { Tone } from '../../theme/palette.ts';

/** How each state of a return looks. */
export const returnTone: Readonly<Record<ReturnState, Tone>> = {
  received: 'action',
  sorted: 'action',
  stored: 'ready',
  repairing: 'waiting',
  resold: 'accepted',
  sentBack: 'accepted',
  scrapped: 'draft',
  void: 'draft',
};
