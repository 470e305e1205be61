/** A number inside a text, also where the text carries it encoded: base64 of either alphabet, hexadecimal, inside one another. */

/** How deep encodings are followed: a request in base64 that carries another one. */
const DEPTH = 3;
/** A run of base64: its two alphabets, `+` and `/` percent-encoded or escaped as JSON may have them, lines of a mail. */
const base64Run = /(?:[A-Za-z0-9+/_-]|%2B|%2F|\\\/|\r?\n){24,}(?:=|%3D){0,2}/gi;
const hexRun = /(?:[0-9a-f]{2}){18,}/gi;

/** `text` with every `number` in it replaced. A letter in it counts in either case. */
export function withoutNumber(text: string, number: string, by: string, depth = DEPTH): string {
  const plain = replaced(text, number, by);
  if (depth === 0) return plain;
  const inBase64 = plain.replace(base64Run, (run) => withoutInBase64(run, number, by, depth - 1) ?? run);
  return inBase64.replace(hexRun, (run) => {
    const inside = Buffer.from(run, 'hex').toString('latin1');
    const after = withoutNumber(inside, number, by, depth - 1);
    if (after === inside) return run;
    const hex = Buffer.from(after, 'latin1').toString('hex');
    return run === run.toUpperCase() ? hex.toUpperCase() : hex;
  });
}

const replaced = (text: string, number: string, by: string): string =>
  [number, number.toUpperCase(), number.toLowerCase()].reduce((left, one) => left.replaceAll(one, by), text);

/** The run anew, in the alphabet it was in; undefined: the number is not in it. Other letters may stand before it, so that it is read from each of four places. */
function withoutInBase64(run: string, number: string, by: string, depth: number): string | undefined {
  const isPercent = /%2B|%2F|%3D/i.test(run);
  const isEscaped = run.includes('\\/');
  const isUrl = /[-_]/.test(run);
  const bare = run
    .replace(/%2B/gi, '+')
    .replace(/%2F/gi, '/')
    .replace(/%3D/gi, '=')
    .replace(/\\\/|[\r\n]/g, (one) => (one === '\\/' ? '/' : ''));
  for (let from = 0; from < 4; from += 1) {
    const inside = Buffer.from(bare.slice(from), 'base64').toString('latin1');
    const after = withoutNumber(inside, number, by, depth);
    if (after === inside) continue;
    const again = Buffer.from(after, 'latin1').toString(isUrl ? 'base64url' : 'base64');
    const kept = bare.slice(0, from) + (bare.endsWith('=') ? again : again.replace(/=+$/, ''));
    if (isPercent) return kept.replaceAll('+', '%2B').replaceAll('/', '%2F').replaceAll('=', '%3D');
    return isEscaped ? kept.replaceAll('/', '\\/') : kept;
  }
  return undefined;
}
