import { X509Certificate } from 'node:crypto';
import { lookup } from 'node:dns/promises';
import { connect } from 'node:net';
import { connect as connectSecurely } from 'node:tls';
import type { DiagnosisStep } from '../../../shared/contract/endpoints.ts';
import { PortbookError } from '../../../shared/errors.ts';
import type { Context } from '../context.ts';
import { deviceKey } from '../keys/device-key.ts';
import { type Endpoint, hasPractised } from '../store/endpoints.ts';
import { checkCarryKeys } from './carry-file.ts';
import { type Connection, connectionTo } from './network.ts';
import { transportFor } from './transport-for.ts';

/** Tries the way to an endpoint step by step, as a person who looks for the fault would: settings, proxy, name, connection, TLS, platform. */

type Step = DiagnosisStep['step'];
const httpSteps: readonly Step[] = ['settings', 'proxy', 'name', 'connect', 'tls', 'health', 'side', 'enrolment'];
const STEP_MS = 5_000;

/** Codes of a failed health check that tell of an earlier step. */
const stepOf = (code: string): Step => {
  if (/^(TLS|ERR_SSL)_/.test(code)) return 'tls';
  if (code.startsWith('PROXY_')) return 'proxy';
  if (code === 'DNS_FAILED') return 'name';
  if (code.startsWith('E') || code === 'UND_ERR_CONNECT_TIMEOUT') return 'connect';
  return 'health';
};

/** Opens a TCP connection and closes it. @returns the system's code of a failure */
function reach(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: STEP_MS });
    const end = (code?: string): void => {
      socket.destroy();
      resolve(code);
    };
    socket.once('connect', () => end());
    socket.once('timeout', () => end('ETIMEDOUT'));
    socket.once('error', (error: NodeJS.ErrnoException) => end(error.code ?? 'NETWORK'));
  });
}

