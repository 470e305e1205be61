/** What is found while a payout is read; texts by code in `shared/i18n/errors.*.json`: what, why, remedy. */
export interface PayoutFinding {
  readonly code: string;
  /** `reject`: the file is not taken; `doubt`: look at it; `note`: as it is, and legal. */
  readonly level: 'reject' | 'doubt' | 'note';
  /** Column or field it is about, as the file names it. */
  readonly field: string;
  readonly params: Readonly<Record<string, string | number>>;
}

/** Gathers findings; those of one code and field become one, which counts them and names the first row. */
export class Findings {
  readonly #byKey = new Map<string, { finding: PayoutFinding; count: number }>();
  /** How often something was found. */
  added = 0;

  add(finding: PayoutFinding): void {
    this.added += 1;
    const key = `${finding.code} ${finding.field}`;
    const known = this.#byKey.get(key);
    if (known === undefined) this.#byKey.set(key, { finding, count: 1 });
    else known.count += 1;
  }

  /** Rejections first, then doubts and notes, each in the order in which they were found. `count` is a parameter of all. */
  list(): PayoutFinding[] {
    const levels = ['reject', 'doubt', 'note'];
    return [...this.#byKey.values()]
      .map(({ finding, count }) => ({ ...finding, params: { ...finding.params, count } }))
      .sort((a, b) => levels.indexOf(a.level) - levels.indexOf(b.level));
  }
}
