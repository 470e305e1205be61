/** The words that go with a number, `row is|rows are`: the first with one thing, the second with none or several. */
export function numbered(value: unknown, words: string): string {
  const [one = '', several = one] = words.split('|');
  return String(value) === '1' ? one : several;
}

/**
 * Puts values into a text: `{name}` is a value, `{name|row is|rows are}` the words that go with it. A name without a value stays as it is,
 * so that a mistake is seen. Texts of the window say the same as `{{name, row is|rows are}}`.
 */
export function fillIn(text: string, of: (name: string) => string | number | undefined): string {
  return text.replace(/\{(\w+)(?:\|([^{}]*))?\}/g, (whole, name: string, words: string | undefined) => {
    const value = of(name);
    if (value === undefined) return whole;
    return words === undefined ? String(value) : numbered(value, words);
  });
}
