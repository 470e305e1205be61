import { typedAheadIsIn } from './typing-ahead.ts';

/** Codes that are being looked up after their field was left: whoever sends or queues what was entered waits for them. */
const underWay = new Set<Promise<unknown>>();

/** Notes a lookup whose answer is still to be put into its form or document. */
export function lookingUp(answer: Promise<unknown>): void {
  const forget = (): void => {
    underWay.delete(answer);
  };
  underWay.add(answer);
  answer.then(forget, forget);
}

/** Resolves when the lookups that are under way now have come: a code that depends on another waits for it. */
export async function lookupsBefore(): Promise<void> {
  await Promise.allSettled([...underWay]);
}

/** Resolves when no lookup is under way any more: everything that was typed is where it belongs, or was refused. */
export async function lookupsSettled(): Promise<void> {
  do {
    while (underWay.size > 0) await Promise.allSettled([...underWay]);
    await typedAheadIsIn();
  } while (underWay.size > 0);
}

/** Puts the cursor into the first box that keeps text it has refused; false when there is none: nothing typed is passed over. */
export function focusRefused(within: Element | null): boolean {
  const input = within?.querySelector<HTMLInputElement>('.lookup.is-refused input');
  input?.focus();
  return input != null;
}
