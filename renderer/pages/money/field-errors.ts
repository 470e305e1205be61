import type { ContractError } from '../../../shared/contract/operation.ts';
import { useErrorText } from '../../components/ErrorNote.tsx';

/** What a refusal says at the field it is about: what is wrong and what to do. Paths as the contract names them. */
export function useFieldErrors(error: ContractError | undefined): (path: string) => string | undefined {
  const textOf = useErrorText();
  return (path) => {
    if (error?.path !== path) return undefined;
    const { what, remedy } = textOf(error);
    return `${what} ${remedy}`.trim();
  };
}

/** Puts the cursor into the first of some fields that is shown. */
export function focusFirst(ids: readonly string[]): void {
  requestAnimationFrame(() => {
    const field = ids.map((id) => document.getElementById(id)).find((one) => one !== null && one.offsetParent !== null);
    field?.focus();
  });
}
