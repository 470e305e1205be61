import { specOf } from '../documents/catalogue.ts';
import type { MessageName, Values } from '../documents/spec.ts';

/**
 * The one number by which the book, its user and the receipts know a document, as its table says: the list by its 企业唯一编号, the
 * waybill by its number, orders and receipts of payment by the order's. Works on a document's head and on a return alike.
 */
export function documentNumber(message: MessageName, values: Values): string {
  const field = specOf(message)?.number;
  return field === undefined ? '' : (values[field] ?? '');
}
