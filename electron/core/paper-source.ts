import { catalogue, ceb603, decMessage, type RequestName } from '../../shared/documents/catalogue.ts';
import { type DocumentParty, partiesOf } from '../../shared/documents/parties.ts';
import { headOf, linesOf, type MessageSpec, rowsOf, type Values } from '../../shared/documents/spec.ts';
import { CHINA_NUMBER, KILOGRAM } from '../../shared/drafting/codes.ts';
import { multiply5, tryParse5 } from '../../shared/money/index.ts';
import {
  type CodeNames,
  type FiledFacts,
  type PaperFee,
  type SourceDocument,
  type SourceGoods,
  shareWeight,
} from '../../shared/papers/paper-set.ts';
import { elementNames } from '../../shared/tables/elements.ts';
import { elementsOf, optionalElementsOf } from '../../shared/tables/hs.ts';
import type { TableSet } from '../../shared/tables/table.ts';
import type { DocumentState } from './store/documents.ts';
import type { PaperProduct } from './store/papers.ts';

/** Documents as papers read them: lists (清单 CEB603) and goods declarations (报关单 DecMessage) in one shape. */

export interface SourceContext {
  readonly tables: TableSet;
  readonly product: (sku: string) => PaperProduct | undefined;
}

/** A document with what the book knows of it; a draft in memory has no id. */
export interface RawDocument {
  readonly id: number | undefined;
  readonly kind: string;
  readonly body: Record<string, unknown>;
  readonly state: DocumentState;
  readonly platformNo: string;
  /** `yyyyMMdd…` at which a declaration was declared, as its receipts say. */
  readonly declaredAt?: string | undefined;
}

const accepted: ReadonlySet<DocumentState> = new Set(['accepted', 'released', 'closed']);
const figure = (text: string | undefined): bigint => tryParse5(text ?? '') ?? 0n;
const dated = (text: string | undefined): string => (text ?? '').replace(/^(\d{4})(\d{2})(\d{2}).*$/, '$1-$2-$3');

/** ISO code of a currency: customs' number has one, letters are one already. */
function currencyOf(tables: TableSet, code: string): string {
  return /^\d+$/.test(code) ? (tables.get('currency')?.lookup(code)?.more['alpha3'] ?? code) : code;
}

function fee(
  tables: TableSet,
  mark: string | undefined,
  amount: string | undefined,
  currency: string | undefined,
): PaperFee {
  return { mark: mark ?? '', amount_e5: figure(amount), currency: currencyOf(tables, currency ?? '') };
}

/** A line before its weights are known. */
type Unweighed = Omit<SourceGoods, 'net_e5' | 'gross_e5'>;

/** Net weight of a line where the line itself or the product says it. */
function knownNet(line: Unweighed, product: PaperProduct | undefined): bigint {
  if (line.unit1 === KILOGRAM) return line.qty1_e5;
  if (line.unit2 === KILOGRAM && line.qty2_e5 !== undefined) return line.qty2_e5;
  return product === undefined ? 0n : multiply5(line.qty_e5, BigInt(product.netWeightE5));
}

/** Weights of the head shared among its lines: net by what lines weigh, gross by their net. */
function weighed(lines: readonly Unweighed[], net_e5: bigint, gross_e5: bigint, of: SourceContext): SourceGoods[] {
  const quantities = lines.map(({ qty_e5 }) => qty_e5);
  const net = shareWeight(
    net_e5,
    lines.map((line) => knownNet(line, of.product(line.sku))),
    quantities,
  );
  const gross = shareWeight(gross_e5, net, quantities);
  return lines.map((line, at) => ({ ...line, net_e5: net[at] ?? 0n, gross_e5: gross[at] ?? 0n }));
}

/** What a sales channel calls an article is its English name where it is written in Latin letters. */
function englishName(product: PaperProduct | undefined): string {
  const name = product?.nameSource ?? '';
  return /[A-Za-z]/.test(name) && !/[\u3400-\u9fff]/.test(name) ? name : '';
}

