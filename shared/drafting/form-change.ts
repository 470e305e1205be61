/**
 * An export list (清单) taken over into a goods declaration (报关单), and the other way: which field becomes which, what changes on the way,
 * what the other paper has no place for, what a person has to enter. Many papers may become one, so values are told by field, not by paper.
 */
import { ceb603, decMessage } from '../documents/catalogue.ts';
import { fieldsOf, isOwnField } from '../documents/fields.ts';
import type { AnyDocument, MessageSpec } from '../documents/spec.ts';
import { format5, tryParse5 } from '../money/decimal.ts';

/** `changed`: it stands there otherwise; `lost`: the new paper does not bear it; `given`: filled without the old one; `enter`, `check`: a person's. */
export const formChangeKinds = ['changed', 'lost', 'given', 'enter', 'check'] as const;
export const formChangeReasons = [
  ...(['mode', 'code', 'merged', 'parties', 'redrawn'] as const),
  ...(['noPlace', 'fob', 'zoneOnly', 'listOnly', 'several'] as const),
  ...(['default', 'required', 'cap', 'noLicence', 'booking', 'zoneGoods', 'zoneNeeded'] as const),
] as const;
export type FormChangeReason = (typeof formChangeReasons)[number];

/** Different values that a field has among the papers: the first ones, and how many there are. */
export interface FieldValues {
  readonly shown: readonly string[];
  readonly count: number;
}
export interface FormChangeRow {
  readonly kind: (typeof formChangeKinds)[number];
  /** Place in the papers that go, and in those that come, without line numbers; empty where there is none. */
  readonly from: string;
  readonly to: string;
  readonly old: FieldValues;
  readonly now: FieldValues;
  readonly reason: FormChangeReason;
  /** What the reason needs to be told. */
  readonly detail: string;
}

interface Pair {
  readonly list: string;
  /** Places in the declaration; none: it has none. */
  readonly declaration: readonly string[];
  /** Why it differs, or why it has no place. */
  readonly reason: FormChangeReason;
}
const pair = (list: string, reason: FormChangeReason, ...declaration: readonly string[]): Pair => ({
  ...{ list, declaration, reason },
});
const head = (name: string): string => `InventoryHead/${name}`;
const line = (name: string): string => `InventoryList/${name}`;

