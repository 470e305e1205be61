import { randomUUID } from 'node:crypto';
import { statSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { type BrowserWindow, dialog, type FileFilter } from 'electron';
import type {
  ChooseFileOptions,
  ChooseFilesOptions,
  ChooseSaveFileOptions,
  ChosenFiles,
  FolderFinding,
  GrantedFile,
} from '../shared/contract/bridge.ts';
import type { GrantMode, MainToCore } from '../shared/contract/host.ts';
import { type FolderFile, filesBelow } from './folder-files.ts';

/** Of one choice. */
const bounds = { mostFiles: 1000, mostEntries: 20_000, deepest: 6 } as const;

interface FoundFiles {
  readonly files: readonly FolderFile[];
  readonly findings: readonly FolderFinding[];
}

type Grant = Extract<MainToCore, { type: 'file-granted' }>;

/**
 * Turns what the user chose into tokens. The page passes the token on, the core knows the path behind it, and a page
 * that has been taken over can name no file that the user has not chosen himself.
 */
export class FileGrants {
  readonly #grants: Grant[] = [];
  readonly #announce: (grant: Grant) => Promise<void>;

  /** @param announce tells the core of a grant; resolves when it knows, since the page calls it by another road */
  constructor(announce: (grant: Grant) => Promise<void>) {
    this.#announce = announce;
  }

  /** Tells a restarted core of all grants, so that the page's tokens stay good. */
  announceAll(): void {
    for (const grant of this.#grants) void this.#announce(grant);
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

  async chooseFiles(window: BrowserWindow, options: ChooseFilesOptions): Promise<ChosenFiles> {
    const isFolder = options.isFolder === true;
    const answer = await dialog.showOpenDialog(window, {
      title: options.purpose,
      filters: isFolder ? [] : filtersOf(options),
      properties: isFolder ? ['openDirectory'] : ['openFile', 'multiSelections'],
    });
    const [folder] = answer.filePaths;
    if (answer.canceled || folder === undefined) return { files: [], findings: [] };
    const extensions = (options.filters ?? []).flatMap((one) => one.extensions).map((one) => one.toLowerCase());
    return this.#grantAll(isFolder ? await filesBelow(folder, extensions, bounds) : await filesNamed(answer.filePaths));
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
  async grantDropped(file: string): Promise<GrantedFile | null> {
    const about = statSync(file, { throwIfNoEntry: false });
    return about?.isFile() ? this.#grant(file, 'read') : null;
  }

  /** @param folder the path that Electron recorded for a drop @param extensions see {@link filesBelow} */
  async grantDroppedFolder(folder: string, extensions: readonly string[]): Promise<ChosenFiles> {
    const isFolder = statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true;
    return isFolder ? this.#grantAll(await filesBelow(folder, extensions, bounds)) : { files: [], findings: [] };
  }

  async #grantAll({ files, findings }: FoundFiles): Promise<ChosenFiles> {
    return { files: await Promise.all(files.map((file) => this.#grant(file.path, 'read', file.size))), findings };
  }

  async #grant(file: string, mode: GrantMode, size = mode === 'read' ? statSync(file).size : 0): Promise<GrantedFile> {
    const grant: Grant = { type: 'file-granted', token: randomUUID(), path: file, mode };
    this.#grants.push(grant);
    await this.#announce(grant);
    return { token: grant.token, name: path.basename(file), size };
  }
}

/** Files chosen one by one; one that is gone by now keeps the others not back. */
async function filesNamed(paths: readonly string[]): Promise<FoundFiles> {
  const files: FolderFile[] = [];
  const findings: FolderFinding[] = [];
  for (const file of paths.toSorted()) {
    if (files.length === bounds.mostFiles) {
      findings.push({ code: 'full', most: bounds.mostFiles, taken: files.length });
      break;
    }
    try {
      files.push({ path: file, size: (await stat(file)).size });
    } catch {
      findings.push({ code: 'unreadable', name: path.basename(file) });
    }
  }
  return { files, findings };
}

function filtersOf(options: ChooseFileOptions): FileFilter[] {
  return (options.filters ?? []).map(({ name, extensions }) => ({ name, extensions: [...extensions] }));
}
