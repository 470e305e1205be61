import type {
  ChooseFileOptions,
  ChooseFilesOptions,
  ChooseSaveFileOptions,
  ChosenFiles,
  GrantedFile,
  PlatformInfo,
  ThemeChoice,
} from './bridge.ts';

/**
 * What the preload may ask of the main process, by channel. Whatever can be an operation of
 * the core is one and goes over the port.
 */
export interface DeskChannels {
  'desk:choose-file': (options: ChooseFileOptions) => GrantedFile | null;
  'desk:choose-files': (options: ChooseFilesOptions) => ChosenFiles;
  'desk:choose-directory': (options: { readonly purpose: string }) => GrantedFile | null;
  'desk:choose-save-file': (options: ChooseSaveFileOptions) => GrantedFile | null;
  /** The path comes from Electron's record of a real drop; the page itself can neither read nor make one. */
  'desk:grant-dropped-file': (path: string) => GrantedFile | null;
  'desk:grant-dropped-folder': (path: string, extensions: readonly string[]) => ChosenFiles;
  'desk:set-theme': (theme: ThemeChoice) => void;
  'desk:open-external': (url: string) => boolean;
  /** The page's preload has loaded and awaits its port to the core. */
  'desk:hello': () => void;
}

/** Main to preload: a port to the core; `isRestart` when an earlier core process has ended unexpectedly. */
export const corePortChannel = 'desk:core-port';
/** Main to preload: the core process has ended; calls under way get no answer any more. */
export const coreGoneChannel = 'desk:core-gone';
/** Main to preload: the window is about to close; what the page has not written yet is to be written now. */
export const flushChannel = 'desk:flush';
/** Preload to main: the answer to {@link flushChannel}. */
export const flushedChannel = 'desk:flushed';
/** The switch by which the preload learns, before any message, where it runs: {@link PlatformInfo} as JSON. */
export const platformInfoSwitch = '--portbook-platform=';

export type CorePortMessage = { readonly isRestart: boolean };
export type { PlatformInfo };
