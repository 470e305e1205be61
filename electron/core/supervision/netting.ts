/** Netting sheets (轧差, F07): what is typed becomes legs with codes; gross less fees is net to the cent, and every leg is proven. */

import type { SourceDocumentInput } from '../../../shared/contract/accounting.ts';
import { sourceDocumentInput } from '../../../shared/contract/accounting.ts';
import type { OutputOf, ParsedInputOf } from '../../../shared/contract/contract.ts';
import type { CalculationView } from '../../../shared/contract/tax.ts';
import { PortbookError } from '../../../shared/errors.ts';
import { readAmount } from '../../../shared/ledger/index.ts';
import { type FeeType, feeTypes, nettingPackId, nettingPackSchema } from '../../../shared/rules/forex/netting.ts';
import { papersOf } from '../store/archive.ts';
import type { Book } from '../store/book.ts';
import { storedForexProfile } from '../store/money/forex-profile.ts';
import {
  feeDocument,
  feesOf,
  lastFeeCodes,
  lastGoodsCode,
  listNetting,
  type Netting,
  type NettingFee,
  nettedPayout,
  nettedRecord,
  nettingOf,
  payoutFees,
  requireNetting,
  setFeeDocument,
  setNettingState,
  writeNetting,
} from '../store/money/netting.ts';
import { usualMode } from '../store/money/records.ts';
import { saveSourceDocument, voidSourceDocument } from '../store/source-documents.ts';
import type { Rules } from '../worksheets/rules.ts';
import { minorText, packOf } from './gauges.ts';

type Input = ParsedInputOf<'netting.save'>;
type View = OutputOf<'netting.get'>;
type Gap = View['gaps'][number];
type Nettable = View['fees'][number]['nettable'];

/** Which fees may be netted on a day: by the pack, more of them for pilot firms (试点企业). */
function nettableOn(rules: Rules, book: Book, date: string): (type: FeeType) => Nettable {
  const { parameters } = packOf(rules, nettingPackId, nettingPackSchema, date);
  const isPilot = isPilotOn(book, date);
  return (type) =>
    parameters.feeTypes.includes(type) || (isPilot && parameters.pilotFeeTypes.includes(type))
      ? 'yes'
      : parameters.pilotFeeTypes.includes(type)
        ? 'pilot'
        : 'no';
}

function isPilotOn(book: Book, date: string): boolean {
  const { pilotSince } = storedForexProfile(book).profile;
  return pilotSince !== undefined && pilotSince <= date;
}

interface Leg {
  readonly type: FeeType;
  readonly code: string;
  readonly payee: string;
  readonly invoiceNo: string;
  readonly amount: string;
}

/** F07 over legs. A leg without a code yet stands under its type, so that the sheet can be reckoned before the bank has named one. */
function reckon(
  rules: Rules,
  book: Book,
  sheet: {
    readonly date: string;
    readonly currency: string;
    readonly goodsCode: string;
    readonly goodsEvidence: string;
    readonly gross: string;
    readonly net?: string | undefined;
  },
  fees: readonly Leg[],
): CalculationView {
  const { date, currency, goodsCode, goodsEvidence, gross, net } = sheet;
  return rules.run('F07', {
    settledOn: date,
    currency,
    grossProceeds: gross,
    goodsCode,
    ...(goodsEvidence === '' ? {} : { goodsEvidence }),
    ...(net === undefined ? {} : { net }),
    pilotFirm: isPilotOn(book, date),
    fees: fees.map(({ type, code, payee, invoiceNo, amount }) => ({
      type,
      code: code === '' ? type.toUpperCase() : code,
      amount,
      ...(payee === '' ? {} : { payee }),
      ...(invoiceNo === '' ? {} : { invoiceNo }),
    })),
  });
}

interface Amounts {
  readonly gross: number;
  readonly fees: readonly number[];
  readonly net: number;
}

/** Amounts in minor units. Refusals: `CURRENCY_UNKNOWN`, `AMOUNT_DECIMALS`, `AMOUNT_RANGE`. */
function amountsOf({ currency, gross, fees }: Pick<Input, 'currency' | 'gross' | 'fees'>): Amounts {
  const read = (text: string, path: string): number =>
    Number(readAmount(text, currency, path, path === 'gross' ? 'currency' : path));
  const [whole, parts] = [read(gross, 'gross'), fees.map(({ amount }, at) => read(amount, `fees.${at}.amount`))];
  return { gross: whole, fees: parts, net: whole - parts.reduce((sum, one) => sum + one, 0) };
}

