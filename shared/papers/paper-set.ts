/**
 * One set of figures for every paper of a shipment (货运) or declaration: parties kept apart, goods merged as a declaration merges them,
 * amounts to the minor unit and weights to the gram, so that totals are equal on every paper. Pure: codes arrive with their names.
 */
import { type GoodsLine, type MergedLine, mergeGoods, splitByLimit } from '../drafting/goods-merge.ts';
import { allocate, exponentOf, format5, formatScaled, rescale, SCALE5 } from '../money/index.ts';
import type { FirmDetails, PaperDetails } from './details.ts';
import { type ElementPair, elementPairs } from './elements.ts';

/** A code with its names; the code alone where no table has it. */
export interface Coded {
  readonly code: string;
  readonly zh: string;
  readonly en: string;
}

export interface PaperParty {
  /** 18-character 统一社会信用代码, customs code or AEO code; `NO` where there is none to tell. */
  readonly code: string;
  readonly name: string;
  readonly nameEn: string;
  readonly address: string;
  readonly phone: string;
}

/** A fee as declared: `1` a rate in percent, `2` an amount a ton, `3` an amount. */
export interface PaperFee {
  readonly mark: string;
  readonly amount_e5: bigint;
  readonly currency: string;
}

/** One source line: a line of a list (清单) or an item of a declaration. Currency ISO, weights in kilograms, all scaled by 10^5. */
export interface SourceGoods extends GoodsLine {
  readonly sku: string;
  readonly nameEn: string;
  /** 征免 and 境内货源地 of a declaration's item; empty on a list. */
  readonly levyMode: string;
  readonly sourcePlace: string;
  /** 备案序号 and 产地 or 目的地 (the place by 行政区划) of a declaration's item. */
  readonly recordItem?: string | undefined;
  readonly division?: string | undefined;
}

/** What a goods declaration (报关单) says beyond what lists say too: its form has a box or a line for each. */
export interface FiledFacts {
  /** 进口: its form has other labels, and some other boxes. */
  readonly isImport: boolean;
  /** 统一编号 or 预录入编号, and customs' own number (海关编号); empty where none was given. */
  readonly preEntryNo: string;
  readonly customsNo: string;
  /** `yyyy-mm-dd` or empty. */
  readonly declaredOn: string;
  /** 货物存放地点 and 启运港 of an import. */
  readonly goodsPlace: string;
  readonly departurePort: string;
  /** 随附单证: documents by the table their code is of, with their numbers. */
  readonly attached: readonly {
    readonly table: 'licence' | 'edoc' | 'origin';
    readonly code: string;
    readonly number: string;
  }[];
  readonly containers: readonly string[];
  readonly relatedNo: string;
  readonly relatedRecord: string;
  /** 特殊关系, 价格影响, 特许权使用费, 公式定价, 暂定价格, one digit each: 1 yes, 0 no, 9 blank. */
  readonly statements: string;
  /** 自报自缴: 1 yes, 0 no, else not said. */
  readonly selfAssessed: string;
  readonly person: string;
  readonly personNo: string;
  readonly personPhone: string;
}

