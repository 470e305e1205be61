/** All messages known to this edition, by root element. Adding a message is adding a table and a line here. */
import { ceb213 } from './ceb213.ts';
import { ceb214 } from './ceb214.ts';
import { ceb215 } from './ceb215.ts';
import { ceb216 } from './ceb216.ts';
import { ceb303 } from './ceb303.ts';
import { ceb304 } from './ceb304.ts';
import { ceb311 } from './ceb311.ts';
import { ceb312 } from './ceb312.ts';
import { ceb403 } from './ceb403.ts';
import { ceb404 } from './ceb404.ts';
import { ceb411 } from './ceb411.ts';
import { ceb412 } from './ceb412.ts';
import { ceb505 } from './ceb505.ts';
import { ceb506 } from './ceb506.ts';
import { ceb507 } from './ceb507.ts';
import { ceb508 } from './ceb508.ts';
import { ceb509 } from './ceb509.ts';
import { ceb510 } from './ceb510.ts';
import { ceb511 } from './ceb511.ts';
import { ceb512 } from './ceb512.ts';
import { ceb513 } from './ceb513.ts';
import { ceb514 } from './ceb514.ts';
import { ceb603 } from './ceb603.ts';
import { ceb604 } from './ceb604.ts';
import { ceb605 } from './ceb605.ts';
import { ceb606 } from './ceb606.ts';
import { ceb607 } from './ceb607.ts';
import { ceb608 } from './ceb608.ts';
import { ceb621 } from './ceb621.ts';
import { ceb622 } from './ceb622.ts';
import { ceb623 } from './ceb623.ts';
import { ceb624 } from './ceb624.ts';
import { ceb625 } from './ceb625.ts';
import { ceb626 } from './ceb626.ts';
import { ceb701 } from './ceb701.ts';
import { ceb702 } from './ceb702.ts';
import { ceb711 } from './ceb711.ts';
import { ceb712 } from './ceb712.ts';
import { ceb792 } from './ceb792.ts';
import { ceb816 } from './ceb816.ts';
import { ceb818 } from './ceb818.ts';
import { ceb900 } from './ceb900.ts';
import { decMessage } from './dec-message.ts';
import { decData, decImportResponse, decResult } from './dec-receipts.ts';
import { fx101 } from './fx101.ts';
import { fx102 } from './fx102.ts';
import { fx201 } from './fx201.ts';
import { fx202 } from './fx202.ts';
import { plat101 } from './plat101.ts';
import { plat102 } from './plat102.ts';
import { plat201 } from './plat201.ts';
import { plat202 } from './plat202.ts';
import { plat301 } from './plat301.ts';
import { plat302 } from './plat302.ts';
import { plat401 } from './plat401.ts';
import { plat402 } from './plat402.ts';
import type { DocumentOf, MessageName, MessageSpec } from './spec.ts';

export const catalogue = {
  CEB213Message: ceb213,
  CEB214Message: ceb214,
  CEB215Message: ceb215,
  CEB216Message: ceb216,
  CEB303Message: ceb303,
  CEB304Message: ceb304,
  CEB311Message: ceb311,
  CEB312Message: ceb312,
  CEB403Message: ceb403,
  CEB404Message: ceb404,
  CEB411Message: ceb411,
  CEB412Message: ceb412,
  CEB505Message: ceb505,
  CEB506Message: ceb506,
  CEB507Message: ceb507,
  CEB508Message: ceb508,
  CEB509Message: ceb509,
  CEB510Message: ceb510,
  CEB511Message: ceb511,
  CEB512Message: ceb512,
  CEB513Message: ceb513,
  CEB514Message: ceb514,
  CEB603Message: ceb603,
  CEB604Message: ceb604,
  CEB605Message: ceb605,
  CEB606Message: ceb606,
  CEB607Message: ceb607,
  CEB608Message: ceb608,
  CEB621Message: ceb621,
  CEB622Message: ceb622,
  CEB623Message: ceb623,
  CEB624Message: ceb624,
  CEB625Message: ceb625,
  CEB626Message: ceb626,
  CEB701Message: ceb701,
  CEB702Message: ceb702,
  CEB711Message: ceb711,
  CEB712Message: ceb712,
  CEB792Message: ceb792,
  CEB816Message: ceb816,
  CEB818Message: ceb818,
  CEB900Message: ceb900,
  DecMessage: decMessage,
  DecImportResponse: decImportResponse,
  DEC_RESULT: decResult,
  DEC_DATA: decData,
  FX101Message: fx101,
  FX102Message: fx102,
  FX201Message: fx201,
  FX202Message: fx202,
  PLAT101Message: plat101,
  PLAT102Message: plat102,
  PLAT201Message: plat201,
  PLAT202Message: plat202,
  PLAT301Message: plat301,
  PLAT302Message: plat302,
  PLAT401Message: plat401,
  PLAT402Message: plat402,
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
export type GoodsDeclaration = DocumentOf<typeof decMessage>;
export type IncomeDeclaration = DocumentOf<typeof fx101>;
export type TradeCreditReport = DocumentOf<typeof fx201>;
export type RegistrationFiling = DocumentOf<typeof plat101>;
export type ProductFiling = DocumentOf<typeof plat201>;
export type StatisticsFiling = DocumentOf<typeof plat301>;
export type PledgeFiling = DocumentOf<typeof plat401>;

/** The table of a message by its root element (`CEB603Message`), undefined when we do not know it (yet). */
export function specOf(name: string): MessageSpec | undefined {
  return Object.hasOwn(catalogue, name) ? catalogue[name as MessageName] : undefined;
}

export {
  ceb213,
  ceb214,
  ceb215,
  ceb216,
  ceb303,
  ceb304,
  ceb311,
  ceb312,
  ceb403,
  ceb404,
  ceb411,
  ceb412,
  ceb505,
  ceb506,
  ceb507,
  ceb508,
  ceb509,
  ceb510,
  ceb511,
  ceb512,
  ceb513,
  ceb514,
  ceb603,
  ceb604,
  ceb605,
  ceb606,
  ceb607,
  ceb608,
  ceb621,
  ceb622,
  ceb623,
  ceb624,
  ceb625,
  ceb626,
  ceb701,
  ceb702,
  ceb711,
  ceb712,
  ceb792,
  ceb816,
  ceb818,
  ceb900,
  decData,
  decImportResponse,
  decMessage,
  decResult,
  fx101,
  fx102,
  fx201,
  fx202,
  plat101,
  plat102,
  plat201,
  plat202,
  plat301,
  plat302,
  plat401,
  plat402,
};
