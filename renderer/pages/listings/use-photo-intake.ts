/** Photos taken in, many at a time: each made small off the window's thread and kept by itself; what cannot be kept is named with why. */
import { useState } from 'react';
import type { ChosenFiles, FolderFinding, GrantedFile } from '../../../shared/contract/bridge.ts';
import type { ContractError } from '../../../shared/contract/operation.ts';
import { claimedSize, HEAD_BYTES } from '../../../shared/listings/picture-size.ts';
import { call, errorOf } from '../../core-client.ts';
import type { Dropped } from './dropped-photos.ts';
import { PhotoMaker } from './photo-maker.ts';

export interface RefusedPhoto {
  readonly name: string;
  /** Absent for a file that is no picture. */
  readonly error?: ContractError;
  /** The format that phones of Apple keep photos in, which the desk cannot draw; or more points than any camera has. */
  readonly why?: 'heic' | 'huge';
}

/** Above the 200 megapixels of the largest telephone. One of a few kilobytes that claims more would take the window's memory. */
const MOST_POINTS = 210_000_000;
async function isHuge(file: Blob): Promise<boolean> {
  const size = claimedSize(new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer()));
  return size !== undefined && size.width * size.height > MOST_POINTS;
}

/** The brands in the first box of a HEIC or HEIF file, whatever its name. */
const heicBrands = ['heic', 'heix', 'hevc', 'hevx', 'heim', 'heis', 'mif1', 'msf1'];
async function isHeic(file: Blob): Promise<boolean> {
  const head = await file.slice(4, 12).text();
  return head.startsWith('ftyp') && heicBrands.includes(head.slice(4));
}

interface IntakeState {
  /** How many of those chosen are still to come. */
  readonly left: number;
  /** Of the last choice. */
  readonly refused: readonly RefusedPhoto[];
  /** How many of the last choice were kept. */
  readonly kept: number;
  /** How many of the last choice were not looked at, the listing having as many as it may. */
  readonly over: number;
  /** What the choice itself left out. */
  readonly findings: readonly FolderFinding[];
}
export interface PhotoIntake extends IntakeState {
  readonly take: (chosen: ChosenFiles | Dropped) => Promise<void>;
}

/** What the system's dialog offers; HEIC to be told what to do with it. */
export const pictureFiles = ['jpg', 'jpeg', 'png', 'webp', 'gif', 'bmp', 'heic', 'heif'];

/** A dropped file is read by the window, a chosen one by the core. */
async function pictureOf(file: File | GrantedFile): Promise<Blob> {
  if (file instanceof File) return file;
  return new Blob([(await call('listings.readPicture', { file: file.token })).bytes]);
}

/** Pictures in the making: while one is decoded another is drawn, and a third kept. More would only fill memory. */
const AHEAD = 3;

type Made = { readonly jpeg: Uint8Array<ArrayBuffer> } | Omit<RefusedPhoto, 'name'>;
async function madeOf(maker: PhotoMaker, file: File | GrantedFile): Promise<Made> {
  try {
    const picture = await pictureOf(file);
    if (await isHuge(picture)) return { why: 'huge' };
    const jpeg = await maker.make(picture);
    if (jpeg !== undefined) return { jpeg };
    return (await isHeic(picture)) ? { why: 'heic' } : {};
  } catch (thrown) {
    return { error: errorOf(thrown) };
  }
}

/** @param onDone runs once for each choice, when its last file is through */
export function usePhotoIntake(listingId: number, onDone: () => void): PhotoIntake {
  const [state, setState] = useState<IntakeState>({ left: 0, refused: [], findings: [], kept: 0, over: 0 });
  const take: PhotoIntake['take'] = async (chosen) => {
    const { files, findings } = chosen;
    if (files.length + findings.length === 0) return;
    const refused: RefusedPhoto[] = [];
    let [kept, over] = [0, 0];
    const maker = new PhotoMaker();
    try {
      const making: Promise<Made>[] = [];
      for (const [at, { name }] of files.entries()) {
        setState({ left: files.length - at, refused: [...refused], findings, kept, over });
        for (const file of files.slice(at + making.length, at + AHEAD)) making.push(madeOf(maker, file));
        const made = (await making.shift()) ?? {};
        if (!('jpeg' in made)) {
          refused.push({ name, ...made });
          continue;
        }
        try {
          await call('listings.addPhoto', { id: listingId, fileName: name, jpeg: made.jpeg });
          kept += 1;
        } catch (thrown) {
          const error = errorOf(thrown);
          refused.push({ name, error });
          if (error.code === 'PHOTO_TOO_MANY') {
            over = files.length - at - 1;
            break;
          }
        }
      }
    } finally {
      maker.close();
    }
    setState({ left: 0, refused, findings, kept, over });
    onDone();
  };
  return { ...state, take };
}