/** One list or declaration as filed, in names of ours. */
export interface SourceDocument {
  readonly id: number | undefined;
  /** 企业内部编号, and the number of the platform or customs where there is one. */
  readonly copNo: string;
  readonly platformNo: string;
  readonly orderNo: string;
  readonly waybillNo: string;
  readonly isAccepted: boolean;
  readonly mode: string;
  readonly declareAt: string;
  readonly exitAt: string;
  readonly exitPort: string;
  /** `yyyy-mm-dd` or empty. */
  readonly exportDate: string;
  readonly traffic: string;
  readonly vehicle: string;
  readonly billNo: string;
  readonly recordNo: string;
  readonly licenceNo: string;
  readonly contractNo: string;
  readonly tradeCountry: string;
  readonly arrival: string;
  readonly pod: string;
  readonly wrap: string;
  readonly packages: number;
  /** Terms of delivery (成交方式), e.g. `3` FOB. */
  readonly terms: string;
  readonly freight: PaperFee;
  readonly insurance: PaperFee;
  readonly other: PaperFee;
  readonly levyNature: string;
  readonly marks: string;
  readonly note: string;
  /** A declaration's items stand as filed; lines of lists are merged. */
  readonly keepsItems: boolean;
  /** Only of a declaration. */
  readonly filed?: FiledFacts | undefined;
  readonly consignor: { readonly code: string; readonly name: string };
  readonly producer: { readonly code: string; readonly name: string };
  readonly declarant: { readonly code: string; readonly name: string };
  readonly consignee: { readonly code: string; readonly name: string; readonly address: string };
  readonly platform: { readonly code: string; readonly name: string };
  readonly carrier: { readonly code: string; readonly name: string };
  readonly gross_e5: bigint;
  readonly net_e5: bigint;
  readonly goods: readonly SourceGoods[];
}

/** Names of codes by the tables in force. */
export interface CodeNames {
  readonly customs: (code: string) => Coded;
  readonly port: (code: string) => Coded;
  readonly exitPort: (code: string) => Coded;
  readonly traffic: (code: string) => Coded;
  readonly mode: (code: string) => Coded;
  readonly country: (code: string) => Coded;
  readonly unit: (code: string) => Coded;
  readonly wrap: (code: string) => Coded;
  readonly terms: (code: string) => Coded;
  readonly levyNature: (code: string) => Coded;
  readonly levyMode: (code: string) => Coded;
  readonly place: (code: string) => Coded;
  readonly division: (code: string) => Coded;
  readonly licence: (code: string) => Coded;
  readonly edoc: (code: string) => Coded;
  /** Declaration elements (申报要素) of a commodity code, in the order the firm writes them. */
  readonly elements: (gcode: string) => readonly string[];
}

/** What of one article is in a merged item, for the packing list. */
export interface PackingDetail {
  readonly sku: string;
  readonly nameEn: string;
  readonly qty_e5: bigint;
  readonly netG: bigint;
  readonly grossG: bigint;
  /** How many source lines. */
  readonly lines: number;
}

export interface PaperItem {
  /** Number within its declaration, from 1. */
  readonly no: number;
  readonly gcode: string;
  readonly gname: string;
  readonly nameEn: string;
  readonly gmodel: string;
  readonly qty_e5: bigint;
  readonly unit: Coded;
  readonly qty1_e5: bigint;
  readonly unit1: Coded;
  readonly qty2_e5: bigint | undefined;
  readonly unit2: Coded | undefined;
  /** Amount ÷ quantity where lines of differing prices were merged. */
  readonly price_e5: bigint;
  readonly isAveragePrice: boolean;
  /** ISO 4217. */
  readonly currency: string;
  /** In minor units of the currency. */
  readonly amount: bigint;
  readonly netG: bigint;
  readonly grossG: bigint;
  readonly origin: Coded;
  readonly destination: Coded;
  readonly levyMode: Coded;
  readonly sourcePlace: Coded;
  readonly division: Coded;
  /** 备案序号; empty for none. */
  readonly recordItem: string;
  readonly packing: readonly PackingDetail[];
  /** The specification by its declaration elements. */
  readonly elements: readonly ElementPair[];
}

export interface PaperTotals {
  /** By ISO currency, in the order they come. */
  readonly amounts: readonly { readonly currency: string; readonly amount: bigint }[];
  readonly quantities: readonly { readonly unit: Coded; readonly qty_e5: bigint }[];
  readonly netG: bigint;
  readonly grossG: bigint;
  readonly packages: bigint;
}

