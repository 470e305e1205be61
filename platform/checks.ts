import { specOf } from '../shared/documents/catalogue.ts';
import { headOf, linesOf, type MessageSpec, type Values } from '../shared/documents/spec.ts';
import { validateAny } from '../shared/documents/validate.ts';
import { tryParse5 } from '../shared/money/decimal.ts';
import type { TableSet } from '../shared/tables/table.ts';
import { wrongInDeclaration } from './declaration.ts';
import type { Docket } from './docket.ts';
import { checkFiling, wrongInFiling } from './filings.ts';
import type { Enterprise, StoredDocument } from './storage/storage.ts';

/**
 * What customs looks at on the practice platform. This is a second opinion: it shares the message tables with the desk and
 * none of its rules, so that a mistake in a desk's check is found here and not at customs.
 */

export type Verdict =
  | { readonly kind: 'accept'; readonly replaces?: StoredDocument }
  | { readonly kind: 'reject'; readonly info: string; readonly duplicate?: boolean }
  /** Something it depends on has not arrived or is not decided yet. */
  | { readonly kind: 'wait'; readonly info: string };

export interface CheckContext {
  readonly docket: Docket;
  readonly tables: TableSet;
  readonly enterprise: Enterprise;
}

/** `returnInfo` as customs writes it, within its 1000 characters. */
export function reason(code: string, text: string): string {
  return `[Code:${code};Desc:${text.slice(0, 900)}]`;
}

function reject(code: string, text: string, duplicate = false): Verdict {
  return { kind: 'reject', info: reason(code, text), ...(duplicate ? { duplicate } : {}) };
}

/** Decides on a document; the first thing wrong decides. */
export function check(spec: MessageSpec, document: StoredDocument, context: CheckContext): Verdict {
  const head = headOf(spec, document.body);
  const wrongCode =
    document.isSound === true
      ? undefined
      : validateAny(spec, document.body, context.tables).find(({ level }) => level === 'reject');
  if (wrongCode !== undefined) {
    const { path, params } = wrongCode;
    return reject(
      '-301008',
      `参数校验不通过，${path} ${String(params['field'] ?? '')} ${String(params['value'] ?? '')}`.trim(),
    );
  }
  return (
    checkEnterprise(head, context.enterprise) ??
    checkUnique(document, context) ??
    (document.isSound === true ? undefined : checkAmounts(spec, document)) ??
    checkKind(spec, document, head, context) ??
    accept(document, context)
  );
}

function accept(document: StoredDocument, { docket }: CheckContext): Verdict {
  const before = docket.sameKey(document).find(({ state }) => state === 'accepted');
  return before === undefined ? { kind: 'accept' } : { kind: 'accept', replaces: before };
}

function checkEnterprise(head: Values, enterprise: Enterprise): Verdict | undefined {
  const code = head['ebcCode'] ?? head['payeeCode'] ?? head['reporterCode'];
  if (code === undefined || code === enterprise.uscc || code === enterprise.customsCode) return undefined;
  return reject('-10102', `无效企业代码 ${code}，与报送企业不符`);
}

/** 新增 of a number that is taken, 变更 of one that is not there, 删除. */
function checkUnique(document: StoredDocument, context: CheckContext): Verdict | undefined {
  if (document.kind === 'FX101Message' || document.kind === 'FX201Message') return checkFormUnique(document, context);
  if (specOf(document.kind)?.family === 'plat') return checkFiling(document, context);
  const { docket } = context;
  const alive = docket
    .sameKey(document)
    .filter(({ state, id }) => isAlive(state) && (state !== 'pending' || id < document.id));
  const key = document.businessKey;
  if (document.kind === 'DecMessage')
    return alive.length > 0
      ? { kind: 'reject', info: `报关单[${key}]已经申报过，请勿重复申报`, duplicate: true }
      : undefined;
  switch (document.appType) {
    case '1': {
      if (alive.length > 0) return reject(duplicateCode(document.kind), `[${key}]已经申报过，请勿重复申报`, true);
      if (document.kind !== 'CEB603Message') return undefined;
      // The list's unique key of the specification is the order; a waybill carries one list.
      const other = [
        ...docket.byOrder(document.enterpriseId, document.kind, document.orderNo),
        ...docket.byLogistics(document.enterpriseId, document.kind, document.logisticsNo),
      ].find((one) => one.id < document.id && isAlive(one.state) && one.businessKey !== key);
      if (other === undefined) return undefined;
      return reject(
        '-621004',
        `订单[${document.orderNo}]或运单[${document.logisticsNo}]已由清单[${other.businessKey}]申报`,
        true,
      );
    }
    case '2':
      if (alive.length === 0) return reject('-621011', `不存在已申报的[${key}]，无法进行改单操作`);
      if (alive.some(({ state }) => state === 'released')) return reject('-621012', `[${key}]已放行，无法进行改单操作`);
      return undefined;
    case '3':
      if (alive.length === 0) return reject('-621011', `不存在已申报的[${key}]，无法删除`);
      if (alive.some(({ state }) => state === 'released')) return reject('-621012', `[${key}]已放行，无法删除`);
      return undefined;
    default:
      return reject('-301008', `不受理报送类型 ${document.appType}`);
  }
}