/** Every field of a list that is not the program's own, and what a declaration says in its place. */
export const formPairs: readonly Pair[] = [
  pair(head('customsCode'), 'redrawn', 'DecHead/CustomMaster'),
  pair(head('ebpCode'), 'noPlace'),
  pair(head('ebpName'), 'noPlace'),
  // Of 9710 alone: customs finds the trade by its order.
  pair(head('orderNo'), 'noPlace', 'EdocRealation/EdocID'),
  pair(head('logisticsCode'), 'listOnly'),
  pair(head('logisticsName'), 'listOnly'),
  pair(head('logisticsNo'), 'listOnly'),
  pair(head('portCode'), 'redrawn', 'DecHead/IEPort'),
  pair(head('ieDate'), 'redrawn', 'DecHead/IEDate'),
  pair(head('statisticsFlag'), 'listOnly'),
  pair(head('agentCode'), 'parties', 'DecHead/AgentCode', 'DecHead/AgentCodeScc'),
  pair(head('agentName'), 'parties', 'DecHead/AgentName'),
  pair(head('ebcCode'), 'parties', 'DecHead/TradeCoScc', 'DecHead/TradeCode'),
  pair(head('ebcName'), 'parties', 'DecHead/TradeName'),
  pair(head('ownerCode'), 'parties', 'DecHead/OwnerCodeScc', 'DecHead/OwnerCode'),
  pair(head('ownerName'), 'parties', 'DecHead/OwnerName'),
  pair(head('iacCode'), 'zoneOnly'),
  pair(head('iacName'), 'zoneOnly'),
  pair(head('emsNo'), 'zoneOnly'),
  pair(head('tradeMode'), 'mode', 'DecHead/TradeMode'),
  pair(head('trafMode'), 'redrawn', 'DecHead/TrafMode'),
  pair(head('trafName'), 'redrawn', 'DecHead/TrafName'),
  pair(head('voyageNo'), 'redrawn', 'DecFreeTxt/VoyNo'),
  pair(head('billNo'), 'redrawn', 'DecHead/BillNo'),
  pair(head('totalPackageNo'), 'listOnly'),
  pair(head('loctNo'), 'noPlace'),
  pair(head('licenseNo'), 'several', 'DecHead/LicenseNo'),
  pair(head('country'), 'code', 'DecHead/TradeCountry'),
  pair(head('POD'), 'code', 'DecHead/DistinatePort'),
  pair(head('freight'), 'fob'),
  pair(head('fCurrency'), 'fob'),
  pair(head('fFlag'), 'fob'),
  pair(head('insuredFee'), 'fob'),
  pair(head('iCurrency'), 'fob'),
  pair(head('iFlag'), 'fob'),
  pair(head('wrapType'), 'code', 'DecHead/WrapType'),
  pair(head('packNo'), 'merged', 'DecHead/PackNo'),
  pair(head('grossWeight'), 'merged', 'DecHead/GrossWet'),
  pair(head('netWeight'), 'merged', 'DecHead/NetWt'),
  pair(head('note'), 'several', 'DecHead/NoteS'),
  pair(line('itemNo'), 'merged', 'DecList/ExgNo'),
  pair(line('itemRecordNo'), 'zoneOnly'),
  pair(line('itemName'), 'noPlace'),
  pair(line('gcode'), 'redrawn', 'DecList/CodeTS'),
  pair(line('gname'), 'redrawn', 'DecList/GName'),
  pair(line('gmodel'), 'redrawn', 'DecList/GModel'),
  pair(line('barCode'), 'noPlace'),
  pair(line('country'), 'code', 'DecList/OriginCountry'),
  pair(line('currency'), 'code', 'DecList/TradeCurr'),
  pair(line('qty'), 'merged', 'DecList/GQty'),
  pair(line('qty1'), 'merged', 'DecList/FirstQty'),
  pair(line('qty2'), 'merged', 'DecList/SecondQty'),
  pair(line('unit'), 'redrawn', 'DecList/GUnit'),
  pair(line('unit1'), 'redrawn', 'DecList/FirstUnit'),
  pair(line('unit2'), 'redrawn', 'DecList/SecondUnit'),
  pair(line('price'), 'merged', 'DecList/DeclPrice'),
  pair(line('totalPrice'), 'merged', 'DecList/DeclTotal'),
  pair(line('note'), 'noPlace'),
];

/** Different values that a table shows of a field. */
const SHOWN = 3;

/** What stands at a place without line numbers, in every line of every paper. */
function textsAt(of: unknown, path: readonly string[]): string[] {
  if (Array.isArray(of)) return of.flatMap((one) => textsAt(one, path));
  const [name, ...rest] = path;
  if (name === undefined) return typeof of === 'string' && of.trim() !== '' ? [of] : [];
  if (typeof of !== 'object' || of === null) return [];
  return textsAt((of as Readonly<Record<string, unknown>>)[name], rest);
}

/** Numbers are compared as numbers: 1.50 is 1.5. */
const plainText = (text: string): string => {
  const value = /^-?\d+(\.\d+)?$/.test(text) && !/^0\d/.test(text) ? tryParse5(text) : undefined;
  return value === undefined ? text : format5(value);
};

class Papers {
  readonly #values = new Map<string, readonly string[]>();
  readonly #bodies: readonly AnyDocument[];

  constructor(bodies: readonly AnyDocument[]) {
    this.#bodies = bodies;
  }

