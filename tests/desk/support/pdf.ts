import { execFileSync, spawnSync } from 'node:child_process';

const canRead = spawnSync('pdftotext', ['-v']).error === undefined;
if (!canRead) console.warn('pdftotext (poppler-utils) is not installed: printed pages are not read back');

/** The text of a printed page as it lies on it; undefined where it cannot be read back. */
export function pdfText(file: string): string | undefined {
  return canRead
    ? execFileSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8', maxBuffer: 1 << 28 })
    : undefined;
}
