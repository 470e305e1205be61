/** The fields of each kind of record of money (收付记录), between the form's texts and the contract's record. */
import {
  declaredKinds,
  type MoneyRecordInput,
  type MoneyRecordKind,
  type MoneyRecordView,
  moneyChannels,
  moneyRecordInput,
  personProofs,
  settlementMethods,
  twoSidedKinds,
} from '../../../shared/contract/money.ts';

export interface RecordValues {
  readonly date: string;
  readonly accountId: string;
  readonly amount: string;
  readonly fee: string;
  readonly toAccountId: string;
  readonly toAmount: string;
  readonly toFee: string;
  readonly counterparty: string;
  readonly counterpartyCountry: string;
  readonly partyId: string;
  /** The name of the party, for its box. */
  readonly party: string;
  readonly channel: string;
  readonly institution: string;
  readonly licenceNo: string;
  readonly nature: string;
  readonly expectedOn: string;
  readonly reference: string;
  readonly text: string;
  readonly refundsId: string;
  readonly orderNo: string;
  readonly refundBasis: string;
  readonly crossBorder: boolean;
  readonly settlementMethod: string;
  readonly code1: string;
  readonly amount1: string;
  readonly remark1: string;
  readonly code2: string;
  readonly amount2: string;
  readonly remark2: string;
  readonly bonded: boolean;
  readonly byElectronicInfo: boolean;
  readonly declarationNo: string;
  readonly declaredOn: string;
  readonly settledAmount: string;
  readonly settledAccount: string;
  readonly settledRate: string;
  readonly otherAmount: string;
  readonly feeAbroad: string;
  readonly foreignDebtNo: string;
  readonly approvalNo: string;
  readonly personProof: string;
  readonly proofNote: string;
}
export type RecordField = keyof RecordValues;
type FlagField = 'crossBorder' | 'bonded' | 'byElectronicInfo';
export type RecordFieldInput =
  | {
      readonly kind:
        | 'text'
        | 'date'
        | 'amount'
        | 'toAmount'
        | 'rate'
        | 'account'
        | 'party'
        | 'country'
        | 'order'
        | 'refunds'
        | 'code'
        | 'flag';
    }
  | { readonly kind: 'choice'; readonly values: readonly string[] };

const text = { kind: 'text' } as const;
const amount = { kind: 'amount' } as const;
const inputs: Readonly<Record<RecordField, RecordFieldInput>> = {
  date: { kind: 'date' },
  accountId: { kind: 'account' },
  amount,
  fee: amount,
  toAccountId: { kind: 'account' },
  toAmount: { kind: 'toAmount' },
  toFee: { kind: 'toAmount' },
  counterparty: text,
  counterpartyCountry: { kind: 'country' },
  partyId: { kind: 'party' },
  party: text,
  channel: { kind: 'choice', values: moneyChannels },
  institution: text,
  licenceNo: text,
  nature: { kind: 'choice', values: ['other', 'advance'] },
  expectedOn: { kind: 'date' },
  reference: text,
  text,
  refundsId: { kind: 'refunds' },
  orderNo: { kind: 'order' },
  refundBasis: { kind: 'choice', values: ['receivable', 'return'] },
  crossBorder: { kind: 'flag' },
  settlementMethod: { kind: 'choice', values: settlementMethods },
  code1: { kind: 'code' },
  amount1: amount,
  remark1: text,
  code2: { kind: 'code' },
  amount2: amount,
  remark2: text,
  bonded: { kind: 'flag' },
  byElectronicInfo: { kind: 'flag' },
  declarationNo: text,
  declaredOn: { kind: 'date' },
  settledAmount: amount,
  settledAccount: text,
  settledRate: { kind: 'rate' },
  otherAmount: amount,
  feeAbroad: amount,
  foreignDebtNo: text,
  approvalNo: text,
  personProof: { kind: 'choice', values: personProofs },
  proofNote: text,
};
export function inputOfField(field: RecordField): RecordFieldInput {
  return inputs[field];
}

/** Most characters of a text, as the contract takes them. */
const longest: Partial<Readonly<Record<RecordField, number>>> = {
  counterparty: 200,
  text: 200,
  proofNote: 200,
  remark1: 60,
  remark2: 60,
  settledAccount: 60,
  licenceNo: 40,
  foreignDebtNo: 40,
  approvalNo: 40,
  declarationNo: 22,
};
export function longestOf(field: RecordField): number {
  return longest[field] ?? 100;
}

/** Which rule a value that is not right breaks; texts: i18n `money.rule.<rule>`. */
export type FieldRule = 'missing' | 'date' | 'amount' | 'rate' | 'code' | 'declarationNo' | 'choice';
export function brokenRule(field: RecordField, value: RecordValues[RecordField]): FieldRule {
  if (value === '') return 'missing';
  if (field === 'declarationNo') return 'declarationNo';
  const { kind } = inputs[field];
  if (kind === 'amount' || kind === 'toAmount') return 'amount';
  return kind === 'date' || kind === 'rate' || kind === 'code' ? kind : 'choice';
}

