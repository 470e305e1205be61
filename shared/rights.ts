import type { ClerkRole } from './contract/broker.ts';
import { contract, type OperationName } from './contract/contract.ts';

/**
 * What a clerk's role may do in the book. Reading is everybody's; every command and job belongs to a right, by its area or by its own name
 * where it differs from its area; few areas serve two. The core asks this table at its door.
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

/** The areas of a right: the part of their commands' and jobs' names before the point. */
const areasOf: Readonly<Record<Right, readonly string[]>> = {
  desk: ['books', 'screen', 'clerks', 'entry', 'recents', 'printing', 'trace', 'reports', 'ledger', 'formDrafts'],
  draft: [
    'orders',
    'products',
    'shipments',
    'documents',
    'summaries',
    'batches',
    'papers',
    'elements',
    'classification',
    'modes',
    'way',
    'transit',
    'departures',
    'returns',
    'repairs',
    'filings',
    'receiptNotes',
    'receipts',
    'tables',
    'codeTables',
    'delegations',
    'registrations',
    'statistics',
    'parcels',
    'joint',
    'tariff',
    'complaints',
    'liveSessions',
    'exportLines',
    'electronicData',
    'matters',
    'contacts',
    'deadlines',
    'pledges',
    'credit',
    'creditRecords',
    'dataRequests',
    'guarantees',
    'places',
    'bonded',
    'shows',
  ],
  check: ['review', 'redFlags', 'riskFacts', 'screening', 'watchLists', 'notices', 'flows'],
  send: ['outbox', 'sync', 'carry', 'signing', 'practice'],
  money: [
    'accounts',
    'vouchers',
    'voucherDrafts',
    'voucherTemplates',
    'sourceDocuments',
    'periods',
    'allocations',
    'barter',
    'moneyAccounts',
    'moneyRecords',
    'moneyEntries',
    'taxBills',
    'agentCertificates',
    'payouts',
    'invoices',
    'stock',
    'stockCounts',
    'overseas',
    'rates',
    'forexProfile',
    'netting',
    'quota',
    'person',
    'tradeCredit',
    'tradeCreditReports',
    'indicators',
    'tax',
    'worksheets',
    'regimes',
    'refunds',
    'refundAgeing',
    'income',
    'insuredLimits',
    'financing',
    'feeTariff',
    'feeNotes',
    'stores',
  ],
  farm: [
    'farmProducts',
    'farmSites',
    'siteRegistrations',
    'treatments',
    'lots',
    'lotInspections',
    'cartons',
    'labReports',
    'residueLimits',
    'dispatches',
    'coldLogs',
    'accessCards',
    'traceSettings',
    'listings',
    'pickupPoints',
    'lotHandovers',
  ],
  manage: ['identityNumbers', 'endpoints', 'packs', 'rules', 'checks', 'device', 'calendar'],
};

/** Areas that serve goods and money alike: either right will do. */
const inCommon: readonly string[] = ['imports', 'match', 'parties', 'archive', 'evidence', 'returnCertificates'];

const byArea: ReadonlyMap<string, readonly Right[]> = new Map<string, readonly Right[]>([
  ...rights.flatMap((right) => areasOf[right].map((area) => [area, [right]] as const)),
  ...inCommon.map((area) => [area, ['draft', 'money']] as const),
]);

/** Where one differs from its area. Printing and exporting are everybody's who may read, see {@link rightsFor}. */
const byName: Partial<Record<OperationName, Right>> = {
  'entry.save': 'draft',
  'entry.copy': 'draft',
  'entry.saveTemplate': 'draft',
  'entry.deleteTemplate': 'draft',
  'match.voidPayment': 'money',
  'match.movePayment': 'money',
  'books.updateProfile': 'manage',
  'books.changePassphrase': 'manage',
  'books.delete': 'manage',
  'books.restore': 'manage',
  'books.setBackups': 'manage',
  'screen.setIdle': 'manage',
  'clerks.save': 'manage',
  'review.require': 'manage',
  'review.claim': 'draft',
  'review.resolve': 'draft',
  'documents.queue': 'send',
  'documents.sayLeft': 'send',
  'dataRequests.configure': 'manage',
  'printing.setSeal': 'manage',
  'printing.removeSeal': 'manage',
  'signing.createPractice': 'manage',
  'signing.useCard': 'manage',
  'signing.setProfile': 'manage',
  'signing.remove': 'manage',
  'sync.setEndpoint': 'manage',
};

/** The rights of which an operation needs one; undefined: none, it only reads. Throws for an area the table does not know. */
export function rightsFor(name: OperationName): readonly Right[] | undefined {
  const { kind } = contract[name];
  if (kind === 'query') return undefined;
  const own = byName[name];
  if (own !== undefined) return [own];
  const [area = '', verb = ''] = name.split('.');
  if (kind === 'job' && /^(print|export|workbook|labels|recall)/.test(verb)) return ['desk'];
  const found = byArea.get(area);
  if (found === undefined) throw new Error(`no right for ${name}: see areasOf`);
  return found;
}

export const mayDo = (role: ClerkRole, name: OperationName): boolean => {
  const needed = rightsFor(name);
  return needed === undefined || needed.some((right) => rightsOf[role].includes(right));
};

/** Areas of the table that no operation of the contract has: for the test that keeps it short. */
export function areasWithoutOperation(): string[] {
  const known = new Set(Object.keys(contract).map((name) => name.split('.')[0]));
  return [...byArea.keys()].filter((area) => !known.has(area));
}
