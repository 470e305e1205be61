import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createAutosaver, type SaveState } from './autosaver.ts';

describe('saving as typed', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  const setup = (save: (value: string) => Promise<void>) => {
    const states: SaveState['kind'][] = [];
    return { states, saver: createAutosaver<string>({ save, onState: (state) => states.push(state.kind) }) };
  };

  it('writes the newest value once the typing pauses', async () => {
    const saved: string[] = [];
    const { saver } = setup(async (value) => void saved.push(value));
    for (const text of ['6', '64', '6407']) saver.change(text);
    await vi.advanceTimersByTimeAsync(500);
    expect(saved).toEqual(['6407']);
  });

  it('never runs two writes at once and writes what was typed meanwhile', async () => {
    const saved: string[] = [];
    let running = 0;
    const { saver } = setup(async (value) => {
      running += 1;
      expect(running).toBe(1);
      await new Promise((resolve) => setTimeout(resolve, 1000));
      saved.push(value);
      running -= 1;
    });
    saver.change('a');
    await vi.advanceTimersByTimeAsync(500);
    saver.change('b');
    await vi.advanceTimersByTimeAsync(3000);
    expect(saved).toEqual(['a', 'b']);
  });

  it('keeps a value that could not be written and writes it at the next flush', async () => {
    const saved: string[] = [];
    let broken = true;
    const { saver, states } = setup(async (value) => {
      if (broken) throw new Error('disk');
      saved.push(value);
    });
    saver.change('a');
    await vi.advanceTimersByTimeAsync(500);
    expect(states.at(-1)).toBe('failed');
    broken = false;
    await saver.flush();
    expect(saved).toEqual(['a']);
    expect(states.at(-1)).toBe('saved');
  });

  it('loses nothing when the page is left at once', async () => {
    const saved: string[] = [];
    const { saver } = setup(async (value) => void saved.push(value));
    saver.change('last');
    saver.dispose();
    await vi.advanceTimersByTimeAsync(0);
    expect(saved).toEqual(['last']);
  });
});
