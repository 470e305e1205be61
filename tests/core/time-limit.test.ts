import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { httpTransport } from '../../electron/core/outbox/http-transport.ts';

/** A platform that takes every request and answers none. */
let silent: Server;
let url = '';

beforeAll(async () => {
  silent = createServer(() => undefined);
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
});
afterAll(() => {
  silent.closeAllConnections();
  silent.close();
});

it('a request that nobody answers ends in its time, though memory is cleared up meanwhile', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const transport = httpTransport({
    url,
    signer: { id: 'device', publicKey: '', sign: () => Promise.resolve(new Uint8Array(64)) },
    now: () => '2026-11-23T00:00:00.000Z',
    timeouts: { askMs: 400 },
  });
  const { signal } = new AbortController();
  const asked = Array.from({ length: 5 }, () => transport.enquire('7F1C1C5E-0000-4000-8000-000000000001', signal));
  const clearing = setInterval(collect, 40);
  const answers = await Promise.race([
    Promise.all(asked),
    new Promise<string>((resolve) => setTimeout(() => resolve('no end of it'), 5_000)),
  ]);
  clearInterval(clearing);
  expect(answers).toEqual(asked.map(() => expect.objectContaining({ kind: 'retryable', code: 'TIMEOUT' })));
});
