/**
 * What one document's editor holds: the body as entered, undo and redo, what is on its way to the core, and the place of the cursor.
 * Every change is sent at once, one save at a time and the newest place with it; nothing waits for a pause in typing. What is entered
 * while a save is under way is posted behind it to be kept, so that it is in the book even if the window ends before its own save; what the
 * core never took (it ended) is kept here and entered again when the same document is opened.
 */
import type { OutputOf } from '../../../../shared/contract/contract.ts';
import type { EntryPlace, EntryState, PendingEntry } from '../../../../shared/contract/entry.ts';
import type { ContractError } from '../../../../shared/contract/operation.ts';
import type { AnyDocument, MessageSpec } from '../../../../shared/documents/spec.ts';
import {
  type EditOperation,
  editBody,
  marksAfter,
  PathError,
  TooManyLinesError,
} from '../../../../shared/drafting/edit.ts';
import { emptyUndo, remember, restoreBetween, step, type UndoStack } from '../../../../shared/drafting/undo.ts';
import { ContractFailure, call, errorOf } from '../../../core-client.ts';
import { type Autosaver, createAutosaver, type SaveState } from '../../../stores/autosaver.ts';

export type Opened = OutputOf<'entry.open'>;

export interface EntrySnapshot {
  readonly body: AnyDocument;
  /** As the core last answered; behind `body` while a save is under way. */
  readonly checked: EntryState;
  readonly unconfirmed: readonly string[];
  /** The last refusal; what was refused is no longer in the body. */
  readonly error: ContractError | undefined;
  readonly undo: UndoStack;
}

/** Refusals that will be the same the next time; anything else (the core restarts) is tried again. */
const isRefusal = (thrown: unknown): boolean =>
  thrown instanceof ContractFailure && !/^(CORE_|DESK_|DISK_|BOOK_|BUG)/.test(thrown.error.code);

/** Refusals of the document as a whole: it is no longer what was entered upon. All others are about one change. */
const isOutOfReach = (error: ContractError): boolean =>
  /^(ENTRY_OUTDATED|DOCUMENT_FROZEN|DOCUMENT_APPROVED|DOCUMENT_UNKNOWN)$/.test(error.code);

/** About a line that was refused, or that there is no room for without it. */
const isOutOfPlace = (thrown: unknown): boolean => thrown instanceof PathError || thrown instanceof TooManyLinesError;

/** One thing the user did: a change made at once, or a step of undo or redo. */
type Deed = { readonly operations: readonly EditOperation[]; readonly path: string } | { readonly step: -1 | 1 };

/** What is on the screen and how to go back from it. */
interface Content {
  readonly body: AnyDocument;
  readonly undo: UndoStack;
}

/** What an ended core did not take, by book and document: kept in the window's memory only. */
interface Lost {
  readonly body: AnyDocument;
  readonly confirmed: readonly string[];
  readonly place: EntryPlace | undefined;
}
const lost = new Map<string, Lost>();

const stateOf = (opened: EntryState): EntryState => ({
  revision: opened.revision,
  businessKey: opened.businessKey,
  state: opened.state,
  amount: opened.amount,
  currency: opened.currency,
  findings: opened.findings,
  unconfirmed: opened.unconfirmed,
  marked: opened.marked,
  ...(opened.approval === undefined ? {} : { approval: opened.approval }),
});

/** The earlier of two values that say the same, so that only what changed is drawn again. */
const sameOr = <T>(before: T, next: T): T => (JSON.stringify(before) === JSON.stringify(next) ? before : next);

export class EntrySession {
  readonly id: number;
  readonly spec: MessageSpec;
  #snapshot: EntrySnapshot;
  readonly #listeners = new Set<() => void>();
  readonly #savingListeners = new Set<() => void>();
  readonly #saver: Autosaver<null>;
  #saving: SaveState = { kind: 'idle' };
  #operations: EditOperation[] = [];
  /** What {@link #operations} came from, so that it can be done again without what was refused. */
  #deeds: Deed[] = [];
  /** Before the first of the deeds that the core has not taken yet. */
  #before: Content;
  #confirmed: string[] = [];
  #place: EntryPlace | undefined;
  #wantsCheck = false;
  #isSending = false;
  #isDisposed = false;
  #latestPlace: EntryPlace | undefined;
  readonly #key: string;
  /** Where the cursor is to stand when the document opens; undefined: it was never entered. */
  readonly start: EntryPlace | undefined;
  /** Where the cursor is now, for whoever asks. */
  at = '';

