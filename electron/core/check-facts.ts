/** The book as the checks of documents see it: each fact read when a rule asks for it, and kept for the run. */
import { chinaDate } from '../../shared/calendar/china-time.ts';
import { type IsoDate, parseCompactDate } from '../../shared/calendar/dates.ts';
import { catalogue, ceb603, ceb607, ceb621 } from '../../shared/documents/catalogue.ts';
import { type AnyDocument, headOf, linesOf, type MessageName } from '../../shared/documents/spec.ts';
import { type Decimal5, divideRounded, parse5, sum5, tryParse5 } from '../../shared/money/decimal.ts';
import { exponentOf, isCurrency } from '../../shared/money/index.ts';
import { paperTotalNames } from '../../shared/papers/details.ts';
import { slotPack } from '../../shared/papers/slots.ts';
import {
  type BookFacts,
  type BorrowedParameters,
  type History,
  type LiveDocument,
  type Manifest,
  medianOf,
  type ProductFacts,
  type TradePapers,
} from '../../shared/rules/customs/index.ts';
import { type ModeRule, modesPackId, modesPackSchema } from '../../shared/rules/customs-modes/router.ts';
import { summaryDeadline, summaryPackId, summaryPackSchema } from '../../shared/rules/customs-modes/summary.ts';
import { Num } from '../../shared/rules/figures.ts';
import { packOn } from '../../shared/rules/pack.ts';
import { returnPackId, returnPackSchema } from '../../shared/rules/tax/export-vat/returned-exports.ts';
import { retailPack } from '../../shared/rules/tax/import/packs.ts';
import { resolveTaxFacts } from '../../shared/stock/index.ts';
import { editableStates } from '../../shared/sync/document-states.ts';
import type { Context } from './context.ts';
import { customsClassOn } from './customs-class.ts';
import { papersOf } from './store/archive.ts';
import { bondedBookOf, bondedItemOf, exitsOfLists, keepsBonded, netOf, usesOfItem } from './store/bonded.ts';
import type { Book } from './store/book.ts';
import { delegationsBetween } from './store/broker/delegations.ts';
import {
  bodiesWithBill,
  documentWith,
  hasKind,
  hasTariff,
  importsOfBuyer,
  lastRelease,
  listsOfShipment,
  liveWithKey,
  naming,
  releasedPrices,
  returnsNaming,
} from './store/check-facts.ts';
import { goodsByItem } from './store/declared-goods.ts';
import { hasStatedMasters, loadsOfBill, statedOfBill } from './store/departures.ts';
import type { DocumentRecord } from './store/documents.ts';
import { productReader } from './store/drafting.ts';
import { brandOf } from './store/listings.ts';
import { type PaperSubject, paperDetailsOf, shipmentDocuments } from './store/papers.ts';
import { hasParcel } from './store/parcels.ts';
import { productTaxOf } from './store/products.ts';
import { rateInForce } from './store/rates.ts';
import { acceptedRegistrations } from './store/registrations.ts';
import { requireShipment } from './store/shipments.ts';
import { tariffOn } from './store/tariff.ts';
import { packInForce } from './worksheets/rules.ts';

/** Earlier releases of a SKU that its price is held against. */
const HISTORY = 50;
const released = new Set(['released', 'closed']);

/** A function whose answers are kept by its arguments. */
function kept<A extends readonly (string | number)[], V>(work: (...args: A) => V): (...args: A) => V {
  const known = new Map<string, V>();
  return (...args) => {
    const key = args.join('\u0000');
    if (!known.has(key)) known.set(key, work(...args));
    return known.get(key) as V;
  };
}

const parsed = (body: string): AnyDocument => JSON.parse(body) as AnyDocument;
const five = (text: string | undefined): Decimal5 => tryParse5(text ?? '') ?? 0n;

/** The paper of the archive that proves the right to a brand. */
const BRAND_PAPER = 'brand-authorisation';

/** Whether a person said with the papers of a subject that its brands are the firm's own, or an authorisation is on file. */
function hasBrandRight(book: Book, subject: PaperSubject, numbers: readonly string[]): boolean {
  if (paperDetailsOf(book, subject).brand === 'own') return true;
  return onFile(book, subject, numbers).includes(BRAND_PAPER);
}

/** Codes of the papers on file of a subject, by each of its numbers. */
const onFile = (book: Book, subject: PaperSubject, numbers: readonly string[]): string[] =>
  numbers
    .filter((number) => number !== '')
    .flatMap((number) => papersOf(book, subject.kind === 'shipment' ? 'shipment' : 'declaration', number))
    .flatMap(({ paper, removedAt }) => (removedAt === null ? [paper] : []));

