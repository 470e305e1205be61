import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';

/**
 * Nothing that a user typed is ever lost: every form of a page keeps what was typed as a draft. A page that has fields and no draft of its
 * own stands here with why it needs none; a new form without either is found by this test.
 */
const withoutDraft: Readonly<Record<string, string>> = {
  'allocations/AutomaticView.tsx': 'one figure of the search',
  'broker/ClerksTab.tsx': 'one name, and passphrases, which are never kept',
  'broker/RatesTab.tsx': 'the days a report is read for',
  'checks/ChecksPage.tsx': 'a reason in a line',
  'classification/TablesTab.tsx': 'a search, and what goes with a file that has to be chosen again',
  'classification/UnconfirmedTab.tsx': 'a search',
  'credit/ClassesTab.tsx': 'the day a list is read for',
  'declarations/FieldCell.tsx': 'a cell of the editor, which keeps every key',
  'declarations/life/NewDocumentPage.tsx': 'a search',
  'evidence/ElectronicDataPage.tsx': 'the days a list is read for',
  'ledger/PeriodsTab.tsx': 'a reason in a line',
  'ledger/RulesTab.tsx': 'the day rules are read for',
  'listings/ListingsPage.tsx': 'a search',
  'modes/ModesPage.tsx': 'questions of an adviser that writes nothing',
  'modes/ReturnsPage.tsx': 'questions of an adviser that writes nothing',
  'money/EntriesPage.tsx': 'one country or reason a line of the statement, taken at once',
  'money/RecordDetail.tsx': 'a reason in a line',
  'obligations/CalendarYears.tsx': 'one source in a line',
  'obligations/DeadlineRules.tsx': 'a reason in a line',
  'orders/OrdersPage.tsx': 'the days a list is read for',
  'orders/UnknownCountry.tsx': 'one country',
  'outbox/ConflictsView.tsx': 'a reason in a line',
  'outbox/LanesCard.tsx': 'two times of the day',
  'outbox/PracticeCard.tsx': 'figures of the practice platform',
  'papers/Templates.tsx': 'one name, beside a file that has to be chosen again',
  'payouts/PayoutDetail.tsx': 'a reason in a line',
  'payouts/PayoutImportPage.tsx': 'what goes with a file that has to be chosen again',
  'products/ProductInput.tsx': 'a field of the product form, which has the draft',
  'purchases/InvoiceDetail.tsx': 'one day, one reason',
  'record-match/ExceptionBar.tsx': 'a reason in a line',
  'record-match/MatchOverview.tsx': 'what a certificate is printed for; nothing of it is written',
  'registrations/PoliciesPage.tsx': 'the day a list is read for',
  'reports/PeriodInput.tsx': 'the month a report is read for',
  'reports/ReportsPage.tsx': 'the days a report is read for',
  'risk/FlowsPage.tsx': 'the days a list is read for',
  'settings/IdentityNumbers.tsx': 'one figure, and a reason in a line',
  'settings/ProfileFields.tsx': "fields of the profile's forms, which have the draft",
  'settings/Signing.tsx': 'one address, and PINs, which are never kept',
  'shipments/ShipmentForm.tsx': 'fields of the shipment page, which saves every key',
  'simple/ProgressPage.tsx': 'a search',
  'simple/parts.tsx': 'fields of other forms',
  'simple/sell-steps.tsx': 'fields of the sale, which keeps every key',
  'supervision/GaugesTab.tsx': 'a trial calculation that writes nothing',
  'supervision/ReasonLine.tsx': 'a reason in a line',
  'tax/ClaimPanel.tsx': 'month, batch and day, as proposed',
  'tax/FactsGrid.tsx': 'every cell is saved as it is left',
  'tax/ReasonForm.tsx': 'a reason in a line',
  'tax/RefundLinePane.tsx': 'one quantity',
  'tax/RegimeActions.tsx': 'a reason or a batch in a line',
  'tax/RuleFields.tsx': 'a trial calculation that writes nothing',
  'welcome/BookList.tsx': 'passphrases, which are never kept',
  'welcome/RestoreBook.tsx': 'a name, and passphrases, before any book is open',
};

const pages = path.join(import.meta.dirname, '../../renderer/pages');
const fields = /<(Input|Input\.TextArea|NumericInput|DateInput|LookupBox|AutoComplete)\b(?!\.Password)/;
const drafts = /useFormDraft|useHookFormDraft|EntrySession|createAutosaver|createDraftSaver/;

const forms = readdirSync(pages, { recursive: true, encoding: 'utf8' })
  .map((name) => name.replaceAll('\\', '/'))
  .filter((name) => name.endsWith('.tsx'))
  .flatMap((name) => {
    const text = readFileSync(path.join(pages, name), 'utf8');
    return fields.test(text) && !drafts.test(text) ? [name] : [];
  });

it('keeps what is typed into every form, or says why it need not', () => {
  expect(forms.filter((name) => withoutDraft[name] === undefined)).toEqual([]);
  // What has a draft by now, or is gone, needs no reason any more.
  expect(Object.keys(withoutDraft).filter((name) => !forms.includes(name))).toEqual([]);
});
