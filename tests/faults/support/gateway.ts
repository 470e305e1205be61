import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';

/** What happens to a request on the way to the platform and back. */
export type Fault =
  | 'pass'
  /** The connection is cut before the platform sees anything. */
  | 'drop-before'
  /** The platform does its work; the connection is cut before the answer comes back. */
  | 'drop-after'
  /** The answer's first half comes, then the connection is cut. */
  | 'half'
  /** The answer comes after `slowMs`. */
  | 'slow'
  | 'garbage'
  | 'error-500'
  /** The platform does its work, and a proxy in between answers 502. */
  | 'error-502-after'
  | 'busy-429'
  | 'captive-page'
  | 'captive-redirect'
  | 'proxy-404';

export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly fault: Fault;
}

/** A road to the platform on which things go wrong as the test wants it. */
export interface Gateway {
  url: string;
  readonly seen: SeenRequest[];
  /** Decides on each request; `pass` by default. */
  decide: (request: { method: string; path: string }) => Fault;
  target: string;
  /** Where the next request goes, instead of `target`. */
  route: (() => string) | undefined;
  slowMs: number;
  close: () => Promise<void>;
}

/** @param tls with a certificate and its key (PEM) the road is an https one */
export async function startGateway(
  target: string,
  tls?: { readonly cert: string; readonly key: string },
): Promise<Gateway> {
  const gateway: Gateway = {
    url: '',
    seen: [],
    decide: () => 'pass',
    target,
    route: undefined,
    slowMs: 300,
    close: () => Promise.resolve(),
  };
  const onRequest = (request: IncomingMessage, response: ServerResponse): void => {
    const fault = gateway.decide({ method: request.method ?? '', path: request.url ?? '' });
    gateway.seen.push({ method: request.method ?? '', path: request.url ?? '', fault });
    handle(gateway, fault, request, response);
  };
  const server = tls === undefined ? createServer(onRequest) : createTlsServer(tls, onRequest);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return Object.assign(gateway, {
    url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  });
}

/** What somebody on the way says in the platform's place. */
const inItsPlace: Partial<
  Record<Fault, readonly [status: number, type: string, body: string, more?: Record<string, string>]>
> = {
  garbage: [200, 'application/json', '\u0000\u0001{"guid": 12, '],
  'error-500': [500, 'text/plain', 'Internal Server Error'],
  'busy-429': [429, 'text/plain', 'slow down', { 'retry-after': '7' }],
  'captive-page': [200, 'text/html', '<html>Please log in to the hotel network</html>'],
  'captive-redirect': [302, 'text/html', '', { location: 'http://127.0.0.1:9/login' }],
  'proxy-404': [404, 'text/html', '<html>not found</html>'],
};

function handle(gateway: Gateway, fault: Fault, request: IncomingMessage, response: ServerResponse): void {
  const answer = inItsPlace[fault];
  if (fault === 'drop-before') request.socket.destroy();
  else if (answer === undefined) forward(gateway, fault, request, response);
  else {
    const [status, type, body, more] = answer;
    // The request is read to its end, as any server in between would.
    request.resume();
    request.on('end', () => response.writeHead(status, { 'content-type': type, ...more }).end(body));
  }
}

function forward(gateway: Gateway, fault: Fault, request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(gateway.route?.() ?? gateway.target);
  const onward = httpRequest(
    {
      host: url.hostname,
      port: url.port,
      method: request.method,
      path: request.url,
      headers: { ...request.headers, connection: 'close' },
    },
    (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('error', () => response.destroy());
      answer.on('end', () => {
        const body = Buffer.concat(chunks);
        const { 'transfer-encoding': _, connection: __, ...headers } = answer.headers;
        const reply = () => response.writeHead(answer.statusCode ?? 500, headers).end(body);
        if (fault === 'drop-after') request.socket.destroy();
        else if (fault === 'error-502-after')
          response.writeHead(502, { 'content-type': 'text/html' }).end('<html>bad gateway</html>');
        else if (fault === 'half') {
          response.writeHead(answer.statusCode ?? 500, headers);
          response.write(body.subarray(0, Math.floor(body.length / 2)), () => request.socket.destroy());
        } else if (fault === 'slow') setTimeout(reply, gateway.slowMs);
        else reply();
      });
    },
  );
  onward.on('error', () => request.socket.destroy());
  request.pipe(onward);
}