/** What the product library and the tariff say of goods on a day, by SKU, or by code for goods that the library does not have. */
export function goodsFacts({
  book,
}: Pick<Context, 'book'>): (itemNo: string, gcode: string, day: IsoDate) => ProductFacts {
  const product = productReader(book);
  const hasRates = kept(() => hasTariff(book));
  return kept((itemNo: string, gcode: string, day: IsoDate): ProductFacts => {
    const known = product(itemNo);
    const row = hasRates() ? tariffOn(book, known?.hsCode || gcode, day) : undefined;
    const duty = resolveTaxFacts(known === undefined ? {} : productTaxOf(book, itemNo), row).exportDutyRate;
    return {
      licence: known === undefined ? undefined : known.needsLicence === 1,
      // B stands for an inspection on the way out (出境).
      inspection: row?.conditions.includes('B'),
      exportDuty: duty === undefined ? undefined : new Num(duty).gt(0),
    };
  });
}

/** Items of a declaration, counted from 0, that were merged of the goods of several articles. */
function mergedIn(book: Book, { kind, businessKey, body }: DocumentRecord): ((item: number) => boolean) | undefined {
  if (kind !== 'DecMessage') return undefined;
  let goods: ReturnType<typeof goodsByItem> | undefined;
  return (item) => {
    goods ??= goodsByItem(book, businessKey, body);
    return new Set(goods[item]?.map(({ sku }) => sku)).size > 1;
  };
}

/** What was typed from the invoice and packing list of a declaration, or of the shipment that it is a part of. */
function tradePapersOf(book: Book, { id, kind, shipmentId }: DocumentRecord): TradePapers | undefined {
  if (kind !== 'DecMessage') return undefined;
  const read = (subject: PaperSubject, others: () => TradePapers['others']): TradePapers | undefined => {
    const details = paperDetailsOf(book, subject);
    if (paperTotalNames.every((name) => details[name] === '')) return undefined;
    return {
      currency: details.invoiceCurrency,
      amount: tryParse5(details.invoiceAmount),
      quantity: tryParse5(details.packingQuantity),
      packages: tryParse5(details.packingPackages),
      gross: tryParse5(details.packingGross),
      net: tryParse5(details.packingNet),
      others: others(),
    };
  };
  const own = read({ kind: 'document', id }, () => []);
  if (own !== undefined || shipmentId === undefined) return own;
  return read({ kind: 'shipment', id: shipmentId }, () =>
    shipmentDocuments(book, shipmentId, 'DecMessage')
      .filter((one) => one.id !== id)
      .map(({ body }) => body as AnyDocument),
  );
}

