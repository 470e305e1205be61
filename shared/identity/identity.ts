/**
 * Numbers that name firms, accounts and persons, and what is wrong with one. Every check returns data, never throws; `code`
 * is an id for the text catalogue and `params` fill its message. Positions count from 1, as people do.
 */

export type IdentityErrorCode = 'ID-LENGTH' | 'ID-CHARACTER' | 'ID-LOWERCASE' | 'ID-CHECK' | 'ID-FORMAT' | 'ID-DATE';

export type IdentityResult =
  | { readonly ok: true; readonly value: string }
  | {
      readonly ok: false;
      readonly code: IdentityErrorCode;
      readonly params: Readonly<Record<string, string | number>>;
    };

const fail = (code: IdentityErrorCode, params: Readonly<Record<string, string | number>>): IdentityResult => ({
  ok: false,
  code,
  params,
});

// GB 32100-2015: digits and capital letters without I, O, Z, S, V, which are too easily misread.
const USCC_ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY';

/**
 * Check character of a 统一社会信用代码 (GB 32100-2015, 5.4): 31 - (sum of value x 3^(i-1) mod 31) mod 31.
 * @param first17 the first 17 characters
 * @returns the 18th character, or undefined when the input is not 17 characters of the standard's alphabet
 */
export function usccCheckCharacter(first17: string): string | undefined {
  if (first17.length !== 17) return undefined;
  let sum = 0;
  let weight = 1;
  for (const character of first17) {
    const value = USCC_ALPHABET.indexOf(character);
    if (value < 0) return undefined;
    sum += value * weight;
    weight = (weight * 3) % 31;
  }
  return USCC_ALPHABET[(31 - (sum % 31)) % 31];
}

/**
 * Checks a 统一社会信用代码 (unified social credit code): 18 characters, alphabet, check character (GB 32100-2015).
 * Errors: ID-LENGTH {actual, expected}; ID-LOWERCASE and ID-CHARACTER {position, character}; ID-CHECK {position, character, expected}.
 */
export function checkUscc(text: string): IdentityResult {
  const characters = [...text];
  if (characters.length !== 18) return fail('ID-LENGTH', { actual: characters.length, expected: 18 });
  for (const [index, character] of characters.entries()) {
    if (USCC_ALPHABET.includes(character)) continue;
    return fail(/^[a-z]$/.test(character) ? 'ID-LOWERCASE' : 'ID-CHARACTER', { position: index + 1, character });
  }
  const expected = usccCheckCharacter(text.slice(0, 17)) ?? '';
  if (text[17] !== expected) return fail('ID-CHECK', { position: 18, character: text[17] ?? '', expected });
  return { ok: true, value: text };
}

/**
 * Checks a 海关注册编码 (customs registration code), 10 characters: 4 digits district, 1 economic zone (digit or capital), 1 kind
 * of enterprise (digit or capital), 4 serial. Older codes are digits throughout; newer ones carry capitals from the fifth place on
 * (also in the serial), so only the first four must be digits. There is no check digit.
 * Errors: ID-LENGTH {actual, expected}; ID-LOWERCASE, ID-CHARACTER {position, character}.
 */
export function checkCustomsCode(text: string): IdentityResult {
  const characters = [...text];
  if (characters.length !== 10) return fail('ID-LENGTH', { actual: characters.length, expected: 10 });
  for (const [index, character] of characters.entries()) {
    if (index < 4 ? /^\d$/.test(character) : /^[0-9A-Z]$/.test(character)) continue;
    return fail(/^[a-z]$/.test(character) ? 'ID-LOWERCASE' : 'ID-CHARACTER', { position: index + 1, character });
  }
  return { ok: true, value: text };
}

/**
 * Checks a code field of the customs messages (ebcCode, agentCode, logisticsCode …), which takes either of the two codes above:
 * 18 characters are checked as a credit code, 10 as a customs code, any other length is ID-LENGTH.
 */
export function checkEnterpriseCode(text: string): IdentityResult {
  const length = [...text].length;
  if (length === 18) return checkUscc(text);
  if (length === 10) return checkCustomsCode(text);
  return fail('ID-LENGTH', { actual: length, expected: '10 / 18' });
}

/**
 * Checks the form of a bank account number: 8 to 32 digits once blanks and hyphens between them are taken out. Banks publish no
 * common check digit for corporate accounts, so form is all there is. `value` is the bare digits.
 */