/** What the kind's fields depend on besides its values. */
export interface FieldContext {
  /** The account is a person's: its quota may be at stake. */
  readonly isPersonal: boolean;
}

export interface FieldGroup {
  readonly id: 'main' | 'other' | 'declaration' | 'more';
  readonly fields: readonly RecordField[];
}

/** The fields of a kind in the order they are entered, in groups; what cannot matter is not asked for. */
export function groupsOfKind(
  kind: MoneyRecordKind,
  values: RecordValues,
  context: FieldContext,
): readonly FieldGroup[] {
  const isRefund = kind === 'refund-out' || kind === 'refund-in';
  const isTrade = declaredKinds.includes(kind);
  const isAdvance = values.nature === 'advance';
  const main: RecordField[] = [
    'date',
    'accountId',
    'amount',
    ...(kind === 'fee' || kind === 'interest' ? [] : (['fee'] as const)),
  ];
  if (twoSidedKinds.includes(kind))
    main.push('toAccountId', ...(kind === 'transfer' ? ([] as const) : (['toAmount'] as const)), 'toFee');
  if (isTrade) main.push('counterparty', 'counterpartyCountry', 'partyId');
  if (isRefund) main.push('refundsId', ...(kind === 'refund-out' ? (['orderNo', 'refundBasis'] as const) : []));
  // A person's settlement counts against the yearly quota unless its trade is proved.
  if (context.isPersonal && kind === 'settlement') main.push('personProof', 'proofNote');
  main.push('reference', 'text');
  if (!isTrade) return [{ id: 'main', fields: main }];
  const other: RecordField[] = ['channel'];
  if (values.channel !== 'bank') other.push('institution');
  if (values.channel === 'payment-institution') other.push('licenceNo');
  other.push('nature');
  if (isAdvance) other.push('expectedOn');
  if (context.isPersonal && kind === 'receipt') other.push('personProof', 'proofNote');
  other.push('crossBorder');
  const groups: FieldGroup[] = [
    { id: 'main', fields: main },
    { id: 'other', fields: other },
  ];
  if (!values.crossBorder) return groups;
  groups.push(
    {
      id: 'declaration',
      fields: [
        'code1',
        'amount1',
        'remark1',
        'code2',
        'amount2',
        'remark2',
        'declarationNo',
        'declaredOn',
        'byElectronicInfo',
        'bonded',
      ],
    },
    {
      id: 'more',
      fields: [
        'settlementMethod',
        ...(kind === 'receipt'
          ? (['settledAmount', 'settledAccount', 'settledRate', 'otherAmount', 'feeAbroad'] as const)
          : []),
        'foreignDebtNo',
        'approvalNo',
      ],
    },
  );
  return groups;
}

/** What must be filled for the kind to be kept. */
export function isRequired(kind: MoneyRecordKind, field: RecordField): boolean {
  return (
    field === 'date' ||
    field === 'accountId' ||
    field === 'amount' ||
    field === 'toAccountId' ||
    (field === 'toAmount' && (kind === 'settlement' || kind === 'exchange'))
  );
}

export function blankRecord(kind: MoneyRecordKind, date: string): RecordValues {
  return {
    date,
    accountId: '',
    amount: '',
    fee: '',
    toAccountId: '',
    toAmount: '',
    toFee: '',
    counterparty: '',
    counterpartyCountry: '',
    partyId: '',
    party: '',
    channel: 'bank',
    institution: '',
    licenceNo: '',
    nature: 'other',
    expectedOn: '',
    reference: '',
    text: '',
    refundsId: '',
    orderNo: '',
    refundBasis: 'receivable',
    crossBorder: declaredKinds.includes(kind),
    settlementMethod: 'TT',
    code1: '',
    amount1: '',
    remark1: '',
    code2: '',
    amount2: '',
    remark2: '',
    bonded: false,
    byElectronicInfo: false,
    declarationNo: '',
    declaredOn: '',
    settledAmount: '',
    settledAccount: '',
    settledRate: '',
    otherAmount: '',
    feeAbroad: '',
    foreignDebtNo: '',
    approvalNo: '',
    personProof: 'none',
    proofNote: '',
  };
}

const orBlank = (zero: string): string => (/^0(\.0*)?$/.test(zero) ? '' : zero);

