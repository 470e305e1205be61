import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { BrowserWindow, session } from 'electron';
import { denyPermissions } from './guards.ts';

/** Which page of how many, in the margin of every page. The template fetches nothing, so its font stands in it. */
const pageFooter = (font: string): string =>
  `<style>@font-face{font-family:Page;src:url(data:font/woff2;base64,${font})}</style><div style="width:100%;margin:0 12mm;font:7pt Page;text-align:right"><span class="pageNumber"></span> / <span class="totalPages"></span></div>`;
/** The slice of the font with the digits. */
const DIGITS = 'noto-sans-sc-latin-400-normal.woff2';

/**
 * Prints whole documents to PDF in a hidden page of its own: without a network, without scripts of the document, in a
 * session that forgets everything. One at a time, since each holds a page in memory.
 */
export class Printer {
  readonly #fontsFolder: string;
  #last: Promise<unknown> = Promise.resolve();
  #html = '';

  /** @param fontsFolder `print.css` and the slices of the font that goes on paper */
  constructor(fontsFolder: string) {
    this.#fontsFolder = fontsFolder;
  }

  print(html: string): Promise<Uint8Array> {
    const job = this.#last.then(() => this.#print(html));
    // The next job waits for this one's end, whatever it is; its failure is told to the caller.
    this.#last = job.catch(() => undefined);
    return job;
  }

  async #print(html: string): Promise<Uint8Array> {
    const printSession = session.fromPartition(`print-${randomUUID()}`);
    denyPermissions(printSession);
    printSession.webRequest.onBeforeRequest((details, callback) => {
      callback({ cancel: !/^(app:\/\/print\/|data:)/.test(details.url) });
    });
    printSession.protocol.handle('app', (request) => this.#serve(request));
    this.#html = html;
    const digits = await readFile(path.join(this.#fontsFolder, DIGITS), 'base64');
    const window = new BrowserWindow({
      show: false,
      webPreferences: { session: printSession, sandbox: true, contextIsolation: true, nodeIntegration: false },
    });
    try {
      await window.loadURL('app://print/');
      // Laying the page out asks for the slices of the font that it needs; one still loading would leave its text out of the print.
      const isWhole: unknown = await window.webContents.executeJavaScript(
        "document.body.getBoundingClientRect(); document.fonts.ready.then((fonts) => [...fonts].every(({ status }) => status !== 'error'))",
      );
      if (isWhole !== true) throw new Error('a font of the printed page could not be loaded');
      return await window.webContents.printToPDF({
        preferCSSPageSize: true,
        printBackground: true,
        displayHeaderFooter: !/^[^>]*>\s*<html[^>]*\bdata-footer="none"/.test(html),
        headerTemplate: '<span></span>',
        footerTemplate: pageFooter(digits),
      });
    } finally {
      window.destroy();
      this.#html = '';
    }
  }

  async #serve(request: Request): Promise<Response> {
    const headers = {
      'Content-Security-Policy':
        "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src data:; font-src 'self' data:; base-uri 'none'; form-action 'none'",
    };
    const { pathname } = new URL(request.url);
    if (pathname === '/') {
      const page = this.#html.replace('<head>', '<head><link rel="stylesheet" href="/fonts/print.css">');
      return new Response(page, { headers: { ...headers, 'Content-Type': 'text/html; charset=utf-8' } });
    }
    const name = /^\/fonts\/(?<name>print\.css|[\w-]+\.woff2)$/.exec(pathname)?.groups?.name;
    if (name === undefined) return new Response('refused', { status: 403, headers });
    const content = await readFile(path.join(this.#fontsFolder, name));
    const type = name.endsWith('.css') ? 'text/css; charset=utf-8' : 'font/woff2';
    return new Response(content, { headers: { ...headers, 'Content-Type': type } });
  }
}
