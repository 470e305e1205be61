/** The fields of each kind of source document (原始单据), between the form's texts and the contract's document. */
import {
  freightKinds,
  importTaxKinds,
  platformFeeKinds,
  type SourceDocumentInput,
  sourceDocumentInput,
  sourceDocumentKinds,
} from '../../../shared/contract/accounting.ts';

export type DocumentKind = (typeof sourceDocumentKinds)[number];
/** Opening balances are typed in the grid of vouchers; a payout's month is made from the payout. */
export type FormKind = Exclude<DocumentKind, 'opening' | 'payout'>;
/** Kinds that can be entered by hand. */
export const enteredKinds = sourceDocumentKinds.filter((kind) => kind !== 'payout');

export interface DocumentValues {
  readonly date: string;
  readonly reference: string;
  readonly partyId: string;
  readonly party: string;
  readonly orderNo: string;
  readonly shipmentNo: string;
  readonly store: string;
  readonly text: string;
  readonly currency: string;
  readonly amount: string;
  readonly fee: string;
  readonly from: string;
  readonly account: string;
  readonly bankFee: string;
  readonly advance: boolean;
  readonly cny: string;
  readonly cnyAccount: string;
  readonly bankFeeCny: string;
  readonly toCurrency: string;
  readonly toAmount: string;
  readonly toAccount: string;
  readonly toFee: string;
  readonly freight: string;
  readonly vatCny: string;
  readonly paid: boolean;
  readonly refunded: boolean;
  readonly refund: string;
  readonly toCost: string;
  readonly period: string;
  /** Numbers with blanks or commas between them. */
  readonly invoiceNos: string;
  readonly taxes: readonly { readonly tax: string; readonly amount: string }[];
}
export type DocumentField = keyof DocumentValues;
type FlagField = 'advance' | 'paid' | 'refunded';

export type DocumentInputKind =
  | { readonly kind: 'text' | 'date' | 'amount' | 'currency' | 'account' | 'party' | 'order' | 'shipment' | 'taxes' }
  | { readonly kind: 'flag' }
  | { readonly kind: 'choice'; readonly values: readonly string[] };

const inputs: Readonly<Record<DocumentField, DocumentInputKind>> = {
  date: { kind: 'date' },
  reference: { kind: 'text' },
  partyId: { kind: 'party' },
  party: { kind: 'text' },
  orderNo: { kind: 'order' },
  shipmentNo: { kind: 'shipment' },
  store: { kind: 'text' },
  text: { kind: 'text' },
  currency: { kind: 'currency' },
  amount: { kind: 'amount' },
  fee: { kind: 'choice', values: platformFeeKinds },
  from: { kind: 'choice', values: ['receivable', 'account'] },
  account: { kind: 'account' },
  bankFee: { kind: 'amount' },
  advance: { kind: 'flag' },
  cny: { kind: 'amount' },
  cnyAccount: { kind: 'account' },
  bankFeeCny: { kind: 'amount' },
  toCurrency: { kind: 'currency' },
  toAmount: { kind: 'amount' },
  toAccount: { kind: 'account' },
  toFee: { kind: 'amount' },
  freight: { kind: 'choice', values: freightKinds },
  vatCny: { kind: 'amount' },
  paid: { kind: 'flag' },
  refunded: { kind: 'flag' },
  refund: { kind: 'amount' },
  toCost: { kind: 'amount' },
  period: { kind: 'text' },
  invoiceNos: { kind: 'text' },
  taxes: { kind: 'taxes' },
};

export function inputOfField(field: DocumentField): DocumentInputKind {
  return inputs[field];
}

/** Fields of the kind's own, in the order of the paper; the shared ones stand around them. */
const own: Readonly<Record<FormKind, readonly DocumentField[]>> = {
  'platform-fee': ['fee', 'from', 'currency', 'amount', 'account'],
  receipt: ['currency', 'amount', 'bankFee', 'account', 'advance'],
  settlement: ['currency', 'amount', 'bankFee', 'account', 'cny', 'cnyAccount', 'bankFeeCny'],
  exchange: ['currency', 'amount', 'bankFee', 'account', 'toCurrency', 'toAmount', 'toAccount', 'toFee'],
  transfer: ['currency', 'amount', 'bankFee', 'account', 'toAccount', 'toFee'],
  'bank-charge': ['currency', 'amount', 'account'],
  interest: ['currency', 'amount', 'account'],
  payment: ['currency', 'amount', 'bankFee', 'account', 'advance'],
  freight: ['freight', 'currency', 'amount', 'vatCny', 'paid', 'account'],
  'sales-return': ['currency', 'amount', 'refunded', 'account'],
  'refund-receivable': ['refund', 'toCost', 'period'],
  'refund-received': ['refund', 'account'],
  'import-tax': ['taxes', 'invoiceNos', 'paid', 'account'],
};