/** Facts of one run of checks, for each of its documents. */
export function checkFacts(
  context: Pick<Context, 'book' | 'resources' | 'now'>,
): (document: DocumentRecord) => BookFacts {
  const { book, resources } = context;
  const today = chinaDate(context.now());
  const product = productReader(book);
  const { uscc, customsCode, bankName, bankAccount } = book.profile();
  const own: readonly string[] = [uscc, customsCode];
  const isOwn = (codes: readonly string[]): boolean => codes.some((code) => own.includes(code));
  const isoOf = new Map(
    resources.table('currency').entries.flatMap(({ code, more }) => {
      const iso = more['alpha3'];
      return iso === undefined ? [] : [[code, iso] as const];
    }),
  );

  const hasOrders = kept(() => hasKind(book, 'CEB303Message'));
  const document = kept((message: MessageName, field: string, value: string): LiveDocument | null | undefined => {
    const found = documentWith(book, message, field, value);
    // A firm that keeps no orders has nothing to hold a declaration against.
    if (found === undefined) return message === 'CEB303Message' && !hasOrders() ? undefined : null;
    const releasedOn = parseCompactDate((found.releasedAt ?? '').slice(0, 8));
    const isReleased = released.has(found.state);
    return {
      message,
      body: parsed(found.body),
      isReleased,
      isWithdrawn: found.state === 'withdrawn',
      isRejected: found.state === 'rejected',
      ...(isReleased && releasedOn !== undefined ? { releasedOn } : {}),
    };
  });

  const priceHistory = kept((itemNo: string, currency: string): History | undefined => {
    // A list states customs' number of a currency, a declaration its letters.
    const iso = isoOf.get(currency) ?? (isCurrency(currency) ? currency : undefined);
    if (iso === undefined) return undefined;
    // FOB in minor units over pieces by 10^5, to a price by 10^5.
    const scale = 10n ** BigInt(10 - exponentOf(iso));
    const prices = releasedPrices(book, itemNo, iso, HISTORY).map(({ qtyE5, fobMinor }) =>
      divideRounded(BigInt(fobMinor) * scale, BigInt(qtyE5), 'halfUp'),
    );
    return { points: prices.length, median: medianOf(prices) };
  });

  const lastDeclared = kept((itemNo: string) => lastRelease(book, itemNo));
  const delegations = kept((principal: string, agent: string) =>
    // Under either of its codes the firm is itself, and needs nobody's authority.
    own.includes(principal) && own.includes(agent) ? undefined : delegationsBetween(book, principal, agent),
  );
  const accepted = kept(() => acceptedRegistrations(book));
  const registrations = (codes: readonly string[]) => {
    const known = isOwn(codes) ? accepted() : [];
    return known.length === 0 ? undefined : known;
  };
  const hasMasters = kept(() => hasKind(book, 'CEB607Message'));
  const hasRates = kept(() => hasTariff(book));
  const keepsMasters = kept(() => hasMasters() || hasStatedMasters(book));
  const manifest = kept((billNo: string, message: MessageName): Manifest | null | undefined => {
    const masters = hasMasters()
      ? bodiesWithBill(book, 'CEB607Message', billNo).map((body) => headOf(ceb607, parsed(body)))
      : [];
    const stated = keepsMasters() ? statedOfBill(book, billNo) : undefined;
    const isStated = stated !== undefined && (stated.packages !== null || stated.grossE5 !== null);
    if (masters.length === 0 && !isStated) {
      // A firm that keeps no master bills has nothing to hold its papers against; a declaration may leave by a bill of no list.
      if (message === 'CEB603Message') return hasMasters() ? null : undefined;
      return keepsMasters() && stated === undefined ? null : undefined;
    }
    const lists = bodiesWithBill(book, 'CEB603Message', billNo).map((body) => headOf(ceb603, parsed(body)));
    return {
      grossWeight: masters.length === 0 ? undefined : sum5(masters.map((head) => five(head['grossWeight']))),
      listedWeight: sum5(lists.map((head) => five(head['grossWeight']))),
      ...(isStated ? { whole: wholeOf(billNo, stated) } : {}),
    };
  });
  const wholeOf = (billNo: string, { packages, grossE5 }: NonNullable<ReturnType<typeof statedOfBill>>) => {
    const loads = loadsOfBill(book, billNo);
    return {
      stated: {
        packages: packages === null ? undefined : parse5(String(packages)),
        grossWeight: grossE5 === null ? undefined : BigInt(grossE5),
      },
      papers: {
        packages: sum5(loads.map((one) => five(one.packages))),
        grossWeight: sum5(loads.map((one) => five(one.gross))),
      },
    };
  };

  const listsOf = kept((shipmentId: number) =>
    listsOfShipment(book, shipmentId).map(({ logisticsNo, state }) => ({
      logisticsNo,
      isRejected: state === 'rejected',
      isFiled: !editableStates.some((one) => one === state),
    })),
  );
  const hasLedgers = kept(() => keepsBonded(book));
  const ledgerOf = kept((recordNo: string) => bondedBookOf(book, recordNo));
  const ledgerItem = kept((recordNo: string, itemNo: string) => {
    const item = bondedItemOf(book, recordNo, itemNo);
    if (item === undefined) return undefined;
    const { hsCode, unit, leavingE5, showE5 } = item;
    // Drafts take in the order they were made: what an earlier one takes is not there for a later one.
    const nowE5 = netOf(item) - leavingE5 - showE5;
    let leftE5 = nowE5;
    const free = new Map<number, number>();
    for (const { documentId, stage, qtyE5, fullE5 } of usesOfItem(book, { recordNo, itemNo })) {
      // What a list that is on its way takes is taken from the rest already, and is its own.
      if (stage === 'leaving') free.set(documentId, nowE5 + fullE5);
      if (stage !== 'draft') continue;
      // What a change of a list takes anew is on top of what that list has.
      free.set(documentId, leftE5 + fullE5 - qtyE5);
      leftE5 -= qtyE5;
    }
    // So is what went out on paper under a list's number.
    for (const { documentId, qtyE5 } of exitsOfLists(book, { recordNo, itemNo })) free.set(documentId, nowE5 + qtyE5);
    return { hsCode, unit, freeFor: (id: number): Decimal5 => BigInt(Math.max(free.get(id) ?? leftE5, 0)) };
  });
  const classOn = kept((day: string) => customsClassOn(context, day));
  const listedBrand = kept((sku: string) => brandOf(book, sku));
  const brandRightOf = kept((shipmentId: number) =>
    hasBrandRight(book, { kind: 'shipment', id: shipmentId }, [requireShipment(book, shipmentId).shipmentNo]),
  );

  const dangerOf = (subject: PaperSubject, numbers: readonly string[]) => ({
    answer: paperDetailsOf(book, subject).dangerous,
    onFile: onFile(book, subject, numbers),
  });
  const dangerOfShipment = kept((shipmentId: number) =>
    dangerOf({ kind: 'shipment', id: shipmentId }, [requireShipment(book, shipmentId).shipmentNo]),
  );

  const modePack = kept(() => modesPackSchema.parse(packInForce(resources, book, modesPackId)));
  const modesOn = kept((day: string): readonly ModeRule[] => packOn(modePack(), day)?.parameters.modes ?? []);

  return (checked) => ({
    today,
    namedBy: (number) => naming(book, checked, number),
    returnedByOthers: (invtNo, gnum) =>
      sum5(
        returnsNaming(book, checked, invtNo).flatMap((body) =>
          linesOf(catalogue[checked.kind], parsed(body)).flatMap((line) =>
            line['gnum'] === gnum ? [five(line['qty'])] : [],
          ),
        ),
      ),
    listsAreSummed: (mode, day) => modesOn(day).find((one) => one.mode === mode)?.listsAreSummed,
    account: (codes) => (isOwn(codes) ? bankName !== '' && bankAccount !== '' : undefined),
    customsClass: (codes, day) => (isOwn(codes) ? classOn(day) : undefined),
    listedBrand,
    brandRight: () =>
      (checked.shipmentId !== undefined && brandRightOf(checked.shipmentId)) ||
      hasBrandRight(book, { kind: 'document', id: checked.id }, [checked.businessKey, checked.platformNo ?? '']),
    danger: () => {
      const own = dangerOf({ kind: 'document', id: checked.id }, [checked.businessKey, checked.platformNo ?? '']);
      const joint = checked.shipmentId === undefined ? undefined : dangerOfShipment(checked.shipmentId);
      return {
        answer: own.answer === '' ? (joint?.answer ?? '') : own.answer,
        onFile: new Set([...own.onFile, ...(joint?.onFile ?? [])]),
      };
    },
    uses: (message, _field, value) =>
      value === '' || message !== checked.kind ? undefined : liveWithKey(book, checked.kind, checked.businessKey),
    document,
    priceHistory,
    pieceWeight: (itemNo) => {
      const weight = product(itemNo)?.netWeightE5;
      return weight === undefined || weight === 0 ? undefined : BigInt(weight);
    },
    isMerged: mergedIn(book, checked),
    lastDeclared,
    delegations,
    registrations,
    manifest,
    cnyPerUnit: (currency, date) => {
      const iso = isoOf.get(currency);
      if (iso === 'CNY') return '1';
      return iso === undefined ? undefined : rateInForce(book, iso, date)?.cnyPerUnit;
    },
    importedInYear: (buyer, year) => {
      const { sumE5, others } = importsOfBuyer(book, buyer, year, checked.businessKey);
      const prices = others.flatMap((body) => linesOf(ceb621, parsed(body)).map((line) => five(line['totalPrice'])));
      return sum5([sumE5, ...prices]);
    },
    tradePapers: () => tradePapersOf(book, checked),
    shipmentLists: () => (checked.shipmentId === undefined ? undefined : listsOf(checked.shipmentId)),
    parcel: (logisticsNo) => hasParcel(book, logisticsNo),
    bonded: (recordNo) => {
      if (!hasLedgers()) return undefined;
      const ledger = ledgerOf(recordNo);
      if (ledger === undefined) return null;
      return {
        firmCode: ledger.firmCode,
        isOpen: ledger.state === 'open',
        item: (itemNo) => {
          const item = ledgerItem(recordNo, itemNo);
          return item === undefined ? null : { ...item, free: item.freeFor(checked.id) };
        },
      };
    },
    hasImportRates: (gcode, date) => (hasRates() ? tariffOn(book, gcode, date)?.vatRate !== undefined : undefined),
  });
}

