/**
 * Pinyin for names that come without it. The shipped tables were spelled when they were generated; from them it is learned how a
 * character is read between its neighbours, so that no dictionary is needed at run time.
 */
import type { CodeTable } from './table.ts';

const han = /[\u3400-\u9fff]/;

/** Han characters one by one, runs of Latin letters and digits as one token, everything else dropped: as tables are spelled. */
function tokensOf(name: string): string[] {
  return (
    name
      .normalize('NFKC')
      .toLowerCase()
      .match(/[\u3400-\u9fff]|[a-z0-9]+/g) ?? []
  );
}

type Tally = Map<string, Map<string, number>>;

function count(tally: Tally, key: string, reading: string): void {
  const readings = tally.get(key) ?? new Map<string, number>();
  readings.set(reading, (readings.get(reading) ?? 0) + 1);
  tally.set(key, readings);
}

function mostOf(readings: ReadonlyMap<string, number> | undefined): string | undefined {
  let best: string | undefined;
  let most = 0;
  for (const [reading, times] of readings ?? []) {
    if (times > most) {
      best = reading;
      most = times;
    }
  }
  return best;
}

/**
 * Learns readings from spelled tables.
 * @returns a function from a name to its syllables separated by blanks; a character never seen is left out
 */
export function learnSpelling(tables: readonly CodeTable[]): (name: string) => string {
  const alone: Tally = new Map();
  const withNext: Tally = new Map();
  const withLast: Tally = new Map();
  for (const { entries } of tables) {
    for (const { zh, pinyin } of entries) {
      if (pinyin === '') continue;
      const tokens = tokensOf(zh);
      const syllables = pinyin.split(' ');
      if (tokens.length !== syllables.length) continue;
      for (const [at, token] of tokens.entries()) {
        if (!han.test(token)) continue;
        const reading = syllables[at] ?? '';
        count(alone, token, reading);
        count(withNext, `${token}${tokens[at + 1] ?? ''}`, reading);
        count(withLast, `${tokens[at - 1] ?? ''}${token}`, reading);
      }
    }
  }
  return (name) => {
    const tokens = tokensOf(name);
    return tokens
      .map((token, at) => {
        if (!han.test(token)) return token;
        const next = withNext.get(`${token}${tokens[at + 1] ?? ''}`);
        const last = withLast.get(`${tokens[at - 1] ?? ''}${token}`);
        return mostOf(next) ?? mostOf(last) ?? mostOf(alone.get(token)) ?? '';
      })
      .filter((syllable) => syllable !== '')
      .join(' ');
  };
}
