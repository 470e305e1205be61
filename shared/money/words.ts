/**
 * Amounts in words as contracts and invoices carry them: `SAY US DOLLARS ONE THOUSAND … AND CENTS FIVE ONLY`, and 美元壹仟…元整.
 * The words name the amount to the currency's minor unit; nothing is rounded.
 */
import { exponentOf } from './money.ts';
import { uppercaseAmount } from './uppercase.ts';

interface CurrencyWords {
  /** Before the words, plural as trade papers have it. */
  readonly major: string;
  readonly minor: string;
  readonly zh: string;
}

/** Names of the currencies goods are invoiced in. Another is named by its ISO code. */
const names: Readonly<Record<string, CurrencyWords>> = {
  USD: { major: 'US DOLLARS', minor: 'CENTS', zh: '美元' },
  EUR: { major: 'EUROS', minor: 'CENTS', zh: '欧元' },
  GBP: { major: 'POUNDS STERLING', minor: 'PENCE', zh: '英镑' },
  CNY: { major: 'RENMINBI YUAN', minor: 'FEN', zh: '人民币' },
  HKD: { major: 'HONG KONG DOLLARS', minor: 'CENTS', zh: '港币' },
  JPY: { major: 'JAPANESE YEN', minor: '', zh: '日元' },
  KRW: { major: 'KOREAN WON', minor: '', zh: '韩元' },
  AUD: { major: 'AUSTRALIAN DOLLARS', minor: 'CENTS', zh: '澳大利亚元' },
  CAD: { major: 'CANADIAN DOLLARS', minor: 'CENTS', zh: '加拿大元' },
  NZD: { major: 'NEW ZEALAND DOLLARS', minor: 'CENTS', zh: '新西兰元' },
  SGD: { major: 'SINGAPORE DOLLARS', minor: 'CENTS', zh: '新加坡元' },
  CHF: { major: 'SWISS FRANCS', minor: 'CENTIMES', zh: '瑞士法郎' },
  MYR: { major: 'MALAYSIAN RINGGIT', minor: 'SEN', zh: '马来西亚林吉特' },
  THB: { major: 'THAI BAHT', minor: 'SATANG', zh: '泰铢' },
  RUB: { major: 'RUSSIAN ROUBLES', minor: 'KOPECKS', zh: '俄罗斯卢布' },
};

const small = [
  ...['', 'ONE', 'TWO', 'THREE', 'FOUR', 'FIVE', 'SIX', 'SEVEN', 'EIGHT', 'NINE', 'TEN', 'ELEVEN', 'TWELVE'],
  ...['THIRTEEN', 'FOURTEEN', 'FIFTEEN', 'SIXTEEN', 'SEVENTEEN', 'EIGHTEEN', 'NINETEEN'],
] as const;
const tens = ['', '', 'TWENTY', 'THIRTY', 'FORTY', 'FIFTY', 'SIXTY', 'SEVENTY', 'EIGHTY', 'NINETY'] as const;
const thousands = ['', ' THOUSAND', ' MILLION', ' BILLION', ' TRILLION'] as const;

/** 1 to 999. */
function hundredsText(value: number): string {
  const hundreds = Math.floor(value / 100);
  const rest = value % 100;
  const below =
    rest < 20
      ? (small[rest] ?? '')
      : `${tens[Math.floor(rest / 10)] ?? ''}${rest % 10 === 0 ? '' : `-${small[rest % 10]}`}`;
  if (hundreds === 0) return below;
  return `${small[hundreds]} HUNDRED${below === '' ? '' : ` AND ${below}`}`;
}

/** A whole number below 10^15 in English words, `ZERO` for 0; undefined above or below zero. */
export function englishNumber(value: bigint): string | undefined {
  if (value < 0n || value >= 10n ** 15n) return undefined;
  if (value === 0n) return 'ZERO';
  const parts: string[] = [];
  let rest = value;
  for (const name of thousands) {
    const group = Number(rest % 1000n);
    if (group > 0) parts.unshift(`${hundredsText(group)}${name}`);
    rest /= 1000n;
  }
  return parts.join(' ');
}

/**
 * An amount of `minor` units of a currency (ISO 4217) in English, in capitals: 1234.05 USD is `SAY US DOLLARS ONE THOUSAND TWO HUNDRED AND
 * THIRTY-FOUR AND CENTS FIVE ONLY`. Undefined for a negative amount or 10^15 and more. Throws MONEY_CURRENCY_UNKNOWN.
 */
export function englishAmount(minor: bigint, currency: string): string | undefined {
  const digits = exponentOf(currency);
  const unit = 10n ** BigInt(digits);
  const whole = englishNumber(minor / unit);
  if (whole === undefined || minor < 0n) return undefined;
  const fraction = minor % unit;
  const name = names[currency];
  const cents =
    fraction === 0n
      ? ''
      : name === undefined || name.minor === ''
        ? ` AND ${fraction}/${unit}`
        : ` AND ${name.minor} ${englishNumber(fraction)}`;
  return `SAY ${name?.major ?? currency} ${whole}${cents} ONLY`;
}

/**
 * An amount of `minor` units of a currency in Chinese capitals with the currency before it: 美元壹仟贰佰叁拾肆元零伍分. Undefined for a
 * negative amount, one beyond what {@link uppercaseAmount} writes, or a currency of three decimals that has a third.
 */
export function chineseAmount(minor: bigint, currency: string): string | undefined {
  const digits = exponentOf(currency);
  if (minor < 0n) return undefined;
  const unit = 10n ** BigInt(digits);
  const fraction = (minor % unit).toString().padStart(digits, '0');
  const words = uppercaseAmount(digits === 0 ? minor.toString() : `${minor / unit}.${fraction}`);
  return words === undefined ? undefined : `${names[currency]?.zh ?? currency}${words}`;
}
