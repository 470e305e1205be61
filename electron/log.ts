import { appendFileSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { app } from 'electron';
import { type LogFields, traceOf } from '../shared/contract/error-trace.ts';

const keptDays = 14;
let isPrepared = false;

/**
 * Writes one line to userData/logs. Facts are names, numbers and codes: what a user types, opens or is called never gets
 * here, so that a log can be sent to anyone.
 */
export function log(event: string, facts: Readonly<Record<string, string | number | boolean>> = {}): void {
  write(event, facts);
}

function write(event: string, facts: LogFields): void {
  const at = new Date().toISOString();
  const line = JSON.stringify({ at, event, ...facts });
  if (!app.isPackaged) process.stderr.write(`${line}\n`);
  try {
    appendFileSync(path.join(prepareFolder(), `desk-${at.slice(0, 10)}.log`), `${line}\n`);
  } catch (error) {
    // A full disk must not take the program down with it; there is no other place to tell.
    process.stderr.write(`log: ${error instanceof Error ? error.message : String(error)}\n`);
  }
}

/** Logs a bug, as {@link traceOf} tells it, under an id that the user is shown too. @returns the id */
export function logBug(where: string, error: unknown): string {
  const id = Math.random().toString(36).slice(2, 8).toUpperCase();
  write('bug', { id, where, error: traceOf(error) });
  return id;
}

function prepareFolder(): string {
  const folder = path.join(app.getPath('userData'), 'logs');
  if (isPrepared) return folder;
  mkdirSync(folder, { recursive: true });
  const days = readdirSync(folder)
    .filter((name) => /^desk-\d{4}-\d{2}-\d{2}\.log$/.test(name))
    .sort();
  for (const name of days.slice(0, -keptDays)) rmSync(path.join(folder, name), { force: true });
  isPrepared = true;
  return folder;
}