/** What is typed so far, reckoned; a net that differs is told, not refused. */
export function checkNetting(rules: Rules, book: Book, input: Input): OutputOf<'netting.check'> {
  const { currency } = input;
  const { gross, net } = amountsOf(input);
  const given = input.net === undefined ? net : Number(readAmount(input.net, currency, 'net'));
  const calculation = reckon(rules, book, { ...input, net: undefined }, input.fees);
  return {
    feesTotal: minorText(gross - net, currency),
    net: minorText(net, currency),
    difference: minorText(given - net, currency),
    calculation,
  };
}

/** To the cent, stricter than the pack, whose tolerance is for sums of rounded legs: a sheet has none. */
function checkIdentity(input: Input, { net }: Amounts): void {
  if (input.net === undefined) return;
  const { currency } = input;
  const given = Number(readAmount(input.net, currency, 'net'));
  if (given !== net)
    throw new PortbookError(
      'NET_DIFFERS',
      {
        given: minorText(given, currency),
        net: minorText(net, currency),
        difference: minorText(given - net, currency),
      },
      'net',
    );
}

function checkRecord(book: Book, input: Input, { net }: Amounts): void {
  const { recordId, currency } = input;
  if (recordId === undefined) return;
  const record = nettedRecord(book, recordId);
  if (record === undefined) throw new PortbookError('MONEY_RECORD_UNKNOWN', { id: recordId }, 'recordId');
  const kinds = net < 0 ? ['payment'] : ['receipt', 'transfer', 'settlement'];
  if (record.state !== 'entered' || net === 0 || !kinds.includes(record.kind) || record.currency !== currency)
    throw new PortbookError('NETTING_RECORD', { number: record.number, currency }, 'recordId');
  const taken = nettingOf(book, { recordId }, input.id);
  if (taken !== undefined)
    throw new PortbookError('NETTING_RECORD_TAKEN', { number: record.number, sheet: taken.number }, 'recordId');
  // Banks on the way may have kept something of the net: the record says what.
  const want = Math.abs(net);
  if (record.minor !== want && record.minor + record.feeMinor !== want)
    throw new PortbookError(
      'NETTING_RECORD_DIFFERS',
      {
        number: record.number,
        amount: minorText(record.minor + record.feeMinor, currency),
        net: minorText(want, currency),
        difference: minorText(record.minor + record.feeMinor - want, currency),
      },
      'recordId',
    );
}

function checkPayout(book: Book, input: Input, { net }: Amounts): void {
  const { payoutId, currency } = input;
  if (payoutId === undefined) return;
  const payout = nettedPayout(book, payoutId);
  if (payout === undefined) throw new PortbookError('PAYOUT_UNKNOWN', { id: payoutId }, 'payoutId');
  const taken = nettingOf(book, { payoutId }, input.id);
  if (taken !== undefined)
    throw new PortbookError('NETTING_PAYOUT_TAKEN', { number: payout.number, sheet: taken.number }, 'payoutId');
  if (payout.currency !== currency || payout.totalMinor !== net)
    throw new PortbookError(
      'NETTING_PAYOUT_DIFFERS',
      {
        number: payout.number,
        amount: `${payout.currency} ${minorText(payout.totalMinor, payout.currency)}`,
        net: `${currency} ${minorText(net, currency)}`,
      },
      'payoutId',
    );
}

/** The documents that a person says have posted fees. Refusals: `NETTING_DOCUMENT` {number}, `NETTING_DOCUMENT_SHORT` {number, free, want}. */
function documentsOf(book: Book, input: Input, { fees }: Amounts): (number | null)[] {
  const { currency } = input;
  const taken = new Map<number, number>();
  return input.fees.map(({ documentNo }, at) => {
    if (documentNo === '') return null;
    const document = feeDocument(book, documentNo, currency, input.id);
    if (document === undefined || input.payoutId !== undefined)
      throw new PortbookError('NETTING_DOCUMENT', { number: documentNo }, `fees.${at}.documentNo`);
    const want = (taken.get(document.id) ?? 0) + (fees[at] ?? 0);
    if (want > document.freeMinor)
      throw new PortbookError(
        'NETTING_DOCUMENT_SHORT',
        { number: documentNo, free: minorText(document.freeMinor, currency), want: minorText(want, currency) },
        `fees.${at}.documentNo`,
      );
    taken.set(document.id, want);
    return document.id;
  });
}

