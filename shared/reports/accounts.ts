/** The chart as a tree by the length of the codes: 4, 6, 8, 10 digits. */
import type { AccountKind, Selection } from './pack.ts';

export interface ReportAccount {
  readonly code: string;
  readonly nameZh: string;
  readonly nameEn: string;
  readonly kind: AccountKind;
  readonly side: 'debit' | 'credit';
}

/** 1 for four digits, 2 for six … */
export function levelOf(code: string): number {
  return Math.max(1, (code.length - 2) / 2);
}

/** The code and those above it, from the four digits down. */
export function pathOf(code: string): string[] {
  const path: string[] = [];
  for (let length = 4; length < code.length; length += 2) path.push(code.slice(0, length));
  path.push(code);
  return path;
}

/** A chart that answers by code. */
export class Chart {
  readonly accounts: readonly ReportAccount[];
  readonly #byCode: ReadonlyMap<string, ReportAccount>;
  readonly #groups: ReadonlySet<string>;

  constructor(accounts: readonly ReportAccount[]) {
    this.accounts = accounts;
    this.#byCode = new Map(accounts.map((one) => [one.code, one]));
    this.#groups = new Set(accounts.flatMap(({ code }) => pathOf(code).slice(0, -1)));
  }

  get(code: string): ReportAccount | undefined {
    return this.#byCode.get(code);
  }

  /** Whether there are accounts below it. */
  isGroup(code: string): boolean {
    return this.#groups.has(code);
  }

  /** The name, or the code of an account that the chart does not have. */
  nameOf(code: string): { nameZh: string; nameEn: string } {
    const { nameZh, nameEn } = this.#byCode.get(code) ?? { nameZh: code, nameEn: code };
    return { nameZh, nameEn };
  }

  /** Names from the four digits down. */
  namePath(code: string): string[] {
    return pathOf(code).map((one) => this.nameOf(one).nameZh);
  }

  /** Whether a selection takes the account. */
  selects({ account, named }: Selection, code: string): boolean {
    if (!code.startsWith(account)) return false;
    if (named === undefined) return true;
    return pathOf(code)
      .filter((one) => one.length > account.length)
      .some((one) => named.some((word) => this.nameOf(one).nameZh.includes(word)));
  }
}
