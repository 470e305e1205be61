import type { Handlers } from '../context.ts';
import type { Call } from '../core.ts';
import { accountHandlers } from './accounts.ts';
import { agentCertificateHandlers } from './agent-certificates.ts';
import { allocationHandlers } from './allocations.ts';
import { archiveHandlers } from './archive.ts';
import { barterHandlers } from './barter.ts';
import { batchHandlers } from './batches.ts';
import { bondedHandlers } from './bonded.ts';
import { bookHandlers } from './books.ts';
import { brokerHandlers } from './broker.ts';
import { carryHandlers } from './carry.ts';
import { classificationHandlers } from './classification.ts';
import { contactHandlers } from './contacts.ts';
import { creditHandlers } from './credit.ts';
import { creditInsuranceHandlers } from './credit-insurance.ts';
import { customsModesHandlers } from './customs-modes.ts';
import { dataRequestHandlers } from './data-requests.ts';
import { deadlineHandlers } from './deadlines.ts';
import { departureHandlers } from './departures.ts';
import { documentLifeHandlers } from './document-life.ts';
import { documentHandlers } from './documents.ts';
import { endpointHandlers } from './endpoints.ts';
import { entryHandlers } from './entry.ts';
import { evidenceHandlers } from './evidence.ts';
import { exportLineHandlers } from './export-lines.ts';
import { filingHandlers } from './filings.ts';
import { financingHandlers } from './financing.ts';
import { formDraftHandlers } from './form-drafts.ts';
import { guaranteeHandlers } from './guarantees.ts';
import { identityPurgeHandlers } from './identity-purge.ts';
import { importHandlers } from './imports.ts';
import { invoiceHandlers } from './invoices.ts';
import { jointHandlers } from './joint.ts';
import { ledgerHandlers } from './ledger.ts';
import { listingHandlers } from './listings.ts';
import { modeChangeHandlers } from './mode-changes.ts';
import { moneyHandlers } from './money.ts';
import { orderHandlers } from './orders.ts';
import { outboxHandlers } from './outbox.ts';
import { packHandlers } from './packs.ts';
import { papersHandlers } from './papers.ts';
import { parcelHandlers } from './parcels.ts';
import { partyHandlers } from './parties.ts';
import { payoutHandlers } from './payouts.ts';
import { periodHandlers } from './periods.ts';
import { personHandlers } from './person.ts';
import { pickupHandlers } from './pickups.ts';
import { placeHandlers } from './places.ts';
import { practiceHandlers } from './practice.ts';
import { printingHandlers } from './printing.ts';
import { productHandlers } from './products.ts';
import { rateHandlers } from './rates.ts';
import { recordMatchHandlers } from './record-match.ts';
import { refundHandlers } from './refunds.ts';
import { regionHandlers } from './regions.ts';
import { registrationHandlers } from './registrations.ts';
import { reportHandlers } from './reports.ts';
import { returnCertificateHandlers } from './return-certificates.ts';
import { returnHandlers } from './returns.ts';
import { riskHandlers } from './risk.ts';
import { ruleHandlers } from './rules.ts';
import { screenHandlers } from './screen.ts';
import { searchHandlers } from './search.ts';
import { serviceHandlers } from './services.ts';
import { shipmentOverviewHandlers } from './shipment-overview.ts';
import { shipmentHandlers } from './shipments.ts';
import { showHandlers } from './shows.ts';
import { signingHandlers } from './signing.ts';
import { sourceDocumentHandlers } from './source-documents.ts';
import { statisticsHandlers } from './statistics.ts';
import { stockHandlers } from './stock.ts';
import { storeHandlers } from './stores.ts';
import { supervisionHandlers } from './supervision.ts';
import { syncHandlers } from './sync.ts';
import { tableHandlers } from './tables.ts';
import { tariffHandlers } from './tariff.ts';
import { taxHandlers } from './tax.ts';
import { taxBillHandlers } from './tax-bills.ts';
import { todayHandlers } from './today.ts';
import { traceHandlers } from './trace.ts';
import { transitHandlers } from './transit.ts';
import { voucherHandlers } from './vouchers.ts';
import { wayHandlers } from './way.ts';
import { worksheetHandlers } from './worksheets.ts';

/** What needs no other operation. Made once for all cores of a process: so many handlers take a while to put together. */
const ownHandlers = {
  ...accountHandlers,
  ...agentCertificateHandlers,
  ...identityPurgeHandlers,
  ...archiveHandlers,
  ...documentLifeHandlers,
  ...entryHandlers,
  ...formDraftHandlers,
  ...classificationHandlers,
  ...customsModesHandlers,
  ...papersHandlers,
  ...placeHandlers,
  ...contactHandlers,
  ...printingHandlers,
  ...brokerHandlers,
  ...creditHandlers,
  ...financingHandlers,
  ...creditInsuranceHandlers,
  ...deadlineHandlers,
  ...departureHandlers,
  ...documentHandlers,
  ...exportLineHandlers,
  ...guaranteeHandlers,
  ...importHandlers,
  ...invoiceHandlers,
  ...ledgerHandlers,
  ...orderHandlers,
  ...outboxHandlers,
  ...parcelHandlers,
  ...partyHandlers,
  ...periodHandlers,
  ...practiceHandlers,
  ...carryHandlers,
  ...endpointHandlers,
  ...productHandlers,
  ...rateHandlers,
  ...refundHandlers,
  ...reportHandlers,
  ...ruleHandlers,
  ...screenHandlers,
  ...searchHandlers,
  ...serviceHandlers,
  ...shipmentHandlers,
  ...shipmentOverviewHandlers,
  ...signingHandlers,
  ...dataRequestHandlers,
  ...packHandlers,
  ...sourceDocumentHandlers,
  ...stockHandlers,
  ...syncHandlers,
  ...tableHandlers,
  ...tariffHandlers,
  ...taxHandlers,
  ...todayHandlers,
  ...voucherHandlers,
  ...worksheetHandlers,
  ...moneyHandlers,
  ...payoutHandlers,
  ...allocationHandlers,
  ...supervisionHandlers,
  ...recordMatchHandlers,
  ...riskHandlers,
  ...barterHandlers,
  ...batchHandlers,
  ...bondedHandlers,
  ...showHandlers,
  ...modeChangeHandlers,
  ...returnCertificateHandlers,
  ...returnHandlers,
  ...evidenceHandlers,
  ...filingHandlers,
  ...regionHandlers,
  ...registrationHandlers,
  ...statisticsHandlers,
  ...listingHandlers,
  ...jointHandlers,
  ...personHandlers,
  ...pickupHandlers,
  ...storeHandlers,
  ...traceHandlers,
  ...wayHandlers,
  ...transitHandlers,
};

/**
 * The implementations, by operation. `call` lets one operation use another through its front door (the sample book is
 * filled by the same imports a user makes). One that is missing does not compile.
 */
export function createHandlers(call: Call): Handlers {
  return {
    ...ownHandlers,
    ...bookHandlers(call),
    ...taxBillHandlers(call),
  };
}