/** Saves a draft; see the contract for what is refused. */
export function saveNetting(rules: Rules, book: Book, input: Input, now: string): OutputOf<'netting.save'> {
  const amounts = amountsOf(input);
  checkIdentity(input, amounts);
  checkRecord(book, input, amounts);
  checkPayout(book, input, amounts);
  const documents = documentsOf(book, input, amounts);
  // A rule switched off or a pack without a version for the day is told before anything is written.
  reckon(rules, book, input, input.fees);
  const { id, number } = writeNetting(
    book,
    input.id,
    {
      date: input.date,
      partyId: input.partyId ?? null,
      counterparty: input.counterparty,
      counterpartyCountry: input.counterpartyCountry,
      store: input.store === '' ? null : input.store,
      currency: input.currency,
      goodsCode: input.goodsCode,
      goodsEvidence: input.goodsEvidence,
      grossMinor: amounts.gross,
      recordId: input.recordId ?? null,
      payoutId: input.payoutId ?? null,
      note: input.note,
    },
    input.fees.map((fee, at) => ({
      id: fee.id,
      type: fee.type,
      code: fee.code,
      payee: fee.payee,
      payeeCountry: fee.payeeCountry,
      invoiceNo: fee.invoiceNo,
      minor: amounts.fees[at] ?? 0,
      text: fee.text,
      documentId: documents[at] ?? null,
    })),
    now,
  );
  return { id, number, net: minorText(amounts.net, input.currency) };
}

/** What stands in the way of confirming: each leg with code, voucher number and paper, of a type that may be netted; the actual leg. */
function gapsOf(
  sheet: Netting,
  fees: readonly NettingFee[],
  nettable: (type: FeeType) => Nettable,
  isRecordLive: boolean,
): Gap[] {
  const gaps: Gap[] = [];
  const gap = (row: number, name: Gap['gap'], isThere: boolean): void => {
    if (isThere) gaps.push({ row, gap: name });
  };
  gap(0, 'evidence', sheet.goodsEvidence === '');
  // With nothing left over there is no receipt to link.
  gap(0, 'link', sheet.netMinor !== 0 && !isRecordLive);
  for (const [at, fee] of fees.entries()) {
    gap(at + 1, 'type', nettable(fee.type) !== 'yes');
    gap(at + 1, 'code', fee.code === '');
    gap(at + 1, 'invoice', fee.invoiceNo === '');
    gap(at + 1, 'paper', fee.paperId === null);
  }
  return gaps;
}

