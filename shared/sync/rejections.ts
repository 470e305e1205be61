/** What a rejection says, code by code, and what the clerk does about it: remedies by family, with the field that it is about. */
import { parseReturnInfo, type ReturnInfoCode } from '../documents/read.ts';

/**
 * The reasons of a rejection: the coded remarks of its text (`[Code:1322;Desc:…]`, several may follow each other), else the status itself
 * where it is a code of its own: below nought (业务处理异常), or of the Single Window (`SW-E`, `SWI-1`). Any other text stays whole,
 * under no code.
 */
export function rejectionReasons(statusCode: string, info: string): readonly ReturnInfoCode[] {
  const parts = parseReturnInfo(info);
  if (parts.length > 0) return parts;
  return [{ code: /^(-\d|SWI?-)/.test(statusCode) ? statusCode : '', text: info.trim() }];
}

/** The Single Window's state of a declaration (表 dec_channel); undefined for any other status. */
export const channelOf = (statusCode: string): string | undefined =>
  statusCode.startsWith('SW-') ? statusCode.slice(3) : undefined;

interface Family {
  readonly codes: readonly string[];
  /** Fields of head or lines it is about: the first that the message has. */
  readonly fields?: readonly string[];
}

/**
 * Codes by what is to be done about them. Of the official table (报文规范 2022-05, tables 7-1 and 7-2), of codes seen in receipts, and of
 * the states of a declaration that send it back. Each family has its text under `declarations.rejected.remedyOf`.
 */
export const remedyFamilies = {
  format: { codes: ['0001', '0002', '0999', '-504000', '-505000', '-800002'] },
  signature: {
    codes: ['1001', '1004', '-621025', '-621028', '-621029', '-623016', '-623029', '-625005', '-625027', '-625208'],
  },
  certificate: { codes: ['1002'] },
  unsigned: { codes: ['-621026', '-623017', '-625028'] },
  decryption: { codes: ['1003'] },
  receiver: { codes: ['2001', '2002'] },
  system: {
    codes: [
      ...['3001', '3002', '3003', '3999', '-301013', '-401011', '-505015', '-800004', '-621017', '-623027', '-625019'],
      ...['-625110', '-625116', '-621013', '-625026', '-621020', '-621023', '-623018', '-625017'],
    ],
  },
  quotaBooking: { codes: ['-621014', '-623025', '-625024', '-625025'] },
  sentUnknown: { codes: ['-621008', '-623006', '-625202', '-625206'] },
  notSent: { codes: ['-621009', '-623007', '-625203', '-625207', 'SW-4'] },
  answerUnreadable: { codes: ['-621002', '-623002', '-625002'] },
  enterprise: { codes: ['-10101', '-10102'], fields: ['ebcCode', 'agentCode', 'payCode', 'logisticsCode'] },
  empty: {
    codes: [
      ...['-301001', '-301007', '-401005', '-504010', '-505010', '-621000', '-621024', '-623000', '-625003'],
      ...['-625006', '-625023', '-625031', '-625200', '-800000'],
    ],
  },
  lineNumbers: { codes: ['-301002', '-621027'], fields: ['gnum'] },
  orderUnknown: { codes: ['-301003', '-301004', '-301005'], fields: ['orderNo'] },
  orderSeveral: { codes: ['-301006'], fields: ['orderNo'] },
  paymentUnknown: { codes: ['-401001', '-401002', '-401004'], fields: ['payNo', 'payTransactionId'] },
  paymentSeveral: { codes: ['-401003'], fields: ['payNo', 'payTransactionId'] },
  operation: {
    codes: ['-301009', '-301012', '-401006', '-401010', '-504014', '-505014'],
    fields: ['appType'],
  },
  duplicate: {
    codes: [
      ...['-301010', '-401007', '-504012', '-504015', '-505012', '-621004', '-623009', '-625022', '-625033'],
      '-800003',
    ],
    fields: ['copNo', 'orderNo', 'logisticsNo', 'payNo', 'payTransactionId'],
  },
  declared: { codes: ['-301011', '-401008', '-504016'] },
  state: { codes: ['-621010', '-621012', '-623005', '-623013', '-623022', '-623024', '-625029', '-625205'] },
  fields: {
    codes: [
      ...['-301008', '-401009', '-504011', '-505011', '-621001', '-623001', '-623010', '-623014', '-625001'],
      '-800001',
    ],
  },
  older: { codes: ['-301014', '-401012', '-505016', '-800005'] },
  tooMany: {
    codes: ['-301015', '-401013', '-504013', '-505013', '-505017', '-621030', '-623008', '-800006'],
  },
  declareFailed: {
    codes: ['-621003', '-621022', '-623020', '-623023', '-623028', '-625004', '-625030'],
  },
  singleLimit: { codes: ['-621005', '-625014'], fields: ['acturalPaid', 'price'] },
  yearLimit: { codes: ['1313', '-621018', '-625015'], fields: ['buyerIdNumber'] },
  listUnknown: {
    codes: [
      ...['-621006', '-621011', '-621019', '-621021', '-623003', '-623004', '-623011', '-623019', '-625016'],
      ...['-625018', '-625032', '-625204'],
    ],
    fields: ['invtNo', 'copNo'],
  },
  card: { codes: ['-621015', '-623021', '-625013', '-625020', '-625113'], fields: ['agentCode'] },
  permission: { codes: ['-621016', '-623026', '-625021', '-625114'] },
  withdrawReason: { codes: ['-623012'], fields: ['reason'] },
  record: { codes: ['-625007', '-625010'], fields: ['itemRecordNo', 'itemNo', 'gcode'] },
  commodity: { codes: ['-625011', '-625012'], fields: ['gcode'] },
  secondUnit: { codes: ['-625009'], fields: ['qty2'] },
  preNumber: { codes: ['-625008'] },
  returnLine: { codes: ['-625209'], fields: ['gnum'] },
  // The table itself says no more than “other” or “error”.
  unspecified: { codes: ['1999', '2999', '-301017'] },
  officer: { codes: ['1300'] },
  orderLines: { codes: ['1322'], fields: ['itemNo'] },
  payer: { codes: ['1327'], fields: ['buyerName', 'payerName'] },
  paymentFirm: { codes: ['13035'], fields: ['payCode', 'payName'] },
  uploadFailed: { codes: ['SW-9'] },
  customsReturned: { codes: ['SW-E', 'SW-SpE'] },
  declarationFailed: { codes: ['SW-Y'] },
  amend: { codes: ['SW-Z'] },
} as const satisfies Readonly<Record<string, Family>>;

export type RemedyFamily = keyof typeof remedyFamilies | 'notImported';

const families = new Map<string, RemedyFamily>(
  Object.entries(remedyFamilies).flatMap(([family, { codes }]) =>
    codes.map((code) => [code, family as keyof typeof remedyFamilies] as const),
  ),
);

/** What is to be done about a code; undefined where the code says nothing that one could act on, or nobody knows it. */
export function remedyFamilyOf(code: string): RemedyFamily | undefined {
  // The technical receipt: its codes are nowhere published, and all of them say that the file did not get in.
  return code.startsWith('SWI-') ? 'notImported' : families.get(code);
}

/** The fields a code is about; of these the first that the message has is meant. */
export function remedyFieldsOf(code: string): readonly string[] {
  const family = families.get(code);
  if (family === undefined || family === 'notImported') return [];
  const { fields }: Family = remedyFamilies[family];
  return fields ?? [];
}