/** One 报关单: head facts shared by all its items. */
export interface PaperDeclaration {
  readonly no: number;
  readonly of: number;
  readonly head: SourceDocument;
  readonly exportDate: string;
  readonly mode: Coded;
  readonly declareAt: Coded;
  readonly exitAt: Coded;
  readonly exitPort: Coded;
  readonly traffic: Coded;
  readonly arrival: Coded;
  readonly tradeCountry: Coded;
  readonly pod: Coded;
  readonly wrap: Coded;
  readonly terms: Coded;
  readonly levyNature: Coded;
  /** 境内发货人, of an import 境内收货人. */
  readonly consignor: PaperParty;
  readonly producer: PaperParty;
  readonly declarant: PaperParty;
  /** 境外收货人, of an import 境外发货人. */
  readonly overseas: PaperParty;
  readonly contractNo: string;
  /** 启运港 of an import. */
  readonly departurePort: Coded;
  readonly attached: readonly { readonly name: Coded; readonly number: string }[];
  readonly fees: readonly PaperFee[];
  readonly marks: string;
  readonly note: string;
  /** Lists that go into it; one of a single document. */
  readonly lists: number;
  /** The documents its items are of; where a declaration was split by its items, each part names them all. */
  readonly documents: readonly SourceDocument[];
  readonly items: readonly PaperItem[];
  readonly totals: PaperTotals;
  /** 代理报关委托 in force for its client, mode and day. */
  readonly delegation: PaperDelegation | undefined;
}

/** A delegation as its proxy letter (委托书) names it. */
export interface PaperDelegation {
  readonly number: string;
  readonly principal: { readonly code: string; readonly name: string };
  readonly agent: { readonly code: string; readonly name: string };
  /** Its last day. */
  readonly until: string;
}

/** Whose goods, who declares them (the firm itself, or nobody named: whoever has its delegation), mode, message and day. */
export interface DelegationWanted {
  readonly principal: string;
  readonly agent: string;
  readonly mode: string;
  readonly message: 'DecMessage' | 'CEB603Message';
  /** `yyyy-mm-dd`. */
  readonly date: string;
}

export interface PaperSet {
  readonly subject: { readonly kind: 'shipment' | 'document'; readonly id: number; readonly number: string };
  /** Every document of it was accepted: no watermark. */
  readonly isAccepted: boolean;
  readonly contractNo: string;
  readonly contractDate: string;
  readonly contractPlace: string;
  readonly invoiceNo: string;
  readonly invoiceDate: string;
  readonly payment: string;
  readonly shipBy: string;
  readonly marks: string;
  readonly parties: {
    /** 境内发货人. */
    readonly consignor: PaperParty;
    /** 生产销售单位; several: that of the first declaration. */
    readonly producer: PaperParty;
    /** 申报单位. */
    readonly declarant: PaperParty;
    /** 境外收货人. */
    readonly consignee: PaperParty;
  };
  readonly firm: FirmDetails;
  readonly bank: string;
  readonly details: PaperDetails;
  readonly declarations: readonly PaperDeclaration[];
  readonly totals: PaperTotals;
  readonly documents: readonly SourceDocument[];
  /** What a paper lacks, codes of `papers.gap.*`. */
  readonly gaps: readonly { readonly code: string; readonly params: Readonly<Record<string, string | number>> }[];
}

/** Items one declaration takes: those of its message in the catalogue. */
export interface PaperLimits {
  readonly maxItems: number;
}

const sum = (values: readonly bigint[]): bigint => values.reduce((total, value) => total + value, 0n);

/** Rounds values at scale 5 to `digits` decimals so that they add up to the rounded sum. Values are 0 or more. */
export function roundTogether(values: readonly bigint[], digits: number): bigint[] {
  const total = rescale(sum(values), SCALE5, digits, 'halfUp');
  return sum(values) === 0n ? values.map(() => 0n) : allocate(total, values);
}

/** Shares of a weight by known weights; where none is known, by quantity. */
export function shareWeight(total_e5: bigint, known_e5: readonly bigint[], qty_e5: readonly bigint[]): bigint[] {
  if (known_e5.length === 0) return [];
  if (sum(known_e5) > 0n) return allocate(total_e5, known_e5);
  return sum(qty_e5) > 0n
    ? allocate(total_e5, qty_e5)
    : allocate(
        total_e5,
        known_e5.map(() => 1n),
      );
}

