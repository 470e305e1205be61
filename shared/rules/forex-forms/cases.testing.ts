/** Cases of the rules of forms of foreign exchange, for their tests: sound forms, and for each rule a change that trips it. */
export const FIRM = '91469002MA5T0TE5TR';
export type Fields = Record<string, string>;

/** A receipt of USD 10,000, 6,000 settled and 4,000 kept, for two lists: sound by every rule. */
export const head = (): Fields => ({
  appType: '1',
  payeeCode: FIRM,
  currency: 'USD',
  amount: '10000',
  settledAmount: '6000',
  settledAccount: '6200000000001234',
  settledRate: '7.1',
  spotAmount: '4000',
  spotAccount: '6200000000005678',
  payerName: 'Marketplace',
  payerCountry: 'USA',
  nature: 'O',
  refund: 'N',
  code1: '122030',
  amount1: '10000',
  remark1: '跨境电商货款',
  bonded: 'N',
  creditedOn: '20260302',
  declaredOn: '20260309',
  amountUsd: '10000',
});
export const lines = (): Fields[] => [
  { gnum: '1', docType: 'L', docNo: '640720260000000001', currency: 'USD', amount: '6000' },
  { gnum: '2', docType: 'L', docNo: '640720260000000002', currency: 'USD', amount: '4000' },
];
export const credit = (): Fields => ({
  appType: '1',
  reporterCode: FIRM,
  creditKind: 'prepay',
  baseDate: '20260301',
  expectedDate: '20260415',
  currency: 'USD',
  amount: '10000',
  amountUsd: '10000',
  reportedOn: '20260331',
});

export const headCases: [string, string, Fields][] = [
  ['FX-AMOUNT', 'amount', { amount: '0', settledAmount: '0', spotAmount: '0', amount1: '0' }],
  ['FX-PARTS', 'amount', { spotAmount: '3999.99' }],
  ['FX-CODE-SUM', 'amount1', { amount1: '9999' }],
  ['FX-CODE-PAIR', 'code2', { amount1: '9900', amount2: '100' }],
  ['FX-CODE-PAIR', 'amount2', { code2: '222011' }],
  ['FX-CODE-TWICE', 'code2', { code2: '122030', amount1: '9900', amount2: '100' }],
  ['FX-CODE', 'code1', { code1: '123456' }],
  ['FX-REFUND', 'remark1', { refund: 'Y' }],
  ['FX-REFUND-FLAG', 'refund', { remark1: '退货款' }],
  ['FX-BONDED', 'bonded', { code1: '121030' }],
  ['FX-SETTLED', 'settledRate', { settledRate: '' }],
  ['FX-KEPT', 'spotAccount', { spotAccount: '' }],
  ['FX-FEE-CURRENCY', 'foreignFeeCurrency', { foreignFee: '15' }],
  ['FX-CREDITED', 'declaredOn', { declaredOn: '20260301' }],
  ['FX-LATE', 'declaredOn', { declaredOn: '20260310' }],
  ['FX-LARGE', 'amount', { amountUsd: '30000000.01' }],
  ['FX-DECLARATION-NO', 'declarationNo', { declarationNo: '44080000010126030200-1' }],
  ['FX-PAYEE', 'payeeCode', { payeeCode: '91460000MA5DEMQ01X' }],
  ['FX-PAYER-HOME', 'payerCountry', { payerCountry: 'CHN' }],
  ['FX-ADVANCE', 'nature', { nature: 'A' }],
];
export const lineCases: [string, Fields[]][] = [
  ['FX-GOODS-PAPERS DeclarationHead/code1', []],
  ['FX-LINE-TWICE DeclarationList[2]/docNo', lines().map((line) => ({ ...line, docNo: '1' }))],
  ['FX-LINE-SUM DeclarationHead/amount', lines().map((line) => ({ ...line, amount: '6000' }))],
];
export const creditCases: [string, Fields][] = [
  ['FX-CREDIT-AMOUNT amount', { amount: '0' }],
  ['FX-CREDIT-ORDER expectedDate', { expectedDate: '20260201' }],
  ['FX-CREDIT-REPORTER reporterCode', { reporterCode: '91460000MA5DEMQ01X' }],
  ['FX-CREDIT-NEEDLESS expectedDate', { expectedDate: '20260331' }],
  ['FX-CREDIT-LATE reportedOn', { reportedOn: '20260401' }],
];
