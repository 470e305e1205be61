import type { ProfileInput } from '../../../shared/contract/books.ts';
import { PortbookError } from '../../../shared/errors.ts';
import {
  checkBankAccount,
  checkCustomsCode,
  checkEnterpriseCode,
  checkIdentityDocument,
  checkUscc,
  type IdentityDocument,
  type IdentityResult,
} from '../../../shared/identity/index.ts';

/**
 * Checks who keeps the book and returns the profile as it is stored (bank account as bare digits, firm as its own
 * declarant when none is named). A natural person has an identity number in the place of the codes.
 *
 * Refusals name field, rule and what is expected: `USCC_LENGTH` {actual, expected}, `USCC_CHARACTER` {position,
 * character}, `USCC_CHECK` {expected}, `CUSTOMS_CODE_FORMAT`, `IDENTITY_NUMBER_FORMAT`, `BANK_ACCOUNT_FORMAT`, `AGENT_CODE_FORMAT`.
 */
export function checkProfile(profile: ProfileInput): ProfileInput {
  const isPerson = profile.role === 'person';
  const uscc = isPerson ? '' : profile.uscc.trim();
  const customsCode = isPerson ? '' : profile.customsCode.trim();
  if (!isPerson) {
    refuseUscc(uscc, 'uscc');
    refuseCustomsCode(customsCode, 'customsCode');
  }
  const idNumber = isPerson ? identityNumber(profile.idType, profile.idNumber, 'idNumber') : '';
  let { bankAccount } = profile;
  if (bankAccount !== '') {
    const checked = checkBankAccount(bankAccount);
    // The account itself stays out of the error: it would end up in logs and on screenshots.
    if (!checked.ok) throw new PortbookError('BANK_ACCOUNT_FORMAT', { reason: checked.code }, 'bankAccount');
    bankAccount = checked.value;
  }
  if (profile.agentCode !== '') refuse(checkEnterpriseCode(profile.agentCode), 'AGENT_CODE_FORMAT', 'agentCode');
  return { ...profile, uscc, customsCode, idNumber, bankAccount };
}

/** The number of an identity document as it is stored. Throws `IDENTITY_NUMBER_FORMAT` {reason}, never with the number, at `path`. */
export function identityNumber(kind: IdentityDocument, text: string, path: string): string {
  const checked = checkIdentityDocument(kind, text);
  if (!checked.ok) throw new PortbookError('IDENTITY_NUMBER_FORMAT', { reason: checked.code }, path);
  return checked.value;
}

/** Throws `USCC_LENGTH`, `USCC_CHARACTER`, `USCC_CHECK` at `path` for what is no credit code. */
export function refuseUscc(uscc: string, path: string): void {
  const result = checkUscc(uscc);
  if (result.ok) return;
  const code =
    result.code === 'ID-LENGTH' ? 'USCC_LENGTH' : result.code === 'ID-CHECK' ? 'USCC_CHECK' : 'USCC_CHARACTER';
  throw new PortbookError(code, result.params, path);
}

/** Throws `CUSTOMS_CODE_FORMAT` at `path` for what is no 10-digit customs code. */
export function refuseCustomsCode(customsCode: string, path: string): void {
  refuse(checkCustomsCode(customsCode), 'CUSTOMS_CODE_FORMAT', path);
}

function refuse(result: IdentityResult, code: string, path: string): void {
  if (!result.ok) throw new PortbookError(code, { reason: result.code, ...result.params }, path);
}
