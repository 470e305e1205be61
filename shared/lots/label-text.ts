/** The text of a lot's QR code: plain lines that any telephone shows without a network. */
import { kilogramText } from './mass.ts';

export interface LabelFacts {
  readonly code: string;
  readonly firm: string;
  readonly productZh: string;
  readonly productEn: string;
  readonly variety: string;
  readonly massG: number;
  readonly madeOn: string;
  /** Where it grew: name and registration number; the first few, and how many there are. */
  readonly origins: readonly { readonly name: string; readonly registrationNo: string }[];
  readonly harvestedFrom: string;
  readonly harvestedUntil: string;
  readonly packHouse: string;
  readonly packHouseNo: string;
}
export type LabelLanguage = 'zh' | 'en';

/** Names listed on a label; a code with more text becomes too fine for a carton. */
const shownOrigins = 3;

const lineOf =
  (isZh: boolean) =>
  (zh: string, en: string, value: string): string[] =>
    value === '' ? [] : [`${isZh ? zh : en}: ${value}`];

const productOf = ({ productZh, productEn, variety }: LabelFacts, isZh: boolean): string =>
  [isZh || productEn === '' ? productZh : productEn, variety].filter((one) => one !== '').join(' ');

const harvestOf = ({ harvestedFrom, harvestedUntil }: LabelFacts): string =>
  harvestedFrom === harvestedUntil ? harvestedFrom : `${harvestedFrom} – ${harvestedUntil}`;

/** Lines `name: value`; what is not known is left out. */
export function labelText(facts: LabelFacts, language: LabelLanguage): string {
  const isZh = language === 'zh';
  const line = lineOf(isZh);
  const named = (name: string, number: string): string => (number === '' ? name : `${name} (${number})`);
  const names = facts.origins.slice(0, shownOrigins).map((one) => named(one.name, one.registrationNo));
  const more = facts.origins.length - names.length;
  return [
    ...line('溯源码', 'Trace code', facts.code),
    ...line('产品', 'Product', productOf(facts, isZh)),
    ...line('批次净重', 'Net mass of lot', `${kilogramText(facts.massG)} kg`),
    ...line('基地', 'Origin', [...names, ...(more > 0 ? [`+${more}`] : [])].join('; ')),
    ...line('采收', 'Harvested', harvestOf(facts)),
    ...line('包装厂', 'Pack house', facts.packHouse === '' ? '' : named(facts.packHouse, facts.packHouseNo)),
    ...line('成批', 'Made', facts.madeOn),
    ...line('企业', 'Exporter', facts.firm),
  ].join('\n');
}

/** What a sheet is about where it is not one lot: a carton, a dispatch, a declaration, a shipment. */
export interface LabelHead {
  readonly kind: 'carton' | 'dispatch' | 'declaration' | 'shipment';
  readonly name: string;
  readonly massG: number;
}
const kindNames = {
  carton: ['箱号', 'Carton'],
  dispatch: ['发运', 'Dispatch'],
  declaration: ['报关单', 'Declaration'],
  shipment: ['货运', 'Shipment'],
} as const;

/** Bytes of UTF-8 that a code on a sheet holds at most: with more it becomes too fine to be read. */
const MOST_BYTES = 800;

/** The text of a sheet's QR code about several lots, or a part of one: every lot in a line while there is room, the rest counted. */
export function headedText(head: LabelHead, lots: readonly LabelFacts[], language: LabelLanguage): string {
  const isZh = language === 'zh';
  const line = lineOf(isZh);
  const [zh, en] = kindNames[head.kind];
  const [first] = lots;
  const top = [
    ...line(zh, en, head.name),
    ...line('净重', 'Net mass', `${kilogramText(head.massG)} kg`),
    ...line('企业', 'Exporter', first?.firm ?? ''),
    ...line('批次', 'Lots', String(lots.length)),
  ];
  const rows = lots.map((one) => {
    const names = one.origins.slice(0, shownOrigins).map(({ name }) => name);
    const more = one.origins.length > names.length ? [`+${one.origins.length - names.length}`] : [];
    return [one.code, productOf(one, isZh), [...names, ...more].join(' '), harvestOf(one)]
      .filter((part) => part !== '')
      .join('; ');
  });
  const kept: string[] = [...top];
  const size = (texts: readonly string[]): number => new TextEncoder().encode(texts.join('\n')).length;
  for (const [at, row] of rows.entries()) {
    const rest = rows.length - at - 1;
    if (size([...kept, row, `+${rest}`]) > MOST_BYTES) return [...kept, `+${rest + 1}`].join('\n');
    kept.push(row);
  }
  return kept.join('\n');
}
