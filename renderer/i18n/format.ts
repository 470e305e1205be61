/** How dates, sizes and figures look on screen: 2026-11-20, 1,234.56 (UX 1.3). */
import { groupThousands } from '../../shared/money/index.ts';

const two = (n: number): string => String(n).padStart(2, '0');

/** `yyyy-mm-dd` of this computer's day. */
export function localDate(at: Date = new Date()): string {
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

/** `yyyy-mm-dd hh:mm` in this computer's time zone; text that is no instant comes back as it is. */
export function formatInstant(instant: string, withSeconds = false): string {
  const at = new Date(instant);
  if (Number.isNaN(at.getTime())) return instant;
  return `${localDate(at)} ${two(at.getHours())}:${two(at.getMinutes())}${withSeconds ? `:${two(at.getSeconds())}` : ''}`;
}

/** `hh:mm` today, else the date with it. */
export function formatRecent(instant: string): string {
  const text = formatInstant(instant);
  return text.startsWith(localDate()) ? text.slice(11) : text;
}

/** `1234.5` to `1,234.50`: at least `decimals` places, never fewer than the text has, with a true minus. */
export function formatAmount(text: string, decimals = 0): string {
  const match = /^(-?)(\d+)(?:\.(\d*))?$/.exec(text.trim());
  if (match === null) return text;
  const [, sign = '', whole = '0', fraction = ''] = match;
  const shown = fraction.padEnd(decimals, '0');
  return `${sign === '-' ? '\u2212' : ''}${groupThousands(whole)}${shown === '' ? '' : `.${shown}`}`;
}

export function formatCount(count: number): string {
  return formatAmount(String(count));
}

/** `12.3 KB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 * 1024) return `${(bytes / 1024).toFixed(1)} KB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}
