import { parseCompactDate } from '../shared/calendar/dates.ts';
import { specOf } from '../shared/documents/catalogue.ts';
import { type AnyDocument, headOf, linesOf, type MessageSpec, rowsOf, type Values } from '../shared/documents/spec.ts';
import { tryParse5 } from '../shared/money/decimal.ts';
import { type ProductRevision, productRevision } from '../shared/sync/protocol.ts';
import type { Docket } from './docket.ts';
import type { StoredDocument } from './storage/storage.ts';

/**
 * What the platform itself takes in, besides what it passes on to customs: registrations, products of the library, monthly statistics,
 * pledges. Each stands under a filing number of its sender's for as long as it is not deleted.
 */

/** The field of a filing with what it is about: of that, one filing may stand at a time. */
const topics: Readonly<Record<string, string>> = {
  PLAT101Message: 'subjectType',
  PLAT201Message: 'itemNo',
  PLAT301Message: 'period',
};

/** What a filing is about; empty where several may stand beside each other. */
export function topicOf({ message }: MessageSpec, head: Values): string {
  return head[topics[message] ?? ''] ?? '';
}

/** How the number of an accepted filing starts: 备案, 产品, 统计, 承诺. */
const prefixes: Readonly<Record<string, string>> = {
  PLAT101Message: 'BA',
  PLAT201Message: 'CP',
  PLAT301Message: 'TJ',
  PLAT401Message: 'CN',
};

/** The series' scope within which the acceptance numbers of a kind count on a day; undefined for what is no filing. */
export function acceptanceScope(kind: string, day: string): string | undefined {
  const prefix = prefixes[kind];
  return prefix === undefined ? undefined : `${prefix}${day}`;
}

interface Wrong {
  readonly code: string;
  readonly text: string;
}

type FilingVerdict =
  | { readonly kind: 'reject'; readonly info: string; readonly duplicate?: boolean }
  | { readonly kind: 'wait'; readonly info: string };

const said = (code: string, text: string): string => `[Code:${code};Desc:${text}]`;
const reject = (code: string, text: string, duplicate = false): FilingVerdict => ({
  kind: 'reject',
  info: said(code, text),
  ...(duplicate ? { duplicate } : {}),
});

const isAlive = ({ state }: StoredDocument): boolean => state === 'pending' || state === 'accepted';

const headIn = ({ kind, body }: StoredDocument): Values => {
  const spec = specOf(kind);
  return spec === undefined ? {} : headOf(spec, body);
};

/** New once; changed or deleted only while it stands, under the number it was given; a product's versions count up. */
export function checkFiling(
  document: StoredDocument,
  { docket }: { readonly docket: Docket },
): FilingVerdict | undefined {
  const { businessKey: key, enterpriseId, kind, id, appType, orderNo: topic } = document;
  const earlier = docket.sameKey(document).filter((one) => one.id < id && isAlive(one));
  const pending = earlier.find(({ state }) => state === 'pending');
  if (pending !== undefined) return { kind: 'wait', info: said('-801006', `[${key}]尚有未处理完毕的报送`) };
  const last = earlier.at(-1);
  const before = last?.appType === '3' ? undefined : last;
  const head = headIn(document);
  if (kind === 'PLAT201Message') {
    // Versions go on after a deletion: the library keeps them all.
    const newest = Number(last === undefined ? 0 : headIn(last)['version']);
    if (Number(head['version']) <= newest) return reject('-802001', `产品[${topic}]版本须大于 ${newest}`);
  }
  if (appType === '1') {
    if (before !== undefined) return reject('-801001', `[${key}]已经报送过，请勿重复报送`, true);
    if (topic === '') return undefined;
    // Of each other number what came last counts.
    const others = new Map(
      docket
        .byOrder(enterpriseId, kind, topic)
        .filter((one) => one.id < id && isAlive(one) && one.businessKey !== key)
        .map((one) => [one.businessKey, one]),
    );
    const other = [...others.values()].find((one) => one.appType !== '3');
    if (other === undefined) return undefined;
    return reject('-801003', `[${topic}]已由[${other.businessKey}]报送`, true);
  }
  if (before === undefined) return reject('-801002', `不存在已报送的[${key}]，无法变更或删除`);
  if (head['acceptNo'] !== before.invtNo)
    return reject('-801004', `受理编号 ${head['acceptNo'] ?? ''} 与[${key}]的不符`);
  return undefined;
}

const sha256 = /^[0-9a-f]{64}$/;
const isMonth = (text: string | undefined): boolean => text === undefined || /^(0?[1-9]|1[0-2])$/.test(text);

