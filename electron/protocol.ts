import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { protocol, type Session } from 'electron';

const scheme = 'app';
export const pageOrigin = `${scheme}://portbook`;
export const startPage = `${pageOrigin}/index.html`;

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.webp': 'image/webp',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
  '.ttf': 'font/ttf',
  '.wasm': 'application/wasm',
};

/**
 * Style elements need the page's nonce, which changes with every load; style attributes, which layout libraries set by
 * the hundred and which cannot run or fetch anything under this policy, are let through.
 */
function contentSecurityPolicy(nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "worker-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** Has to be called before the app is ready. */
export function registerSchemes(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ]);
}

/**
 * Serves the compiled pages as `app://portbook/…`: reading only, from this one folder, for this one host. A page thus
 * has a real origin, unlike one from `file://`, which could read every file of the user.
 */
export function servePages(session: Session, folder: string): void {
  session.protocol.handle(scheme, async (request) => {
    const nonce = randomBytes(16).toString('base64');
    const headers = {
      'Content-Security-Policy': contentSecurityPolicy(nonce),
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'no-referrer',
    };
    const file = request.method === 'GET' ? resolveInside(folder, request.url) : undefined;
    const type = file === undefined ? undefined : types[path.extname(file)];
    if (file === undefined || type === undefined) {
      return new Response('refused', { status: request.method === 'GET' ? 403 : 405, headers });
    }
    try {
      const content = await readFile(file);
      const body = type.startsWith('text/html') ? content.toString('utf8').replaceAll('__CSP_NONCE__', nonce) : content;
      return new Response(body, { headers: { ...headers, 'Content-Type': type } });
    } catch (error) {
      if (isMissing(error)) return new Response('not found', { status: 404, headers });
      throw error;
    }
  });
}

/**
 * The file behind an address, or undefined when it would lie outside the folder, however it is spelt.
 *
 * @param address a whole address of the app's scheme
 */
export function resolveInside(folder: string, address: string): string | undefined {
  if (!URL.canParse(address)) return undefined;
  const url = new URL(address);
  if (url.protocol !== `${scheme}:` || url.host !== 'portbook') return undefined;
  let name: string;
  try {
    name = decodeURIComponent(url.pathname);
  } catch {
    // A malformed escape names no file.
    return undefined;
  }
  if (name.includes('\0') || name.includes('\\') || name.includes(':')) return undefined;
  const file = path.join(folder, name === '/' ? 'index.html' : name);
  return file.startsWith(folder + path.sep) ? file : undefined;
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'EISDIR');
}
