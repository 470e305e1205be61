import type { Host } from '../context.ts';
import type { Book } from '../store/book.ts';
import type { Endpoint } from '../store/endpoints.ts';
import { httpTransport } from './http-transport.ts';
import { connectionTo } from './network.ts';
import type { RequestSigner, Transport } from './transport.ts';

export interface TransportSurroundings {
  readonly signer: RequestSigner;
  readonly now: () => string;
  /** What was handed over is noted in it. */
  readonly book: Book;
  /** Knows the system's proxy. */
  readonly host: Host;
}

/** The transport of an endpoint that an engine drives; one that is carried by hand has none. */
export function transportFor(endpoint: Endpoint, { signer, now, host }: TransportSurroundings): Transport {
  switch (endpoint.transport) {
    case 'http':
      return httpTransport({
        url: endpoint.url,
        signer,
        now,
        connection: () => connectionTo(endpoint.url, endpoint.settings, endpoint.proxyPassword, host),
      });
    case 'folder':
    case 'carry':
      throw new Error(`no engine drives an endpoint of the kind ${endpoint.transport}`);
  }
}
