import type { RawData, WebSocket } from 'ws';
import { z } from 'zod';
import { PortbookError } from '../../../shared/errors.ts';
import { type Certificate, readCertificate } from './certificate.ts';

/**
 * The e-port card (卡介质, UKey) through the client control (客户端控件) that its vendor installs: JSON over a WebSocket of this
 * computer. Its protocol is not published. What is here follows the control's own JavaScript library (v1.3.1 for control v1.5.5,
 * 中国电子口岸数据中心, 2018) and two open programs that sign with it (chinaport-data-signature, customSign):
 *
 * - `ws://127.0.0.1:61232`; pages on https use `wss://wss.singlewindow.cn:61231`, a name of the same computer;
 * - after connecting it may greet with `{"_id":0,"_method":"open","_status":"00",…}`;
 * - asked `{"_method":M,"_id":n,"args":{…}}` it answers `{"_id":n,"_method":M,"_status":"00","_args":{"Result":true,"Data":[…],"Error":[…]}}`;
 * - `cus-sec_SpcGetSignCertAsPEM` {}: the certificate, base64;
 * - `cus-sec_SpcSignDataAsPEM` {inData, passwd}: hashes and signs `inData` (UTF-8), answers the signature in base64 and the
 *   certificate's number.
 *
 * Of its errors one is known, `Err:Custom50070`, the reader does not answer. The others are told by the words of their texts.
 */

export const cardAddress = 'ws://127.0.0.1:61232';

const methods = { certificate: 'cus-sec_SpcGetSignCertAsPEM', sign: 'cus-sec_SpcSignDataAsPEM' } as const;

const answerSchema = z.object({
  _id: z.union([z.number(), z.string()]).optional(),
  _method: z.string().optional(),
  _args: z
    .object({ Result: z.boolean(), Data: z.array(z.unknown()).default([]), Error: z.array(z.unknown()).default([]) })
    .optional(),
});

/** The first that fits; what fits none is shown as it is. */
const troubles: readonly (readonly [RegExp, string])[] = [
  [/锁定|被锁|已锁|locked/i, 'CARD_LOCKED'],
  [/取消|cancel/i, 'SIGN_CANCELLED'],
  [/口令|密码|PIN/i, 'PIN_WRONG'],
  [/50070|读卡器|未插|无卡|没有卡|找不到|不存在|reader|no card/i, 'CARD_MISSING'],
];

export interface CardLimits {
  /** How long the control may take to answer the door. */
  readonly connectMs: number;
  /** How long an answer may take: a person may be typing a PIN into a window of the control. */
  readonly answerMs: number;
}
const defaultLimits: CardLimits = { connectMs: 5_000, answerMs: 60_000 };
/** No answer is longer than a certificate. */
const MAX_ANSWER_BYTES = 1024 * 1024;

/**
 * An address that a PIN may be sent to: this computer, or any over TLS. Refusal: `CARD_URL`.
 */
export function checkCardUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isHere = url !== undefined && ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname);
  const isFit =
    url !== undefined && url.username === '' && (url.protocol === 'wss:' || (url.protocol === 'ws:' && isHere));
  if (!isFit) throw new PortbookError('CARD_URL', {}, 'url');
  return url.href.replace(/\/$/, '');
}

export interface OpenCard {
  readonly certificate: Certificate;
  sign(bytes: Uint8Array): Promise<Uint8Array>;
  close(): void;
}

/**
 * Connects and reads the certificate, for which no PIN is needed.
 * Refusals: `CARD_URL`, `SIGNER_UNREACHED`, `SIGNER_TIMEOUT`, `SIGNER_GARBLED`, `SIGNER_REFUSED`, `CARD_MISSING`, `CARD_LOCKED`,
 * `PIN_WRONG`, `SIGN_CANCELLED`, `CERTIFICATE_UNREADABLE`, `CERTIFICATE_KEY`, `CANCELLED`; in signing `CERTIFICATE_OTHER` besides.
 */
export async function openCard(
  url: string,
  { pin, signal, limits = defaultLimits }: { pin?: string; signal: AbortSignal; limits?: CardLimits },
): Promise<OpenCard> {
  const line = await connect(checkCardUrl(url), limits, signal);
  try {
    const [pem] = await line.ask(methods.certificate, {});
    const certificate = await readCertificate(textOf(pem));
    return {
      certificate,
      async sign(bytes) {
        const inData = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
        const said = await line.ask(methods.sign, { inData, ...(pin === undefined ? {} : { passwd: pin }) }, pin);
        const serial = said[1] === undefined ? certificate.serial : textOf(said[1]).toLowerCase();
        // Somebody put in another card since the certificate was read.
        if (bare(serial) !== bare(certificate.serial))
          throw new PortbookError('CERTIFICATE_OTHER', { serial, expected: certificate.serial });
        return Uint8Array.from(Buffer.from(textOf(said[0]).replaceAll(/\s/g, ''), 'base64'));
      },
      close: line.close,
    };
  } catch (error) {
    line.close();
    throw error;
  }
}

