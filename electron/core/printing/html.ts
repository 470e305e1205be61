/** Text as it may stand in a page. */
export function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

/** Text as a string of a stylesheet inside a page. */
export function cssText(text: string): string {
  return `"${text.replace(/["\\<>\n]/g, (one) => `\\${one.charCodeAt(0).toString(16)} `)}"`;
}

/**
 * The fonts of every printed page. The first ships with the program and is embedded, so that a page is the same on every machine; the
 * others stand in for characters that it lacks, and where a page is kept as HTML.
 */
export const printFont =
  '"Portbook Print", "Noto Sans SC", "Noto Sans CJK SC", "Microsoft YaHei", "PingFang SC", sans-serif';
