/** What the profile form holds and how it is checked: each message names the place that is wrong and what belongs there. */
import type { TFunction } from 'i18next';
import { z } from 'zod';
import { type ProfileInput, profileInput } from '../../../shared/contract/books.ts';
import {
  checkBankAccount,
  checkCustomsCode,
  checkEnterpriseCode,
  checkIdentityDocument,
  checkUscc,
  type IdentityResult,
} from '../../../shared/identity/index.ts';

export type ProfileForm = Required<ProfileInput>;

export const emptyProfile: ProfileForm = {
  role: 'exporter',
  name: '',
  uscc: '',
  customsCode: '',
  idType: 'residentId',
  idNumber: '',
  bankName: '',
  bankAccount: '',
  zone: '',
  park: '',
  agentCode: '',
  agentName: '',
  dxpId: '',
  ebpCode: '无',
  ebpName: '',
  sendsWaybills: true,
  sendsReceipts: false,
  simplified: true,
  colour: '#b7791f',
};

/** Colours of books, told apart at a glance; a book's name always stands beside its colour. */
export const bookColours = [
  '#b7791f',
  '#2b6cb0',
  '#6b46c1',
  '#2f855a',
  '#c05621',
  '#97266d',
  '#285e61',
  '#4a5568',
] as const;

/** The text of a failed check of a number; empty for a good one. */
export function identityText(result: IdentityResult, t: TFunction): string {
  return result.ok ? '' : t(`identity.${result.code}`, { ...result.params });
}

/** Codes are typed in any case and width; customs knows capitals only. */
export function plainCode(text: string): string {
  return text.normalize('NFKC').replace(/\s/g, '').toUpperCase();
}

/**
 * The contract's own shape and the checks of the numbers, with messages in the user's language. `hasIdentity`: the book has the number of a
 * person already, which stays when the field is left empty.
 */
export function profileSchema(t: TFunction, hasIdentity = false) {
  return z.custom<ProfileForm>().superRefine((profile, context) => {
    const put = (path: string, message: string): void => {
      if (message !== '') context.addIssue({ code: 'custom', path: [path], message });
    };
    if (profile.role === 'person') {
      if (profile.idNumber !== '' || !hasIdentity)
        put('idNumber', identityText(checkIdentityDocument(profile.idType, profile.idNumber), t));
    } else {
      put('uscc', identityText(checkUscc(profile.uscc), t));
      put('customsCode', identityText(checkCustomsCode(profile.customsCode), t));
    }
    if (profile.bankAccount !== '') put('bankAccount', identityText(checkBankAccount(profile.bankAccount), t));
    if (profile.agentCode !== '') put('agentCode', identityText(checkEnterpriseCode(profile.agentCode), t));
    const shape = profileInput.safeParse(profile);
    for (const issue of shape.error?.issues ?? []) {
      const text =
        issue.code === 'too_small'
          ? t('profile.required')
          : issue.code === 'too_big'
            ? t('profile.tooLong', { max: Number(issue.maximum) })
            : t('profile.wrong');
      put(String(issue.path[0]), text);
    }
  });
}