const exponent = (currency: string): number => (/^[A-Z]{3}$/.test(currency) ? exponentOf(currency) : 2);

/** Minor units as text with the currency's own decimals. */
export function amountText(amount: bigint, currency: string): string {
  const digits = exponent(currency);
  return formatScaled(amount, digits, digits);
}
/** Grams as kilograms, two decimals at least. */
export const kilograms = (grams: bigint): string => formatScaled(grams, 3, 2);
/** A quantity or price scaled by 10^5. */
export const figureText = (value_e5: bigint, least = 0): string => format5(value_e5, least);

/** Totals of items; packages are the declaration's, not the items'. */
function totalsOfItems(items: readonly PaperItem[], packages: bigint): PaperTotals {
  const amounts = new Map<string, bigint>();
  const quantities = new Map<string, { unit: Coded; qty_e5: bigint }>();
  let [netG, grossG] = [0n, 0n];
  for (const item of items) {
    amounts.set(item.currency, (amounts.get(item.currency) ?? 0n) + item.amount);
    const before = quantities.get(item.unit.code);
    quantities.set(item.unit.code, { unit: item.unit, qty_e5: (before?.qty_e5 ?? 0n) + item.qty_e5 });
    netG += item.netG;
    grossG += item.grossG;
  }
  return {
    amounts: [...amounts].map(([currency, amount]) => ({ currency, amount })),
    quantities: [...quantities.values()],
    netG,
    grossG,
    packages,
  };
}

/**
 * What makes lists one declaration (RULES of 2018 年第 194 号 归并): consignor, transport, producer, country of arrival, office of exit. What
 * is a declaration already stays one by itself.
 */
function declarationKey(one: SourceDocument): string {
  if (one.keepsItems) return JSON.stringify(['', one.copNo, one.id ?? '']);
  return JSON.stringify([
    one.consignor.code,
    one.traffic,
    one.producer.code,
    one.producer.name,
    one.arrival,
    one.exitAt,
    one.declareAt,
    one.mode,
    one.terms,
  ]);
}

const grams = 3;
/** 原产地证明 among the accompanying documents; the agreement stands before its number (填制规范 2019 年第 18 号, 随附单证及编号). */
const ORIGIN_PROOF = 'Y';

/** Goods that may be merged with each other: not across differing levy or place of origin at home, and none of a declaration. */
function mergeable(documents: readonly SourceDocument[]): SourceGoods[][] {
  const groups = new Map<string, SourceGoods[]>();
  for (const { goods, keepsItems } of documents)
    for (const one of goods) {
      const key = keepsItems ? one.key : JSON.stringify([one.levyMode, one.sourcePlace]);
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [one]);
      else group.push(one);
    }
  return [...groups.values()];
}

/**
 * What stands on paper where the user typed a code with its name, or only words. What a declaration says itself is not typed over: its
 * draft (草单) shows what is filed.
 */
const typed = (text: string, otherwise: Coded, isFiled: boolean): Coded =>
  text === '' || (isFiled && otherwise.code !== '') ? otherwise : { code: '', zh: text, en: text };

