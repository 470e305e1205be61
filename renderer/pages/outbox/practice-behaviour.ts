import { type Behaviour, behaviour, type MisbehaviourName, misbehaviours } from '../../../shared/sync/protocol.ts';
import { isNumberText } from '../../components/NumericInput.tsx';

/** Misbehaviours as typed: per cent, milliseconds, minutes from now, and `1` or nothing for what is on or off. */
export type PracticeDraft = Readonly<Record<MisbehaviourName, string>>;

export type Telling = (typeof misbehaviours)[MisbehaviourName]['told'];

export const misbehaviourNames = Object.keys(misbehaviours) as MisbehaviourName[];

const MINUTE = 60_000;
/** The longest maintenance that can be typed: a day. */
const MOST_MINUTES = 1440;

function draftOf(told: Telling, value: Behaviour[MisbehaviourName], nowMs: number): string {
  switch (told) {
    case 'switch':
      return value === true ? '1' : '';
    case 'share':
      return String(Math.round(Number(value) * 100));
    case 'milliseconds':
      return String(value);
    case 'until':
      return String(value === '' ? 0 : Math.max(0, Math.ceil((Date.parse(String(value)) - nowMs) / MINUTE)));
  }
}

/** What the platform does, as it would have been typed at `nowMs`. */
export function practiceDraft(from: Behaviour, nowMs: number): PracticeDraft {
  const typed = misbehaviourNames.map((name) => [name, draftOf(misbehaviours[name].told, from[name], nowMs)]);
  return Object.fromEntries(typed) as Record<MisbehaviourName, string>;
}

/** `null` is what no misbehaviour takes. */
function figureOf(told: Telling, text: string, nowMs: number): unknown {
  if (told === 'switch') return text !== '';
  if (text === '' || !isNumberText(text, 0, false)) return null;
  const figure = Number(text);
  if (told === 'share') return figure / 100;
  if (told === 'milliseconds') return figure;
  if (figure > MOST_MINUTES) return null;
  return figure === 0 ? '' : new Date(nowMs + figure * MINUTE).toISOString();
}

/** What is typed, as the platform takes it; undefined while a figure is out of range. */
export function behaviourOf(draft: PracticeDraft, nowMs: number): Behaviour | undefined {
  const told = misbehaviourNames.map((name) => [name, figureOf(misbehaviours[name].told, draft[name], nowMs)]);
  return behaviour.safeParse(Object.fromEntries(told)).data;
}
