import type { z } from 'zod';
import { accounting } from './accounting.ts';
import { agentCertificates } from './agent-certificates.ts';
import { allocations } from './allocations.ts';
import { batches } from './batches.ts';
import { books } from './books.ts';
import { broker } from './broker.ts';
import { classification } from './classification.ts';
import { contacts } from './contacts.ts';
import { credit } from './credit.ts';
import { creditInsurance } from './credit-insurance.ts';
import { customsModes } from './customs-modes.ts';
import { dataRequests } from './data-requests.ts';
import { documentLife } from './document-life.ts';
import { endpoints } from './endpoints.ts';
import { entry } from './entry.ts';
import { evidence } from './evidence.ts';
import { filing } from './filing.ts';
import { filings } from './filings.ts';
import { financing } from './financing.ts';
import { formDrafts } from './form-drafts.ts';
import { identityPurge } from './identity-purge.ts';
import { imports } from './imports.ts';
import { joint } from './joint.ts';
import { ledger, search, tables, today } from './ledger.ts';
import { listings } from './listings.ts';
import { modeChanges } from './mode-changes.ts';
import { money } from './money.ts';
import { obligations } from './obligations.ts';
import { outbox } from './outbox.ts';
import { packs } from './packs.ts';
import { papers } from './papers.ts';
import { parcels } from './parcels.ts';
import { payouts } from './payouts.ts';
import { person } from './person.ts';
import { pickups } from './pickups.ts';
import { places } from './places.ts';
import { printing } from './printing.ts';
import { purchasing } from './purchasing.ts';
import { rates } from './rates.ts';
import { recordMatch } from './record-match.ts';
import { regions } from './regions.ts';
import { registrations } from './registrations.ts';
import { reports } from './reports.ts';
import { returnCertificates } from './return-certificates.ts';
import { returns } from './returns.ts';
import { risk } from './risk.ts';
import { screen } from './screen.ts';
import { services } from './services.ts';
import { shipmentOverview } from './shipment-overview.ts';
import { signing } from './signing.ts';
import { statistics } from './statistics.ts';
import { stores } from './stores.ts';
import { supervision } from './supervision.ts';
import { tax } from './tax.ts';
import { trace } from './trace.ts';
import { trade } from './trade.ts';
import { transit } from './transit.ts';
import { way } from './way.ts';

/** Every operation of the core, by name. The core implements exactly these; the desk and the CLI call nothing else. */
export const contract = {
  ...books,
  ...screen,
  ...imports,
  ...trade,
  ...shipmentOverview,
  ...filing,
  ...outbox,
  ...ledger,
  ...rates,
  ...accounting,
  ...reports,
  ...purchasing,
  ...tax,
  ...agentCertificates,
  ...identityPurge,
  ...obligations,
  ...money,
  ...payouts,
  ...allocations,
  ...supervision,
  ...recordMatch,
  ...risk,
  ...batches,
  ...returns,
  ...returnCertificates,
  ...services,
  ...evidence,
  ...filings,
  ...registrations,
  ...statistics,
  ...parcels,
  ...listings,
  ...joint,
  ...pickups,
  ...stores,
  ...credit,
  ...financing,
  ...creditInsurance,
  ...documentLife,
  ...entry,
  ...formDrafts,
  ...classification,
  ...customsModes,
  ...modeChanges,
  ...papers,
  ...person,
  ...regions,
  ...places,
  ...contacts,
  ...printing,
  ...broker,
  ...today,
  ...tables,
  ...search,
  ...signing,
  ...endpoints,
  ...dataRequests,
  ...packs,
  ...trace,
  ...way,
  ...transit,
} as const;

export type Contract = typeof contract;
export type OperationName = keyof Contract;
/** What a caller passes (before defaults are filled in). */
export type InputOf<N extends OperationName> = z.input<Contract[N]['input']>;
/** What an implementation receives. */
export type ParsedInputOf<N extends OperationName> = z.output<Contract[N]['input']>;
export type OutputOf<N extends OperationName> = z.output<Contract[N]['output']>;

/** What the core tells the desk unasked: at most ten times a second each. */
export type CoreEvent =
  | { name: 'sync.changed' }
  | {
      name: 'book.changed';
      areas: (
        | 'orders'
        | 'products'
        | 'shipments'
        | 'documents'
        | 'ledger'
        | 'imports'
        | 'purchases'
        | 'tax'
        | 'money'
        | 'matching'
        | 'risk'
        | 'lots'
        | 'returns'
        | 'services'
      )[];
    }
  | { name: 'book.opened'; bookId: string }
  | { name: 'book.closed' }
  | { name: 'screen.locked' }
  | { name: 'screen.unlocked' };
