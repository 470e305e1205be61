import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { BrowserWindow, session } from 'electron';
import { denyPermissions } from './guards.ts';

/** Which page of how many, in the margin of every page: digits alone, since the templates know no font of ours. */
const pageFooter =
  '<div style="width:100%;margin:0 12mm;font:7pt sans-serif;text-align:right"><span class="pageNumber"></span> / <span class="totalPages"></span></div>';

/**
 * Prints whole documents to PDF in a hidden page of its own: without a network, without scripts of the document, in a
 * session that forgets everything. One at a time, since each holds a page in memory.
 */
export class Printer {
  readonly #fontsFolder: string;
  #last: Promise<unknown> = Promise.resolve();
  #html = '';

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
    const window = new BrowserWindow({
      show: false,
      webPreferences: { session: printSession, sandbox: true, contextIsolation: true, nodeIntegration: false },
    });
    try {
      await window.loadURL('app://print/');
      // A font that is still loading would leave its text out of the print.
      await window.webContents.executeJavaScript(
        'Promise.all([...document.fonts].map((font) => font.load())).then(() => document.fonts.ready).then(() => true)',
      );
      return await window.webContents.printToPDF({
        preferCSSPageSize: true,
        printBackground: true,
        displayHeaderFooter: !/^[^>]*>\s*<html[^>]*\bdata-footer="none"/.test(html),
        headerTemplate: '<span></span>',
        footerTemplate: pageFooter,
      });
    } finally {
      window.destroy();
      this.#html = '';
    }
  }

  async #serve(request: Request): Promise<Response> {
    const headers = {
      'Content-Security-Policy':
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src 'self' data:; base-uri 'none'; form-action 'none'",
    };
    const { pathname } = new URL(request.url);
    if (pathname === '/') {
      return new Response(this.#html, { headers: { ...headers, 'Content-Type': 'text/html; charset=utf-8' } });
    }
    const font = /^\/fonts\/(?<name>[\w.-]+\.(?:woff2|woff|ttf|otf))$/.exec(pathname)?.groups?.name;
    if (font === undefined) return new Response('refused', { status: 403, headers });
    const content = await readFile(path.join(this.#fontsFolder, font));
    return new Response(content, { headers: { ...headers, 'Content-Type': 'font/woff2' } });
  }
}
