// What the tests find in their environment, whether `npm test` or vitest itself starts them.
import { findAddon } from './addon.mjs';
import { exportPlaces } from './launch.mjs';
import { findRuntime } from './runtime.mjs';

/**
 * @returns {Record<string, string>} the environment variables of every test
 */
export function testEnvironment() {
  const addon = process.env.PORTBOOK_SQLITE_ADDON ?? findAddon();
  if (!addon) throw new Error('The SQLite addon has not been prepared yet: run `npm test` once, which does so.');
  exportPlaces(findRuntime() ?? undefined);
  return {
    PORTBOOK_SQLITE_ADDON: addon,
    TZ: 'Asia/Shanghai',
  };
}