function partiesIn(
  spec: MessageSpec,
  body: RawDocument['body'],
): Pick<SourceDocument, 'consignor' | 'producer' | 'declarant'> {
  const named = ({ code, name }: DocumentParty) => ({ code, name });
  const { principal, producer, agent } = partiesOf(spec, body);
  return { consignor: named(principal), producer: named(producer), declarant: named(agent) };
}

function list(raw: RawDocument, head: Values, lines: readonly Values[], of: SourceContext): SourceDocument {
  const text = (name: string): string => head[name] ?? '';
  const copNo = text('copNo');
  const goods = lines.map((line): Unweighed => {
    const sku = line['itemNo'] ?? '';
    const unit2 = line['unit2'] ?? '';
    return {
      key: `${copNo}/${line['gnum'] ?? ''}`,
      sku,
      nameEn: englishName(of.product(sku)),
      levyMode: '',
      sourcePlace: '',
      gcode: line['gcode'] ?? '',
      gname: line['gname'] ?? '',
      gmodel: line['gmodel'] ?? '',
      unit: line['unit'] ?? '',
      unit1: line['unit1'] ?? '',
      ...(unit2 === '' ? {} : { unit2, qty2_e5: figure(line['qty2']) }),
      currency: currencyOf(of.tables, line['currency'] ?? ''),
      // The list names the country of arrival with each line; goods are of Chinese origin unless a declaration says otherwise.
      origin: CHINA_NUMBER,
      destination: line['country'] ?? text('country'),
      qty_e5: figure(line['qty']),
      qty1_e5: figure(line['qty1']),
      price_e5: figure(line['price']),
      total_e5: figure(line['totalPrice']),
    };
  });
  const [gross_e5, net_e5] = [figure(head['grossWeight']), figure(head['netWeight'])];
  return {
    id: raw.id,
    copNo,
    platformNo: text('invtNo') === '' ? raw.platformNo : text('invtNo'),
    orderNo: text('orderNo'),
    waybillNo: text('logisticsNo'),
    isAccepted: accepted.has(raw.state),
    mode: text('tradeMode'),
    declareAt: text('customsCode'),
    exitAt: text('portCode'),
    exitPort: '',
    exportDate: dated(head['ieDate']),
    traffic: text('trafMode'),
    vehicle: [text('trafName'), text('voyageNo')]
      .filter((one, at, all) => one !== '' && all.indexOf(one) === at)
      .join('/'),
    billNo: text('billNo'),
    recordNo: text('emsNo'),
    licenceNo: text('licenseNo'),
    contractNo: '',
    tradeCountry: text('country'),
    arrival: text('country'),
    pod: text('POD'),
    wrap: text('wrapType'),
    packages: Number(text('packNo')) || 0,
    // Amounts of a list are free on board (规范 2022-05, CEB603 商品金额).
    terms: '3',
    freight: fee(of.tables, head['fFlag'], head['freight'], head['fCurrency']),
    insurance: fee(of.tables, head['iFlag'], head['insuredFee'], head['iCurrency']),
    other: { mark: '', amount_e5: 0n, currency: '' },
    levyNature: '',
    marks: '',
    note: text('note'),
    keepsItems: false,
    ...partiesIn(ceb603, raw.body),
    consignee: { code: '', name: '', address: '' },
    platform: { code: text('ebpCode'), name: text('ebpName') },
    carrier: { code: text('logisticsCode'), name: text('logisticsName') },
    gross_e5,
    net_e5,
    goods: weighed(goods, net_e5, gross_e5, of),
  };
}

