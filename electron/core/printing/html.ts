/** Text as it may stand in a page. */
export function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

/** Text as a string of a stylesheet inside a page. */
export function cssText(text: string): string {
  return `"${text.replace(/["\\<>\n]/g, (one) => `\\${one.charCodeAt(0).toString(16)} `)}"`;
}
