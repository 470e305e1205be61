import { sql as book } from './0010-book.sql.ts';
import { sql as platformNumber } from './0020-platform-number.sql.ts';
import { sql as ledger } from './0030-ledger.sql.ts';
import { sql as money } from './0040-money.sql.ts';
import { sql as payouts } from './0050-payouts.sql.ts';
import { sql as supervision } from './0060-supervision.sql.ts';
import { sql as recordMatch } from './0070-record-match.sql.ts';
import { sql as risk } from './0080-risk.sql.ts';
import { sql as forms } from './0090-forms.sql.ts';
import { sql as stores } from './0100-stores.sql.ts';
import { sql as creditInsurance } from './0110-credit-insurance.sql.ts';
import { sql as documentLife } from './0120-document-life.sql.ts';
import { sql as entry } from './0130-entry.sql.ts';
import { sql as classification } from './0140-classification.sql.ts';
import { sql as customsModes } from './0150-customs-modes.sql.ts';
import { sql as papers } from './0160-papers.sql.ts';
import { sql as broker } from './0170-broker.sql.ts';
import { sql as entryKeys } from './0180-entry-keys.sql.ts';
import { sql as goods } from './0190-goods.sql.ts';
import { sql as signing } from './0200-signing.sql.ts';
import { sql as transports } from './0210-transports.sql.ts';
import { sql as queue } from './0220-queue.sql.ts';
import { sql as documentPage } from './0230-document-page.sql.ts';
import { sql as packs } from './0240-packs.sql.ts';
import { sql as messageBytes } from './0250-message-bytes.sql.ts';
import { sql as reasons } from './0260-reasons.sql.ts';
import { sql as filings } from './0270-filings.sql.ts';
import { sql as lots } from './0280-lots.sql.ts';
import { sql as listings } from './0300-listings.sql.ts';
import { sql as joint } from './0310-joint.sql.ts';
import { sql as pickups } from './0312-pickups.sql.ts';
import { sql as statistics } from './0320-statistics.sql.ts';
import { sql as returns } from './0340-returns.sql.ts';
import { sql as credit } from './0360-credit.sql.ts';
import { sql as financing } from './0362-financing.sql.ts';
import { sql as way } from './0370-way.sql.ts';
import { sql as notices } from './0372-notices.sql.ts';
import { sql as masterData } from './0380-master-data.sql.ts';
import { sql as services } from './0390-services.sql.ts';
import { sql as places } from './0400-places.sql.ts';
import { sql as clerkRoles } from './0440-clerk-roles.sql.ts';
import { sql as milestonesAgain } from './0442-milestones-again.sql.ts';
import { sql as noticeLookups } from './0446-notice-lookups.sql.ts';
import { sql as formDrafts } from './0460-form-drafts.sql.ts';
import { sql as stockCounts } from './0470-stock-counts.sql.ts';
import { sql as lotInspections } from './0472-lot-inspections.sql.ts';
import { sql as parcels } from './0480-parcels.sql.ts';
import { sql as agentCertificates } from './0482-agent-certificates.sql.ts';
import { sql as identityPurge } from './0484-identity-purge.sql.ts';
import { sql as returnCertificates } from './0490-return-certificates.sql.ts';
import { sql as modeChanges } from './0491-mode-changes.sql.ts';
import { sql as releaseBatches } from './0492-release-batches.sql.ts';
import { sql as serviceContacts } from './0500-service-contacts.sql.ts';

export interface Migration {
  /** Ascending, with room between for what comes later; never changed once released. */
  readonly id: number;
  readonly name: string;
  readonly sql: string;
}

/** Forward only. A released migration is never edited: its checksum is in every book. */
export const migrations: readonly Migration[] = [
  { id: 10, name: 'book', sql: book },
  { id: 20, name: 'platform-number', sql: platformNumber },
  { id: 30, name: 'ledger', sql: ledger },
  { id: 40, name: 'money', sql: money },
  { id: 50, name: 'payouts', sql: payouts },
  { id: 60, name: 'supervision', sql: supervision },
  { id: 70, name: 'record-match', sql: recordMatch },
  { id: 80, name: 'risk', sql: risk },
  { id: 90, name: 'forms', sql: forms },
  { id: 100, name: 'stores', sql: stores },
  { id: 110, name: 'credit-insurance', sql: creditInsurance },
  { id: 120, name: 'document-life', sql: documentLife },
  { id: 130, name: 'entry', sql: entry },
  { id: 140, name: 'classification', sql: classification },
  { id: 150, name: 'customs-modes', sql: customsModes },
  { id: 160, name: 'papers', sql: papers },
  { id: 170, name: 'broker', sql: broker },
  { id: 180, name: 'entry-keys', sql: entryKeys },
  { id: 190, name: 'goods', sql: goods },
  { id: 200, name: 'signing', sql: signing },
  { id: 210, name: 'transports', sql: transports },
  { id: 220, name: 'queue', sql: queue },
  { id: 230, name: 'document-page', sql: documentPage },
  { id: 240, name: 'packs', sql: packs },
  { id: 250, name: 'message-bytes', sql: messageBytes },
  { id: 260, name: 'reasons', sql: reasons },
  { id: 270, name: 'filings', sql: filings },
  { id: 280, name: 'lots', sql: lots },
  { id: 300, name: 'listings', sql: listings },
  { id: 310, name: 'joint', sql: joint },
  { id: 312, name: 'pickups', sql: pickups },
  { id: 320, name: 'statistics', sql: statistics },
  { id: 340, name: 'returns', sql: returns },
  { id: 360, name: 'credit', sql: credit },
  { id: 362, name: 'financing', sql: financing },
  { id: 370, name: 'way', sql: way },
  { id: 372, name: 'notices', sql: notices },
  { id: 380, name: 'master-data', sql: masterData },
  { id: 390, name: 'services', sql: services },
  { id: 400, name: 'places', sql: places },
  { id: 440, name: 'clerk-roles', sql: clerkRoles },
  { id: 442, name: 'milestones-again', sql: milestonesAgain },
  { id: 446, name: 'notice-lookups', sql: noticeLookups },
  { id: 460, name: 'form-drafts', sql: formDrafts },
  { id: 470, name: 'stock-counts', sql: stockCounts },
  { id: 472, name: 'lot-inspections', sql: lotInspections },
  { id: 480, name: 'parcels', sql: parcels },
  { id: 482, name: 'agent-certificates', sql: agentCertificates },
  { id: 484, name: 'identity-purge', sql: identityPurge },
  { id: 490, name: 'return-certificates', sql: returnCertificates },
  { id: 491, name: 'mode-changes', sql: modeChanges },
  { id: 492, name: 'release-batches', sql: releaseBatches },
  { id: 500, name: 'service-contacts', sql: serviceContacts },
];