/** What is wrong in a filing taken by itself. */
export function wrongInFiling(spec: MessageSpec, body: AnyDocument): Wrong | undefined {
  const head = headOf(spec, body);
  switch (spec.message) {
    case 'PLAT101Message': {
      if ((spec.parts ?? []).flatMap((part) => rowsOf(part, body)).length === 0 && head['subjectType'] === 'trader')
        return { code: '-801010', text: '交易企业须填备案业务范围' };
      const wrong = linesOf(spec, body).find(
        (line) => line['validTo'] !== undefined && line['validTo'] < (head['appTime'] ?? '').slice(0, 8),
      );
      return wrong === undefined ? undefined : { code: '-801011', text: `材料[${wrong['paper'] ?? ''}]已过有效期` };
    }
    case 'PLAT201Message': {
      const months = linesOf(spec, body).map(({ month }) => month);
      if (![head['seasonFrom'], head['seasonTo'], ...months].every(isMonth))
        return { code: '-802002', text: '月份须为 1 至 12' };
      if (new Set(months.map(Number)).size !== months.length)
        return { code: '-802003', text: '月供应能力有重复的月份' };
      return productRevision.safeParse(productOf(spec, body)).success
        ? undefined
        : { code: '-802004', text: '产品内容不符合产品资源库格式' };
    }
    case 'PLAT301Message':
      return wrongInStatistics(head, linesOf(spec, body));
    case 'PLAT401Message': {
      if (!sha256.test(head['textSha256'] ?? '')) return { code: '-804001', text: '承诺书正文校验值不是 SHA-256' };
      const end = head['validTo'];
      return end !== undefined && end < (head['signedOn'] ?? '')
        ? { code: '-804002', text: '有效期早于签署日期' }
        : undefined;
    }
    default:
      return undefined;
  }
}

/** Amounts add up to the cent; what is counted once in the head is in some line, and no line counts more than there is. */
function wrongInStatistics(head: Values, lines: readonly Values[]): Wrong | undefined {
  if (parseCompactDate(`${head['period'] ?? ''}01`) === undefined)
    return { code: '-803001', text: `统计月份 ${head['period'] ?? ''} 不是年月` };
  const scaled = (of: Values, name: string): bigint => tryParse5(of[name] ?? '') ?? 0n;
  for (const [name, label] of [
    ['amountCny', '人民币金额'],
    ['amountUsd', '美元金额'],
  ] as const) {
    if (name === 'amountUsd' && head[name] === undefined) continue;
    const sum = lines.reduce((total, line) => total + scaled(line, name), 0n);
    if (sum !== scaled(head, name)) return { code: '-803002', text: `各项${label}之和不等于合计` };
  }
  for (const [name, label] of [
    ['orders', '订单数'],
    ['returns', '退货单数'],
    ['newBuyers', '新增买家数'],
  ] as const) {
    const all = scaled(head, name);
    if (
      lines.reduce((total, line) => total + scaled(line, name), 0n) < all ||
      lines.some((line) => scaled(line, name) > all)
    )
      return { code: '-803003', text: `各项${label}与合计不符` };
  }
  return undefined;
}

const given = <T>(value: T | undefined, as: (value: T) => Partial<ProductRevision>): Partial<ProductRevision> =>
  value === undefined ? {} : as(value);

/** A filed product as the library has it; the deletion of one is a version that is withdrawn. */
export function productOf(spec: MessageSpec, body: AnyDocument): ProductRevision {
  const head = headOf(spec, body);
  const rows = (name: string): readonly Values[] =>
    (spec.parts ?? []).filter((part) => part.name === name).flatMap((part) => rowsOf(part, body) as readonly Values[]);
  const { seasonFrom, seasonTo, temperatureFrom, temperatureTo } = head;
  const months = linesOf(spec, body);
  const certificates = rows('ProductCertificate');
  const photos = rows('ProductPhoto');
  const extras = rows('ProductExtra');
  return {
    itemNo: head['itemNo'] ?? '',
    version: Number(head['version']),
    nameZh: head['nameZh'] ?? '',
    ...given(head['nameEn'], (nameEn) => ({ nameEn })),
    ...given(head['origin'], (origin) => ({ origin })),
    ...given(head['village'], (village) => ({ village })),
    ...given(head['hsCode'], (hsCode) => ({ hsCode })),
    ...given(head['variety'], (variety) => ({ variety })),
    ...given(head['grade'], (grade) => ({ grade })),
    ...given(head['pack'], (pack) => ({ pack })),
    ...given(head['brand'], (brand) => ({ brand })),
    ...given(head['flagship'], (flagship) => ({ flagship: flagship === 'Y' })),
    ...(seasonFrom === undefined || seasonTo === undefined
      ? {}
      : { season: { from: Number(seasonFrom), to: Number(seasonTo) } }),
    ...(temperatureFrom === undefined || temperatureTo === undefined
      ? {}
      : { temperature: { from: temperatureFrom, to: temperatureTo } }),
    ...(months.length === 0
      ? {}
      : {
          monthlyCapacity: months.map(({ month, quantity, unit }) => ({
            month: Number(month),
            quantity: quantity ?? '',
            unit: unit ?? '',
          })),
        }),
    ...(certificates.length === 0
      ? {}
      : {
          certificates: certificates.map(({ certKind, certNo, issuer, validTo }) => ({
            kind: certKind ?? '',
            no: certNo ?? '',
            ...(issuer === undefined ? {} : { issuer }),
            ...(validTo === undefined ? {} : { validTo: parseCompactDate(validTo) ?? validTo }),
          })),
        }),
    ...(photos.length === 0
      ? {}
      : { photos: photos.map(({ fileName, sha256: hash }) => ({ name: fileName ?? '', sha256: hash ?? '' })) }),
    ...(extras.length === 0
      ? {}
      : {
          extras: extras.map(({ field, label, value }) => ({
            field: field ?? '',
            label: label ?? '',
            value: value ?? '',
          })),
        }),
    ...(head['withdrawn'] === 'Y' || head['appType'] === '3' ? { withdrawn: true } : {}),
  };
}
