/** How alike two descriptions of goods are, and why: for warning that one code is used for goods described quite differently. */

export interface Likeness {
  /** 0 nothing in common, 1 the same. */
  readonly score: number;
  /** What both say, longest first. */
  readonly shared: readonly string[];
  readonly onlyFirst: readonly string[];
  readonly onlySecond: readonly string[];
}

// Words of quantity, packing and selling say nothing about what the goods are.
const noise =
  /\d+(\.\d+)?\s*(cm|mm|m|kg|g|ml|l|pcs|pc|件|个|只|套|装|盒|包|片|克|毫升)?|\b(set|of|in|with|and|the|for|a|an|new|hot|pack|style|large|small|assorted)\b|新款|热卖|包邮|跨境/g;

/** Latin words whole (without a plural s), Chinese in pairs of neighbours. */
function features(text: string): Set<string> {
  const folded = text.normalize('NFKC').toLowerCase().replace(noise, ' ');
  const found = new Set<string>();
  for (const word of folded.match(/[a-z]{2,}/g) ?? []) found.add(word.replace(/(?<=[a-z]{3})s$/, ''));
  for (const run of folded.match(/[\u3400-\u9fff]+/g) ?? []) {
    if (run.length === 1) found.add(run);
    for (let at = 0; at + 1 < run.length; at += 1) found.add(run.slice(at, at + 2));
  }
  return found;
}

/** Pairs that overlap are one stretch again: 陶瓷, 瓷摆, 摆件 are 陶瓷摆件. */
function stretches(pairs: readonly string[], text: string): string[] {
  const folded = text.normalize('NFKC').toLowerCase();
  const out: string[] = [];
  const wanted = new Set(pairs);
  for (const run of folded.match(/[\u3400-\u9fff]+/g) ?? []) {
    let stretch = '';
    for (let at = 0; at < run.length; at += 1) {
      const pair = run.slice(at, at + 2);
      const isWanted = wanted.has(pair) || (run.length === 1 && wanted.has(run));
      if (isWanted) stretch = stretch === '' ? pair : stretch + pair.slice(1);
      if (!isWanted && stretch !== '') {
        out.push(stretch);
        stretch = '';
      }
    }
    if (stretch !== '') out.push(stretch);
  }
  const latin = pairs.filter((one) => /^[a-z]/.test(one));
  return [...new Set([...out, ...latin])].sort((a, b) => b.length - a.length || (a < b ? -1 : 1));
}

/**
 * Compares two descriptions by what they have in common (Dice coefficient of word and character pairs). The end of a Chinese name
 * says what the thing is (陶瓷摆件, 玻璃摆件), so that a common ending of two characters counts for half at least.
 */
export function likeness(one: string, other: string): Likeness {
  const a = features(one);
  const b = features(other);
  const shared = [...a].filter((feature) => b.has(feature));
  const dice = a.size + b.size === 0 ? 1 : (2 * shared.length) / (a.size + b.size);
  const tail = (text: string): string => /[\u3400-\u9fff]{2}(?=[^\u3400-\u9fff]*$)/.exec(text)?.[0] ?? '';
  const score = tail(one) !== '' && tail(one) === tail(other) ? Math.max(dice, 0.5) : dice;
  return {
    score,
    shared: stretches(shared, one),
    onlyFirst: stretches(
      [...a].filter((feature) => !b.has(feature)),
      one,
    ),
    onlySecond: stretches(
      [...b].filter((feature) => !a.has(feature)),
      other,
    ),
  };
}

/** Below this two descriptions under one code are worth a look. */
export const UNLIKE = 0.25;
/** Above this two descriptions are of the same goods. */
export const ALIKE = 0.75;
