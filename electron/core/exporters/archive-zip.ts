import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { Zip, ZipDeflate, ZipPassThrough } from 'fflate';
import { PortbookError } from '../../../shared/errors.ts';
import { syncFolder } from '../files/atomic.ts';

export interface ZipEntry {
  readonly path: string;
  /** Read when its turn comes, so that one file at a time is in memory. */
  readonly bytes: () => Uint8Array;
  /** Text is compressed; scans and PDFs are already. */
  readonly isText?: boolean;
}

/** A ZIP without its 64-bit extension ends here; so does what an office takes by mail. */
const largestBytes = 3_500_000_000;

/**
 * Writes a ZIP entry by entry. It appears whole or not at all. Refusals: `FILE_NOT_WRITTEN`, `ARCHIVE_EXPORT_TOO_LARGE`, `CANCELLED`.
 * @returns the bytes of the file
 */
export async function writeZip(
  path: string,
  entries: Iterable<ZipEntry>,
  work: { readonly at: Date; readonly signal: AbortSignal; readonly onEntry: (done: number) => void },
): Promise<number> {
  const partial = `${path}.${process.pid}.partial`;
  let written = 0;
  try {
    const handle = openSync(partial, 'w', 0o600);
    try {
      let failure: Error | undefined;
      const zip = new Zip((error, chunk) => {
        if (error !== null) failure = error;
        else for (let from = 0; from < chunk.length; ) from += writeSync(handle, chunk, from);
        written += chunk?.length ?? 0;
      });
      let done = 0;
      for (const { path: name, bytes, isText } of entries) {
        if (work.signal.aborted) throw new PortbookError('CANCELLED');
        const file = isText === true ? new ZipDeflate(name, { level: 9 }) : new ZipPassThrough(name);
        file.mtime = work.at;
        zip.add(file);
        file.push(bytes(), true);
        if (failure !== undefined) throw failure;
        if (written > largestBytes)
          throw new PortbookError('ARCHIVE_EXPORT_TOO_LARGE', { limitMb: Math.floor(largestBytes / 1_000_000) });
        done += 1;
        work.onEntry(done);
        await setImmediate();
      }
      zip.end();
      if (failure !== undefined) throw failure;
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    renameSync(partial, path);
    syncFolder(dirname(path));
    return written;
  } catch (error) {
    rmSync(partial, { force: true });
    if (error instanceof Error && 'code' in error && 'syscall' in error)
      throw new PortbookError('FILE_NOT_WRITTEN', { detail: String(error.code) });
    throw error;
  }
}
