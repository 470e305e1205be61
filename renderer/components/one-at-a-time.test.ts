import { expect, it } from 'vitest';
import { oneAtATime } from './one-at-a-time.ts';

it('passes over what is asked for before the one under way has ended, and goes on after a failure', async () => {
  const run = oneAtATime();
  let open = (): void => undefined;
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  let saved = 0;
  const save = async (): Promise<void> => {
    await gate;
    saved += 1;
  };
  const both = [run(save), run(save)];
  open();
  await Promise.all(both);
  expect(saved).toBe(1);
  await expect(run(() => Promise.reject(new Error('refused')))).rejects.toThrow('refused');
  await run(save);
  expect(saved).toBe(2);
});
