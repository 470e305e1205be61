/**
 * Drafts the 报关单 (DecMessage) of a shipment: goods of its lists or orders merged as an item says them, at most fifty items in each, split
 * over several declarations where there are more, totals proved. Pure: codes come translated, numbers and times are given. What only a
 * person knows stays empty and is asked for by the check; nothing is stated to customs that nobody stated.
 */
import type { ShipmentBody } from '../contract/trade.ts';
import { decMessage, type GoodsDeclaration } from '../documents/catalogue.ts';
import { divideRounded, format5, pow10, SCALE5 } from '../money/decimal.ts';
import type { PaperDetails } from '../papers/details.ts';
import { roundTogether, type SourceDocument, type SourceGoods, shareWeight } from '../papers/paper-set.ts';
import { B2B_PAPER, CHINA } from './codes.ts';
import { type MergedLine, mergeGoods, sameTotals, splitByLimit, totalsOf } from './goods-merge.ts';

/** General trade, and cross-border B2B: direct export and export to an overseas warehouse. */
export const declarationModes = ['0110', '9710', '9810'] as const;
export type DeclarationMode = (typeof declarationModes)[number];

export const MOST_ITEMS = decMessage.lines.max;
/** Decimals of a price and a total of the format (19,4). */
const PRICE_DECIMALS = 4;
/** How many attached papers the format takes. */
const MOST_PAPERS = 10;

type Head = Record<string, string>;
/** What all of them say; empty where they differ. */
const ofAll = (values: readonly string[]): string => (new Set(values).size === 1 ? (values[0] ?? '') : '');

/** The firm and whoever declares for it. Codes as its profile has them: ten digits at customs, eighteen by the credit code. */
export interface DeclarationFirm {
  readonly name: string;
  readonly uscc: string;
  readonly customsCode: string;
  readonly agentCode: string;
  readonly agentName: string;
}

/** What the last declaration of the book said of its operator and ports, under the names of its groups. */
export interface DeclarationHabits {
  readonly head: Readonly<Record<string, string | undefined>>;
  readonly sign: Readonly<Record<string, string | undefined>>;
  readonly freeText: Readonly<Record<string, string | undefined>>;
}

/** Codes of lists in those of a declaration; an empty text where there is none or more than one. */
export interface DeclarationCodes {
  /** Three letters of a country. */
  readonly country: (code: string) => string;
  /** Two digits of a kind of packing. */
  readonly wrap: (code: string) => string;
  /** Six characters of a port of destination, of a port's or country's code. */
  readonly port: (code: string) => string;
  /** Whether the domestic district has this five-digit code. */
  readonly hasDistrict: (code: string) => boolean;
}

export interface DeclarationSource {
  readonly mode: DeclarationMode;
  readonly documents: readonly SourceDocument[];
  readonly firm: DeclarationFirm;
  readonly habits: DeclarationHabits;
  readonly shipment: ShipmentBody;
  readonly shipmentNo: string;
  readonly details: PaperDetails;
  /** 报关人员 and the certificate, as typed for papers. */
  readonly person: { readonly name: string; readonly number: string };
  readonly codes: DeclarationCodes;
  /** `yyyyMMddHHmmss` in China. */
  readonly time: string;
  /** A number of eighteen characters for each declaration. */
  readonly newNumber: () => string;
}

const filled = <T extends Readonly<Record<string, string | undefined>>>(values: T): Head =>
  Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== ''),
  );
/** The code at the beginning of what was typed as `101 一般征税`. */
const codeIn = (typed: string, form: RegExp): string => form.exec(typed.trim())?.[0] ?? '';
const isCreditCode = (code: string): boolean => /^[0-9A-Z]{18}$/.test(code);

