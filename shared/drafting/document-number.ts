import type { MessageName, Values } from '../documents/spec.ts';

/**
 * The one number by which the book, its user and customs' receipts know a document: the list by its 企业唯一编号, the
 * waybill by its number, orders and receipts of payment by the order's. Works on a document's head and on a return alike.
 */
export function documentNumber(message: MessageName, values: Values): string {
  switch (message) {
    case 'CEB505Message':
      return values['logisticsNo'] ?? '';
    case 'CEB603Message':
      return values['copNo'] ?? '';
    default:
      return values['orderNo'] ?? '';
  }
}