  at(path: string): readonly string[] {
    const known = this.#values.get(path);
    if (known !== undefined) return known;
    const values = [...new Set(this.#bodies.flatMap((body) => textsAt(body, path.split('/'))).map(plainText))];
    this.#values.set(path, values);
    return values;
  }
}

const told = (values: readonly string[]): FieldValues => ({ shown: values.slice(0, SHOWN), count: values.length });
const nothing = told([]);

/** Places a user fills, in the order of the message. */
const placesOf = (spec: MessageSpec): string[] =>
  fieldsOf(spec)
    .filter(({ spec: field, part }) => !isOwnField(spec, field.name) || (part !== undefined && part.max > 1))
    .map(({ path }) => path);

export type FormDirection = 'declaration' | 'list';

/**
 * Each field that differs between the papers that go and those that come in their place, and how many come over as they are.
 * @param missing places of the new papers that have to be filled and are not
 */
export function formChange(
  to: FormDirection,
  before: readonly AnyDocument[],
  after: readonly AnyDocument[],
  missing: readonly string[],
): { readonly rows: readonly FormChangeRow[]; readonly carried: number } {
  const [oldSpec, newSpec]: [MessageSpec, MessageSpec] =
    to === 'declaration' ? [ceb603, decMessage] : [decMessage, ceb603];
  const [old, now] = [new Papers(before), new Papers(after)];
  const targets = new Map<string, { readonly to: readonly string[]; readonly reason: FormChangeReason }>();
  if (to === 'declaration')
    for (const one of formPairs) targets.set(one.list, { to: one.declaration, reason: one.reason });
  else
    for (const one of formPairs)
      for (const place of one.declaration)
        targets.set(place, { to: [...(targets.get(place)?.to ?? []), one.list], reason: one.reason });
  const rows: FormChangeRow[] = [];
  const reached = new Set<string>();
  let carried = 0;
  for (const from of placesOf(oldSpec)) {
    const values = old.at(from);
    if (values.length === 0) continue;
    const target = targets.get(from);
    const places = (target?.to ?? []).filter((place) => now.at(place).length > 0);
    const became = [...new Set(places.flatMap((place) => now.at(place)))];
    const row = { from, old: told(values), detail: '' };
    if (places.length === 0) {
      rows.push({ ...row, kind: 'lost', to: '', now: nothing, reason: lostReason(target?.reason) });
      continue;
    }
    for (const place of places) reached.add(place);
    const isSame =
      values.every((value) => became.includes(value)) && (places.length > 1 || became.length === values.length);
    if (isSame) carried += 1;
    else
      rows.push({
        ...row,
        kind: 'changed',
        to: places[0] ?? '',
        now: told(became),
        reason: changedReason(to, target?.reason),
      });
  }
  for (const place of placesOf(newSpec)) {
    const values = now.at(place);
    if (values.length > 0 && !reached.has(place))
      rows.push({ kind: 'given', from: '', to: place, old: nothing, now: told(values), reason: 'default', detail: '' });
  }
  for (const place of new Set(missing))
    rows.push({ kind: 'enter', from: '', to: place, old: nothing, now: nothing, reason: 'required', detail: '' });
  const order = (kind: FormChangeRow['kind']): number => ['lost', 'enter', 'check', 'changed', 'given'].indexOf(kind);
  return { rows: rows.sort((a, b) => order(a.kind) - order(b.kind)), carried };
}

const lostReasons: ReadonlySet<FormChangeReason> = new Set(['noPlace', 'fob', 'zoneOnly', 'listOnly', 'several']);
const lostReason = (reason: FormChangeReason | undefined): FormChangeReason =>
  reason !== undefined && lostReasons.has(reason) ? reason : 'noPlace';
/** Lists are drawn from their orders, not from the declaration: what was changed by hand in it does not come over. */
const changedReason = (to: FormDirection, reason: FormChangeReason | undefined): FormChangeReason =>
  reason === undefined || (to === 'list' && reason !== 'code' && reason !== 'mode') ? 'redrawn' : reason;
