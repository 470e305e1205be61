/** Photos taken in, many at a time: each made small off the window's thread and kept by itself; what cannot be kept is named with why. */
import { useState } from 'react';
import type { ChosenFiles, FolderFinding, GrantedFile } from '../../../shared/contract/bridge.ts';
import type { ContractError } from '../../../shared/contract/operation.ts';
import { call, errorOf } from '../../core-client.ts';
import { photoOf } from './photo.ts';

export interface RefusedPhoto {
  readonly name: string;
  /** Absent for a file that is no picture. */
  readonly error?: ContractError;
}

export interface PhotoIntake {
  /** How many of those chosen are still to come. */
  readonly left: number;
  /** Of the last choice. */
  readonly refused: readonly RefusedPhoto[];
  /** How many of the last choice were kept. */
  readonly kept: number;
  /** What the choice itself left out. */
  readonly findings: readonly FolderFinding[];
  readonly take: (chosen: ChosenFiles | readonly File[]) => Promise<void>;
}

/** What the system's dialog offers. */
export const pictureFiles = ['jpg', 'jpeg', 'png', 'webp', 'gif', 'bmp'];

/** A dropped file is read by the window, a chosen one by the core. */
async function bytesOf(file: File | GrantedFile): Promise<Blob> {
  if (file instanceof File) return file;
  const { bytes } = await call('listings.readPicture', { file: file.token });
  return new Blob([Uint8Array.from(atob(bytes), (one) => one.charCodeAt(0))]);
}

/** @param onDone runs once for each choice, when its last file is through */
export function usePhotoIntake(listingId: number, onDone: () => void): PhotoIntake {
  const [state, setState] = useState<Omit<PhotoIntake, 'take'>>({ left: 0, refused: [], findings: [], kept: 0 });
  const take: PhotoIntake['take'] = async (chosen) => {
    const { files, findings } = 'files' in chosen ? chosen : { files: chosen, findings: [] };
    const refused: RefusedPhoto[] = [];
    let kept = 0;
    for (const [at, file] of files.entries()) {
      setState({ left: files.length - at, refused: [...refused], findings, kept });
      try {
        const jpeg = await photoOf(await bytesOf(file));
        if (jpeg === undefined) {
          refused.push({ name: file.name });
          continue;
        }
        await call('listings.addPhoto', { id: listingId, fileName: file.name, jpeg });
        kept += 1;
      } catch (thrown) {
        refused.push({ name: file.name, error: errorOf(thrown) });
      }
    }
    setState({ left: 0, refused, findings, kept });
    onDone();
  };
  return { ...state, take };
}
