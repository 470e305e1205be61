import type { classification } from '../../../shared/contract/classification.ts';
import type { Handlers } from '../context.ts';

/** Classification of goods (归类): code tables, tariff, declaration elements (申报要素), decisions. */
export const classificationHandlers: Handlers<keyof typeof classification> = {};