/** Documents that share a declaration: the same parties, country, transport and offices. */
function together(documents: readonly SourceDocument[]): readonly (readonly [SourceDocument, ...SourceDocument[]])[] {
  const groups = new Map<string, [SourceDocument, ...SourceDocument[]]>();
  for (const one of documents) {
    const { consignor, producer, arrival, pod, traffic, vehicle, billNo, declareAt, exitAt, wrap, terms } = one;
    const key = JSON.stringify([
      ...[consignor.code, producer.code, producer.name, arrival, pod, traffic, vehicle, billNo],
      ...[declareAt, exitAt, wrap, terms],
    ]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [one]);
    else group.push(one);
  }
  return [...groups.values()];
}

/** What one source line gives to an item: the line's key, quantity and value, scaled by 10^5. */
export interface DeclaredGoods {
  readonly itemNo: number;
  readonly key: string;
  readonly sku: string;
  readonly qty_e5: bigint;
  readonly amount_e5: bigint;
}

/** A declaration and whose goods its items are. */
export interface DraftedDeclaration {
  readonly body: GoodsDeclaration;
  readonly goods: readonly DeclaredGoods[];
}

/**
 * Declarations of the goods of a shipment, in the order its documents come; none when there are no goods. Goods for a warehouse abroad
 * (9810) stay apart by article, since what is sold of each item is written off later (T10).
 */
export function draftDeclarations(source: DeclarationSource): DraftedDeclaration[] {
  // Customs finds the trade of 9710 by its orders, of which a declaration can name ten.
  const groups = together(source.documents).flatMap((group): (readonly SourceDocument[])[] =>
    source.mode === '9710' ? splitByLimit(group, MOST_PAPERS) : [group],
  );
  return groups.flatMap((group) => {
    const goods = group.flatMap((one) => one.goods);
    const bySku = new Map(goods.map((one) => [one.key, one]));
    const skuOf = (key: string): string => bySku.get(key)?.sku ?? '';
    const { lines, totals } = mergeGoods(goods, source.mode === '9810' ? ({ key }) => skuOf(key) : undefined);
    const parts = splitByLimit(lines, MOST_ITEMS);
    if (!sameTotals(totals, totalsOf(parts.flat()))) throw new RangeError('splitting goods changed their totals');
    const packages = shareWeight(
      BigInt(group.reduce((sum, one) => sum + one.packages, 0)),
      parts.map((part) => totalsOf(part).gross_e5),
      parts.map(() => 1n),
    );
    const amounts = amountsOf(lines);
    return parts.map((part, at) => ({
      body: declaration(source, group, part, {
        items: part.map((line, index) => itemOf(source, line, amounts.get(line) ?? 0n, index + 1, bySku)),
        packages: packages[at] ?? 0n,
      }),
      goods: part.flatMap((line, index) =>
        line.sources.map(({ key, qty_e5, total_e5 }) => ({
          ...{ itemNo: index + 1, key, sku: skuOf(key), qty_e5, amount_e5: total_e5 },
        })),
      ),
    }));
  });
}

/** Totals with four decimals: rounded together by currency, so that they still add up to what was sold. */
function amountsOf(lines: readonly MergedLine[]): ReadonlyMap<MergedLine, bigint> {
  const amounts = new Map<MergedLine, bigint>();
  for (const currency of new Set(lines.map((line) => line.currency))) {
    const own = lines.filter((line) => line.currency === currency);
    const rounded = roundTogether(
      own.map(({ total_e5 }) => total_e5),
      PRICE_DECIMALS,
    );
    for (const [index, line] of own.entries()) amounts.set(line, rounded[index] ?? 0n);
  }
  return amounts;
}

/** A declaration with nothing in it but the firm, what it said last and one item to begin with. */
export function blankDeclaration(
  of: Pick<DeclarationSource, 'firm' | 'habits' | 'person' | 'time' | 'newNumber'>,
): GoodsDeclaration {
  return {
    DecHead: filled({ ...constants, ...firmHead(of), TradeMode: '0110', CutMode: GENERAL_LEVY }),
    DecList: [{ GNo: '1', DutyMode: BY_LAW, DestinationCountry: CHINA }],
    ...signed(of),
  } as unknown as GoodsDeclaration;
}