  constructor(opened: Opened, spec: MessageSpec, bookId: string) {
    this.id = opened.id;
    this.spec = spec;
    this.#key = `${bookId} ${opened.id}`;
    this.start = lost.get(this.#key)?.place ?? opened.place;
    this.#snapshot = {
      body: opened.body,
      checked: stateOf(opened),
      unconfirmed: opened.unconfirmed,
      error: undefined,
      undo: emptyUndo,
    };
    this.#before = this.#snapshot;
    this.#saver = createAutosaver<null>({
      save: () => this.#send(),
      onState: (saving) => {
        // A word that changes with every key would flicker: only what stays is told.
        if (saving.kind === 'pending' || (saving.kind === 'saving' && this.#saving.kind !== 'failed')) return;
        this.#saving = saving;
        for (const listener of this.#savingListeners) listener();
      },
      delayMs: 0,
    });
    this.#resume(opened);
  }

  /** Enters again what was entered and did not come into the book before the core or the window ended. */
  #resume({ body, pending }: Opened): void {
    const left = lost.get(this.#key);
    lost.delete(this.#key);
    const whole = left === undefined ? undefined : restoreBetween(this.spec, body, left.body);
    const operations: readonly EditOperation[] =
      left === undefined ? (pending?.operations ?? []) : whole === undefined ? [] : [whole];
    this.apply(operations, this.start?.path ?? '');
    this.confirm(left?.confirmed ?? pending?.confirmed ?? []);
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
  readonly snapshot = (): EntrySnapshot => this.#snapshot;
  /** Apart from the rest, as every key is saved and the document is not to be drawn for it. */
  readonly subscribeSaving = (listener: () => void): (() => void) => {
    this.#savingListeners.add(listener);
    return () => this.#savingListeners.delete(listener);
  };
  readonly saving = (): SaveState => this.#saving;

  #set(change: Partial<EntrySnapshot>): void {
    this.#snapshot = { ...this.#snapshot, ...change };
    for (const listener of this.#listeners) listener();
  }

  /** Changes the document; `path` is where the change was made, to which undo goes back. Throws as `editBody` does. */
  apply(operations: readonly EditOperation[], path: string): void {
    if (operations.length === 0) return;
    const { body, unconfirmed } = this.#snapshot;
    const { content } = this.#done(this.#snapshot, { operations, path });
    this.#push(body, operations);
    this.#deeds.push({ operations, path });
    this.#set({
      ...content,
      unconfirmed: marksAfter(this.spec, unconfirmed, body, operations),
      error: undefined,
    });
    this.#change();
  }

  /** The content after a deed, and the operations it takes. Throws as `editBody` does. */
  #done(
    { body, undo }: Content,
    deed: Deed,
  ): { content: Content; operations: readonly EditOperation[]; path?: string } {
    if (!('step' in deed)) {
      const content = {
        body: editBody(this.spec, body, deed.operations),
        undo: remember(undo, { body, path: deed.path }),
      };
      return { content, operations: deed.operations };
    }
    const found = step(undo, body, deed.step);
    if (found === undefined) return { content: { body, undo }, operations: [] };
    const operation = restoreBetween(this.spec, body, found.to.body);
    return {
      content: { body: found.to.body, undo: found.stack },
      operations: operation === undefined ? [] : [operation],
      path: found.to.path,
    };
  }