/**
 * Forms of foreign exchange: new once, changed, deleted or adjusted only while something stands. A declaration keeps its number through all
 * of it; a report has a number of its own each time, and the item they are about holds them together.
 */
function checkFormUnique(document: StoredDocument, { docket }: CheckContext): Verdict | undefined {
  const isReport = document.kind === 'FX201Message';
  const others = isReport
    ? docket.byOrder(document.enterpriseId, document.kind, document.orderNo)
    : docket.sameKey(document);
  const before = others.filter(({ id, state }) => id !== document.id && id < document.id && isAlive(state));
  const pending = before.find(({ state }) => state === 'pending');
  if (pending !== undefined) return { kind: 'wait', info: reason('-701003', `[${pending.businessKey}]尚未处理完毕`) };
  const stands = before.at(-1)?.appType !== '3' && before.length > 0;
  const key = isReport ? document.orderNo : document.businessKey;
  if (isReport && docket.sameKey(document).some(({ id, state }) => id < document.id && isAlive(state)))
    return reject('-701004', `报告编号[${document.businessKey}]已经用过`, true);
  if (document.appType === '1') return stands ? reject('-701001', `[${key}]已经申报过，请勿重复申报`, true) : undefined;
  return stands ? undefined : reject('-701002', `不存在已申报的[${key}]，无法修改、删除或调整`);
}

function isAlive(state: StoredDocument['state']): boolean {
  return state === 'pending' || state === 'accepted' || state === 'released';
}

function duplicateCode(kind: string): string {
  switch (kind) {
    case 'CEB303Message':
      return '-301010';
    case 'CEB403Message':
      return '-401007';
    case 'CEB505Message':
      return '-504015';
    default:
      return '-621004';
  }
}

/** Sums, to the fifth decimal: line totals by line, and the order's goods value. They ask for nothing beside the document. */
export function checkAmounts(spec: MessageSpec, document: Pick<StoredDocument, 'kind' | 'body'>): Verdict | undefined {
  const head = headOf(spec, document.body);
  const lines = linesOf(spec, document.body);
  let sum = 0n;
  for (const [index, line] of lines.entries()) {
    if (line['qty'] === undefined) continue;
    const qty = tryParse5(line['qty']) ?? 0n;
    const price = tryParse5(line['price'] ?? '') ?? 0n;
    const total = tryParse5(line['totalPrice'] ?? '') ?? 0n;
    if (qty <= 0n) return reject('-301008', `第${index + 1}项数量必须大于 0`);
    // A price rounded to five decimals may be off by half of the last one for every piece, the product by half as well.
    const off = total * 100000n - qty * price;
    if ((off < 0n ? -off : off) > (qty + 100000n) / 2n)
      return reject('-301008', `第${index + 1}项总价不等于数量乘单价`);
    if (Number(line['gnum']) !== index + 1)
      return reject('-621027', `第${index + 1}项序号 ${line['gnum'] ?? ''} 不连续`);
    sum += total;
  }
  if (document.kind === 'CEB303Message' && sum !== tryParse5(head['goodsValue'] ?? '')) {
    return reject('-301008', '商品金额不等于各项总价之和');
  }
  return undefined;
}

