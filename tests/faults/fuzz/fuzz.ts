import { randomOf } from '../support/random.ts';
import { mutate } from './mutate.ts';
import type { Target } from './targets.ts';

/** What became of damaged files at one target. */
export interface FuzzCount {
  readonly target: string;
  readonly files: number;
  /** How many were taken all the same: the damage did no harm, or there was none. */
  readonly taken: number;
  /** How many were refused, by reason. */
  readonly refused: Readonly<Record<string, number>>;
  /** The longest that one file took, in milliseconds. */
  readonly longestMs: number;
}

/** A file that did what must never happen, with what is needed to see it again. */
export class FuzzFailure extends Error {
  constructor(target: string, seed: number, number: number, bytes: Uint8Array, cause: unknown) {
    const why = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
    const text = Buffer.from(bytes.subarray(0, 3000)).toString('utf8');
    super(`${target}: seed ${seed}, file ${number} (${bytes.length} bytes): ${why}\n${text}`);
  }
}

/** A file may be large and the machine busy; what takes longer hangs. */
const LONGEST_MS = 10_000;

/**
 * Feeds a target with damaged files; the same seed makes the same files. `onFile` is called before each, so that whoever watches can tell
 * which one never came back. Throws {@link FuzzFailure}.
 */
export async function fuzz(
  target: Target,
  files: number,
  seed: number,
  onFile: (number: number) => void = () => undefined,
): Promise<FuzzCount> {
  const refused: Record<string, number> = {};
  let taken = 0;
  let longestMs = 0;
  for (let number = 0; number < files; number++) {
    onFile(number);
    // Each file has a source of its own, so that one can be made again without those before it.
    const random = randomOf(seed * 1_000_003 + number);
    const sample = target.samples[Math.floor(random() * target.samples.length)] ?? new Uint8Array();
    const bytes = mutate(random, sample);
    const from = performance.now();
    try {
      const outcome = await target.feed(bytes);
      if (outcome === 'taken') taken += 1;
      else refused[outcome] = (refused[outcome] ?? 0) + 1;
    } catch (error) {
      throw new FuzzFailure(target.name, seed, number, bytes, error);
    }
    const ms = performance.now() - from;
    if (ms > LONGEST_MS)
      throw new FuzzFailure(target.name, seed, number, bytes, new Error(`took ${Math.round(ms)} ms`));
    longestMs = Math.max(longestMs, ms);
  }
  return { target: target.name, files, taken, refused, longestMs };
}
