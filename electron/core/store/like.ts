/** A pattern for `LIKE ? ESCAPE '\'` that finds whatever contains the text: `%` and `_` mean themselves in what a user types. */
export function containing(text: string): string {
  return `%${text.replaceAll(/[\\%_]/g, '\\$&')}%`;
}
