/**
 * The trace code (溯源码) of a lot: what it is called with one check character after it, ISO/IEC 7064 MOD 37,36. The system catches
 * every single wrong character and nearly every swap of two neighbours, and needs digits and capitals alone, so that a code survives a
 * telephone, a marker pen and a scanner.
 */

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const M = alphabet.length;

/**
 * The check character of digits and capital letters by ISO/IEC 7064 MOD 37,36 (hybrid system).
 * @returns undefined for any other character or no character at all
 */
export function checkCharacter(text: string): string | undefined {
  if (text === '') return undefined;
  let product = M;
  for (const one of text) {
    const value = alphabet.indexOf(one);
    if (value < 0) return undefined;
    const sum = (product + value) % M || M;
    product = (sum * 2) % (M + 1);
  }
  return alphabet[(M + 1 - product) % M];
}

/** What a person or a scanner gives for a code: capitals, without blanks and hyphens; full-width characters become plain. */
export function foldTraceCode(text: string): string {
  return text
    .normalize('NFKC')
    .toUpperCase()
    .replaceAll(/[\s\-_]/g, '');
}

/** Whether the last character of a folded code is the check character of the rest. */
export function isTraceCode(code: string): boolean {
  return code.length > 1 && checkCharacter(code.slice(0, -1)) === code.at(-1);
}

/**
 * The code of a lot: `L`, the day it was made as `yymmdd`, its number of that day with at least four digits, the check character,
 * e.g. `L2611210001` and its character.
 * @param day `yyyy-mm-dd`
 */
export function traceCode(day: string, number: number): string {
  const body = `L${day.slice(2).replaceAll('-', '')}${String(number).padStart(4, '0')}`;
  return `${body}${checkCharacter(body) ?? ''}`;
}
