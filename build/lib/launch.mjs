// Starts a program with everything it needs prepared.
import { spawn } from 'node:child_process';
import os from 'node:os';
import path from 'node:path';
import { root } from './base.mjs';
import { sandboxSwitches } from './display.mjs';

/**
 * Runs a program in the foreground: it shares our terminal, gets our signals and gives us its exit code.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {number} [output] descriptor of a file that takes what it prints instead of the terminal
 * @returns {Promise<number>}
 */
export function runForeground(command, args, output) {
  return new Promise((resolve, reject) => {
    const stdio = output ?? 'inherit';
    const child = spawn(command, args, { cwd: root, stdio: ['inherit', stdio, stdio] });
    /** @type {NodeJS.Signals[]} */
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
    /** @param {NodeJS.Signals} signal */
    const forward = (signal) => child.kill(signal);
    for (const signal of signals) process.on(signal, forward);
    child.on('error', reject);
    child.on('close', (code, signal) => {
      for (const name of signals) process.off(name, forward);
      resolve(code ?? 128 + (signal ? os.constants.signals[signal] : 0));
    });
  });
}

/**
 * The command that opens windows: under a display in memory when there is no other.
 * @param {boolean} isDisplayed
 * @param {readonly string[]} command
 * @param {number} [which] tells displays apart that are asked for at the same time
 * @returns {readonly [string, ...string[]]}
 */
export function withDisplay(isDisplayed, command, which = 0) {
  const [program = process.execPath, ...args] = command;
  return isDisplayed
    ? [program, ...args]
    : ['xvfb-run', '-a', '-n', String(99 + 100 * which), '-s', '-screen 0 1920x1200x24', program, ...args];
}

/**
 * Exports what the started programs read from their environment.
 * @param {import('./runtime.mjs').Runtime} [runtime]
 */
export function exportPlaces(runtime) {
  process.env.PORTBOOK_RESOURCES ??= path.join(root, 'resources');
  if (!runtime) return;
  process.env.PORTBOOK_ELECTRON = runtime.executable;
  process.env.PORTBOOK_ELECTRON_SWITCHES = sandboxSwitches(runtime.dist).join(' ');
}