function checkKind(
  spec: MessageSpec,
  document: StoredDocument,
  head: Values,
  context: CheckContext,
): Verdict | undefined {
  switch (document.kind) {
    case 'CEB403Message':
      return (tryParse5(head['charge'] ?? '') ?? 0n) < 0n ? reject('-401009', '收款金额不得为负') : undefined;
    case 'CEB505Message':
      return checkParcel(head);
    case 'DecMessage': {
      const wrong = wrongInDeclaration(spec, document.body, head, context.enterprise);
      return wrong === undefined ? undefined : { kind: 'reject', info: wrong };
    }
    case 'FX101Message':
      return checkIncome(head);
    case 'FX201Message':
      return checkCredit(head);
    case 'PLAT101Message':
    case 'PLAT201Message':
    case 'PLAT301Message':
    case 'PLAT401Message': {
      const wrong = wrongInFiling(spec, document.body);
      return wrong === undefined ? undefined : reject(wrong.code, wrong.text);
    }
    case 'CEB605Message':
    case 'CEB213Message':
      return checkAbout(document, head, context, 'CEB603Message', document.kind === 'CEB213Message');
    case 'CEB623Message':
    case 'CEB625Message':
      return checkAbout(document, head, context, 'CEB621Message', document.kind === 'CEB625Message');
    case 'CEB701Message':
      return checkSummary(spec, document, context);
    case 'CEB603Message':
      return checkParcel(head) ?? checkOrder(spec, document, context) ?? checkWaybill(document, head, context);
    default:
      return undefined;
  }
}

/** A withdrawal or return names a list of the same firm that stands; goods come back of released ones only, and no more than went. */
function checkAbout(
  document: StoredDocument,
  head: Values,
  { docket }: CheckContext,
  listKind: string,
  isReturn: boolean,
): Verdict | undefined {
  const number = head['invtNo'] ?? '';
  const list = docket.byNumber(document.enterpriseId, listKind, number);
  if (list === undefined || (list.state !== 'accepted' && list.state !== 'released'))
    return reject('-623005', `清单[${number}]不存在或状态不允许`);
  if (!isReturn) return undefined;
  if (list.state !== 'released') return reject('-623005', `清单[${number}]尚未放行，不能退货`);
  const listed = new Map(
    linesIn(list.body).map((line) => [line['gnum'] ?? '', tryParse5(line['qty'] ?? '') ?? 0n] as const),
  );
  for (const line of linesIn(document.body)) {
    const most = listed.get(line['gnum'] ?? '');
    if (most === undefined || (tryParse5(line['qty'] ?? '') ?? 0n) > most)
      return reject('-623005', `退货第${line['gnum'] ?? ''}项超出原清单`);
  }
  return undefined;
}

/** The lines of a body, whatever its message calls them. */
function linesIn(body: Readonly<Record<string, unknown>>): readonly Values[] {
  return (Object.values(body).find((value) => Array.isArray(value)) ?? []) as readonly Values[];
}

/** Every list that is to be summed up is released and is no simplified one. */
function checkSummary(spec: MessageSpec, document: StoredDocument, { docket }: CheckContext): Verdict | undefined {
  const lines = linesOf(spec, document.body);
  const head = headOf(spec, document.body);
  if (lines.length === 0 && head['startTime'] === undefined) return reject('-301008', '没有列出清单，也没有汇总时间段');
  for (const { invtNo } of lines) {
    const list = docket.byNumber(document.enterpriseId, 'CEB603Message', invtNo ?? '');
    if (list?.state !== 'released') return reject('-621011', `清单[${invtNo ?? ''}]不存在或尚未放行`);
    const { statisticsFlag } = (list.body['InventoryHead'] ?? {}) as Values;
    if (statisticsFlag === 'A') return reject('-301008', `清单[${invtNo ?? ''}]为汇总统计，不需汇总申报`);
  }
  return undefined;
}

const scaled = (head: Values, name: string): bigint => tryParse5(head[name] ?? '') ?? 0n;

/** What the bank adds up: parts and codes of the income, dates in their order, 退 in the remark of a refund. */
function checkIncome(head: Values): Verdict | undefined {
  const amount = scaled(head, 'amount');
  if (amount <= 0n) return reject('-701010', '收入款金额必须大于 0');
  if (scaled(head, 'settledAmount') + scaled(head, 'spotAmount') + scaled(head, 'otherAmount') !== amount)
    return reject('-701011', '结汇、现汇、其他金额之和不等于收入款金额');
  if (scaled(head, 'amount1') + scaled(head, 'amount2') !== amount)
    return reject('-701012', '各交易编码金额之和不等于收入款金额');
  if (!/^\d{6}$/.test(head['code1'] ?? '')) return reject('-701013', `交易编码 ${head['code1'] ?? ''} 不是 6 位数字`);
  if (head['refund'] === 'Y' && !`${head['remark1'] ?? ''}${head['remark2'] ?? ''}`.includes('退'))
    return reject('-701014', '退款的交易附言须注明“退”');
  if ((head['declaredOn'] ?? '') < (head['creditedOn'] ?? '')) return reject('-701015', '申报日期早于入账日期');
  return undefined;
}

