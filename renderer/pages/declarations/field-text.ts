import { specOf } from '../../../shared/documents/catalogue.ts';
import type { FieldSpec, GroupSpec } from '../../../shared/documents/spec.ts';
import { listed } from '../../../shared/i18n/words.ts';
import { formatAmount } from '../../i18n/format.ts';

/** The name of a message, from its own table: `出口清单`, in English `Export list`. */
export function kindName(kind: string, language: string): string {
  return specOf(kind)?.[language === 'en' ? 'en' : 'zh'] ?? kind;
}

/** The number of a message as the trade calls it: `603` of CEB603Message. */
export const kindNumber = (kind: string): string => kind.replace(/^CEB|Message$/g, '').toUpperCase();

/** The official label; in English with the Chinese term behind it, as support and paper call it. */
export function fieldLabel(spec: FieldSpec, language: string): string {
  return language === 'en' ? `${spec.en} (${spec.zh})` : spec.zh;
}

/** The name of a group, as {@link fieldLabel} has a field's. */
export function groupLabel({ zh, en }: GroupSpec, language: string): string {
  return language === 'en' ? `${en} (${zh})` : zh;
}

/** Groups that a copy or a template does without, with how many rows each had: `集装箱 (2)、随附单证 (1)`. */
export function leftGroupsText(
  kind: string,
  left: readonly { readonly group: string; readonly rows: number }[],
  language: string,
): string {
  const spec = specOf(kind);
  const groups = [...(spec?.lines?.parts ?? []), ...(spec?.parts ?? [])];
  const names = left.map(({ group, rows }) => {
    const found = groups.find(({ name }) => name === group);
    return `${found === undefined ? group : groupLabel(found, language)} (${rows})`;
  });
  return listed(names, language);
}

// Shown with two decimals at least, as amounts are everywhere else.
const moneyFields: readonly string[] = [
  'DeclPrice',
  'DeclTotal',
  'price',
  'totalPrice',
  'goodsValue',
  'freight',
  'insuredFee',
  'charge',
  'amount',
  'amount1',
  'amount2',
  'amountUsd',
  'balance',
  'domesticFee',
  'foreignFee',
  'otherAmount',
  'settledAmount',
  'spotAmount',
];

/** A stored value as it is read: dates with dashes, decimals with commas; anything malformed stays as it is. */
export function fieldText(spec: FieldSpec, value: string): string {
  if (value === '') return '';
  if (spec.kind !== 'text') return formatAmount(value, moneyFields.includes(spec.name) ? 2 : 0);
  if (spec.format === 'date8') return value.replace(/^(\d{4})(\d{2})(\d{2})$/, '$1-$2-$3');
  if (spec.format === 'time14' || spec.format === 'time17')
    return value.replace(/^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})\d*$/, '$1-$2-$3 $4:$5:$6');
  return value;
}

/** The name of a coded value: from the field's own list, else from its code table. */
export function fieldName(
  spec: FieldSpec,
  value: string,
  language: string,
  nameOf: (table: string, code: string) => string | undefined,
): string | undefined {
  if (spec.kind !== 'text' || value === '') return undefined;
  const own = spec.values?.[value];
  if (own !== undefined) return language === 'en' ? `${own.en} (${own.zh})` : own.zh;
  return spec.table === undefined ? undefined : nameOf(spec.table, value);
}

/** Codes and numbers are set in the monospaced face, names and figures are not. */
export function isCodeField(spec: FieldSpec): boolean {
  return (
    spec.kind === 'text' &&
    (spec.table !== undefined ||
      spec.values !== undefined ||
      /(No|Code|guid)$/i.test(spec.name) ||
      spec.name === 'gcode')
  );
}
