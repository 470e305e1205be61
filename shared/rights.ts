import type { ClerkRole } from './contract/broker.ts';
import { contract, type OperationName } from './contract/contract.ts';

/**
 * What a clerk's role may do in the book. Reading is everybody's; every command and job belongs to exactly one right, by its area or by its
 * own name where it differs from its area. The core asks this table at its door.
 *
 * `desk`: everybody's own (who sits here, keys, views, printing). `draft`: orders, goods, shipments, documents up to the queue. `check`: approves
 * others' work. `send`: queue and sending. `money`: money, ledger, taxes. `farm`: lots and listings. `manage`: the book and its people.
 */
const rights = ['desk', 'draft', 'check', 'send', 'money', 'farm', 'manage'] as const;
type Right = (typeof rights)[number];

export const rightsOf: Readonly<Record<ClerkRole, readonly Right[]>> = {
  owner: rights,
  maker: ['desk', 'draft'],
  checker: ['desk', 'draft', 'check', 'send'],
  finance: ['desk', 'money'],
  cooperative: ['desk', 'draft', 'farm', 'send'],
  reader: ['desk'],
};

/** The right of an area's commands and jobs: the part of their names before the point. */
const byArea: Readonly<Record<string, Right>> = {
  ...all('desk', 'books', 'screen', 'clerks', 'entry', 'recents', 'practice', 'printing', 'trace', 'reports', 'ledger'),
  ...all(
    'draft',
    'parties',
    'orders',
    'products',
    'shipments',
    'documents',
    'summaries',
    'imports',
    'papers',
    'elements',
  ),
  ...all(
    'draft',
    'classification',
    'modes',
    'way',
    'transit',
    'returns',
    'repairs',
    'filings',
    'receiptNotes',
    'receipts',
  ),
  ...all('draft', 'tables', 'codeTables', 'delegations', 'registrations', 'statistics', 'joint', 'tariff'),
  ...all(
    'draft',
    'complaints',
    'liveSessions',
    'match',
    'exportLines',
    'archive',
    'evidence',
    'electronicData',
    'matters',
  ),
  ...all('draft', 'deadlines', 'pledges', 'credit', 'creditRecords', 'dataRequests', 'guarantees'),
  ...all('check', 'review', 'redFlags', 'riskFacts', 'screening', 'watchLists', 'notices', 'flows'),
  ...all('send', 'outbox', 'sync', 'carry', 'signing'),
  ...all(
    'money',
    'accounts',
    'vouchers',
    'voucherDrafts',
    'voucherTemplates',
    'sourceDocuments',
    'periods',
    'allocations',
  ),
  ...all(
    'money',
    'moneyAccounts',
    'moneyRecords',
    'moneyEntries',
    'taxBills',
    'payouts',
    'invoices',
    'stock',
    'overseas',
  ),
  ...all(
    'money',
    'rates',
    'forexProfile',
    'netting',
    'quota',
    'tradeCredit',
    'tradeCreditReports',
    'indicators',
    'tax',
  ),
  ...all(
    'money',
    'worksheets',
    'regimes',
    'refunds',
    'refundAgeing',
    'income',
    'insuredLimits',
    'financing',
    'feeTariff',
  ),
  ...all('money', 'feeNotes', 'stores'),
  ...all('farm', 'farmProducts', 'farmSites', 'siteRegistrations', 'treatments', 'lots', 'cartons', 'labReports'),
  ...all('farm', 'residueLimits', 'dispatches', 'coldLogs', 'accessCards', 'traceSettings', 'listings', 'pickupPoints'),
  ...all('farm', 'lotHandovers'),
  ...all('manage', 'endpoints', 'packs', 'rules', 'checks', 'device', 'calendar'),
};

/** Where one differs from its area. Printing and exporting are everybody's who may read, see {@link rightFor}. */
const byName: Partial<Record<OperationName, Right>> = {
  'books.updateProfile': 'manage',
  'books.changePassphrase': 'manage',
  'books.delete': 'manage',
  'books.setBackups': 'manage',
  'screen.setIdle': 'manage',
  'clerks.save': 'manage',
  'review.require': 'manage',
  'review.claim': 'draft',
  'review.resolve': 'draft',
  'documents.queue': 'send',
  'dataRequests.configure': 'manage',
  'printing.setSeal': 'manage',
  'printing.removeSeal': 'manage',
  'signing.createPractice': 'manage',
  'signing.useCard': 'manage',
  'signing.setProfile': 'manage',
  'signing.remove': 'manage',
  'sync.setEndpoint': 'manage',
};

function all(right: Right, ...areas: readonly string[]): Record<string, Right> {
  return Object.fromEntries(areas.map((area) => [area, right]));
}

/** The right an operation needs; undefined: none, it only reads. Throws for an area the table does not know. */
export function rightFor(name: OperationName): Right | undefined {
  const { kind } = contract[name];
  if (kind === 'query') return undefined;
  const own = byName[name];
  if (own !== undefined) return own;
  const [area = '', verb = ''] = name.split('.');
  if (kind === 'job' && /^(print|export|workbook|labels|recall)/.test(verb)) return 'desk';
  const right = byArea[area];
  if (right === undefined) throw new Error(`no right for ${name}: see byArea`);
  return right;
}

export const mayDo = (role: ClerkRole, name: OperationName): boolean => {
  const right = rightFor(name);
  return right === undefined || rightsOf[role].includes(right);
};

/** Areas of the table that no operation of the contract has: for the test that keeps it short. */
export function areasWithoutOperation(): string[] {
  const known = new Set(Object.keys(contract).map((name) => name.split('.')[0]));
  return Object.keys(byArea).filter((area) => !known.has(area));
}
