import type { TFunction } from 'i18next';
import { specOf } from '../../../shared/documents/catalogue.ts';
import { fieldLabel, kindName } from '../declarations/field-text.ts';

/** Texts of the fields of a form, by what their ids begin with. */
const forms: Readonly<Record<string, string>> = {
  shipment: 'shipments.field',
  tax: 'tax.profile.field',
  record: 'money.field',
  paper: 'papers.field',
};

/** The name of a field that a policy card concerns: of a message (`CEB603Message/ieDate`) or of a form (`shipment-ieDate`). */
export function policyFieldName(field: string, language: string, t: TFunction): string {
  const [message = '', name] = field.split('/');
  if (name !== undefined) {
    const spec = specOf(message);
    const found = [...(spec?.head.fields ?? []), ...(spec?.lines?.fields ?? [])].find((one) => one.name === name);
    return `${kindName(message, language)} · ${found === undefined ? name : fieldLabel(found, language)}`;
  }
  const at = field.indexOf('-');
  const form = field.slice(0, at);
  const own = field.slice(at + 1);
  const texts = forms[form];
  if (texts === undefined)
    return t(`policies.field.${form}${own.charAt(0).toUpperCase()}${own.slice(1)}`, { defaultValue: field });
  const label = t([`${texts}.${own}`, `money.flag.${own}`], { defaultValue: own });
  return `${t(`policies.form.${form}`)} · ${label}`;
}
