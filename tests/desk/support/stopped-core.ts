import type { Desk } from '../launch.ts';

/** Nothing is answered while `keys` are pressed; then the core goes on. */
export async function whileCoreIsStopped(desk: Desk, keys: () => Promise<void>): Promise<void> {
  const pid = await desk.app.evaluate(
    ({ app }) => app.getAppMetrics().find((one) => one.name === 'Portbook core')?.pid ?? 0,
  );
  process.kill(pid, 'SIGSTOP');
  try {
    await keys();
  } finally {
    process.kill(pid, 'SIGCONT');
  }
}
