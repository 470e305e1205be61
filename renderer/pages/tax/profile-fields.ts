/** The tax profile as a form: every choice may stay unmade, which is not the same as "no". */
import { type TaxProfile, taxProfile } from '../../../shared/contract/tax.ts';

/** Choices by field, in the order of the form. */
export const profileChoices = {
  taxpayer: ['general', 'small'],
  kind: ['trading', 'producer', 'individual', 'cooperative'],
  refundClass: ['1', '2', '3', '4'],
  customsCredit: ['advanced', 'standard', 'dishonest'],
  place: ['city', 'town', 'other'],
  zoneRegistered: ['true', 'false'],
  zoneLogged: ['true', 'false'],
  zoneDeclared: ['true', 'false'],
  halving: ['true', 'false'],
  restrictedIndustry: ['true', 'false'],
  waiverOf: ['refund', 'exemption'],
} as const;
export type ChoiceField = keyof typeof profileChoices;
export const profileTexts = [
  'refundRegisteredOn',
  'deemedNumber',
  'deemedFrom',
  'deemedTo',
  'waiverFrom',
  'domesticVatRate',
] as const;
export type TextField = (typeof profileTexts)[number];
export type ProfileField = ChoiceField | TextField;
/** Everything as text; empty: not made. */
export type ProfileFormValues = Record<ProfileField, string>;

const yesNo = (value: boolean | undefined): string => (value === undefined ? '' : String(value));

export function formOf(profile: TaxProfile): ProfileFormValues {
  return {
    taxpayer: profile.taxpayer ?? '',
    kind: profile.kind ?? '',
    refundClass: profile.refundClass ?? '',
    customsCredit: profile.customsCredit ?? '',
    place: profile.place ?? '',
    zoneRegistered: yesNo(profile.zoneRegistered),
    zoneLogged: yesNo(profile.zoneLogged),
    zoneDeclared: yesNo(profile.zoneDeclared),
    halving: yesNo(profile.halving),
    restrictedIndustry: yesNo(profile.restrictedIndustry),
    waiverOf: profile.waiver?.of ?? '',
    waiverFrom: profile.waiver?.from ?? '',
    refundRegisteredOn: profile.refundRegisteredOn ?? '',
    deemedNumber: profile.deemedApproval?.number ?? '',
    deemedFrom: profile.deemedApproval?.from ?? '',
    deemedTo: profile.deemedApproval?.to ?? '',
    domesticVatRate: profile.domesticVatRate ?? '',
  };
}

/** `13%`, `13` and `0.13` are the same rate. */
export function typedRate(text: string): string {
  const plain = text.normalize('NFKC').trim();
  const percent = /^(\d{1,2})(?:\.(\d{1,2}))?%?$/.exec(plain);
  if (percent === null || plain.startsWith('0.') || plain === '') return plain;
  return `0.${(percent[1] ?? '').padStart(2, '0')}${percent[2] ?? ''}`;
}

/** What the core is given; what is empty is left out. */
export function profileOf(form: ProfileFormValues): Record<string, unknown> {
  const text = (value: string): string | undefined => (value.trim() === '' ? undefined : value.trim());
  const flag = (value: string): boolean | undefined => (value === '' ? undefined : value === 'true');
  const { deemedNumber, deemedFrom, deemedTo, waiverOf, waiverFrom } = form;
  const all = {
    taxpayer: text(form.taxpayer),
    kind: text(form.kind),
    refundClass: text(form.refundClass),
    customsCredit: text(form.customsCredit),
    place: text(form.place),
    zoneRegistered: flag(form.zoneRegistered),
    zoneLogged: flag(form.zoneLogged),
    zoneDeclared: flag(form.zoneDeclared),
    halving: flag(form.halving),
    restrictedIndustry: flag(form.restrictedIndustry),
    refundRegisteredOn: text(form.refundRegisteredOn),
    domesticVatRate: text(typedRate(form.domesticVatRate)),
    deemedApproval:
      deemedNumber.trim() === '' && deemedFrom === '' && deemedTo === ''
        ? undefined
        : { number: deemedNumber.trim(), from: deemedFrom, ...(deemedTo === '' ? {} : { to: deemedTo }) },
    waiver: waiverOf === '' && waiverFrom === '' ? undefined : { of: waiverOf, from: waiverFrom },
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

const placeOf: Readonly<Record<string, ProfileField>> = {
  'deemedApproval.number': 'deemedNumber',
  'deemedApproval.from': 'deemedFrom',
  'deemedApproval.to': 'deemedTo',
  'waiver.of': 'waiverOf',
  'waiver.from': 'waiverFrom',
};

/** The field of the form that a worksheet or the contract means. */
export function fieldOf(path: string): ProfileField | undefined {
  if (path === 'deemedApproval') return 'deemedNumber';
  if (path === 'waiver') return 'waiverOf';
  const known = placeOf[path] ?? path;
  return [...Object.keys(profileChoices), ...profileTexts].find((one): one is ProfileField => one === known);
}

/** Fields the contract refuses; the profile to save where there are none. */
export function checkedProfile(
  form: ProfileFormValues,
): { readonly profile: TaxProfile; readonly wrong: readonly [] } | { readonly wrong: readonly ProfileField[] } {
  const parsed = taxProfile.safeParse(profileOf(form));
  if (parsed.success) return { profile: parsed.data, wrong: [] };
  return { wrong: parsed.error.issues.flatMap(({ path }) => fieldOf(path.join('.')) ?? []) };
}