/** Merged lines of a declaration as items, amounts and weights rounded together. */
function itemsOf(
  lines: readonly MergedLine[],
  goodsByKey: ReadonlyMap<string, SourceGoods>,
  names: CodeNames,
  details: PaperDetails,
  isFiled: boolean,
): PaperItem[] {
  // A total is rounded once and shared out, by currency, so that items add up to it.
  const amounts = new Map<number, bigint>();
  for (const currency of new Set(lines.map((line) => line.currency))) {
    const at = lines.flatMap((line, index) => (line.currency === currency ? [index] : []));
    const rounded = roundTogether(
      at.map((index) => lines[index]?.total_e5 ?? 0n),
      exponent(currency),
    );
    for (const [n, index] of at.entries()) amounts.set(index, rounded[n] ?? 0n);
  }
  const net = roundTogether(
    lines.map((line) => line.net_e5),
    grams,
  );
  const gross = roundTogether(
    lines.map((line) => line.gross_e5),
    grams,
  );
  return lines.map((line, index): PaperItem => {
    const sources = line.sources.flatMap(({ key }) => goodsByKey.get(key) ?? []);
    return {
      no: index + 1,
      gcode: line.gcode,
      gname: line.gname,
      nameEn: sources.find(({ nameEn }) => nameEn !== '')?.nameEn ?? '',
      gmodel: line.gmodel,
      qty_e5: line.qty_e5,
      unit: names.unit(line.unit),
      qty1_e5: line.qty1_e5,
      unit1: names.unit(line.unit1),
      qty2_e5: line.qty2_e5,
      unit2: line.unit2 === undefined || line.unit2 === '' ? undefined : names.unit(line.unit2),
      price_e5: line.price_e5,
      isAveragePrice: line.isAveragePrice,
      currency: line.currency,
      amount: amounts.get(index) ?? 0n,
      netG: net[index] ?? 0n,
      grossG: gross[index] ?? 0n,
      origin: names.country(line.origin),
      destination: names.country(line.destination),
      levyMode: typed(details.levyMode, names.levyMode(sources[0]?.levyMode ?? ''), isFiled),
      sourcePlace: typed(details.sourcePlace, names.place(sources[0]?.sourcePlace ?? ''), isFiled),
      division: names.division(sources[0]?.division ?? ''),
      recordItem: sources[0]?.recordItem ?? '',
      packing: packingOf(sources, net[index] ?? 0n, gross[index] ?? 0n),
      elements: elementPairs(line.gmodel, names.elements(line.gcode)),
    };
  });
}

/** Articles of an item; their weights add up to the item's. */
function packingOf(sources: readonly SourceGoods[], netG: bigint, grossG: bigint): PackingDetail[] {
  const bySku = new Map<string, { nameEn: string; qty: bigint; net: bigint; gross: bigint; lines: number }>();
  for (const { sku, nameEn, qty_e5, net_e5, gross_e5 } of sources) {
    const one = bySku.get(sku) ?? { nameEn, qty: 0n, net: 0n, gross: 0n, lines: 0 };
    one.qty += qty_e5;
    one.net += net_e5;
    one.gross += gross_e5;
    one.lines += 1;
    bySku.set(sku, one);
  }
  const rows = [...bySku];
  const quantities = rows.map(([, { qty }]) => qty);
  const net = shareWeight(
    netG,
    rows.map(([, one]) => one.net),
    quantities,
  );
  const gross = shareWeight(
    grossG,
    rows.map(([, one]) => one.gross),
    quantities,
  );
  return rows.map(([sku, { nameEn, qty, lines }], at) => ({
    sku,
    nameEn,
    qty_e5: qty,
    netG: net[at] ?? 0n,
    grossG: gross[at] ?? 0n,
    lines,
  }));
}

/** Fees of the same mark and currency added up; rates are not added. */
function sumFees(fees: readonly PaperFee[]): PaperFee | undefined {
  const live = fees.filter(({ amount_e5 }) => amount_e5 > 0n);
  const [first] = live;
  if (first === undefined) return undefined;
  if (live.some(({ mark, currency }) => mark !== first.mark || currency !== first.currency)) return undefined;
  return first.mark === '3' ? { ...first, amount_e5: sum(live.map(({ amount_e5 }) => amount_e5)) } : first;
}

const noFee: PaperFee = { mark: '', amount_e5: 0n, currency: '' };

export interface PaperInput {
  readonly subject: PaperSet['subject'];
  readonly documents: readonly SourceDocument[];
  readonly names: CodeNames;
  readonly firm: FirmDetails;
  readonly bank: string;
  readonly details: PaperDetails;
  readonly limits: PaperLimits;
  /** The delegation a declaration is filed under, where the book has one. */
  readonly delegation: (wanted: DelegationWanted) => PaperDelegation | undefined;
  /** `yyyy-mm-dd`: proposed where no date was typed. */
  readonly today: string;
}

