/**
 * What a check of one document may ask of the book. Each function may be missing and each answer undefined: the book does not know, and
 * the rule that asks is silent. Null is an answer: the book knows that there is none.
 */
import type { IsoDate } from '../../calendar/dates.ts';
import type { AnyDocument, Bilingual, MessageName } from '../../documents/spec.ts';
import type { Decimal5 } from '../../money/decimal.ts';
import type { PaperDetails } from '../../papers/details.ts';

/** What a commercial invoice and a packing list say in all; what is undefined was not typed. */
export interface TradePapers {
  /** ISO 4217; empty: not said. */
  readonly currency: string;
  readonly amount: Decimal5 | undefined;
  readonly quantity: Decimal5 | undefined;
  readonly packages: Decimal5 | undefined;
  readonly gross: Decimal5 | undefined;
  readonly net: Decimal5 | undefined;
  /** The other declarations of the goods that the papers are of. */
  readonly others: readonly AnyDocument[];
}

/** A document of the book that is neither superseded nor withdrawn. */
export interface LiveDocument {
  readonly message: MessageName;
  readonly body: AnyDocument;
  readonly isReleased: boolean;
  readonly isWithdrawn: boolean;
  /** Customs sent it back. */
  readonly isRejected?: boolean;
  /** Day of the receipt that released it. */
  readonly releasedOn?: IsoDate | undefined;
}

/** Unit prices or weights of earlier releases: how many, and the one in the middle. */
export interface History {
  readonly points: number;
  readonly median: Decimal5;
}

/** How a SKU was last declared. */
export interface LastDeclared {
  readonly gcode: string;
  readonly gname: string;
  readonly unit: string;
}

/** An authority to declare (委托). No modes, no messages: all of them. */
export interface Delegation {
  readonly from: IsoDate;
  readonly to: IsoDate;
  readonly modes: readonly string[];
  readonly messages?: readonly string[];
}

/** What the firm is registered as with the zone's platform (经营主体备案). No modes: it named none. */
export interface Registered {
  readonly number: string;
  readonly modes: readonly string[];
  /** Last day; undefined: without an end. */
  readonly to?: IsoDate | undefined;
}

/** A master bill: what the papers under it may come to together. */
export interface Manifest {
  /** Of the master and house waybills (CEB607) of the bill; undefined: the book has none. */
  readonly grossWeight: Decimal5 | undefined;
  /** What the lists under it weigh, the one being checked included. */
  readonly listedWeight: Decimal5;
  /** What the master waybill states, as it was entered with the shipment, and what all lists and declarations of the bill come to. */
  readonly whole?: {
    readonly stated: { readonly packages: Decimal5 | undefined; readonly grossWeight: Decimal5 | undefined };
    readonly papers: { readonly packages: Decimal5; readonly grossWeight: Decimal5 };
  };
}

/** The class customs has the firm in (海关企业信用等级) and what follows from it, as far as the pack knows. */
export interface CustomsClass {
  readonly name: Bilingual;
  readonly standing: 'good' | 'plain' | 'bad' | 'unknown';
  readonly effects: readonly Bilingual[];
  /** What the pack cannot say; null: nothing is open. */
  readonly unknown: Bilingual | null;
  readonly source: string;
}

/** What a product's listing says of its brand: a digit of the code table `brand_type`, and whether it names a trademark or authorisation. */
export interface ListedBrand {
  readonly type: string;
  readonly hasRight: boolean;
}

/** A record item of a bonded ledger (保税账册) as a list sees it. */
export interface BondedItemFacts {
  readonly hsCode: string;
  readonly unit: string;
  /** What the list being checked may take: the balance less what other lists and goods on show hold. */
  readonly free: Decimal5;
}

export interface BondedFacts {
  readonly firmCode: string;
  readonly isOpen: boolean;
  readonly item: (itemNo: string) => BondedItemFacts | null;
}

export interface BookFacts {
  readonly today?: IsoDate;
  /** How many live documents of a message carry a value in a head field, the one being checked included. */
  readonly uses?: (message: MessageName, field: string, value: string) => number | undefined;
  /** The live document of a message with a value in a head field. */
  readonly document?: (message: MessageName, field: string, value: string) => LiveDocument | null | undefined;
  /** Numbers of other standing documents of the same message that name a list's number, or its waybill's. */
  readonly namedBy?: (number: string) => readonly string[] | undefined;
  /** What other standing return applications take of a line of a list, by customs' number of it. */
  readonly returnedByOthers?: (invtNo: string, gnum: string) => Decimal5 | undefined;
  /** Whether released lists of a mode are summed up into declarations on a day; undefined: nothing is known of the mode. */
  readonly listsAreSummed?: (mode: string, day: IsoDate) => boolean | undefined;
  /** Unit price of a SKU in a currency (customs code). */
  readonly priceHistory?: (itemNo: string, currency: string) => History | undefined;
  /** Net kilograms of one piece by the product master. */
  readonly pieceWeight?: (itemNo: string) => Decimal5 | undefined;
  /** Whether an item (counted from 0) was merged of several articles: its own article number is then that of one of them. */
  readonly isMerged?: ((item: number) => boolean) | undefined;
  readonly lastDeclared?: (itemNo: string) => LastDeclared | undefined;
  readonly delegations?: (principal: string, agent: string) => readonly Delegation[] | undefined;
  /** Accepted registrations of a firm, by its codes; undefined: another firm's, or none has been accepted. */
  readonly registrations?: (codes: readonly string[]) => readonly Registered[] | undefined;
  /** Whether the firm of these codes, where it is the book's own, has said its bank and account. */
  readonly account?: (codes: readonly string[]) => boolean | undefined;
  /** The class of the firm of these codes on a day; undefined: another firm's, or nobody has recorded one. */
  readonly customsClass?: (codes: readonly string[], day: IsoDate) => CustomsClass | undefined;
  readonly listedBrand?: (itemNo: string) => ListedBrand | undefined;
  /** Whether with the papers the brand is said to be the firm's own, or an authorisation is on file. */
  readonly brandRight?: () => boolean | undefined;
  /** What was said with the papers of batteries and dangerous goods, and the codes of the papers on file. */
  readonly danger?: () => { readonly answer: PaperDetails['dangerous']; readonly onFile: ReadonlySet<string> };
  /** Totals of the invoice and packing list of a declaration, as typed from them; undefined: nobody has. */
  readonly tradePapers?: () => TradePapers | undefined;
  /** The export lists of the shipment that the document was made for; undefined: it was made for none. */
  readonly shipmentLists?: () =>
    | readonly { readonly logisticsNo: string; readonly isRejected: boolean; readonly isFiled: boolean }[]
    | undefined;
  /** The master bill a list or declaration names; null: the book has none of it, undefined: the firm keeps none. */
  readonly manifest?: (billNo: string, message: MessageName) => Manifest | null | undefined;
  /** Yuan of a currency (customs code) on a day; undefined: no rate. */
  readonly cnyPerUnit?: (currency: string, date: IsoDate) => string | undefined;
  /** Yuan of retail imports of a buyer in a year, the document being checked left out. */
  readonly importedInYear?: (buyerIdNumber: string, year: number) => Decimal5 | undefined;
  /** Whether the register of courier and mail parcels has a waybill number. */
  readonly parcel?: (logisticsNo: string) => boolean | undefined;
  /** The ledger of a record number; null: none of the firm's has it, undefined: the firm keeps none. */
  readonly bonded?: (recordNo: string) => BondedFacts | null | undefined;
  /** Whether the tariff of the book has rates for a code on a day. */
  readonly hasImportRates?: (gcode: string, date: IsoDate) => boolean | undefined;
}