function checkCredit(head: Values): Verdict | undefined {
  if (head['appType'] !== '3' && scaled(head, 'amount') <= 0n) return reject('-702001', '报告金额必须大于 0');
  if (scaled(head, 'balance') > scaled(head, 'amount')) return reject('-702002', '余额大于报告金额');
  if ((head['expectedDate'] ?? '') < (head['baseDate'] ?? '')) return reject('-702003', '预计日期早于发生日期');
  return undefined;
}

function checkParcel(head: Values): Verdict | undefined {
  const gross = tryParse5(head['grossWeight'] ?? '') ?? 0n;
  if (gross <= 0n) return reject('-504011', '毛重必须大于 0');
  if (Number(head['packNo']) < 1) return reject('-504011', '件数必须大于 0');
  const net = head['netWeight'];
  if (net === undefined) return undefined;
  const netWeight = tryParse5(net) ?? 0n;
  if (netWeight <= 0n || netWeight > gross) return reject('-621020', '净重必须大于 0 且不大于毛重');
  return undefined;
}

/** The newest of the documents that counts: an accepted one, else a pending one, else what became of the last. */
function standing(documents: readonly StoredDocument[]): StoredDocument | undefined {
  return (
    documents.findLast(({ state }) => state === 'accepted' || state === 'released') ??
    documents.findLast(({ state }) => state === 'pending') ??
    documents.at(-1)
  );
}

const lineFields = ['gnum', 'itemNo', 'qty', 'price', 'totalPrice'] as const;

/** 订单 stored and accepted, and the same goods line by line. */
function checkOrder(spec: MessageSpec, list: StoredDocument, { docket }: CheckContext): Verdict | undefined {
  const order = standing(docket.byOrder(list.enterpriseId, 'CEB303Message', list.orderNo));
  if (order === undefined) return { kind: 'wait', info: reason('-301005', `[${list.orderNo}]订单信息查询不存在`) };
  if (order.state === 'pending') return { kind: 'wait', info: reason('-301005', `[${list.orderNo}]订单尚未入库`) };
  if (order.state === 'rejected') return { kind: 'wait', info: reason('-301005', `[${list.orderNo}]订单已退单`) };
  const orderLines = (order.body['OrderList'] ?? []) as readonly Values[];
  const lines = linesOf(spec, list.body);
  if (orderLines.length !== lines.length)
    return reject('1322', `订单 ${orderLines.length} 项，清单 ${lines.length} 项`);
  for (const [index, line] of lines.entries()) {
    const other = orderLines[index];
    const field = lineFields.find((name) => !same(name, line[name], other?.[name]));
    if (field !== undefined) return reject('1322', `订单清单表体商品项不一致，第${index + 1}项 ${field}`);
  }
  return undefined;
}

function same(name: string, a: string | undefined, b: string | undefined): boolean {
  if (name === 'itemNo' || (a !== undefined && a === b)) return a === b;
  const left = tryParse5(a ?? '');
  return left !== undefined && left === tryParse5(b ?? '');
}

/** 运单, when this enterprise sends its waybills itself at all. */
function checkWaybill(list: StoredDocument, head: Values, { docket }: CheckContext): Verdict | undefined {
  if (!docket.sendsWaybills(list.enterpriseId)) return undefined;
  const waybill = standing(docket.byLogistics(list.enterpriseId, 'CEB505Message', list.logisticsNo));
  if (waybill === undefined || waybill.state === 'pending' || waybill.state === 'rejected') {
    return { kind: 'wait', info: reason('-504005', `运单[${list.logisticsNo}]未入库`) };
  }
  const carrier = waybill.body as Values;
  if (carrier['logisticsCode'] !== head['logisticsCode']) return reject('-621020', '清单与运单的物流企业不一致');
  const weight = tryParse5(carrier['grossWeight'] ?? '');
  if (weight !== undefined && weight !== tryParse5(head['grossWeight'] ?? ''))
    return reject('-621020', '清单与运单的毛重不一致');
  return undefined;
}