/**
 * The papers' figures. Documents become one declaration for each of their heads (consignor, transport, producer, country, offices), each
 * split at the item limit; packages of a split one are shared by gross weight. Totals are those of the documents: to the minor unit by
 * currency, to the gram.
 */
export function buildPaperSet(input: PaperInput): PaperSet {
  const { documents, names, details, firm } = input;
  const goodsByKey = new Map<string, SourceGoods>();
  for (const { goods } of documents) for (const one of goods) goodsByKey.set(one.key, one);
  const groups = new Map<string, SourceDocument[]>();
  for (const one of documents) {
    const key = declarationKey(one);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [one]);
    else group.push(one);
  }
  const parts = [...groups.values()].flatMap((group) => {
    const lines = mergeable(group).flatMap((goods) => mergeGoods(goods).lines);
    const items = itemsOf(lines, goodsByKey, names, details, group[0]?.keepsItems === true);
    const split = splitByLimit(items, input.limits.maxItems);
    const packages = BigInt(group.reduce((total, one) => total + one.packages, 0));
    const weights = split.map((part) => sum(part.map(({ grossG }) => grossG)));
    const shared = shareWeight(
      packages,
      weights,
      weights.map(() => 1n),
    );
    return split.map((part, at) => ({
      group,
      items: part.map((item, n) => ({ ...item, no: n + 1 })),
      packages: shared[at] ?? 0n,
    }));
  });
  const [first] = documents;
  const buyer: PaperParty = {
    code: details.buyerCode === '' ? (first?.consignee.code ?? '') : details.buyerCode,
    name: details.buyerName === '' ? (first?.consignee.name ?? '') : details.buyerName,
    nameEn: details.buyerName === '' ? (first?.consignee.name ?? '') : details.buyerName,
    address: details.buyerAddress === '' ? (first?.consignee.address ?? '') : details.buyerAddress,
    phone: '',
  };
  const contractNo = details.contractNo || first?.contractNo || input.subject.number;
  const declarations = parts.flatMap(({ group, items, packages }, at): PaperDeclaration[] => {
    const [head] = group;
    if (head === undefined) return [];
    const fees = [
      sumFees(group.map(({ freight }) => freight)),
      sumFees(group.map(({ insurance }) => insurance)),
      sumFees(group.map(({ other }) => other)),
    ].map((fee) => fee ?? noFee);
    return [
      {
        no: at + 1,
        of: parts.length,
        head,
        exportDate: head.exportDate,
        mode: names.mode(head.mode),
        declareAt: names.customs(head.declareAt),
        exitAt: names.customs(head.exitAt),
        exitPort: head.exitPort === '' ? names.customs(head.exitAt) : names.exitPort(head.exitPort),
        traffic: names.traffic(head.traffic),
        arrival: names.country(head.arrival),
        tradeCountry: typed(details.tradeCountry, names.country(head.tradeCountry), head.keepsItems),
        pod: names.port(head.pod),
        wrap: names.wrap(head.wrap),
        terms: names.terms(head.terms),
        levyNature: typed(details.levyNature, names.levyNature(head.levyNature), head.keepsItems),
        consignor: partyOf(head.consignor, firm, head.consignor.code),
        producer: partyOf(head.producer, firm, head.consignor.code),
        declarant: partyOf(head.declarant, firm, head.consignor.code),
        overseas: head.keepsItems ? { ...head.consignee, nameEn: head.consignee.name, phone: '' } : buyer,
        contractNo: head.keepsItems ? head.contractNo : contractNo,
        departurePort: names.port(head.filed?.departurePort ?? ''),
        attached: (head.filed?.attached ?? []).map(({ table, code, number }) => ({
          name: table === 'edoc' ? names.edoc(code) : names.licence(table === 'origin' ? ORIGIN_PROOF : code),
          number: table === 'origin' ? `<${code.replace(/^Y/, '')}>${number}` : number,
        })),
        fees,
        marks: head.keepsItems || details.marks === '' ? head.marks : details.marks,
        note: head.keepsItems ? head.note : [head.note, details.note].filter((text) => text !== '').join('；'),
        lists: group.length,
        documents: group,
        items,
        totals: totalsOfItems(items, packages),
        delegation: input.delegation({
          principal: head.consignor.code,
          agent: head.declarant.code,
          mode: head.mode,
          message: head.keepsItems ? 'DecMessage' : 'CEB603Message',
          date: head.exportDate === '' ? input.today : head.exportDate,
        }),
      },
    ];
  });
  const items = declarations.flatMap((one) => one.items);
  const consignor = partyOf(first?.consignor ?? { code: '', name: '' }, firm, first?.consignor.code);
  const set: Omit<PaperSet, 'gaps'> = {
    subject: input.subject,
    isAccepted: documents.length > 0 && documents.every(({ isAccepted }) => isAccepted),
    contractNo,
    contractDate: details.contractDate || input.today,
    contractPlace: details.contractPlace,
    invoiceNo: details.invoiceNo || input.subject.number,
    invoiceDate: details.invoiceDate || input.today,
    payment: details.payment,
    shipBy: details.shipBy || first?.exportDate || '',
    marks: details.marks || first?.marks || 'N/M',
    parties: {
      consignor,
      producer: declarations[0]?.producer ?? consignor,
      declarant: partyOf(first?.declarant ?? { code: '', name: '' }, firm, first?.consignor.code),
      consignee: buyer,
    },
    firm,
    bank: input.bank,
    details,
    declarations,
    totals: totalsOfItems(items, BigInt(documents.reduce((total, one) => total + one.packages, 0))),
    documents,
  };
  return { ...set, gaps: gapsOf(set) };
}