  #change(): void {
    if (this.#isDisposed) this.#lose();
    else if (this.#isSending) this.#postAhead();
    this.#saver.change(null);
  }

  /** Behind the save under way, which may take its time: what came since is in the book even if the window ends now. */
  #postAhead(): void {
    const place = this.#place ?? this.#latestPlace;
    if (place === undefined) return;
    const pending: PendingEntry = { operations: [...this.#operations] as never, confirmed: [...this.#confirmed] };
    // The save that follows carries the same and says what went wrong.
    call('entry.keep', { id: this.id, place, pending }).catch(() => undefined);
  }

  #lose(): void {
    lost.set(this.#key, { body: this.#snapshot.body, confirmed: this.#confirmed, place: this.#latestPlace });
  }

  /** Confirmations on their way are applied after the operations: they go with their lines. */
  #push(body: AnyDocument, operations: readonly EditOperation[]): void {
    this.#operations.push(...operations);
    this.#confirmed = [...marksAfter(this.spec, this.#confirmed, body, operations)];
  }

  /** One step back or forward; the path to go to, undefined when there is none. */
  step(by: -1 | 1): string | undefined {
    const { body, unconfirmed } = this.#snapshot;
    const { content, operations, path } = this.#done(this.#snapshot, { step: by });
    if (path === undefined) return undefined;
    this.#push(body, operations);
    this.#deeds.push({ step: by });
    this.#set({
      ...content,
      unconfirmed: marksAfter(this.spec, unconfirmed, body, operations),
    });
    this.#change();
    return path;
  }

  /** Facts that were looked at and stay as they are. */
  confirm(paths: readonly string[]): void {
    const seen = paths.filter((path) => this.#snapshot.unconfirmed.includes(path));
    if (seen.length === 0) return;
    this.#confirmed.push(...seen);
    this.#set({ unconfirmed: this.#snapshot.unconfirmed.filter((path) => !seen.includes(path)) });
    this.#change();
  }

  /** The cursor is here, and this is being typed. */
  keep(place: EntryPlace): void {
    this.at = place.path;
    this.#place = place;
    // An editor that goes away takes what is typed; where it was being typed is still the place to go on.
    if (!this.#isDisposed) this.#latestPlace = place;
    this.#change();
  }

  /** Waits until everything is in the book. False when something could not be saved. */
  async flush(): Promise<boolean> {
    await this.#saver.flush();
    return this.#saving.kind !== 'failed';
  }

  /** Checks the document again as it stands. */
  async check(): Promise<boolean> {
    this.#wantsCheck = true;
    this.#saver.change(null);
    return this.flush();
  }

  clearError(): void {
    this.#set({ error: undefined });
  }

  /** Reads again what others have changed about it: approval and marks of the checker. */
  async refresh(): Promise<void> {
    await this.flush();
    const opened = await call('entry.open', { id: this.id });
    if (opened.revision === this.#snapshot.checked.revision) this.#set({ checked: stateOf(opened) });
  }

  dispose(): void {
    this.#isDisposed = true;
    if (this.#isSending || this.#operations.length > 0 || this.#confirmed.length > 0 || this.#place !== undefined)
      this.#lose();
    this.#saver.dispose();
  }

  async #send(): Promise<void> {
    const operations = this.#operations;
    const deeds = this.#deeds;
    const { body, undo } = this.#snapshot;
    const confirmed = this.#confirmed;
    const place = this.#place;
    const wantsCheck = this.#wantsCheck;
    this.#operations = [];
    this.#deeds = [];
    this.#confirmed = [];
    this.#place = undefined;
    this.#wantsCheck = false;
    this.#isSending = true;
    try {
      if (operations.length > 0 || confirmed.length > 0 || wantsCheck) {
        const checked = await call('entry.save', {
          id: this.id,
          base: this.#snapshot.checked.revision,
          operations: operations as never,
          confirmed,
          ...(place === undefined ? {} : { place }),
        });
        this.#before = { body, undo };
        // Answers of a save that is already overtaken say nothing about marks.
        const isLatest = this.#operations.length === 0 && this.#confirmed.length === 0;
        const before = this.#snapshot;
        this.#set({
          checked: {
            ...checked,
            findings: sameOr(before.checked.findings, checked.findings),
            marked: sameOr(before.checked.marked, checked.marked),
          },
          ...(isLatest ? { unconfirmed: sameOr(before.unconfirmed, checked.unconfirmed) } : {}),
        });
      } else if (place !== undefined) await call('entry.keep', { id: this.id, place });
      if (this.#operations.length === 0 && this.#confirmed.length === 0) lost.delete(this.#key);
    } catch (thrown) {
      if (isRefusal(thrown)) {
        await this.#takeBack(errorOf(thrown), deeds, confirmed);
        return;
      }
      this.#operations = [...operations, ...this.#operations];
      this.#deeds = [...deeds, ...this.#deeds];
      this.#confirmed = [...confirmed, ...this.#confirmed];
      this.#place ??= place;
      this.#wantsCheck ||= wantsCheck;
      throw thrown;
    } finally {
      this.#isSending = false;
    }
  }

  /**
   * What the core refuses is not kept on the screen as if it were in the book: the deeds of the refused save are done again one by one,
   * and only those it refuses by themselves are left out; what was entered since comes on top of them. Of a document that is no longer the
   * one that was entered upon, all is taken back.
   */
  async #takeBack(error: ContractError, deeds: readonly Deed[], confirmed: readonly string[]): Promise<void> {
    const base = this.#snapshot.checked.revision;
    const opened = await call('entry.open', { id: this.id });
    lost.delete(this.#key);
    let content: Content = { body: opened.body, undo: this.#before.undo };
    let checked = stateOf(opened);
    let unconfirmed: readonly string[] = opened.unconfirmed;
    let refused = error;
    const isLost = isOutOfReach(error) || opened.revision !== base;
    const waiting = isLost ? [] : [...deeds];
    let ended: unknown;
    while (ended === undefined && waiting[0] !== undefined) {
      const [deed] = waiting;
      try {
        const next = this.#done(content, deed);
        if (next.operations.length > 0) {
          const operations = next.operations as never;
          checked = await call('entry.save', { id: this.id, base: checked.revision, operations });
          ({ unconfirmed } = checked);
        }
        content = next.content;
      } catch (thrown) {
        if (isRefusal(thrown)) refused = errorOf(thrown);
        else if (!isOutOfPlace(thrown)) {
          ended = thrown;
          break;
        }
        // A step back over what was refused finds nothing to undo.
        if (!('step' in deed))
          content = { ...content, undo: remember(content.undo, { body: content.body, path: deed.path }) };
      }
      waiting.shift();
    }
    const since = isLost ? [] : [...waiting, ...this.#deeds];
    this.#before = content;
    this.#operations = [];
    this.#deeds = [];
    // Confirmations that were refused by themselves stay amber: sent once more they would be refused for ever.
    const again = deeds.length === 0 ? [] : confirmed;
    this.#confirmed = isLost ? [] : [...again, ...this.#confirmed];
    for (const deed of since) {
      try {
        const next = this.#done(content, deed);
        unconfirmed = marksAfter(this.spec, unconfirmed, content.body, next.operations);
        content = next.content;
        this.#operations.push(...next.operations);
        this.#deeds.push(deed);
      } catch (thrown) {
        if (!isOutOfPlace(thrown)) throw thrown;
      }
    }
    this.#set({
      body: content.body,
      checked,
      unconfirmed: unconfirmed.filter((path) => !this.#confirmed.includes(path)),
      undo: isLost ? emptyUndo : withoutIdle(content),
      error: refused,
    });
    if (ended !== undefined) throw ended;
    // Nothing may be entered again that was refused.
    const place = this.#latestPlace;
    if (place !== undefined)
      await call('entry.keep', {
        id: this.id,
        place,
        pending: { operations: [...this.#operations] as never, confirmed: [...this.#confirmed] },
      });
    if (this.#operations.length > 0 || this.#confirmed.length > 0) this.#saver.change(null);
  }
}

/** The steps of undo that change something: those of what was refused do not. */
function withoutIdle({ body, undo }: Content): UndoStack {
  return { ...undo, past: undo.past.filter((moment, at) => moment.body !== (undo.past[at + 1]?.body ?? body)) };
}