/** What certificate a host shows, whoever vouches for it: the fingerprint is what a user compares before pinning it. */
function certificateOf(host: string, port: number): Promise<string> {
  return new Promise((resolve) => {
    const socket = connectSecurely({
      host,
      port,
      timeout: STEP_MS,
      // Only looked at; nothing is sent over this connection, and the platform itself is reached with the checks of the settings.
      rejectUnauthorized: false,
      ...(/^[\d.]+$|^\[/.test(host) ? {} : { servername: host }),
    });
    const end = (text: string): void => {
      socket.destroy();
      resolve(text);
    };
    socket.once('secureConnect', () => {
      const { raw } = socket.getPeerCertificate();
      if (raw === undefined) return end('');
      const certificate = new X509Certificate(raw);
      return end(
        `${certificate.subject.replaceAll('\n', ', ')} · ${certificate.validTo} · SHA-256 ${certificate.fingerprint256}`,
      );
    });
    socket.once('timeout', () => end(''));
    socket.once('error', () => end(''));
  });
}

export async function diagnose(
  context: Context,
  endpoint: Endpoint,
): Promise<{ steps: DiagnosisStep[]; via?: string }> {
  switch (endpoint.transport) {
    case 'http':
      return diagnoseHttp(context, endpoint);
    case 'folder':
      return { steps: await diagnoseFolders(context, endpoint) };
    case 'carry':
      return { steps: diagnoseCarry(endpoint) };
  }
}

async function diagnoseHttp(context: Context, endpoint: Endpoint): Promise<{ steps: DiagnosisStep[]; via?: string }> {
  const { book, host, signal } = context;
  const { hostname, port, protocol } = new URL(endpoint.url);
  const steps = new Map<Step, DiagnosisStep>();
  const note = (step: Step, state: DiagnosisStep['state'], more: { code?: string; detail?: string } = {}) =>
    steps.set(step, { step, state, ...more });
  const finish = (via?: string) => ({
    steps: httpSteps.map((step) => steps.get(step) ?? { step, state: 'skipped' as const }),
    ...(via === undefined ? {} : { via }),
  });
  context.progress({ phase: 'endpoint-test', done: 0, total: httpSteps.length });

  let ways: readonly Connection[];
  try {
    const way = await connectionTo(endpoint.url, endpoint.settings, endpoint.proxyPassword, host);
    ways = [way, ...(way.others ?? [])];
    note('settings', 'ok');
  } catch (error) {
    if (!(error instanceof PortbookError)) throw error;
    note('settings', 'failed', { code: error.code });
    return finish();
  }

  let via = '';
  for (const [at, way] of ways.entries()) {
    via = way.via;
    if (via === 'direct' || via === 'environment') {
      note('proxy', 'none', { detail: via });
      break;
    }
    const proxy = new URL(via);
    const failure = await reach(proxy.hostname, Number(proxy.port || (proxy.protocol === 'https:' ? 443 : 80)));
    note('proxy', failure === undefined ? 'ok' : 'failed', {
      detail: via,
      ...(failure === undefined ? {} : { code: 'PROXY_UNREACHABLE' }),
    });
    if (failure === undefined) break;
    // What a PAC script names behind it is tried as a message would.
    if (at === ways.length - 1) return finish(via);
  }
  const isDirect = via === 'direct';
  const targetPort = port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port);
  if (isDirect) {
    const name = hostname.replace(/^\[|\]$/g, '');
    try {
      const { address } = await lookup(name);
      note('name', 'ok', { detail: address });
    } catch {
      // The resolver's many words amount to one: there is no such name here.
      note('name', 'failed', { code: 'DNS_FAILED', detail: name });
      return finish(via);
    }
    const failure = await reach(name, targetPort);
    note('connect', failure === undefined ? 'ok' : 'failed', {
      detail: `${name}:${targetPort}`,
      ...(failure === undefined ? {} : { code: failure }),
    });
    if (failure !== undefined) return finish(via);
  } else {
    // Behind a proxy names are looked up, and connections made, by the proxy.
    note('name', 'none');
    note('connect', 'none');
  }

  const shown = protocol === 'https:' && isDirect ? await certificateOf(hostname, targetPort) : '';
  const signer = await deviceKey(book, host);
  const transport = transportFor(endpoint, { signer, now: context.now, book, host });
  const answer = await transport.health(signal);
  const more = shown === '' ? {} : { detail: shown };
  if (answer.kind !== 'accepted') {
    const at = stepOf(answer.code);
    if (at === 'health') note('tls', protocol === 'https:' ? 'ok' : 'none', more);
    note(at, 'failed', { code: answer.code, ...(at === 'tls' ? more : {}) });
    return finish(via);
  }
  note('tls', protocol === 'https:' ? 'ok' : 'none', more);
  note('health', 'ok', { detail: answer.value.name });
  const isPractice = answer.value.practice === true;
  const isWrongSide =
    (endpoint.practice !== undefined && endpoint.practice !== isPractice) ||
    (!isPractice && (book.isSample || hasPractised(book)));
  note('side', isWrongSide ? 'failed' : 'ok', {
    detail: isPractice ? 'practice' : 'real',
    ...(isWrongSide
      ? {
          code:
            endpoint.practice === undefined || endpoint.practice === isPractice
              ? 'REAL_IN_PRACTICE_BOOK'
              : 'ENDPOINT_CHANGED_SIDES',
        }
      : {}),
  });
  if (isWrongSide) return finish(via);
  note('enrolment', endpoint.enrolled && endpoint.deviceId === signer.id ? 'ok' : 'none');
  return finish(via);
}

async function diagnoseFolders(context: Context, endpoint: Endpoint): Promise<DiagnosisStep[]> {
  const { book, host, signal, now } = context;
  if (endpoint.settings.folders === undefined)
    return [{ step: 'folders', state: 'failed', code: 'ENDPOINT_FOLDERS_MISSING' }];
  const signer = await deviceKey(book, host);
  const answer = await transportFor(endpoint, { signer, now, book, host }).health(signal);
  return [
    answer.kind === 'accepted'
      ? { step: 'folders', state: 'ok' }
      : { step: 'folders', state: 'failed', code: answer.code },
  ];
}

function diagnoseCarry(endpoint: Endpoint): DiagnosisStep[] {
  const { carry } = endpoint.settings;
  try {
    checkCarryKeys(carry);
  } catch (error) {
    if (!(error instanceof PortbookError)) throw error;
    return [{ step: 'keys', state: 'failed', code: error.code }];
  }
  return [{ step: 'keys', state: carry.recipientKey === '' ? 'none' : 'ok' }];
}
