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
  /** The format that phones of Apple keep photos in, which the desk cannot draw. */
  readonly isHeic?: true;
}

/** The brands in the first box of a HEIC or HEIF file, whatever its name. */
const heicBrands = ['heic', 'heix', 'hevc', 'hevx', 'heim', 'heis', 'mif1', 'msf1'];
async function isHeic(file: Blob): Promise<boolean> {
  const head = await file.slice(4, 12).text();
  return head.startsWith('ftyp') && heicBrands.includes(head.slice(4));
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

/** What the system's dialog offers; HEIC to be told what to do with it. */
export const pictureFiles = ['jpg', 'jpeg', 'png', 'webp', 'gif', 'bmp', 'heic', 'heif'];

/** A dropped file is read by the window, a chosen one by the core. */
async function bytesOf(file: File | GrantedFile): Promise<Blob> {
  if (file instanceof File) return file;
  const { bytes } = await call('listings.readPicture', { file: file.token });
  const text = atob(bytes);
  const picture = new Uint8Array(text.length);
  // A plain loop: a callback for each byte of a phone's photo would stop the window for a moment.
  for (let at = 0; at < text.length; at += 1) picture[at] = text.charCodeAt(at);
  return new Blob([picture]);
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
        const picture = await bytesOf(file);
        const jpeg = await photoOf(picture);
        if (jpeg === undefined) {
          refused.push({ name: file.name, ...((await isHeic(picture)) ? { isHeic: true } : {}) });
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