function declaration(raw: RawDocument, head: Values, lines: readonly Values[], of: SourceContext): SourceDocument {
  const text = (name: string): string => head[name] ?? '';
  const rows = (name: string): readonly Values[] => groupRows(raw.body, name);
  const [free, signed] = [rows('DecFreeTxt')[0] ?? {}, rows('DecSign')[0] ?? {}];
  const isImport = text('IEFlag') === 'I';
  const copNo = signed['ClientSeqNo'] ?? String(raw.id ?? '');
  const filed = filedFacts(raw, text, rows, isImport);
  const goods = lines.map((line): Unweighed => {
    const sku = line['ExgNo'] ?? '';
    const unit2 = line['SecondUnit'] ?? '';
    return {
      key: `${copNo}/${line['GNo'] ?? ''}`,
      sku,
      nameEn: line['DeclGoodsEname'] ?? englishName(of.product(sku)),
      levyMode: line['DutyMode'] ?? '',
      sourcePlace: line['DistrictCode'] ?? '',
      gcode: line['CodeTS'] ?? '',
      gname: line['GName'] ?? '',
      gmodel: line['GModel'] ?? '',
      unit: line['GUnit'] ?? '',
      unit1: line['FirstUnit'] ?? '',
      ...(unit2 === '' ? {} : { unit2, qty2_e5: figure(line['SecondQty']) }),
      currency: currencyOf(of.tables, line['TradeCurr'] ?? ''),
      recordItem: line['ContrItem'] ?? '',
      division: line['DestCode'] ?? '',
      // On export the element called origin carries the destination and the other way round (单一窗口 2018 接口说明).
      origin: line[isImport ? 'OriginCountry' : 'DestinationCountry'] ?? '',
      destination: line[isImport ? 'DestinationCountry' : 'OriginCountry'] ?? '',
      qty_e5: figure(line['GQty']),
      qty1_e5: figure(line['FirstQty']),
      price_e5: figure(line['DeclPrice']),
      total_e5: figure(line['DeclTotal']),
    };
  });
  const [gross_e5, net_e5] = [figure(head['GrossWet']), figure(head['NetWt'])];
  const first = (...names: readonly string[]): string => names.map(text).find((one) => one !== '') ?? '';
  const vehicle = [text('TrafName'), free['VoyNo'] ?? ''].filter((one) => one !== '').join('/');
  return {
    id: raw.id,
    copNo,
    platformNo: filed.customsNo === '' ? filed.preEntryNo : filed.customsNo,
    orderNo: text('ContrNo'),
    waybillNo: text('BillNo'),
    isAccepted: accepted.has(raw.state),
    mode: text('TradeMode'),
    declareAt: text('CustomMaster'),
    exitAt: text('IEPort'),
    exitPort: text('EntyPortCode'),
    exportDate: dated(head['IEDate']),
    traffic: text('TrafMode'),
    vehicle,
    billNo: text('BillNo'),
    recordNo: text('ManualNo'),
    licenceNo: text('LicenseNo'),
    contractNo: text('ContrNo'),
    tradeCountry: text('TradeAreaCode'),
    arrival: text('TradeCountry'),
    pod: text('DistinatePort'),
    wrap: text('WrapType'),
    packages: Number(text('PackNo')) || 0,
    terms: text('TransMode'),
    freight: fee(of.tables, head['FeeMark'], head['FeeRate'], head['FeeCurr']),
    insurance: fee(of.tables, head['InsurMark'], head['InsurRate'], head['InsurCurr']),
    other: fee(of.tables, head['OtherMark'], head['OtherRate'], head['OtherCurr']),
    levyNature: text('CutMode'),
    marks: text('MarkNo'),
    note: text('NoteS'),
    keepsItems: true,
    filed,
    ...partiesIn(decMessage, raw.body),
    consignee: isImport
      ? {
          code: text('OverseasConsignorCode'),
          name: first('OverseasConsignorEname', 'OverseasConsignorCname'),
          address: text('OverseasConsignorAddr'),
        }
      : { code: text('OverseasConsigneeCode'), name: text('OverseasConsigneeEname'), address: '' },
    platform: { code: '', name: '' },
    carrier: { code: '', name: '' },
    gross_e5,
    net_e5,
    goods: weighed(goods, net_e5, gross_e5, of),
  };
}

/** The rows of a group of a declaration; none where it has none. */
function groupRows(body: RawDocument['body'], name: string): readonly Values[] {
  const part = (decMessage as MessageSpec).parts?.find((one) => one.name === name);
  return part === undefined ? [] : (rowsOf(part, body) as readonly Values[]);
}

/** 报关单号: eighteen digits, the first four those of an office of customs. A 统一编号 begins with a letter. */
const isCustomsNo = (number: string): boolean => /^\d{18}$/.test(number);

