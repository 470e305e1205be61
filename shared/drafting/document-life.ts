/**
 * Documents that follow from others: the withdrawal, change, deletion and return of a list, the waybill list, arrival and departure of a
 * shipment, the summary application of released lists. Each head is put together from what the documents before it say under the
 * same names; what only a person knows stays empty and is asked for by the check.
 */
import { ceb213, ceb215, ceb507, ceb509, ceb605, ceb607, ceb623, ceb625, ceb701 } from '../documents/catalogue.ts';
import { type AnyDocument, headOf, linesOf, type MessageSpec, type Values } from '../documents/spec.ts';
import { divideRounded, format5, sum5, tryParse5 } from '../money/decimal.ts';

type Body = Record<string, unknown>;
type Head = Record<string, string>;

/** What every document of the firm begins with. */
export interface Frame {
  readonly guid: string;
  /** `yyyyMMddHHmmss` in China. */
  readonly appTime: string;
  /** The firm's own number of the document (企业唯一编号). */
  readonly number: string;
  /** The firm's names and codes under the names that the messages have for them. */
  readonly firm: Values;
}

/** Of one document alone: never taken over from another. */
const ownFields: ReadonlySet<string> = new Set([
  'guid',
  'appType',
  'appTime',
  'appStatus',
  'copNo',
  'coElNo',
  'preNo',
  'sumNo',
  'rkdNo',
  'note',
  'msgCount',
  'msgSeqNo',
]);
/** Fields that only hold the number that the program gives. */
const numberFields: ReadonlySet<string> = new Set(['copNo', 'coElNo']);

/**
 * The head of a first filing: what is the document's own, what the sources say under the same names (the first that says anything), the
 * only value or default that the table allows, and for the rest the firm's own codes.
 */
export function composeHead(spec: MessageSpec, frame: Frame, own: Values, sources: readonly Values[] = []): Head {
  const head: Head = {};
  for (const field of spec.head.fields) {
    const { name } = field;
    const only = field.kind === 'text' && field.values !== undefined ? Object.keys(field.values) : [];
    const fixed: Values = {
      guid: frame.guid,
      appType: '1',
      appTime: frame.appTime,
      appStatus: '2',
      msgCount: '1',
      msgSeqNo: '1',
      ieFlag: spec.direction === 'export' ? 'E' : 'I',
      ...(numberFields.has(name) ? { [name]: frame.number } : {}),
    };
    const carried = ownFields.has(name) ? undefined : sources.map((one) => one[name]).find((one) => (one ?? '') !== '');
    const value =
      own[name] ?? carried ?? fixed[name] ?? (only.length === 1 ? only[0] : field.default) ?? frame.firm[name];
    if (value !== undefined && value !== '') head[name] = value;
  }
  return head;
}

function bodyOf(spec: MessageSpec, head: Head, lines: readonly Values[] = []): Body {
  const groups = spec.lines === undefined ? {} : { [spec.lines.name]: lines };
  return spec.head.name === '' ? { ...head, ...groups } : { [spec.head.name]: head, ...groups };
}

/** Lines of a message made from others: by name, numbered from 1 where the message numbers them. */
function linesLike(spec: MessageSpec, sources: readonly Values[]): Values[] {
  const fields = spec.lines?.fields ?? [];
  return sources.map((source, index) => {
    const line: Head = {};
    for (const { name } of fields) {
      const value =
        name === 'gnum' ? (source['gnum'] ?? String(index + 1)) : name === 'note' ? undefined : source[name];
      if (value !== undefined && value !== '') line[name] = value;
    }
    return line;
  });
}

/** A new document with nothing in it but what the firm and the table know, and one line to begin with. */
export function blankBody(spec: MessageSpec, frame: Frame): Body {
  const first = spec.lines === undefined || spec.lines.min === 0 ? [] : linesLike(spec, [{ gnum: '1' }]);
  return bodyOf(spec, composeHead(spec, frame, {}), first);
}

/**
 * The change (变更) or deletion (删除) of a filed document: the same business number, a new GUID and time, and the number that the
 * authority gave it.
 * @param amendment `numbers`: what the authority gave, under the names that the message has for it
 */
export function amendedBody(
  spec: MessageSpec,
  document: AnyDocument,
  amendment: { readonly appType: '2' | '3'; readonly guid: string; readonly appTime: string; readonly numbers: Values },
): Body {
  const { appType, guid, appTime, numbers } = amendment;
  const names = new Set(spec.head.fields.map(({ name }) => name));
  const given = Object.fromEntries(
    Object.entries(numbers).filter(([name, value]) => names.has(name) && value !== undefined && value !== ''),
  );
  const head = { ...headOf(spec, document), ...given, guid, appType, appTime };
  return spec.head.name === '' ? { ...document, ...head } : { ...document, [spec.head.name]: head };
}

/** The list a withdrawal or return is about. */
export interface FiledList {
  readonly spec: MessageSpec;
  readonly body: AnyDocument;
  /** 清单编号, as customs gave it. */
  readonly invtNo: string;
}

/** 撤销申请单 of a list: CEB605 for an export list, CEB623 for an import one. */
export function withdrawalBody(list: FiledList, reason: string, frame: Frame): { spec: MessageSpec; body: Body } {
  const spec: MessageSpec = list.spec.direction === 'export' ? ceb605 : ceb623;
  const head = composeHead(spec, frame, { invtNo: list.invtNo, reason }, [headOf(list.spec, list.body)]);
  return { spec, body: bodyOf(spec, head) };
}