const bare = (serial: string) => serial.replace(/^0+/, '');

function textOf(value: unknown): string {
  if (typeof value !== 'string') throw new PortbookError('SIGNER_GARBLED');
  return value;
}

interface Line {
  ask(method: string, args: Readonly<Record<string, string>>, secret?: string): Promise<readonly unknown[]>;
  close(): void;
}

interface Question {
  readonly id: number;
  readonly secret: string | undefined;
  answer(data: readonly unknown[]): void;
  fail(error: unknown): void;
}

/** One question at a time, as the card wants it. */
async function connect(url: string, limits: CardLimits, signal: AbortSignal): Promise<Line> {
  const { WebSocket: Socket } = await import('ws');
  if (signal.aborted) throw new PortbookError('CANCELLED');
  const socket = new Socket(url, {
    handshakeTimeout: limits.connectMs,
    maxPayload: MAX_ANSWER_BYTES,
    perMessageDeflate: false,
    followRedirects: false,
  });
  let pending: Question | undefined;
  let lastId = 0;
  const fail = (error: PortbookError): void => {
    pending?.fail(error);
    pending = undefined;
  };
  const onAbort = (): void => {
    fail(new PortbookError('CANCELLED'));
    socket.terminate();
  };
  // Without a listener an error of the socket would end the process; what it means for a question, `close` tells.
  socket.on('error', () => undefined);
  socket.on('close', () => {
    signal.removeEventListener('abort', onAbort);
    fail(new PortbookError('SIGNER_UNREACHED', { url }));
  });
  socket.on('message', (data) => {
    const question = pending;
    if (question === undefined) return;
    const said = read(data);
    if (said === undefined) return fail(new PortbookError('SIGNER_GARBLED'));
    // A greeting, or the late answer to a question that was given up.
    if (said._method === 'open' || (said._id !== undefined && String(said._id) !== String(question.id))) return;
    if (said._args === undefined) return fail(new PortbookError('SIGNER_GARBLED'));
    if (!said._args.Result) return fail(troubleOf(said._args.Error, question.secret));
    pending = undefined;
    question.answer(said._args.Data);
  });
  signal.addEventListener('abort', onAbort, { once: true });
  await opened(socket, url, signal);
  return {
    ask: (method, args, secret) =>
      new Promise((resolve, reject) => {
        if (signal.aborted) return reject(new PortbookError('CANCELLED'));
        if (socket.readyState !== socket.OPEN) return reject(new PortbookError('SIGNER_UNREACHED', { url }));
        lastId += 1;
        const timer = setTimeout(() => {
          fail(new PortbookError('SIGNER_TIMEOUT', { seconds: Math.ceil(limits.answerMs / 1000) }));
        }, limits.answerMs);
        pending = {
          id: lastId,
          secret,
          answer: (data) => {
            clearTimeout(timer);
            resolve(data);
          },
          fail: (error) => {
            clearTimeout(timer);
            reject(error);
          },
        };
        socket.send(JSON.stringify({ _method: method, _id: lastId, args }));
      }),
    close: () => {
      signal.removeEventListener('abort', onAbort);
      socket.terminate();
    },
  };
}

function opened(socket: WebSocket, url: string, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('open', () => resolve());
    socket.once('close', () =>
      reject(signal.aborted ? new PortbookError('CANCELLED') : new PortbookError('SIGNER_UNREACHED', { url })),
    );
  });
}

function read(data: RawData): z.infer<typeof answerSchema> | undefined {
  try {
    const bytes = Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data as Buffer);
    const parsed = answerSchema.safeParse(JSON.parse(bytes.toString('utf8')));
    return parsed.success ? parsed.data : undefined;
  } catch {
    // No JSON is as garbled as JSON of another form.
    return undefined;
  }
}

/** The control's own words go along, for nobody has a list of its codes; a PIN it repeats does not. */
function troubleOf(errors: readonly unknown[], secret: string | undefined): PortbookError {
  const said = errors.map(String).join(' ').slice(0, 300);
  const detail = secret === undefined || secret === '' ? said : said.replaceAll(secret, '***');
  const code = troubles.find(([words]) => words.test(said))?.[1] ?? 'SIGNER_REFUSED';
  return new PortbookError(code, { detail });
}