/** The form of a stored record; a fee of nothing stays blank. */
export function valuesOfRecord(record: MoneyRecordView): RecordValues {
  const { detail } = record;
  const [first, second] = detail.codes;
  return {
    ...blankRecord(record.kind, record.date),
    accountId: String(record.account.id),
    amount: record.amount,
    fee: orBlank(record.fee),
    toAccountId: record.to === undefined ? '' : String(record.to.id),
    toAmount: record.to?.amount ?? '',
    toFee: orBlank(record.to?.fee ?? ''),
    counterparty: record.counterparty,
    counterpartyCountry: record.counterpartyCountry,
    partyId: record.partyId === undefined ? '' : String(record.partyId),
    party: record.party ?? '',
    channel: record.channel,
    institution: detail.institution,
    licenceNo: detail.licenceNo,
    nature: record.nature,
    expectedOn: record.expectedOn ?? '',
    reference: record.reference,
    text: record.text,
    refundsId: record.refunds === undefined ? '' : String(record.refunds.id),
    orderNo: detail.orderNo ?? '',
    refundBasis: detail.refundBasis,
    crossBorder: detail.crossBorder,
    settlementMethod: detail.settlementMethod,
    code1: first?.code ?? '',
    amount1: first?.amount ?? '',
    remark1: first?.remark ?? '',
    code2: second?.code ?? '',
    amount2: second?.amount ?? '',
    remark2: second?.remark ?? '',
    bonded: detail.bonded,
    byElectronicInfo: detail.byElectronicInfo,
    declarationNo: detail.declarationNo,
    declaredOn: detail.declaredOn ?? '',
    settledAmount: detail.settledAmount ?? '',
    settledAccount: detail.settledAccount,
    settledRate: detail.settledRate ?? '',
    otherAmount: detail.otherAmount ?? '',
    feeAbroad: detail.feeAbroad ?? '',
    foreignDebtNo: detail.foreignDebtNo,
    approvalNo: detail.approvalNo,
    personProof: detail.personProof,
    proofNote: detail.proofNote,
  };
}

/** Fields of the record itself; all others stand in its detail. */
const ownFields: readonly RecordField[] = [
  'date',
  'amount',
  'fee',
  'toAmount',
  'toFee',
  'counterparty',
  'counterpartyCountry',
  'channel',
  'nature',
  'expectedOn',
  'reference',
  'text',
];
const idFields: readonly RecordField[] = ['accountId', 'toAccountId', 'partyId', 'refundsId'];
const codeFields: readonly RecordField[] = ['code1', 'amount1', 'remark1', 'code2', 'amount2', 'remark2'];
const flags: readonly FlagField[] = ['crossBorder', 'bonded', 'byElectronicInfo'];

export type RecordCheck =
  | { readonly record: MoneyRecordInput; readonly wrong: undefined }
  | { readonly record: undefined; readonly wrong: readonly RecordField[] };

function codesOf(values: RecordValues): { code: string; amount: string; remark: string }[] {
  const given = [
    { code: values.code1, amount: values.amount1, remark: values.remark1 },
    { code: values.code2, amount: values.amount2, remark: values.remark2 },
  ].filter(({ code }) => code !== '');
  // One code alone takes the whole amount.
  return given.map((one) => ({ ...one, amount: one.amount === '' && given.length === 1 ? values.amount : one.amount }));
}

/** The record the form means, or the fields that are not yet right. Blank fields are left out, never sent as zero. */
export function recordOf(
  kind: MoneyRecordKind,
  values: RecordValues,
  context: FieldContext,
  id?: number,
  store?: string,
): RecordCheck {
  const fields = groupsOfKind(kind, values, context).flatMap((group) => group.fields);
  const record: Record<string, unknown> = {
    kind,
    ...(id === undefined ? {} : { id }),
    ...(store === undefined ? {} : { store }),
  };
  const detail: Record<string, unknown> = { crossBorder: values.crossBorder };
  for (const field of fields) {
    const value = values[field];
    if (codeFields.includes(field)) continue;
    if (flags.some((flag) => flag === field)) detail[field] = value;
    else if (value === '') continue;
    else if (idFields.includes(field)) record[field] = Number(value);
    else if (ownFields.includes(field)) record[field] = value;
    else detail[field] = value;
  }
  if (fields.includes('code1')) detail['codes'] = codesOf(values);
  const parsed = moneyRecordInput.safeParse({ ...record, detail });
  if (parsed.success) return { record: parsed.data, wrong: undefined };
  const named = parsed.error.issues.map(({ path }) => fieldOfPath(path.map(String).join('.'), values));
  return { record: undefined, wrong: fields.filter((field) => named.includes(field)) };
}

/** The form's field of a path of the contract: `detail.codes.1.amount` is the second code's amount. */
export function fieldOfPath(path: string, values: RecordValues): RecordField | undefined {
  const code = /^detail\.codes(?:\.(\d)(?:\.(code|amount|remark))?)?$/.exec(path);
  if (code !== null) {
    // The form's first code may be blank: then the contract's first is the second.
    const at = Number(code[1] ?? 0) + (values.code1 === '' ? 2 : 1);
    const name = `${code[2] ?? 'code'}${at}`;
    return codeFields.find((field) => field === name);
  }
  const name = path.replace(/^detail\./, '');
  return (Object.keys(inputs) as RecordField[]).find((field) => field === name);
}