/** A party as filed; what the firm says of itself is added where the party is the firm. */
function partyOf(
  party: { readonly code: string; readonly name: string },
  firm: FirmDetails,
  firmCode: string | undefined,
): PaperParty {
  const isFirm = party.code !== '' && party.code === firmCode;
  return {
    ...party,
    nameEn: isFirm ? firm.nameEn : '',
    address: isFirm ? firm.address : '',
    phone: isFirm ? firm.phone : '',
  };
}

/** What somebody who reads a paper will miss. */
function gapsOf(set: Omit<PaperSet, 'gaps'>): PaperSet['gaps'] {
  const gaps: { code: string; params: Record<string, string | number> }[] = [];
  const isRetail = set.documents.every(({ mode }) => mode === '9610' || mode === '1210' || mode === '1239');
  if (set.parties.consignee.name === '' && !isRetail) gaps.push({ code: 'buyer', params: {} });
  if (set.firm.nameEn === '') gaps.push({ code: 'firmNameEn', params: {} });
  if (set.firm.address === '') gaps.push({ code: 'firmAddress', params: {} });
  if (set.payment === '') gaps.push({ code: 'payment', params: {} });
  for (const { no, items } of set.declarations) {
    const unnamed = items.filter(({ nameEn }) => nameEn === '').length;
    if (unnamed > 0) gaps.push({ code: 'nameEn', params: { no, items: unnamed } });
    const short = items.filter(({ gcode }) => gcode.length < 10).length;
    if (short > 0) gaps.push({ code: 'shortCode', params: { no, items: short } });
    const bare = items.filter(({ gmodel }) => gmodel === '').length;
    if (bare > 0) gaps.push({ code: 'elements', params: { no, items: bare } });
  }
  if (set.totals.amounts.length > 1) gaps.push({ code: 'currencies', params: { n: set.totals.amounts.length } });
  if (set.totals.netG > set.totals.grossG) gaps.push({ code: 'weights', params: {} });
  return gaps;
}
