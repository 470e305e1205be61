/**
 * Amounts in Chinese capitals (大写金额), as vouchers and bills carry them: 壹仟贰佰叁拾肆元伍角整. Writing rules: 支付结算办法
 * (银发〔1997〕393号) 附件一 《正确填写票据和结算凭证的基本规定》 二 to 四.
 */
import { tryParseScaled } from './decimal.ts';

const digits = '零壹贰叁肆伍陆柒捌玖';
const places = ['', '拾', '佰', '仟'] as const;
const sections = ['', '万', '亿', '万亿'] as const;

const digit = (at: number): string => digits.charAt(at);

/** Up to four digits; `''` for 0. A zero stands once wherever zeros are passed over inside the section. */
function sectionText(value: number): string {
  let text = '';
  let isZeroDue = false;
  for (let place = 3; place >= 0; place -= 1) {
    const figure = Math.floor(value / 10 ** place) % 10;
    if (figure === 0) {
      isZeroDue = text !== '';
      continue;
    }
    text += `${isZeroDue ? '零' : ''}${digit(figure)}${places[place] ?? ''}`;
    isZeroDue = false;
  }
  return text;
}

function wholeText(whole: bigint): string {
  const parts: number[] = [];
  for (let rest = whole; rest > 0n; rest /= 10_000n) parts.push(Number(rest % 10_000n));
  let text = '';
  let isZeroDue = false;
  for (let at = parts.length - 1; at >= 0; at -= 1) {
    const value = parts[at] ?? 0;
    if (value === 0) {
      isZeroDue = text !== '';
      continue;
    }
    if (text !== '' && (isZeroDue || value < 1000 || (parts[at + 1] ?? 0) % 10 === 0)) text += '零';
    text += `${sectionText(value)}${sections[at] ?? ''}`;
    isZeroDue = false;
  }
  return text;
}

/**
 * A CNY amount in Chinese capitals. `text` is decimal text in yuan with at most two decimals, below 10^16; a negative one
 * begins with 负, zero is 零元整. Undefined for text that is no such amount.
 */
export function uppercaseAmount(text: string): string | undefined {
  const fen = tryParseScaled(text, 2);
  if (fen === undefined) return undefined;
  const value = fen < 0n ? -fen : fen;
  const whole = value / 100n;
  if (whole >= 10n ** 16n) return undefined;
  const jiao = Number((value / 10n) % 10n);
  const cent = Number(value % 10n);
  const yuan = whole === 0n ? '' : `${wholeText(whole)}元`;
  if (jiao === 0 && cent === 0) return `${fen < 0n ? '负' : ''}${yuan === '' ? '零元' : yuan}整`;
  // 角位是零而分位不是零：元后面写零。
  const jiaoText = jiao === 0 ? (yuan === '' ? '' : '零') : `${digit(jiao)}角`;
  const fenText = cent === 0 ? '整' : `${digit(cent)}分`;
  return `${fen < 0n ? '负' : ''}${yuan}${jiaoText}${fenText}`;
}
