import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/**
 * Measuring on noisy machines: the figure and its floor run in turns, in the same run, and what is reported is the
 * ratio of their medians. Absolute times are shown for the reader, never judged.
 */
export interface Figure {
  readonly name: string;
  readonly unit: string;
  readonly ours: number;
  readonly floor?: number;
  readonly floorName?: string;
  /** Ratio at most (time) or a limit of `ours` itself where there is no floor. */
  readonly goal: string;
  readonly isMet: boolean;
  /** Peak resident memory of the process that did our side, MB. */
  readonly peakMb?: number;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}

/** The value that a share of them does not exceed. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? 0;
}

/** Milliseconds that `work` takes. */
export async function timed(work: () => unknown): Promise<number> {
  const from = performance.now();
  await work();
  return performance.now() - from;
}

/** Runs both sides in turns and compares the medians. */
export async function compare(rounds: number, ours: () => Promise<number>, floor: () => Promise<number>) {
  const our: number[] = [];
  const base: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    base.push(await floor());
    our.push(await ours());
  }
  return { ours: median(our), floor: median(base) };
}

/** A folder that is gone when `work` ends. */
export async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-bench-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What a child measured: it prints one JSON object, `{ms, peakMb}` and whatever else it found. */
export interface ChildReport {
  readonly ms: number;
  /** Of the floor, where one process measured both in turns. */
  readonly floorMs?: number;
  readonly peakMb: number;
}

/** Runs this very program with other arguments in a process of its own, so that its peak memory is its own. */
export function inChild<R = ChildReport>(task: string, ...args: readonly string[]): Promise<R> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [process.argv[1] ?? '', task, ...args], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let out = '';
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString();
    });
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(JSON.parse(out) as R);
      else reject(new Error(`${task} ended with ${code}`));
    });
  });
}

/** What a child prints at its end. */
export function reportChild(ms: number, floorMs?: number): void {
  process.stdout.write(JSON.stringify({ ms, floorMs, peakMb: process.resourceUsage().maxRSS / 1024 }));
}

/** A table of figures on stdout. */
export function print(figures: readonly Figure[]): void {
  const number = (value: number) => (value >= 100 ? value.toFixed(0) : value.toFixed(2));
  for (const { name, unit, ours, floor, floorName, goal, isMet, peakMb } of figures) {
    const ratio =
      floor === undefined
        ? ''
        : `  = ${(ours / floor).toFixed(2)} × ${floorName ?? 'floor'} (${number(floor)} ${unit})`;
    const memory = peakMb === undefined ? '' : `  peak ${peakMb.toFixed(0)} MB`;
    process.stdout.write(
      `${isMet ? 'met   ' : 'MISSED'}  ${name}: ${number(ours)} ${unit}${ratio}${memory}  goal: ${goal}\n`,
    );
  }
}
