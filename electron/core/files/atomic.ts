import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { PortbookError } from '../../../shared/errors.ts';

/**
 * Replaces a small file in one step: after a power cut either the old one or the new one is there, whole. Refusal: `FILE_NOT_WRITTEN`
 * {detail}, the system's code.
 * @param mode permissions of the new file; by default only its owner may read it
 */
export function writeFileAtomically(path: string, content: string | Uint8Array, mode = 0o600): void {
  const partial = `${path}.${process.pid}.partial`;
  try {
    const handle = openSync(partial, 'w', mode);
    try {
      const bytes = typeof content === 'string' ? Buffer.from(content) : content;
      let written = 0;
      while (written < bytes.length) written += writeSync(handle, bytes, written);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    renameSync(partial, path);
    syncFolder(dirname(path));
  } catch (error) {
    rmSync(partial, { force: true });
    if (error instanceof Error && 'code' in error)
      throw new PortbookError('FILE_NOT_WRITTEN', { detail: String(error.code) });
    throw error;
  }
}

/** Makes a rename last through a power cut. Windows knows no such call on folders and needs none. */
export function syncFolder(path: string): void {
  if (process.platform === 'win32') return;
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