export function nettingView(rules: Rules, book: Book, id: number): View {
  const sheet = requireNetting(book, id);
  const fees = feesOf(book, id);
  const { currency } = sheet;
  const nettable = nettableOn(rules, book, sheet.date);
  const legs = fees.map((fee) => ({ ...fee, amount: minorText(fee.minor, currency) }));
  const calculation = reckon(rules, book, { ...sheet, gross: minorText(sheet.grossMinor, currency) }, legs);
  const papers = new Map(papersOf(book, 'netting', sheet.number).map((paper) => [paper.id, paper]));
  const paperOf = (paperId: number | null): View['goodsPaper'] => {
    const paper = paperId === null ? undefined : papers.get(paperId);
    if (paper === undefined || paper.removedAt !== null) return undefined;
    const { fileName, sha256, size } = paper;
    return { id: paper.id, fileName, sha256, size };
  };
  const record = sheet.recordId === null ? undefined : nettedRecord(book, sheet.recordId);
  const payout = sheet.payoutId === null ? undefined : nettedPayout(book, sheet.payoutId);
  const goodsPaper = paperOf(sheet.goodsPaperId);
  // The calculator shows two decimals of any currency; the sheet's own have those of its currency.
  const amounts = [minorText(sheet.grossMinor, currency), ...legs.map(({ amount }) => amount)];
  const restored = (calculation.result['restored'] as View['restored']).map((leg, at) => ({
    ...leg,
    amount: amounts[at] ?? leg.amount,
  }));
  return {
    id,
    number: sheet.number,
    date: sheet.date,
    ...(sheet.partyId === null ? {} : { partyId: sheet.partyId }),
    counterparty: sheet.counterparty,
    counterpartyCountry: sheet.counterpartyCountry,
    store: sheet.store ?? '',
    currency,
    goodsCode: sheet.goodsCode,
    goodsEvidence: sheet.goodsEvidence,
    ...(goodsPaper === undefined ? {} : { goodsPaper }),
    gross: minorText(sheet.grossMinor, currency),
    feesTotal: minorText(sheet.feesMinor, currency),
    net: minorText(sheet.netMinor, currency),
    fees: legs.map((fee): View['fees'][number] => {
      const paper = paperOf(fee.paperId);
      return {
        id: fee.id,
        type: fee.type,
        nettable: nettable(fee.type),
        code: fee.code,
        payee: fee.payee,
        payeeCountry: fee.payeeCountry,
        invoiceNo: fee.invoiceNo,
        ...(paper === undefined ? {} : { paper }),
        amount: fee.amount,
        text: fee.text,
        postedBy:
          sheet.payoutId !== null ? 'payout' : fee.documentId === null ? 'none' : fee.made ? 'made' : 'document',
        ...(fee.documentId === null || fee.documentNo === null
          ? {}
          : { document: { id: fee.documentId, number: fee.documentNo } }),
      };
    }),
    actualCode: String(calculation.result['actualCode']),
    restored,
    ...(record === undefined
      ? {}
      : {
          record: {
            id: record.id,
            number: record.number,
            date: record.date,
            currency: record.currency,
            amount: minorText(record.minor, record.currency),
            fee: minorText(record.feeMinor, record.currency),
          },
        }),
    ...(payout === undefined ? {} : { payout: { id: payout.id, number: `${payout.platform} ${payout.number}` } }),
    state: sheet.state,
    reason: sheet.reason,
    note: sheet.note,
    version: sheet.version,
    gaps: sheet.state === 'void' ? [] : gapsOf(sheet, fees, nettable, record?.state === 'entered'),
    calculation,
  };
}

/** A sheet as a payout makes it: what it kept by type, and as gross proceeds what it paid out together with that. */
export function prefilledNetting(rules: Rules, book: Book, payoutId: number): Input {
  const payout = nettedPayout(book, payoutId);
  if (payout === undefined) throw new PortbookError('PAYOUT_UNKNOWN', { id: payoutId }, 'payoutId');
  const { currency, platform, number, store } = payout;
  const fees = payoutFees(book, payoutId);
  const gross = payout.totalMinor + fees.reduce((sum, { minor }) => sum + minor, 0);
  if (gross <= 0) throw new PortbookError('NETTING_PAYOUT_EMPTY', { number }, 'payoutId');
  const codes = lastFeeCodes(book);
  return {
    date: payout.date,
    ...(payout.partyId === null ? {} : { partyId: payout.partyId }),
    counterparty: platform,
    counterpartyCountry: '',
    store,
    currency,
    goodsCode: goodsCodeOn(rules, book, payout.date),
    goodsEvidence: `${platform} ${number}`,
    gross: minorText(gross, currency),
    fees: fees.map(({ type, minor }) => ({
      type,
      code: codes.get(type) ?? '',
      payee: platform,
      payeeCountry: '',
      invoiceNo: number,
      amount: minorText(minor, currency),
      text: '',
      documentNo: '',
    })),
    net: minorText(payout.totalMinor, currency),
    ...(payout.recordId === null ? {} : { recordId: payout.recordId }),
    payoutId,
    note: '',
  };
}

/** The code of the goods leg: that of the newest sheet, else the default of the firm's usual way of trading (F02); empty: none is known. */
function goodsCodeOn(rules: Rules, book: Book, date: string): string {
  const last = lastGoodsCode(book);
  const usual = last === '' ? usualMode(book, date) : undefined;
  if (usual === undefined) return last;
  const { result } = rules.run('F02', { mode: usual.mode, route: usual.isList ? 'list' : 'declaration', asOf: date });
  return typeof result['code'] === 'string' ? result['code'] : '';
}

