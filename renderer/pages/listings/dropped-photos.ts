/** What was dropped on a place for photos: files, and folders with the pictures in and below them, as a phone's card shows them. */
import type { FolderFinding, GrantedFile } from '../../../shared/contract/bridge.ts';

export interface Dropped {
  readonly files: readonly (File | GrantedFile)[];
  readonly findings: readonly FolderFinding[];
}

/**
 * Files that were dropped themselves are taken whatever they are, so that each is answered; of a folder its pictures. The transfer is read
 * before the first wait: the system empties it when the drop is over.
 * @param pictures endings of names of pictures, lower case, without a dot
 */
export async function droppedPhotos(transfer: DataTransfer, pictures: readonly string[]): Promise<Dropped> {
  const dropped = [...transfer.items].flatMap((item) => {
    const isFolder = item.webkitGetAsEntry()?.isDirectory === true;
    const file = item.getAsFile();
    return file === null ? [] : [{ file, isFolder }];
  });
  const parts = await Promise.all(
    dropped.map(
      async ({ file, isFolder }): Promise<Dropped> =>
        isFolder ? window.portbook.grantDroppedFolder(file, pictures) : { files: [file], findings: [] },
    ),
  );
  return { files: parts.flatMap(({ files }) => files), findings: parts.flatMap(({ findings }) => findings) };
}
