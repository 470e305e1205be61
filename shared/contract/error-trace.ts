/** One line of a log. */
export interface LogFields {
  readonly [field: string]: unknown;
}

/** A frame of a stack: the function, and file and line without the folders before, which name the user. */
const frame = /^\s+at (?:(?<call>[^()/\\]+) \()?(?:.*[/\\])?(?<file>[^/\\():]+):(?<line>\d+):\d+\)?$/;

/**
 * What the log keeps of an error: its class, its code and where it was thrown. Its message is left out: those of SQLite, of schemas and of
 * the system hold values, names and addresses among them, and the log lies outside the sealed book. Codes of our own say what was refused.
 */
export function traceOf(error: unknown, depth = 0): LogFields {
  if (!(error instanceof Error)) return { class: typeof error };
  const { name, message, stack = '', cause } = error;
  // Only what stands behind the message: it may have lines that look like frames.
  const behind = message === '' ? stack : stack.slice(Math.max(0, stack.indexOf(message)) + message.length);
  const frames = behind.split('\n').flatMap((text) => {
    const { call, file, line } = frame.exec(text)?.groups ?? {};
    return file === undefined ? [] : [`${call === undefined ? '' : `${call} `}${file}:${line ?? ''}`];
  });
  // Of a schema, which is not asked for here: the desk's own process starts without it.
  const found: unknown = name.endsWith('ZodError') && 'issues' in error ? error.issues : undefined;
  const issues = Array.isArray(found) ? [...new Set((found as { code?: unknown }[]).map((issue) => issue.code))] : [];
  const code = 'code' in error && typeof error.code === 'string' && /^[A-Z][A-Z0-9_]*$/.test(error.code);
  return {
    class: name,
    ...(code ? { code: error.code } : {}),
    ...(issues.length === 0 ? {} : { issues }),
    frames: stack.includes(message) ? frames.slice(0, 30) : [],
    ...(cause === undefined || depth > 3 ? {} : { cause: traceOf(cause, depth + 1) }),
  };
}
