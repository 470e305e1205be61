// Where windows can open, and how Electron has to be started there.
import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { readIfThere } from './base.mjs';

/** Whether a window can open here. Windows and macOS always have a desktop. */
export function hasDisplay() {
  return process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
}

/**
 * Chromium refuses to start as root, or where neither its setuid helper nor user namespaces are usable. Only a run from
 * the sources may leave the sandbox out there; an installed program has to be installed rightly instead.
 * @param {string} dist
 * @returns {string[]}
 */
export function sandboxSwitches(dist) {
  if (process.platform !== 'linux') return [];
  if (process.getuid?.() === 0) return ['--no-sandbox'];
  const helper = statSync(path.join(dist, 'chrome-sandbox'), { throwIfNoEntry: false });
  const isHelperReady = helper !== undefined && helper.uid === 0 && (helper.mode & 0o4000) !== 0;
  return isHelperReady || hasUserNamespaces() ? [] : ['--no-sandbox'];
}

function hasUserNamespaces() {
  /** @param {string} name */
  const setting = (name) => readIfThere(`/proc/sys/${name}`)?.trim();
  if (setting('kernel/unprivileged_userns_clone') === '0') return false;
  if (setting('kernel/apparmor_restrict_unprivileged_userns') === '1') return false;
  if (setting('user/max_user_namespaces') === '0') return false;
  return readdirSync('/proc/self/ns').includes('user');
}
