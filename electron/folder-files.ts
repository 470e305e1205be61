import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { FolderFinding } from '../shared/contract/bridge.ts';

export interface FolderBounds {
  /** Files that are taken; the rest stays where it is, and a finding says so. */
  readonly mostFiles: number;
  /** Entries that are looked at: a whole disk chosen by mistake ends soon. */
  readonly mostEntries: number;
  /** Folders below the chosen one, itself counted. */
  readonly deepest: number;
}

export interface FolderFile {
  readonly path: string;
  readonly size: number;
}

/**
 * Files of a folder and of those below it, in the order of their names, without what is hidden (previews, the bin of the system).
 * What cannot be read is named in a finding and keeps nothing else back; so are links, which are not followed: no circle is walked.
 *
 * @param extensions lower case, without a dot; none: files of every kind
 */
export async function filesBelow(
  folder: string,
  extensions: readonly string[],
  bounds: FolderBounds,
): Promise<{ readonly files: readonly FolderFile[]; readonly findings: readonly FolderFinding[] }> {
  const files: FolderFile[] = [];
  const findings: FolderFinding[] = [];
  const said = (file: string): string => path.relative(path.dirname(folder), file);
  const isWanted = (name: string): boolean =>
    extensions.length === 0 || extensions.includes(path.extname(name).slice(1).toLowerCase());
  let seen = 0;
  let isFull = false;
  const full = (most: number): void => {
    isFull = true;
    findings.push({ code: 'full', most, taken: files.length });
  };
  const entriesOf = async (at: string): Promise<readonly Dirent[]> => {
    try {
      const entries = await readdir(at, { withFileTypes: true });
      return entries.filter(({ name }) => !name.startsWith('.')).sort((a, b) => (a.name < b.name ? -1 : 1));
    } catch {
      findings.push({ code: 'unreadable', name: said(at) });
      return [];
    }
  };
  const walk = async (at: string, deep: number): Promise<void> => {
    for (const entry of await entriesOf(at)) {
      if (isFull) return;
      seen += 1;
      if (seen > bounds.mostEntries) return full(bounds.mostEntries);
      const file = path.join(at, entry.name);
      if (entry.isSymbolicLink()) findings.push({ code: 'link', name: said(file) });
      else if (entry.isDirectory()) {
        if (deep < bounds.deepest) await walk(file, deep + 1);
        else findings.push({ code: 'deep', name: said(file), most: bounds.deepest });
      } else if (entry.isFile() && isWanted(entry.name)) {
        if (files.length === bounds.mostFiles) return full(bounds.mostFiles);
        try {
          files.push({ path: file, size: (await stat(file)).size });
        } catch {
          findings.push({ code: 'unreadable', name: said(file) });
        }
      }
    }
  };
  await walk(folder, 1);
  return { files, findings };
}
