import { PortbookError } from '../../../shared/errors.ts';
import type { Context } from '../context.ts';
import { type ArchivePaper, paperBytes, sha256Of } from '../store/archive.ts';
import type { Book } from '../store/book.ts';
import { writeZip, type ZipEntry } from './archive-zip.ts';

/** A file of a pack: where it lies, its hash as the sums have it, its bytes when its turn comes. */
export interface PackFile {
  readonly path: string;
  readonly sha256: string;
  readonly bytes: () => Uint8Array;
  readonly isText?: boolean;
}

/** A name that every file system takes. */
export const harmlessName = (name: string): string =>
  [...name]
    .map((at) => (/[\\/:*?"<>|]/.test(at) || at < ' ' ? '_' : at))
    .join('')
    .slice(-120);

/** A file whose bytes are at hand. */
export function packText(path: string, text: string): PackFile {
  const bytes = Buffer.from(text, 'utf8');
  return { path, sha256: sha256Of(bytes), bytes: () => bytes, isText: true };
}

/** A paper of the book. Its turn refuses with `ARCHIVE_DAMAGED` {name}: a damaged paper must not leave under a hash it no longer has. */
export function packPaper(book: Book, paper: ArchivePaper, path: string): PackFile {
  return {
    path,
    sha256: paper.sha256,
    bytes: () => {
      const bytes = paperBytes(book, paper.id);
      if (sha256Of(bytes) !== paper.sha256) throw new PortbookError('ARCHIVE_DAMAGED', { name: paper.fileName });
      return bytes;
    },
  };
}

/** A page as PDF where there is a window, as HTML otherwise. */
export async function packPage(
  { host }: Pick<Context, 'host'>,
  name: string,
  html: string,
): Promise<PackFile & { readonly isPdf: boolean }> {
  const pdf = await host.printPdf(html);
  if (pdf === undefined) return { ...packText(`${name}.html`, html), isPdf: false };
  return { path: `${name}.pdf`, sha256: sha256Of(pdf), bytes: () => pdf, isPdf: true };
}

/**
 * Writes a pack as one ZIP: its index page, SHA256SUMS over all else, then the files. It appears whole or not at all. Refusals: those of
 * `writeZip` and of the files.
 * @returns bytes of the ZIP, the hash of SHA256SUMS, and what the index was written as
 */
export async function writePack(
  context: Pick<Context, 'host' | 'signal' | 'progress'>,
  pack: {
    readonly to: string;
    /** Phase of the progress, an i18n id. */
    readonly phase: string;
    readonly at: string;
    /** The first page, as HTML. */
    readonly index: string;
    readonly files: readonly PackFile[];
  },
): Promise<{ readonly bytes: number; readonly listSha256: string; readonly index: 'pdf' | 'html' }> {
  const index = await packPage(context, 'index', pack.index);
  const all = [index, ...pack.files];
  const sums = packText('SHA256SUMS', `${all.map(({ sha256, path }) => `${sha256}  ${path}`).join('\n')}\n`);
  const entries: ZipEntry[] = [index, sums, ...pack.files];
  const bytes = await writeZip(pack.to, entries, {
    at: new Date(pack.at),
    signal: context.signal,
    onEntry: (done) => context.progress({ phase: pack.phase, done, total: entries.length }),
  });
  return { bytes, listSha256: sums.sha256, index: index.isPdf ? 'pdf' : 'html' };
}
