/** Photos made small and plain on a thread of their own: decoding, drawing and coding a picture each take longer than a frame. */

/** To the thread. */
export interface PhotoWanted {
  readonly id: number;
  readonly file: Blob;
}

/** From the thread: `jpeg` undefined for a file that is no picture. */
export type PhotoMade =
  | { readonly id: number; readonly jpeg: ArrayBuffer | undefined }
  | { readonly id: number; readonly problem: string };

interface Waiting {
  readonly resolve: (jpeg: Uint8Array<ArrayBuffer> | undefined) => void;
  readonly reject: (error: Error) => void;
}

/** One for a choice of photos; close it when the last is through. */
export class PhotoMaker {
  readonly #thread = new Worker(new URL('./photo-worker.ts', import.meta.url), { type: 'module' });
  readonly #waiting = new Map<number, Waiting>();
  #last = 0;

  constructor() {
    this.#thread.onmessage = ({ data }: MessageEvent<PhotoMade>) => {
      const one = this.#waiting.get(data.id);
      this.#waiting.delete(data.id);
      if ('problem' in data) one?.reject(new Error(data.problem));
      else one?.resolve(data.jpeg === undefined ? undefined : new Uint8Array(data.jpeg));
    };
    this.#thread.onerror = ({ message }) => {
      for (const { reject } of this.#waiting.values()) reject(new Error(message));
      this.#waiting.clear();
    };
  }

  /** A JPEG; undefined for a file that is no picture. */
  make(file: Blob): Promise<Uint8Array<ArrayBuffer> | undefined> {
    this.#last += 1;
    const id = this.#last;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#thread.postMessage({ id, file } satisfies PhotoWanted);
    });
  }

  close(): void {
    this.#thread.terminate();
  }
}