export function nettingTypes(rules: Rules, book: Book, date: string): OutputOf<'netting.types'> {
  const nettable = nettableOn(rules, book, date);
  const codes = lastFeeCodes(book);
  return {
    rows: feeTypes.map((type) => ({ type, nettable: nettable(type), lastCode: codes.get(type) ?? '' })),
    goodsCode: goodsCodeOn(rules, book, date),
  };
}

export function nettingRows(book: Book, filter: ParsedInputOf<'netting.list'>): OutputOf<'netting.list'> {
  const page = listNetting(book, filter, filter);
  return {
    ...page,
    rows: page.rows.map(({ grossMinor, feesMinor, netMinor, recordNo, ...row }) => ({
      ...row,
      gross: minorText(grossMinor, row.currency),
      feesTotal: minorText(feesMinor, row.currency),
      net: minorText(netMinor, row.currency),
      ...(recordNo === null ? {} : { recordNo }),
    })),
  };
}

/** What a fee is in the ledger: kept by whoever pays the proceeds, so it goes from the receivable. */
const ledgerFee: Readonly<Record<FeeType, Extract<SourceDocumentInput, { kind: 'platform-fee' }>['fee']>> = {
  storage: 'storage',
  logistics: 'fulfilment',
  transport: 'fulfilment',
  commission: 'commission',
  advertising: 'advertising',
  payment: 'payment',
  tax: 'other',
  repair: 'other',
  compensation: 'other',
  other: 'other',
};

/**
 * Confirms a sheet: every leg proven. Fees that neither the payout nor a document named has posted are posted now, each by a document
 * of its own. Refusals: `NETTING_FIXED` {number}, `NETTING_GAPS` {number, gaps}; those of posting.
 */
export function confirmNetting(rules: Rules, book: Book, id: number, now: string): OutputOf<'netting.confirm'> {
  const view = nettingView(rules, book, id);
  if (view.state !== 'draft') throw new PortbookError('NETTING_FIXED', { number: view.number }, 'id');
  if (view.gaps.length > 0)
    throw new PortbookError('NETTING_GAPS', { number: view.number, gaps: view.gaps.length }, 'id');
  let posted = 0;
  for (const fee of view.fees) {
    if (fee.postedBy !== 'none') continue;
    const document = sourceDocumentInput.parse({
      kind: 'platform-fee',
      date: view.date,
      reference: fee.invoiceNo,
      ...(view.partyId === undefined ? {} : { partyId: view.partyId }),
      ...(view.store === '' ? {} : { store: view.store }),
      text: [`轧差 ${view.number}`, fee.payee, fee.text]
        .filter((one) => one !== '')
        .join(' ')
        .slice(0, 200),
      fee: ledgerFee[fee.type],
      currency: view.currency,
      amount: fee.amount,
      from: 'receivable',
    });
    setFeeDocument(book, fee.id, saveSourceDocument(book, undefined, document, now).id);
    posted += 1;
  }
  setNettingState(book, id, 'confirmed', '', now);
  return { posted, byPayout: view.payout === undefined ? 0 : view.fees.length };
}

/** Takes back what a confirmed sheet has posted itself; what others posted stays. */
function takeBack(book: Book, { id, number }: Netting, reason: string, now: string): void {
  for (const fee of feesOf(book, id)) {
    if (!fee.made || fee.documentId === null) continue;
    voidSourceDocument(book, fee.documentId, `${number} ${reason}`, now);
    setFeeDocument(book, fee.id, null);
  }
}

/** Back to draft. Refusals: `NETTING_UNKNOWN`, `NETTING_NOT_CONFIRMED` {number}. */
export function reopenNetting(book: Book, id: number, reason: string, now: string): void {
  const sheet = requireNetting(book, id);
  if (sheet.state !== 'confirmed') throw new PortbookError('NETTING_NOT_CONFIRMED', { number: sheet.number }, 'id');
  takeBack(book, sheet, reason, now);
  setNettingState(book, id, 'draft', reason, now);
}

/** Refusals: `NETTING_UNKNOWN`, `NETTING_FIXED` {number} for one that is void already. */
export function voidNetting(book: Book, id: number, reason: string, now: string): void {
  const sheet = requireNetting(book, id);
  if (sheet.state === 'void') throw new PortbookError('NETTING_FIXED', { number: sheet.number }, 'id');
  takeBack(book, sheet, reason, now);
  setNettingState(book, id, 'void', reason, now);
}
