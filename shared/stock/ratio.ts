/** A ratio as the tariff prints it: `0.13` is `13%`; undefined is the empty text. Moves the point, so that no digit changes. */
export function percentText(ratio: string | undefined): string {
  if (ratio === undefined) return '';
  const [whole = '0', fraction = ''] = ratio.split('.');
  const digits = fraction.padEnd(2, '0');
  const text = `${whole}${digits.slice(0, 2)}`.replace(/^0+(?=\d)/, '');
  const rest = digits.slice(2).replace(/0+$/, '');
  return `${text}${rest === '' ? '' : `.${rest}`}%`;
}

/**
 * A typed percentage as a ratio: `13`, `13%` and `13.0` are `0.13`; what is empty is undefined. Text that is no percentage
 * of at most six decimals is `null`.
 */
export function ratioOfPercent(text: string): string | undefined | null {
  const typed = text.normalize('NFKC').replace(/[\s,%]/g, '');
  if (typed === '') return undefined;
  const match = /^0*(\d{1,5})(?:\.(\d{1,6}))?$/.exec(typed);
  if (match === null) return null;
  const [, whole = '', fraction = ''] = match;
  const digits = whole.padStart(3, '0');
  const rest = `${digits.slice(-2)}${fraction}`.replace(/0+$/, '');
  const head = digits.slice(0, -2).replace(/^0+(?=\d)/, '');
  return rest === '' ? head : `${head}.${rest}`;
}
