import type { CoreEvent, InputOf, OperationName, OutputOf } from './contract.ts';
import type { Progress, Result } from './operation.ts';

/** A file dropped on the window; in the DOM a `File`. Named by its shape, because shared code knows no DOM. */
export interface DroppedFile {
  readonly name: string;
  readonly size: number;
}

/**
 * A file or folder the user chose. Operations take the token; the path stays between the main process and the core.
 * `size` is in bytes, 0 for a folder and for a file that is yet to be written.
 */
export interface GrantedFile {
  readonly token: string;
  readonly name: string;
  readonly size: number;
}

/** One line of the type list in a file dialog, e.g. `{ name: '电子表格', extensions: ['xlsx', 'csv'] }`. */
export interface FileFilter {
  readonly name: string;
  readonly extensions: readonly string[];
}

export interface ChooseFileOptions {
  /** What the file is for, in the user's language: the dialog's title. */
  readonly purpose: string;
  readonly filters?: readonly FileFilter[];
}

export interface ChooseFilesOptions extends ChooseFileOptions {
  /** One folder is chosen, and every file in it and in the folders below is meant, e.g. of a camera's card. */
  readonly isFolder?: boolean;
}

/** What a choice of many files or of a folder left out, and why. `most` is the bound that was reached. */
export type FolderFinding =
  | { readonly code: 'unreadable'; readonly name: string }
  /** A symbolic link: it may lead anywhere, in a circle as well. */
  | { readonly code: 'link'; readonly name: string }
  | { readonly code: 'deep'; readonly name: string; readonly most: number }
  | { readonly code: 'full'; readonly most: number; readonly taken: number };

export interface ChosenFiles {
  readonly files: readonly GrantedFile[];
  readonly findings: readonly FolderFinding[];
}

export interface ChooseSaveFileOptions extends ChooseFileOptions {
  /** A plain file name; any folder in it is dropped. */
  readonly defaultName: string;
}

export interface CallOptions {
  readonly onProgress?: (progress: Progress) => void;
  /** A number from `newCallId`, which `cancel` takes. */
  readonly callId?: number;
}

export interface PlatformInfo {
  readonly os: 'windows' | 'macos' | 'linux';
  readonly version: string;
  /** BCP 47, as the operating system prefers it, e.g. `zh-CN`. */
  readonly locale: string;
  readonly isPackaged: boolean;
}

export type ThemeChoice = 'light' | 'dark' | 'system';

/** `core-restarted`: the core process ended unexpectedly and a new one runs; books have to be opened again. */
export type DeskEvent = CoreEvent | { name: 'core-restarted' };

/** All that a page may do outside itself: `window.portbook`, put there by the preload. */
export interface PortbookBridge {
  /**
   * Calls an operation of the core. It always resolves: a refusal is `{ ok: false }`. When the core process ends during
   * the call, the answer is the error `CORE_STOPPED`; whether a command was carried out is then to be looked up.
   */
  call<N extends OperationName>(op: N, input: InputOf<N>, options?: CallOptions): Promise<Result<OutputOf<N>>>;
  newCallId(): number;
  /** Asks the core to end a job; its call still resolves, as a rule with the error `CANCELLED`. */
  cancel(callId: number): void;
  /** @returns the function that ends the subscription */
  onEvent(listener: (event: DeskEvent) => void): () => void;
  /**
   * Called before the window closes, more than once if it starts calls: what was typed and not yet written is to be written
   * now. Closing waits for the promise and for the calls under way, but not for long.
   *
   * @returns the function that ends the subscription
   */
  onFlush(handler: () => Promise<void>): () => void;
  /** The dialogs resolve with null when the user closes them. */
  chooseFile(options: ChooseFileOptions): Promise<GrantedFile | null>;
  /** Many at a time, in the order of their names; empty when the user closes the dialog. */
  chooseFiles(options: ChooseFilesOptions): Promise<ChosenFiles>;
  chooseDirectory(options: { readonly purpose: string }): Promise<GrantedFile | null>;
  chooseSaveFile(options: ChooseSaveFileOptions): Promise<GrantedFile | null>;
  /** Grants a file that was dropped on the window; null for something dragged that is no file on this computer. */
  grantDroppedFile(file: DroppedFile): Promise<GrantedFile | null>;
  /** Of a folder that was dropped on the window its files and those of the folders in it, as of one that is chosen; empty for no folder. */
  grantDroppedFolder(folder: DroppedFile, extensions: readonly string[]): Promise<ChosenFiles>;
  readonly platform: PlatformInfo;
  /** Tells the operating system's part of the window (title bar, menus, dialogs) which theme to wear. */
  setTheme(theme: ThemeChoice): Promise<void>;
  /** Opens an address of the short list of official sites in the browser. @returns whether it was on the list */
  openExternal(url: string): Promise<boolean>;
}