/** How much of which line comes back: line number of the list, and quantity as decimal text. */
export interface ReturnedLine {
  readonly gnum: string;
  readonly qty: string;
}

/**
 * 退货申请单 of a list: CEB213 for an export list, CEB625 for an import one. Legal quantities follow the quantity in the proportion of the
 * list's line, half-up to five decimals; the whole line brings them back whole.
 * @param tradeMode supervision mode of the return, exports only
 */
export function returnBody(
  list: FiledList,
  back: { readonly lines: readonly ReturnedLine[]; readonly reason: string; readonly tradeMode: string },
  frame: Frame,
): { spec: MessageSpec; body: Body } {
  const isExport = list.spec.direction === 'export';
  const spec: MessageSpec = isExport ? ceb213 : ceb625;
  const head = composeHead(
    spec,
    frame,
    {
      invtNo: list.invtNo,
      reason: back.reason,
      // Goods that come back come from where they went; how they travel now is not how they travelled then.
      ...(isExport ? { tradeMode: back.tradeMode, ieFlag: 'I', trafName: '', voyageNo: '', billNo: '' } : {}),
    },
    [headOf(list.spec, list.body)],
  );
  const byNumber = new Map(linesOf(list.spec, list.body).map((line) => [line['gnum'], line]));
  const lines = back.lines.flatMap(({ gnum, qty }) => {
    const line = byNumber.get(gnum);
    return line === undefined ? [] : [{ ...line, qty, ...legalShare(line, qty) }];
  });
  return { spec, body: bodyOf(spec, head, linesLike(spec, lines)) };
}

function legalShare(line: Values, qty: string): Values {
  const whole = tryParse5(line['qty'] ?? '');
  const part = tryParse5(qty);
  if (whole === undefined || part === undefined || whole === 0n) return {};
  const share = (text: string | undefined): string | undefined => {
    const value = tryParse5(text ?? '');
    if (value === undefined) return text;
    return part === whole ? text : format5(divideRounded(value * part, whole, 'halfUp'));
  };
  const [qty1, qty2] = [share(line['qty1']), share(line['qty2'])];
  return { ...(qty1 === undefined ? {} : { qty1 }), ...(qty2 === undefined ? {} : { qty2 }) };
}

/** 退货理货明细单 (CEB215) of a return application that customs has accepted. */
export function tallyBody(application: AnyDocument, frame: Frame): { spec: MessageSpec; body: Body } {
  const head = composeHead(ceb215, frame, {}, [headOf(ceb213, application)]);
  return { spec: ceb215, body: bodyOf(ceb215, head) };
}

/** The lists that travel together, with what was entered for their shipment. */
export interface Consignment {
  readonly lists: readonly FiledList[];
  /** Shipment facts under the messages' names: billNo, trafName, voyageNo, loctNo, logisticsCode and so on. */
  readonly shipment: Values;
}

function consigned(consignment: Consignment): Values[] {
  return consignment.lists.map(({ spec, body, invtNo }) => ({ ...headOf(spec, body), invtNo, gnum: '' }));
}

function parcelLines(spec: MessageSpec, consignment: Consignment): Values[] {
  return linesLike(
    spec,
    consigned(consignment).map((head, index) => ({ ...head, gnum: String(index + 1) })),
  );
}

/** 清单总分单 (CEB607): the lists under their master waybill, with the sum of their gross weights. */
export function waybillListBody(consignment: Consignment, frame: Frame): { spec: MessageSpec; body: Body } {
  const gross = sum5(consigned(consignment).map((head) => tryParse5(head['grossWeight'] ?? '') ?? 0n));
  const head = composeHead(ceb607, frame, { grossWeight: format5(gross) }, [
    consignment.shipment,
    ...consigned(consignment).slice(0, 1),
  ]);
  return { spec: ceb607, body: bodyOf(ceb607, head, parcelLines(ceb607, consignment)) };
}

/** 运抵单 (CEB507) and 离境单 (CEB509) of the shipment's parcels. */
export function movementBody(
  kind: 'arrival' | 'departure',
  consignment: Consignment,
  frame: Frame,
): { spec: MessageSpec; body: Body } {
  const spec: MessageSpec = kind === 'arrival' ? ceb507 : ceb509;
  const head = composeHead(spec, frame, {}, [consignment.shipment, ...consigned(consignment).slice(0, 1)]);
  return { spec, body: bodyOf(spec, head, parcelLines(spec, consignment)) };
}

/**
 * 汇总申请单 (CEB701) of released lists that agree in what a declaration agrees in. Lists are named one by one; the period stays empty,
 * since it would make customs pass over the names.
 * @param byProducer summed up by consignor and producer rather than by consignor alone
 */
export function summaryBody(
  lists: readonly FiledList[],
  byProducer: boolean,
  frame: Frame,
): { spec: MessageSpec; body: Body } {
  const [first] = lists;
  const listed = first === undefined ? {} : headOf(first.spec, first.body);
  const head = composeHead(
    ceb701,
    frame,
    {
      summaryFlag: byProducer ? '2' : '1',
      itemNameFlag: '1',
      declAgentCode: listed['agentCode'] ?? frame.firm['agentCode'],
      declAgentName: listed['agentName'] ?? frame.firm['agentName'],
    },
    [listed],
  );
  return {
    spec: ceb701,
    body: bodyOf(
      ceb701,
      head,
      lists.map(({ invtNo }) => ({ invtNo })),
    ),
  };
}
