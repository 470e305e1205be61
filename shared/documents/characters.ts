/** Which characters XML 1.0 can hold: one place for the writer and the checks. */

// Characters that need a second look in text: markup, carriage return, controls, halves of surrogate pairs. Values almost
// never hold one, so this quick test runs on every value and the exact one below only behind it.
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const SUSPECT = /[&<>\r\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]/;

const ILLEGAL =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

/** The suspects among the first 128 characters, marked by 1. */
const suspectAscii = Uint8Array.from({ length: 128 }, (_, code) => (SUSPECT.test(String.fromCharCode(code)) ? 1 : 0));

/**
 * Whether the text may hold markup or characters that XML cannot; false is certain, true asks for a closer look. A loop,
 * since values are a few characters long and calling the regular expression costs more than they do.
 */
export function isSuspect(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (suspectAscii[code] === 1) return true;
    // Surrogates, but also full-width punctuation.
    if (code >= 0xd800) return SUSPECT.test(text);
  }
  return false;
}

/** The first character that no XML 1.0 document can hold: its position from 1 and its code `U+0001`; undefined when there is none. */
export function illegalCharacter(text: string): { readonly position: number; readonly character: string } | undefined {
  const bad = isSuspect(text) ? ILLEGAL.exec(text) : null;
  if (bad === null) return undefined;
  return {
    position: bad.index + 1,
    character: `U+${bad[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`,
  };
}
