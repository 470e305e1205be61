import { basename, join } from 'node:path';
import type { FolderSettings } from '../../../shared/sync/endpoint-settings.ts';

/**
 * Where the files of messages lie with an import client, as of one look around its folders. A client that has worked for years holds a
 * hundred thousand files: whatever is asked within seconds is answered from one listing of them, not from one for each message.
 */

export type Place = 'out' | 'sent' | 'failed' | 'answered' | 'refused' | 'nowhere';
export interface Found {
  readonly place: Place;
  readonly path: string;
}

/** What is in the folders, by the GUIDs in the names of files. */
export interface FolderLook {
  find(guid: string): Found;
  /** Files in OutBox under temporary names. */
  partials(guid: string): readonly string[];
  /** The file in FailBox with the client's reason, where it left one. */
  reason(guid: string): string | undefined;
}

/** Where receipts go that the book has. */
export const readFolder = 'Portbook';

export const nameOf = (guid: string): string => `${guid}.xml`;

const GUIDS = /[0-9A-F]{8}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{12}/gi;

/** How long a look serves; where it takes long, as on a network share, ten times what it took. */
const LOOK_MS = 2000;
const LOOK_SHARE = 10;

/** The names in one folder. */
class Names {
  readonly #folder: string;
  readonly #byGuid = new Map<string, string[]>();

  constructor(folder: string, names: readonly string[]) {
    this.#folder = folder;
    for (const name of names)
      for (const found of name.match(GUIDS) ?? []) {
        const guid = found.toUpperCase();
        const known = this.#byGuid.get(guid);
        if (known === undefined) this.#byGuid.set(guid, [name]);
        else known.push(name);
      }
  }

  /** Paths of the message's files that the rule takes. */
  of(guid: string, rule: (name: string) => boolean = () => true): string[] {
    const names = this.#byGuid.get(guid.toUpperCase()) ?? [];
    return names.filter(rule).map((name) => join(this.#folder, name));
  }
}

export interface LookingOptions {
  readonly folders: FolderSettings;
  readonly list: (folder: string) => Promise<string[]>;
  readonly now: () => string;
}

/** A folder that is made only when it is needed. */
export function absent(error: unknown): string[] {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
  throw error;
}

/** Lists the folders. A client moves files from OutBox on, so OutBox is listed first: nothing slips through. */
async function lookAround({ folders, list }: LookingOptions): Promise<FolderLook> {
  const namesIn = async (folder: string): Promise<Names> => new Names(folder, await list(folder));
  const out = await namesIn(folders.outBox);
  const sent = await namesIn(folders.sentBox);
  const failed = await namesIn(folders.failBox);
  const answers = await namesIn(folders.inBox);
  const readIn = join(folders.inBox, readFolder);
  const read = new Names(readIn, folders.movesRead ? await list(readIn).catch(absent) : []);
  return {
    find(guid) {
      const whole = nameOf(guid).toLowerCase();
      const places: readonly (readonly [Place, readonly string[]])[] = [
        ['out', out.of(guid, (name) => name.toLowerCase() === whole)],
        ['sent', sent.of(guid)],
        ['failed', failed.of(guid, (name) => /\.(xml|zip)$/i.test(name))],
        ['answered', [...answers.of(guid), ...read.of(guid)]],
      ];
      for (const [place, [path]] of places) {
        if (path === undefined) continue;
        return { place: place === 'answered' && /^failed_/i.test(basename(path)) ? 'refused' : place, path };
      }
      return { place: 'nowhere', path: '' };
    },
    partials(guid) {
      const start = `${nameOf(guid)}.`.toLowerCase();
      return out.of(guid, (name) => name.toLowerCase().startsWith(start) && name.toLowerCase().endsWith('.temp'));
    },
    reason: (guid) => failed.of(guid, (name) => /\.(txt|log|err)$/i.test(name))[0],
  };
}

/** Looks around the folders when asked, and keeps what it saw for a moment. */
export class Looking {
  readonly #options: LookingOptions;
  /** `until` by a clock that nobody sets, `began` by the one that tells when a file was put there. */
  #last: { readonly look: FolderLook; readonly until: number; readonly began: number } | undefined;

  constructor(options: LookingOptions) {
    this.#options = options;
  }

  async anew(): Promise<FolderLook> {
    const [from, began] = [performance.now(), Date.parse(this.#options.now())];
    const look = await lookAround(this.#options);
    this.#last = { look, until: from + Math.max(LOOK_MS, (performance.now() - from) * LOOK_SHARE), began };
    return look;
  }

  async recent(): Promise<FolderLook> {
    return this.#last !== undefined && performance.now() < this.#last.until ? this.#last.look : this.anew();
  }

  /**
   * Does something with what is known of a message's file. What lies nowhere by a look from before it was put there is looked for again, and
   * so is what was moved since.
   * @param putAt when a file of it was put there, or may have been
   */
  async at<T>(
    guid: string,
    putAt: string | undefined,
    use: (found: Found, look: FolderLook) => Promise<T>,
  ): Promise<T> {
    const last = this.#last;
    const look = await this.recent();
    const found = look.find(guid);
    if (look !== last?.look) return use(found, look);
    // Noted first and renamed at once: a while later a look shows it, whichever process did so.
    const isBefore = putAt !== undefined && !(last.began > Date.parse(putAt) + LOOK_MS);
    if (!(isBefore && found.place === 'nowhere'))
      try {
        return await use(found, look);
      } catch (error) {
        // Moved since; anything else is thrown on.
        absent(error);
      }
    const fresh = await this.anew();
    return use(fresh.find(guid), fresh);
  }
}