const GENERAL_LEVY = '101';
/** 照章征税. */
const BY_LAW = '1';

/** What every ordinary, paperless export declaration says. Statements on price are of no concern to exports: left blank. */
const constants: Head = {
  IEFlag: 'E',
  EdiId: '1',
  EntryType: 'M',
  DeclTrnRel: '0',
  PromiseItmes: '99999',
  NoOtherPack: '0',
};

function firmHead({ firm, habits, person }: Pick<DeclarationSource, 'firm' | 'habits' | 'person'>): Head {
  const hasAgent = firm.agentCode !== '' && firm.agentCode !== firm.customsCode && firm.agentCode !== firm.uscc;
  const last = habits.head;
  const agent = hasAgent
    ? {
        AgentCode: isCreditCode(firm.agentCode) ? '' : firm.agentCode,
        AgentCodeScc: isCreditCode(firm.agentCode) ? firm.agentCode : '',
        AgentName: firm.agentName,
      }
    : { AgentCode: firm.customsCode, AgentCodeScc: firm.uscc, AgentName: firm.name };
  return filled({
    ...agent,
    TradeCode: firm.customsCode,
    TradeCoScc: firm.uscc,
    TradeName: firm.name,
    OwnerCode: firm.customsCode,
    OwnerCodeScc: firm.uscc,
    OwnerName: firm.name,
    CopCode: last['CopCode'] ?? firm.customsCode,
    CopName: last['CopName'] ?? firm.name,
    TypistNo: last['TypistNo'],
    InputerName: last['InputerName'] ?? person.name,
    DeclareName: person.name === '' ? last['DeclareName'] : person.name,
  });
}

function signed({
  habits,
  person,
  time,
  newNumber,
}: Pick<DeclarationSource, 'habits' | 'person' | 'time' | 'newNumber'>) {
  const { sign, freeText } = habits;
  return {
    DecFreeTxt: filled({
      DecNo: person.number === '' ? freeText['DecNo'] : person.number,
      DecBpNo: freeText['DecBpNo'],
    }),
    DecSign: filled({
      // Stored for a person to look at and declare: a desk like ours declares nothing by itself.
      OperType: 'G',
      ICCode: sign['ICCode'],
      CopCode: sign['CopCode'],
      OperName: sign['OperName'],
      ClientSeqNo: newNumber(),
      SignDate: `${time}00`,
    }),
  };
}

/** 生产销售单位 as the list names it; `NO` where it has no code at customs. */
function producer({ code, name }: SourceDocument['producer'], firm: DeclarationFirm): Head {
  if (name === '' || code === firm.uscc || code === firm.customsCode) return {};
  return isCreditCode(code)
    ? { OwnerCode: '', OwnerCodeScc: code, OwnerName: name }
    : { OwnerCode: code, OwnerCodeScc: code === 'NO' ? code : '', OwnerName: name };
}

