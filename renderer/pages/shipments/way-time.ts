/** Times of the way as a person types and reads them, in this computer's time zone. */
import { parseDateTime } from '../../../shared/import/values.ts';

/** The instant meant by `2026-11-22 14:30`, or `11-22 14:30` of this year; undefined when it is none. */
export function typedInstant(typed: string, today: string): string | undefined {
  const text = typed.normalize('NFKC').trim();
  const whole = /^\d{1,2}[-/.]\d{1,2}(\s|$)/.test(text) ? `${today.slice(0, 4)}-${text.replace(/[/.]/g, '-')}` : text;
  const wall = parseDateTime(whole);
  if (!wall.includes('T')) return undefined;
  const at = new Date(wall);
  return Number.isNaN(at.getTime()) ? undefined : at.toISOString();
}

export interface Span {
  readonly unit: 'minutes' | 'hours' | 'days';
  readonly count: number;
}

/** The length of a time in the largest unit that fits, rounded down: 3 hours, not 200 minutes. */
export function spanOf(ms: number): Span {
  const minutes = Math.floor(Math.abs(ms) / 60_000);
  if (minutes < 60) return { unit: 'minutes', count: minutes };
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? { unit: 'hours', count: hours } : { unit: 'days', count: Math.floor(hours / 24) };
}
