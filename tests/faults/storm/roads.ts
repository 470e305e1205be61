import { z } from 'zod';
import { cardSetting, softwareKey } from '../../../electron/core/keys/signer.ts';

/** The ways by which the papers of a storm leave, and which of them are signed. */

export const roads = ['http', 'folder', 'carry'] as const;
export type RoadName = (typeof roads)[number];

/** Ids of the endpoints at the end of each. */
export type RoadEndpoints = Readonly<Record<RoadName, string>>;

/** Papers of one order go one way: seven tenths over the line, two by the folders of an import client, one by hand. */
export function roadOf(order: number): RoadName {
  const digit = order % 10;
  return digit === 9 ? 'carry' : digit === 4 || digit === 7 ? 'folder' : 'http';
}

/** Every fourth order's papers are signed, so that each road has of both. */
export const isSigned = (order: number): boolean => order % 4 === 1;

/** How a book signs: by a key of its own, or by a card behind its control. */
export const signingWays = ['rsa', 'card', 'sm2'] as const;
export type StormSigning = (typeof signingWays)[number];

/** What each way signs with. */
export const signersSchema = z.object({ rsa: softwareKey, sm2: softwareKey, card: cardSetting });

/** Of the simulated card. */
export const CARD_PIN = '88888888';

/** What the desk of a storm is given beside its book. */
export interface Surroundings {
  readonly endpoints: RoadEndpoints;
  /** The folder that is carried back and forth: `out-*.carry` from the desk, `back-*.carry` to it. */
  readonly stick: string;
  /** The certificates of each way with their keys, as a JSON file; of the card the address of its control. */
  readonly signers: string;
}

/** Where files on the stick are put by who took them. */
export const takenIn = '.taken';

/** Messages that somebody between the desk and the platform handed on, each time anew: a platform counts all but the first as sent again. */
export class HandedOn {
  readonly #guids = new Set<string>();
  /** How often one was handed on that had been before. */
  again = 0;

  note(guid: string): void {
    if (this.#guids.has(guid)) this.again += 1;
    this.#guids.add(guid);
  }
}