function declaration(
  source: DeclarationSource,
  group: readonly SourceDocument[],
  lines: readonly MergedLine[],
  of: { readonly items: readonly Head[]; readonly packages: bigint },
): GoodsDeclaration {
  const { mode, firm, habits, shipment, shipmentNo, details, codes } = source;
  const [first] = group;
  if (first === undefined) throw new RangeError('a declaration of no document');
  const totals = totalsOf(lines);
  const arrival = codes.country(first.arrival);
  const exitAt = first.exitAt === '' ? shipment.portCode : first.exitAt;
  const head: Head = filled({
    ...constants,
    ...firmHead(source),
    ...producer(first.producer, firm),
    TradeMode: mode,
    CutMode: codeIn(details.levyNature, /^\d{3}/) || GENERAL_LEVY,
    CustomMaster: first.declareAt === '' ? shipment.customsCode : first.declareAt,
    IEPort: exitAt,
    // The port of exit is where it was from the same office the last time.
    EntyPortCode: habits.head['IEPort'] === exitAt ? habits.head['EntyPortCode'] : '',
    IEDate: first.exportDate.replaceAll('-', ''),
    TrafMode: first.traffic,
    TrafName: shipment.trafName,
    BillNo: first.billNo,
    ContrNo: details.contractNo === '' ? shipmentNo : details.contractNo,
    TradeCountry: arrival,
    TradeAreaCode: codes.country(codeIn(details.tradeCountry, /^(?:[A-Z]{3}|\d{3})/)) || arrival,
    DistinatePort: codes.port(first.pod === '' ? first.arrival : first.pod),
    TransMode: first.terms,
    WrapType: codes.wrap(first.wrap),
    PackNo: String(of.packages),
    GrossWet: format5(totals.gross_e5),
    NetWt: format5(totals.net_e5),
    OverseasConsigneeCode: details.buyerCode,
    OverseasConsigneeEname: details.buyerName,
    MarkNo: details.marks === '' ? 'N/M' : details.marks,
    LicenseNo: ofAll(group.map(({ licenceNo }) => licenceNo)),
    NoteS: details.note || shipment.note || ofAll(group.map(({ note }) => note)),
  });
  const { DecFreeTxt, DecSign } = signed(source);
  const voyage = filled({ ...DecFreeTxt, VoyNo: shipment.voyageNo });
  return {
    DecHead: head,
    DecList: of.items,
    ...(Object.keys(voyage).length === 0 ? {} : { DecFreeTxt: voyage }),
    DecSign,
    ...(mode === '0110' ? {} : { EdocRealation: tradePapers(mode, group) }),
  } as unknown as GoodsDeclaration;
}

/** The B2B paper by which customs finds the trade: the platform's orders of 9710; the booking of 9810 is asked for. */
function tradePapers(mode: '9710' | '9810', group: readonly SourceDocument[]): Head[] {
  const paper = { EdocCode: B2B_PAPER, EdocFomatType: 'S' };
  if (mode === '9810') return [paper];
  const orders = [...new Set(group.map(({ orderNo }) => orderNo))].filter((one) => one !== '');
  return orders.map((EdocID) => ({ EdocID, ...paper }));
}

function itemOf(
  { firm, details, codes }: DeclarationSource,
  line: MergedLine,
  /** Scaled by 10^4. */
  total: bigint,
  no: number,
  goods: ReadonlyMap<string, SourceGoods>,
): Head {
  const sold = goods.get(line.key);
  const district = codeIn(details.sourcePlace, /^\d{5}/) || firm.customsCode.slice(0, 5);
  const isExact = !line.isAveragePrice && line.price_e5 % 10n === 0n;
  const price = isExact
    ? line.price_e5
    : line.qty_e5 === 0n
      ? 0n
      : divideRounded(total * pow10(SCALE5), line.qty_e5, 'halfUp') * 10n;
  // What is longer than its field is left whole: the check names it, and whoever shortens it knows by what it is still found.
  return filled({
    GNo: String(no),
    CodeTS: line.gcode,
    GName: line.gname,
    GModel: line.gmodel,
    GQty: format5(line.qty_e5),
    GUnit: line.unit,
    FirstQty: format5(line.qty1_e5),
    FirstUnit: line.unit1,
    SecondQty: line.qty2_e5 === undefined ? '' : format5(line.qty2_e5),
    SecondUnit: line.unit2 ?? '',
    DeclPrice: format5(price),
    DeclTotal: format5(total * 10n),
    TradeCurr: line.currency,
    // On export these two carry each other's country.
    OriginCountry: codes.country(line.destination),
    DestinationCountry: codes.country(line.origin),
    DutyMode: codeIn(details.levyMode, /^\d/) || BY_LAW,
    DistrictCode: codes.hasDistrict(district) ? district : '',
    ExgNo: sold?.sku ?? '',
    DeclGoodsEname: sold?.nameEn ?? '',
  });
}
