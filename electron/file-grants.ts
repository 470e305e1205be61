import { randomUUID } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { type BrowserWindow, dialog, type FileFilter } from 'electron';
import type {
  ChooseFileOptions,
  ChooseFilesOptions,
  ChooseSaveFileOptions,
  GrantedFile,
} from '../shared/contract/bridge.ts';
import type { GrantMode, MainToCore } from '../shared/contract/host.ts';

/** Files of one choice, and folders below a chosen one: a whole disk chosen by mistake must not hold the window up. */
const MOST_FILES = 1000;
const DEEPEST = 6;

type Grant = Extract<MainToCore, { type: 'file-granted' }>;

/**
 * Turns what the user chose into tokens. The page passes the token on, the core knows the path behind it, and a page
 * that has been taken over can name no file that the user has not chosen himself.
 */
export class FileGrants {
  readonly #grants: Grant[] = [];
  readonly #announce: (grant: Grant) => void;

  /** @param announce tells the core of a grant */
  constructor(announce: (grant: Grant) => void) {
    this.#announce = announce;
  }

  /** Tells a restarted core of all grants, so that the page's tokens stay good. */
  announceAll(): void {
    for (const grant of this.#grants) this.#announce(grant);
  }

  async chooseFile(window: BrowserWindow, options: ChooseFileOptions): Promise<GrantedFile | null> {
    const answer = await dialog.showOpenDialog(window, {
      title: options.purpose,
      filters: filtersOf(options),
      properties: ['openFile'],
    });
    const [chosen] = answer.filePaths;
    return answer.canceled || chosen === undefined ? null : this.#grant(chosen, 'read');
  }

  async chooseFiles(window: BrowserWindow, options: ChooseFilesOptions): Promise<readonly GrantedFile[]> {
    const isFolder = options.isFolder === true;
    const answer = await dialog.showOpenDialog(window, {
      title: options.purpose,
      filters: isFolder ? [] : filtersOf(options),
      properties: isFolder ? ['openDirectory'] : ['openFile', 'multiSelections'],
    });
    if (answer.canceled) return [];
    const files = isFolder ? answer.filePaths.flatMap((one) => filesBelow(one, DEEPEST)) : answer.filePaths;
    return files
      .toSorted()
      .slice(0, MOST_FILES)
      .map((file) => this.#grant(file, 'read'));
  }

  async chooseDirectory(window: BrowserWindow, options: { readonly purpose: string }): Promise<GrantedFile | null> {
    const answer = await dialog.showOpenDialog(window, {
      title: options.purpose,
      properties: ['openDirectory', 'createDirectory'],
    });
    const [chosen] = answer.filePaths;
    return answer.canceled || chosen === undefined ? null : this.#grant(chosen, 'directory');
  }

  async chooseSaveFile(window: BrowserWindow, options: ChooseSaveFileOptions): Promise<GrantedFile | null> {
    const answer = await dialog.showSaveDialog(window, {
      title: options.purpose,
      defaultPath: path.basename(options.defaultName),
      filters: filtersOf(options),
      properties: ['createDirectory', 'showOverwriteConfirmation'],
    });
    return answer.canceled || answer.filePath === '' ? null : this.#grant(answer.filePath, 'write');
  }

  /** @param file the path that Electron recorded for a drop */
  grantDropped(file: string): GrantedFile | null {
    const about = statSync(file, { throwIfNoEntry: false });
    return about?.isFile() ? this.#grant(file, 'read') : null;
  }

  #grant(file: string, mode: GrantMode): GrantedFile {
    const grant: Grant = { type: 'file-granted', token: randomUUID(), path: file, mode };
    this.#grants.push(grant);
    this.#announce(grant);
    return {
      token: grant.token,
      name: path.basename(file),
      size: mode === 'read' ? statSync(file).size : 0,
    };
  }
}

/** Files of a folder and of those below it, without what is hidden (previews, the bin of the system). */
function filesBelow(folder: string, deep: number): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => !name.startsWith('.'))
    .flatMap((entry) => {
      const at = path.join(folder, entry.name);
      if (entry.isFile()) return [at];
      return entry.isDirectory() && deep > 1 ? filesBelow(at, deep - 1) : [];
    });
}

function filtersOf(options: ChooseFileOptions): FileFilter[] {
  return (options.filters ?? []).map(({ name, extensions }) => ({ name, extensions: [...extensions] }));
}