/**
 * Figures of other rules: limits by the day of filing, terms by the day of the event that begins them, since what was released under a rule
 * keeps it. A rule without a version that day is left out.
 */
export function borrowedParameters(
  context: Pick<Context, 'book' | 'resources' | 'now'>,
  calendar: Parameters<typeof summaryDeadline>[2],
): BorrowedParameters {
  const { book, resources } = context;
  const pack = (id: string): unknown => packInForce(resources, book, id);
  const [retailPacks, returns, summaries] = [
    retailPack.parse(pack('tax-import-retail')),
    returnPackSchema.parse(pack(returnPackId)),
    summaryPackSchema.parse(pack(summaryPackId)),
  ];
  const slots = packOn(slotPack.parse(pack('papers-by-mode')), chinaDate(context.now()))?.parameters;
  return {
    // Signs of goods are no law: what is looked for today.
    ...(slots === undefined ? {} : { goods: slots }),
    retail: (filed) => packOn(retailPacks, filed)?.parameters,
    importReturnDays: (released) => packOn(retailPacks, released)?.parameters.returnApplyDays,
    exportReturnMonths: (released) => packOn(returns, released)?.parameters.months,
    summaryDeadline: (month) => {
      // As the applications of a month are planned.
      const summary = packOn(summaries, `${month}-28`)?.parameters;
      return summary === undefined ? undefined : summaryDeadline(month, summary, calendar)?.date;
    },
  };
}
