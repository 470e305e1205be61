import type { ContractError } from './contract/operation.ts';

/** Parameters that fill an error's text. Never a bank account, an identity number or a passphrase. */
export type ErrorParams = Readonly<Record<string, string | number>>;

/**
 * A refusal the user can do something about: `code` is the i18n id `error.<code>` (what is wrong, why, how to mend it).
 * Anything else that is thrown is a bug: it is logged with an id and shown with that id.
 */
export class PortbookError extends Error {
  readonly code: string;
  readonly params: ErrorParams;
  readonly path: string | undefined;

  constructor(code: string, params: ErrorParams = {}, path?: string) {
    super(`${code} ${JSON.stringify(params)}`);
    this.name = 'PortbookError';
    this.code = code;
    this.params = params;
    this.path = path;
  }

  /** The form that crosses the contract. */
  toContract(): ContractError {
    return { code: this.code, params: { ...this.params }, ...(this.path === undefined ? {} : { path: this.path }) };
  }
}
