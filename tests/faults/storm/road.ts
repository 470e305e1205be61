import type { AddressInfo } from 'node:net';
import { connect, createServer, type Socket } from 'node:net';

/** What happens to a connection below HTTP: on cables, at access points, in the hands of whoever stands in between. */
export type RoadFault =
  | 'pass'
  /** Nobody answers the door. */
  | 'refuse'
  /** Cut after some bytes, in whichever direction they go. */
  | 'cut'
  /** A few bytes at a time. */
  | 'drip'
  /** A bit of what goes by is turned over. */
  | 'corrupt'
  /** Something answers that speaks no TLS. */
  | 'not-tls'
  /** Somebody else answers, with a certificate of his own. */
  | 'other-certificate';

/** A road of connections to a server. */
export interface Road {
  readonly port: number;
  /** What happens to the next connection; `at`: after how many bytes a cut or a corruption falls. */
  decide: () => { readonly fault: RoadFault; readonly at: number };
  /** How often each happened: counted when it does, not when it is decided. */
  readonly happened: Partial<Record<RoadFault, number>>;
  close(): Promise<void>;
}

/** @param ports of the server, and of one with another certificate */
export async function startRoad(ports: { readonly server: number; readonly impostor: number }): Promise<Road> {
  const sockets = new Set<Socket>();
  const happened: Partial<Record<RoadFault, number>> = {};
  const count = (fault: RoadFault): void => {
    happened[fault] = (happened[fault] ?? 0) + 1;
  };
  const keep = (socket: Socket): Socket => {
    sockets.add(socket);
    // Both ends notice a broken connection by themselves; that is what is tested.
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
    return socket;
  };
  const server = createServer((near) => {
    keep(near);
    const { fault, at } = road.decide();
    if (fault === 'refuse' || fault === 'not-tls') {
      count(fault);
      if (fault === 'refuse') near.resetAndDestroy();
      else near.end('HTTP/1.1 400 Bad Request\r\n\r\nplain text here\r\n');
      return;
    }
    if (fault === 'other-certificate' || fault === 'drip') count(fault);
    const far = keep(connect(fault === 'other-certificate' ? ports.impostor : ports.server, '127.0.0.1'));
    let seen = 0;
    const pass = (from: Socket, to: Socket): void => {
      from.on('data', (chunk: Buffer) => {
        const before = seen;
        seen += chunk.length;
        const hit = before <= at && seen > at;
        if (hit && fault === 'cut') {
          count(fault);
          to.write(chunk.subarray(0, at - before), () => {
            near.resetAndDestroy();
            far.resetAndDestroy();
          });
          return;
        }
        if (hit && fault === 'corrupt') {
          count(fault);
          chunk[at - before] = (chunk[at - before] ?? 0) ^ 0x10;
        }
        if (fault !== 'drip') {
          if (!to.write(chunk)) {
            from.pause();
            to.once('drain', () => from.resume());
          }
          return;
        }
        from.pause();
        const drip = (offset: number): void => {
          if (offset >= chunk.length || to.destroyed) {
            from.resume();
            return;
          }
          to.write(chunk.subarray(offset, offset + 400));
          setTimeout(drip, 2, offset + 400);
        };
        drip(0);
      });
      from.on('end', () => to.end());
      from.on('close', () => to.destroy());
    };
    pass(near, far);
    pass(far, near);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const road: Road = {
    port: (server.address() as AddressInfo).port,
    decide: () => ({ fault: 'pass', at: 0 }),
    happened,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
  return road;
}
