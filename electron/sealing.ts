import { safeStorage } from 'electron';

/**
 * Whether the operating system has a keyring worth the name. On a Linux without one Electron would "encrypt" with a
 * password that stands in its source.
 */
export function canSeal(): boolean {
  if (!safeStorage.isEncryptionAvailable()) return false;
  return process.platform !== 'linux' || safeStorage.getSelectedStorageBackend() !== 'basic_text';
}

/** @param data base64 @returns the sealed form, base64 */
export function seal(data: string): string {
  return safeStorage.encryptString(data).toString('base64');
}

/** @param data what `seal` returned @returns what it was given */
export function openSealed(data: string): string {
  return safeStorage.decryptString(Buffer.from(data, 'base64'));
}
