import { setImmediate } from 'node:timers/promises';
import { PortbookError } from '../../../shared/errors.ts';
import { documentCheck, findingsOfCases } from '../checking.ts';
import type { Context } from '../context.ts';
import { storeRefusal } from '../store/database.ts';
import { findingsOf, storeFindings } from '../store/documents.ts';
import {
  documentsInMessage,
  forgetOldChecks,
  getMessage,
  type MessageRecord,
  mayHaveLeft,
  noteCheck,
} from '../store/messages.ts';

/**
 * Whether what waits is still good by the code tables and rules in force: a message is frozen with what was in force then, and may leave
 * weeks later. What has been checked with these leaves as it is, bytes and GUID; what no longer passes waits with its findings for a person,
 * who takes it back and corrects it, or lets it be checked once more.
 */
export class Recheck {
  readonly #context: Pick<Context, 'book' | 'resources' | 'now'>;
  #check: { readonly versions: string; readonly findings: ReturnType<typeof documentCheck> } | undefined;

  constructor(context: Pick<Context, 'book' | 'resources' | 'now'>) {
    this.#context = context;
  }

  /** Lets what failed with other tables or rules be tried with those in force. */
  begin(): void {
    forgetOldChecks(this.#context.book, versionsOf(this.#context.resources));
  }

  /** Those of many messages that may leave, each as it stands when it is asked about: other calls come in between. */
  async thoseThatMayLeave<T extends { readonly guid: string }>(messages: readonly T[]): Promise<T[]> {
    const fit: T[] = [];
    for (const one of messages) {
      await setImmediate();
      const message = getMessage(this.#context.book, one.guid);
      if (message !== undefined && this.mayLeave(message)) fit.push(one);
    }
    return fit;
  }

  /**
   * Whether a message may leave; checks it where it was checked with something else, and holds it where it fails. One that may have left
   * already is never asked about: whatever it says, it stands.
   */
  mayLeave({ guid, checkedWith, unfitAt }: Pick<MessageRecord, 'guid' | 'checkedWith' | 'unfitAt'>): boolean {
    const { book, resources, now } = this.#context;
    const versions = versionsOf(resources);
    if (checkedWith === versions) return unfitAt === undefined;
    if (mayHaveLeft(book, guid)) return true;
    if (this.#check?.versions !== versions) this.#check = { versions, findings: documentCheck(this.#context) };
    const check = this.#check.findings;
    const at = now();
    return book.transaction(() => {
      const ids = documentsInMessage(book, guid);
      let findings: ReturnType<typeof findingsOfCases>;
      try {
        findings = findingsOfCases(book, check, ids);
      } catch (thrown) {
        // A fault of the store ends the drain; a check that fails by itself holds what it was for, and nothing behind it.
        if (storeRefusal(thrown) !== undefined) throw thrown;
        noteCheck(book, guid, versions, false, at);
        book.audit('outbox.unchecked', guid, { versions, before: checkedWith, error: nameOf(thrown) }, at);
        return false;
      }
      const failed = ids.filter((id) => findings.get(id)?.some(({ level }) => level === 'reject') === true);
      for (const id of ids)
        if (failed.includes(id) || isUnfit(book, id)) storeFindings(book, id, findings.get(id) ?? [], at);
      noteCheck(book, guid, versions, failed.length === 0, at);
      if (failed.length > 0)
        book.audit('outbox.unfit', guid, { documents: failed.length, versions, before: checkedWith }, at);
      return failed.length === 0;
    });
  }
}

/** Whether a document was held by a check before: what it says then is no longer so once it passes. */
const isUnfit = (book: Context['book'], id: number): boolean =>
  findingsOf(book, id).some(({ level }) => level === 'reject');

/** What a fault is called: its message may quote what was typed. */
const nameOf = (thrown: unknown): string =>
  thrown instanceof PortbookError ? thrown.code : thrown instanceof Error ? thrown.name : 'unknown';

/** Which code tables and rules are in force, as a message is stamped with them. */
export function versionsOf({
  tablesVersion,
  rulesVersion,
}: Pick<Context['resources'], 'tablesVersion' | 'rulesVersion'>): string {
  return `${tablesVersion} ${rulesVersion}`;
}
