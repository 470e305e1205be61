import { randomUUID } from 'node:crypto';
import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type LogFields, traceOf } from '../../shared/contract/error-trace.ts';

export interface Log {
  info(message: string, fields?: LogFields): void;
  /** Logs a bug, as {@link traceOf} tells it, and returns the id under which it is found. */
  bug(error: unknown, fields?: LogFields): string;
}

/** A log beyond this starts a new file; the one before is kept. */
const limitBytes = 5 * 1024 * 1024;

const secretNames = /passphrase|secret|recovery|password|token|bankaccount|privatekey|^key$|idnumber|customer/i;
/** Long runs of digits are accounts, identity numbers or phones; the last two stay, to tell two apart. */
const longDigits = /\d{9,}(?=\d{2})/g;

/** What may be written down: values of secret-looking names are dropped, long numbers masked. */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value === 'string')
    return value.slice(0, 4000).replaceAll(longDigits, (digits) => '*'.repeat(digits.length));
  if (value instanceof Uint8Array) return `<${value.length} bytes>`;
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return value;
  if (depth > 4) return '<deep>';
  if (Array.isArray(value)) return value.slice(0, 50).map((one) => redact(one, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [name, secretNames.test(name) ? '<redacted>' : redact(one, depth + 1)]),
  );
}

/** A log of JSON lines in `<folder>/core.log`. A full disk must not stop the work: then the line goes to stderr. */
export function fileLog(folder: string, now: () => string): Log {
  const file = join(folder, 'core.log');
  const write = (line: LogFields): void => {
    const text = `${JSON.stringify(redact(line))}\n`;
    try {
      mkdirSync(folder, { recursive: true });
      if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > limitBytes)
        renameSync(file, join(folder, 'core.old.log'));
      appendFileSync(file, text, { mode: 0o600 });
    } catch (error) {
      process.stderr.write(`${error instanceof Error ? error.message : String(error)}: ${text}`);
    }
  };
  return {
    info: (message, fields = {}) => write({ at: now(), level: 'info', message, ...fields }),
    bug: (error, fields = {}) => {
      const correlationId = randomUUID().slice(0, 8);
      write({ at: now(), level: 'bug', correlationId, ...fields, error: traceOf(error) });
      return correlationId;
    },
  };
}