export function checkBankAccount(text: string): IdentityResult {
  const wrong = [...text].findIndex((character) => !/^[0-9 -]$/.test(character));
  if (wrong >= 0) return fail('ID-CHARACTER', { position: wrong + 1, character: [...text][wrong] ?? '' });
  const digits = text.replace(/[ -]/g, '');
  if (digits.length < 8 || digits.length > 32) return fail('ID-LENGTH', { actual: digits.length, expected: '8-32' });
  if (!/^\d.*\d$/.test(text)) return fail('ID-FORMAT', { actual: text.length });
  return { ok: true, value: digits };
}

/** Account number for the screen: all but the last four digits hidden, in groups of four (`**** **** 1234`). */
export function maskBankAccount(text: string): string {
  const digits = text.replace(/\D/g, '');
  const tail = digits.slice(-4);
  const hidden = '*'.repeat(Math.max(0, digits.length - tail.length));
  return `${hidden}${tail}`.replace(/(.{4})(?=.)/g, '$1 ');
}

const RESIDENT_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const RESIDENT_CHECK = '10X98765432';

/** Check character of an 18-place resident ID number (GB 11643-1999, ISO 7064 MOD 11-2); undefined unless given 17 digits. */
export function residentIdCheckCharacter(first17: string): string | undefined {
  if (!/^\d{17}$/.test(first17)) return undefined;
  let sum = 0;
  for (const [index, weight] of RESIDENT_WEIGHTS.entries()) sum += weight * Number(first17[index]);
  return RESIDENT_CHECK[sum % 11];
}

/** Checks an 18-place resident ID number: digits, a real date of birth, check character. A small x is accepted and returned large. */
export function checkResidentId(text: string): IdentityResult {
  const value = text.toUpperCase();
  const characters = [...value];
  if (characters.length !== 18) return fail('ID-LENGTH', { actual: characters.length, expected: 18 });
  for (const [index, character] of characters.entries()) {
    if (!(index < 17 ? /^\d$/ : /^[\dX]$/).test(character))
      return fail('ID-CHARACTER', { position: index + 1, character });
  }
  const year = Number(value.slice(6, 10));
  const month = Number(value.slice(10, 12));
  const day = Number(value.slice(12, 14));
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0;
  if (year < 1800 || day < 1 || day > days) return fail('ID-DATE', { position: 7, date: value.slice(6, 14) });
  const expected = residentIdCheckCharacter(value.slice(0, 17)) ?? '';
  if (value[17] !== expected) return fail('ID-CHECK', { position: 18, character: value[17] ?? '', expected });
  return { ok: true, value };
}

/** Documents a natural person is known by: 居民身份证, 港澳居民来往内地通行证, 台湾居民来往大陆通行证, 护照, 其他. */
export const identityDocuments = ['residentId', 'hkMacaoPermit', 'taiwanPermit', 'passport', 'other'] as const;
export type IdentityDocument = (typeof identityDocuments)[number];

/**
 * Checks the number of an identity document: a resident ID as {@link checkResidentId}; of the others only the form, 5 to 30 letters, digits
 * and hyphens, as nobody publishes a common check. `value` is in capitals without blanks.
 */
export function checkIdentityDocument(kind: IdentityDocument, text: string): IdentityResult {
  const value = text.normalize('NFKC').replace(/\s/g, '').toUpperCase();
  if (kind === 'residentId') return checkResidentId(value);
  const wrong = [...value].findIndex((character) => !/^[0-9A-Z-]$/.test(character));
  if (wrong >= 0) return fail('ID-CHARACTER', { position: wrong + 1, character: [...value][wrong] ?? '' });
  return value.length < 5 || value.length > 30
    ? fail('ID-LENGTH', { actual: value.length, expected: '5-30' })
    : { ok: true, value };
}

/** Number of an identity document for the screen: 18 places as {@link maskResidentId}, others by their last two places. */
export function maskIdentityDocument(text: string): string {
  if (text.length === 18) return maskResidentId(text);
  return text.length < 5 ? '*'.repeat(text.length) : `${'*'.repeat(text.length - 2)}${text.slice(-2)}`;
}

/** Resident ID for the screen: first six and last four places kept, fourteen-digit middle hidden. Shorter text is hidden whole. */
export function maskResidentId(text: string): string {
  return text.length === 18 ? `${text.slice(0, 6)}********${text.slice(14)}` : '*'.repeat(text.length);
}
