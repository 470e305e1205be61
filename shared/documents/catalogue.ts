/** All messages known to this edition, by root element. Adding a message is adding a table and a line here. */
import { ceb303 } from './ceb303.ts';
import { ceb304 } from './ceb304.ts';
import { ceb403 } from './ceb403.ts';
import { ceb404 } from './ceb404.ts';
import { ceb505 } from './ceb505.ts';
import { ceb506 } from './ceb506.ts';
import { ceb603 } from './ceb603.ts';
import { ceb604 } from './ceb604.ts';
import { fx101 } from './fx101.ts';
import { fx102 } from './fx102.ts';
import { fx201 } from './fx201.ts';
import { fx202 } from './fx202.ts';
import type { DocumentOf, MessageName, MessageSpec } from './spec.ts';

export const catalogue = {
  CEB303Message: ceb303,
  CEB304Message: ceb304,
  CEB403Message: ceb403,
  CEB404Message: ceb404,
  CEB505Message: ceb505,
  CEB506Message: ceb506,
  CEB603Message: ceb603,
  CEB604Message: ceb604,
  FX101Message: fx101,
  FX102Message: fx102,
  FX201Message: fx201,
  FX202Message: fx202,
} as const satisfies Record<MessageName, MessageSpec>;

export const messageNames = Object.keys(catalogue) as readonly MessageName[];

type NamesOf<K extends MessageSpec['kind']> = {
  [N in MessageName]: (typeof catalogue)[N]['kind'] extends K ? N : never;
}[MessageName];
/** Messages that the firm sends. */
export type RequestName = NamesOf<'request'>;

export const requestNames = messageNames.filter((name): name is RequestName => catalogue[name].kind === 'request');

export type OrderDocument = DocumentOf<typeof ceb303>;
export type OrderReceipt = DocumentOf<typeof ceb304>;
export type PaymentDocument = DocumentOf<typeof ceb403>;
export type PaymentReceipt = DocumentOf<typeof ceb404>;
export type WaybillDocument = DocumentOf<typeof ceb505>;
export type WaybillReceipt = DocumentOf<typeof ceb506>;
export type ListDocument = DocumentOf<typeof ceb603>;
export type ListReceipt = DocumentOf<typeof ceb604>;
export type IncomeDeclaration = DocumentOf<typeof fx101>;
export type TradeCreditReport = DocumentOf<typeof fx201>;

/** The table of a message by its root element (`CEB603Message`), undefined when we do not know it (yet). */
export function specOf(name: string): MessageSpec | undefined {
  return Object.hasOwn(catalogue, name) ? catalogue[name as MessageName] : undefined;
}

export { ceb303, ceb304, ceb403, ceb404, ceb505, ceb506, ceb603, ceb604, fx101, fx102, fx201, fx202 };