/** The fields to show for a kind with these values: an account only where one is touched. */
export function fieldsOfKind(kind: FormKind, values: DocumentValues): readonly DocumentField[] {
  const touchesAccount: Readonly<Partial<Record<FormKind, boolean>>> = {
    'platform-fee': values.from === 'account',
    freight: values.paid,
    'sales-return': values.refunded,
    'import-tax': values.paid,
  };
  return [
    'date',
    'reference',
    'partyId',
    ...own[kind].filter((field) => field !== 'account' || touchesAccount[kind] !== false),
    'orderNo',
    'shipmentNo',
    'store',
    'text',
  ];
}

export function blankDocument(kind: FormKind, date: string): DocumentValues {
  return {
    date,
    reference: '',
    partyId: '',
    party: '',
    orderNo: '',
    shipmentNo: '',
    store: '',
    text: '',
    currency: kind === 'exchange' ? 'CNY' : 'USD',
    amount: '',
    fee: 'commission',
    from: 'receivable',
    account: '1002',
    bankFee: '',
    advance: false,
    cny: '',
    cnyAccount: '1002',
    bankFeeCny: '',
    toCurrency: kind === 'exchange' ? 'USD' : '',
    toAmount: '',
    toAccount: kind === 'transfer' ? '1012' : '1002',
    toFee: '',
    freight: 'international',
    vatCny: '',
    paid: kind === 'import-tax',
    refunded: false,
    refund: '',
    toCost: '',
    period: date.slice(0, 7),
    invoiceNos: '',
    taxes: [{ tax: importTaxKinds[0], amount: '' }],
  };
}

/** The form of a stored document; what its body lacks stays blank. */
export function valuesOfBody(kind: FormKind, body: Readonly<Record<string, unknown>>, party: string): DocumentValues {
  const blank = blankDocument(kind, '');
  const values: Record<string, unknown> = { ...blank, party };
  for (const [field, value] of Object.entries(body)) {
    if (!(field in blank)) continue;
    if (typeof value === 'boolean' || typeof value === 'string') values[field] = value;
    else if (typeof value === 'number') values[field] = String(value);
    else if (field === 'invoiceNos' && Array.isArray(value)) values[field] = value.join(' ');
    else if (field === 'taxes' && Array.isArray(value))
      values[field] = value.map((one: unknown) => ({
        tax: String(Reflect.get(Object(one), 'tax') ?? ''),
        amount: String(Reflect.get(Object(one), 'amount') ?? ''),
      }));
  }
  // Every field of `blank` is there, each with a value of its own type.
  return values as unknown as DocumentValues;
}

const flags: readonly FlagField[] = ['advance', 'paid', 'refunded'];

export type DocumentCheck =
  | { readonly document: SourceDocumentInput; readonly wrong: undefined }
  | { readonly document: undefined; readonly wrong: readonly DocumentField[] };

/** The document the form means, or the fields that are not yet right. Blank fields are left out, never sent as zero. */
export function documentOf(kind: FormKind, values: DocumentValues): DocumentCheck {
  const document: Record<string, unknown> = { kind };
  for (const field of fieldsOfKind(kind, values)) {
    if (field === 'taxes')
      document[field] = values.taxes.filter((one) => one.amount !== '' || values.taxes.length === 1);
    else if (field === 'invoiceNos')
      document[field] = values.invoiceNos.split(/[\s,，;；、]+/).filter((no) => no !== '');
    else if (flags.some((flag) => flag === field)) document[field] = values[field];
    else if (field === 'partyId') {
      if (values.partyId !== '') document[field] = Number(values.partyId);
    } else if (values[field] !== '') document[field] = values[field];
  }
  const parsed = sourceDocumentInput.safeParse(document);
  if (parsed.success) return { document: parsed.data, wrong: undefined };
  const named = parsed.error.issues.map((issue) => String(issue.path[0] ?? ''));
  return {
    document: undefined,
    wrong: fieldsOfKind(kind, values).filter((field) => named.includes(field)),
  };
}
