/** Hours of the day (China time) in which the queue sends by itself, `HH:mm`; past midnight where `to` is before `from`. */
export interface SendingHours {
  readonly from: string;
  readonly to: string;
}

const DAY_MIN = 1440;
const CHINA_MIN = 480;

const minutesOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));

/** Minutes from an instant (ISO 8601) to the next time the hours begin; 0 inside of them. Equal ends mean all day. */
export function minutesUntilHours({ from, to }: SendingHours, at: string): number {
  const start = minutesOf(from);
  const end = minutesOf(to);
  if (start === end) return 0;
  const now = (Math.floor(Date.parse(at) / 60_000) + CHINA_MIN) % DAY_MIN;
  const isInside = start < end ? now >= start && now < end : now >= start || now < end;
  return isInside ? 0 : (start - now + DAY_MIN) % DAY_MIN;
}