function filedFacts(
  { platformNo, declaredAt }: RawDocument,
  text: (name: string) => string,
  rows: (name: string) => readonly Values[],
  isImport: boolean,
): FiledFacts {
  const [free, signed] = [rows('DecFreeTxt')[0] ?? {}, rows('DecSign')[0] ?? {}];
  const numbers = [text('EntryId'), platformNo, text('SeqNo'), text('PreEntryId')].filter((one) => one !== '');
  const origins = new Map(rows('EcoRelation').map((one) => [`${one['CertType']} ${one['EcoCertNo']}`, one]));
  return {
    isImport,
    customsNo: numbers.find(isCustomsNo) ?? '',
    preEntryNo: numbers.find((one) => !isCustomsNo(one)) ?? '',
    // The day that customs took it in; until then the day it says itself.
    declaredOn: dated(declaredAt ?? signed['SignDate']),
    goodsPlace: text('GoodsPlace'),
    departurePort: text('DespPortCode'),
    attached: [
      ...rows('LicenseDocu').map((one) => ({
        table: 'licence' as const,
        code: one['DocuCode'] ?? '',
        number: one['CertCode'] ?? '',
      })),
      ...[...origins.values()].map((one) => ({
        table: 'origin' as const,
        code: one['CertType'] ?? '',
        number: one['EcoCertNo'] ?? '',
      })),
      ...rows('EdocRealation').map((one) => ({
        table: 'edoc' as const,
        code: one['EdocCode'] ?? '',
        number: one['EdocID'] ?? '',
      })),
    ],
    containers: rows('Container').flatMap(({ ContainerId = '' }) => (ContainerId === '' ? [] : [ContainerId])),
    relatedNo: free['RelId'] ?? '',
    relatedRecord: free['RelManNo'] ?? '',
    statements: text('PromiseItmes'),
    selfAssessed: text('TaxAaminMark'),
    person: text('DeclareName'),
    personNo: free['DecNo'] ?? '',
    personPhone: free['DecBpNo'] ?? '',
  };
}

const readers: Readonly<Record<string, typeof list>> = { CEB603Message: list, DecMessage: declaration };

/** Whether papers can be made of a kind of document by itself. */
export const isPaperSource = (kind: string): boolean => readers[kind] !== undefined && Object.hasOwn(catalogue, kind);

/** A document in the papers' shape; undefined for a kind that carries no goods of papers. */
export function sourceDocument(raw: RawDocument, of: SourceContext): SourceDocument | undefined {
  const reader = readers[raw.kind];
  if (reader === undefined || !Object.hasOwn(catalogue, raw.kind)) return undefined;
  const spec: MessageSpec = catalogue[raw.kind as RequestName];
  return reader(raw, headOf(spec, raw.body), linesOf(spec, raw.body), of);
}

/** Names of codes, of CEB messages and of the goods declaration alike. @param order in which the firm writes the elements of a code */
export function codeNames(tables: TableSet, order: (gcode: string) => readonly string[]): CodeNames {
  const named =
    (...ids: readonly string[]) =>
    (code: string) => {
      for (const id of ids) {
        const found = code === '' ? undefined : tables.get(id)?.lookup(code);
        if (found !== undefined) return { code, zh: found.zh, en: found.en === '' ? found.zh : found.en };
      }
      return { code, zh: '', en: '' };
    };
  const port = named('port', 'port_alpha', 'country', 'country_alpha3');
  return {
    customs: named('customs_district'),
    port,
    exitPort: named('domestic_port'),
    traffic: named('transport_mode'),
    mode: named('trade_mode'),
    country: named('country', 'country_alpha3'),
    unit: named('unit'),
    wrap: named('wrap_type_old', 'wrap_type'),
    terms: named('trans_mode'),
    levyNature: named('levy_nature'),
    levyMode: named('levy_mode'),
    place: named('district_domestic'),
    division: named('admin_division'),
    licence: named('license_doc'),
    edoc: named('edoc'),
    elements: (gcode) => {
      const table = tables.get('hs');
      if (table === undefined) return [];
      return elementNames(
        [...(elementsOf(table, gcode) ?? []), ...(optionalElementsOf(table, gcode) ?? [])],
        order(gcode),
      );
    },
  };
}
