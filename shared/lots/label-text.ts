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

/** Lines `name: value`; what is not known is left out. */
export function labelText(facts: LabelFacts, language: LabelLanguage): string {
  const isZh = language === 'zh';
  const line = (zh: string, en: string, value: string): string[] =>
    value === '' ? [] : [`${isZh ? zh : en}: ${value}`];
  const named = (name: string, number: string): string => (number === '' ? name : `${name} (${number})`);
  const names = facts.origins.slice(0, shownOrigins).map((one) => named(one.name, one.registrationNo));
  const more = facts.origins.length - names.length;
  const days =
    facts.harvestedFrom === facts.harvestedUntil
      ? facts.harvestedFrom
      : `${facts.harvestedFrom} – ${facts.harvestedUntil}`;
  const product = isZh || facts.productEn === '' ? facts.productZh : facts.productEn;
  return [
    ...line('溯源码', 'Trace code', facts.code),
    ...line('产品', 'Product', [product, facts.variety].filter((one) => one !== '').join(' ')),
    ...line('批次净重', 'Net mass of lot', `${kilogramText(facts.massG)} kg`),
    ...line('基地', 'Origin', [...names, ...(more > 0 ? [`+${more}`] : [])].join('; ')),
    ...line('采收', 'Harvested', days),
    ...line('包装厂', 'Pack house', facts.packHouse === '' ? '' : named(facts.packHouse, facts.packHouseNo)),
    ...line('成批', 'Made', facts.madeOn),
    ...line('企业', 'Exporter', facts.firm),
  ].join('\n');
}
