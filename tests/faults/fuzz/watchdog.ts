import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, writeSync } from 'node:fs';

/**
 * Watches from a process of its own which file is being taken in: a program that hangs cannot say so itself. What does not come back in
 * time is named on the error output, with the seed and number that make it again, and the process that hangs is ended.
 */
export interface Watchdog {
  /** A file is about to be taken in; -1: none is. */
  beat(number: number): void;
  close(): void;
  readonly child: ChildProcess;
}

/**
 * Reads the number that stands in the file again and again. A busy machine may keep a process waiting for minutes: what counts is the CPU
 * time that it has used up on one file, where the system tells (Linux), or ten times that by the clock. It needs nothing of ours: it has to
 * come up whatever is broken.
 */
const program = `
const { readFileSync } = require('node:fs');
const [file, pid, ms, label] = process.argv.slice(1);
// User and system time in hundredths of a second, behind the name in its brackets.
const cpuMs = () => {
  try {
    const fields = readFileSync('/proc/' + pid + '/stat', 'utf8').replace(/^.*\\) /s, '').split(' ');
    return (Number(fields[11]) + Number(fields[12])) * 10;
  } catch { return 0; }
};
let last = '', since = Date.now(), used = 0;
setInterval(() => {
  let now;
  // The folder is taken away with its test: there is nothing left to watch.
  try { now = readFileSync(file, 'utf8'); } catch { process.exit(0); }
  if (now !== last) { last = now; since = Date.now(); used = cpuMs(); return; }
  const number = Number(now.slice(now.indexOf(':') + 1));
  if (number < 0 || (cpuMs() - used < Number(ms) && Date.now() - since < 10 * Number(ms))) return;
  process.stderr.write(label + ', file ' + number + ': hangs: ' + (cpuMs() - used) + ' ms of CPU, ' + (Date.now() - since) + ' ms by the clock\\n');
  try { process.kill(Number(pid), 'SIGKILL'); } catch {}
  process.exit(1);
}, Math.min(1000, Number(ms) / 4));
process.on('disconnect', () => process.exit(0));
`;

/**
 * @param label names target and seed
 * @param victim another process than this one; what is said of it is then given out by `child.stderr`
 */
export function watch(file: string, label: string, hangMs: number, victim?: number): Watchdog {
  const fd = openSync(file, 'w');
  let beats = 0;
  const beat = (number: number): void => {
    // Which beat it is stands before the number: the same file of another target is another one. Of one width, so that nothing is left over.
    beats += 1;
    writeSync(fd, `${String(beats).padStart(12, '0')}:${String(number).padStart(12, ' ')}`, 0);
  };
  beat(-1);
  const child = spawn(process.execPath, ['-e', program, file, String(victim ?? process.pid), String(hangMs), label], {
    // Its own way out: what it says of this process has to be heard when this process is gone.
    stdio: ['ignore', 'inherit', victim === undefined ? 'inherit' : 'pipe', 'ipc'],
  });
  child.unref();
  return {
    beat,
    child,
    close: () => {
      child.disconnect();
      closeSync(fd);
    },
  };
}
