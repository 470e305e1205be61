import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { request as httpsRequest } from 'node:https';
import path from 'node:path';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import forge from 'node-forge';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type Platform, type PlatformOptions, servePlatform } from '../../platform/server.ts';
import { health, type ProductRevision, packText } from '../../shared/sync/protocol.ts';
import { DeskClient } from '../faults/support/desk-client.ts';
import { temporaryFolder } from '../faults/support/folder.ts';
import { enterprise, guidOf, message, paper } from '../faults/support/papers.ts';

/** What the platform's door does: every answer is one that docs/openapi.yaml describes, and nothing bad comes through. */

const root = path.resolve(import.meta.dirname, '../..');
const resourcesFolder = path.join(root, 'resources');
const folder = temporaryFolder('door');
const packsFolder = path.join(folder, 'packs');
const running = new Set<Platform>();
let serial = 0;

async function start(options: Partial<PlatformOptions> = {}): Promise<{ platform: Platform; desk: DeskClient }> {
  const dataFolder = path.join(folder, String(++serial));
  const platform = await servePlatform({ port: 0, dataFolder, resourcesFolder, packsFolder, ...options });
  running.add(platform);
  return { platform, desk: new DeskClient(platform.url, `device-${serial}-0001`) };
}

async function stop(platform: Platform): Promise<void> {
  running.delete(platform);
  await platform.close();
}

const operatorToken = 'a token of the operator, which is long enough';
const operatorRoutes = [
  ['GET', '/v1/operator/enrolments'],
  ['PUT', '/v1/operator/enrolments/{deviceId}'],
  ['DELETE', '/v1/operator/devices/{deviceId}'],
  ['PUT', '/v1/operator/rates'],
  ['PUT', '/v1/operator/data-requests'],
  ['PUT', '/v1/operator/milestones'],
] as const;

function asOperator(
  { url }: Platform,
  method: string,
  at: string,
  body?: unknown,
  token = operatorToken,
): Promise<Response> {
  const hasBody = method === 'PUT' && body !== undefined;
  return fetch(url + at, {
    method,
    headers: { authorization: `Bearer ${token}`, ...(hasBody ? { 'content-type': 'application/json' } : {}) },
    ...(hasBody ? { body: JSON.stringify(body) } : {}),
  });
}

interface Answer {
  readonly status: number;
  readonly code: string | undefined;
  readonly body: unknown;
  readonly retryAfter: string | null;
}

interface Description {
  readonly paths: Record<string, Record<string, { responses?: Record<string, unknown> }>>;
  readonly components: { readonly responses: Record<string, { content: Record<string, { schema?: unknown }> }> };
}
const description = parse(readFileSync(path.join(root, 'docs/openapi.yaml'), 'utf8')) as Description;
const ajv = new Ajv2020({ strict: false });
addFormats.default(ajv);
ajv.addSchema(description, 'openapi');
const validators = new Map<string, ValidateFunction>();
const seen = new Set<string>();

const escaped = (text: string): string => encodeURIComponent(text.replaceAll('~', '~0').replaceAll('/', '~1'));

/** The answer, held against the description of its route, method and status. */
async function described(route: string, method: string, pending: Promise<Response>): Promise<Answer> {
  const response = await pending;
  const type = (response.headers.get('content-type') ?? '').split(';')[0] ?? '';
  const text = await response.text();
  const name = `${method} ${route} ${response.status}`;
  let pointer = `/paths/${escaped(route)}/${method.toLowerCase()}/responses/${response.status}`;
  const found = description.paths[route]?.[method.toLowerCase()]?.responses?.[String(response.status)] as
    | { $ref?: string; content?: Record<string, { schema?: unknown }> }
    | undefined;
  expect(found, `${name} is not described`).toBeDefined();
  const shared = found?.$ref?.slice('#/components/responses/'.length);
  const content = shared === undefined ? found?.content : description.components.responses[shared]?.content;
  if (shared !== undefined) pointer = `/components/responses/${shared}`;
  expect(Object.keys(content ?? {}), `${name} has a type of its own`).toContain(type);
  seen.add(name);
  const isJson = type.includes('json');
  const body: unknown = isJson ? JSON.parse(text) : text;
  if (content?.[type]?.schema !== undefined) {
    const at = `openapi#${pointer}/content/${escaped(type)}/schema`;
    const validate = validators.get(at) ?? ajv.compile({ $ref: at });
    validators.set(at, validate);
    expect(validate(body), `${name}: ${JSON.stringify(validate.errors)}\n${text}`).toBe(true);
  }
  const code = isJson ? (body as { code?: string }).code : undefined;
  return { status: response.status, code, body, retryAfter: response.headers.get('retry-after') };
}

const codeOf = ({ status, code }: Answer): [number, string | undefined] => [status, code];

beforeAll(() => {
  mkdirSync(packsFolder);
  const { privateKey } = generateKeyPairSync('ed25519');
  const bytes = Buffer.from('{"country":[]}');
  const write = (id: string, version: number, change: Record<string, unknown> = {}): void => {
    const manifest = {
      ...{ id, kind: 'tables' as const, version, validFrom: '2026-01-01', title: { zh: '国别', en: 'Countries' } },
      ...{ changes: [{ zh: '新增', en: 'Added' }], size: bytes.length, algorithm: 'Ed25519' as const, keyId: 'k1' },
      sha256: createHash('sha256').update(bytes).digest('hex'),
    };
    const signature = sign(null, Buffer.from(packText(manifest)), privateKey).toString('base64');
    const file = path.join(packsFolder, `${id}-${version}`);
    writeFileSync(`${file}.manifest.json`, JSON.stringify({ ...manifest, signature, ...change }));
    writeFileSync(`${file}.pack`, bytes);
  };
  write('country', 1);
  write('country', 2);
  write('port', 1, { size: 3 });
  writeFileSync(path.join(packsFolder, 'broken-1.manifest.json'), '{');
});

afterAll(async () => {
  for (const platform of running) await platform.close();
});

describe('the description of the protocol', () => {
  it('has every route and every answer of the server, and no other', async () => {
    const { platform, desk } = await start({ maxBytes: 60_000, operatorToken });
    const get = (route: string, at = route) => described(route, 'GET', desk.request('GET', at));
    const json = (body: unknown): Buffer => Buffer.from(JSON.stringify(body));
    const practice = (route: string, method: string, body?: string): Promise<Answer> =>
      described(route, method, fetch(platform.url + route, { method, ...(body === undefined ? {} : { body }) }));
    const enrol = (change: Record<string, unknown> = {}) => described('/v1/enrolments', 'POST', desk.enrol(change));
    const guid = guidOf('described');
    const order = message('CEB303Message', guid, [paper('CEB303Message', 1)]);
    const put = (bytes: Uint8Array, name = guid) => described('/v1/messages/{guid}', 'PUT', desk.put(name, bytes));
    const product: ProductRevision = {
      itemNo: '茶/1',
      version: 1,
      nameZh: '白茶',
      origin: '460000',
      hsCode: '09021010',
    };
    const productPath = `/v1/products/${encodeURIComponent(product.itemNo)}`;
    const putProduct = (change: Partial<ProductRevision> = {}) =>
      described('/v1/products/{itemNo}', 'PUT', desk.request('PUT', productPath, json({ ...product, ...change })));

    await get('/v1/health');
    expect(codeOf(await get('/v1/receipts'))).toEqual([403, 'DEVICE_UNKNOWN']);
    for (const route of [
      ...['/v1/rates', '/v1/statistics', '/v1/products', '/v1/packs', '/v1/data-requests', '/v1/milestones'],
      '/v1/messages',
    ])
      await get(route);
    await described('/v1/data-requests/{sessionID}', 'PUT', desk.request('PUT', '/v1/data-requests/S-1', json({})));
    await get('/v1/packs/{id}/{version}', '/v1/packs/country/1');
    await get('/v1/products/{itemNo}', productPath);
    await get('/v1/messages/{guid}', `/v1/messages/${guid}`);
    await get('/v1/messages/{guid}/content', `/v1/messages/${guid}/content`);
    await putProduct();
    await put(order);

    expect(codeOf(await enrol({ uscc: 'wrong' }))).toEqual([422, 'ENTERPRISE_INVALID']);
    expect((await enrol()).status).toBe(201);
    expect((await enrol()).status).toBe(200);
    const thief = new DeskClient(platform.url, desk.signer.id);
    expect(codeOf(await described('/v1/enrolments', 'POST', thief.enrol()))).toEqual([409, 'DEVICE_REUSED']);
    expect((await enrol({ name: 'x'.repeat(70_000) })).status).toBe(413);
    for (const [method, route, at] of [
      ['GET', '/v1/receipts', '/v1/receipts'],
      ['GET', '/v1/rates', '/v1/rates'],
      ['GET', '/v1/statistics', '/v1/statistics'],
      ['GET', '/v1/products', '/v1/products'],
      ['GET', '/v1/products/{itemNo}', productPath],
      ['PUT', '/v1/products/{itemNo}', productPath],
      ['GET', '/v1/data-requests', '/v1/data-requests'],
      ['GET', '/v1/milestones', '/v1/milestones'],
      ['PUT', '/v1/data-requests/{sessionID}', '/v1/data-requests/S-1'],
      ['GET', '/v1/packs', '/v1/packs'],
      ['GET', '/v1/packs/{id}/{version}', '/v1/packs/country/1'],
      ['GET', '/v1/messages', '/v1/messages'],
      ['GET', '/v1/messages/{guid}', `/v1/messages/${guid}`],
      ['GET', '/v1/messages/{guid}/content', `/v1/messages/${guid}/content`],
      ['PUT', '/v1/messages/{guid}', `/v1/messages/${guid}`],
      ['POST', '/v1/enrolments', '/v1/enrolments'],
    ] as const) {
      const answer = await described(route, method, thief.request(method, at, method === 'GET' ? undefined : order));
      if (route !== '/v1/enrolments') expect(codeOf(answer)).toEqual([401, 'SIGNATURE_INVALID']);
    }
    const unsigned = fetch(`${platform.url}/v1/enrolments`, { method: 'POST', body: '{}' });
    expect((await described('/v1/enrolments', 'POST', unsigned)).status).toBe(401);

    for (const route of ['/v1/messages/{guid}', '/v1/messages/{guid}/content'])
      expect(codeOf(await get(route, route.replace('{guid}', guid)))).toEqual([404, 'MESSAGE_UNKNOWN']);
    expect((await put(order)).status).toBe(202);
    expect((await put(order)).status).toBe(200);
    expect((await get('/v1/messages')).body).toEqual({ guids: [guid], next: guid });
    expect((await get('/v1/messages', `/v1/messages?after=${guid}&limit=1000`)).body).toEqual({
      guids: [],
      next: guid,
    });
    expect((await get('/v1/messages', `/v1/messages?after=${guidOf('never')}`)).code).toBe('MESSAGE_UNKNOWN');
    for (const query of ['after=x', 'limit=0', 'limit=1001'])
      expect((await get('/v1/messages', `/v1/messages?${query}`)).status).toBe(422);
    for (const route of ['/v1/messages/{guid}', '/v1/messages/{guid}/content'])
      expect((await get(route, route.replace('{guid}', guid))).status).toBe(200);
    expect((await put(Buffer.from('other'))).status).toBe(409);
    expect(codeOf(await put(Buffer.from('<a/>'), guidOf('no message')))).toEqual([422, 'XML_MALFORMED']);
    expect(codeOf(await put(order, 'no%00guid'))).toEqual([422, 'REQUEST_INVALID']);
    expect((await put(new Uint8Array(60_001), guidOf('long'))).status).toBe(413);
    await desk.settled();
    expect((await get('/v1/receipts')).body).toMatchObject({ receipts: [{}, {}, {}] });
    expect((await get('/v1/receipts', '/v1/receipts?after=x')).status).toBe(422);
    expect((await get('/v1/receipts', '/v1/receipts?wait=31')).status).toBe(422);

    expect((await practice('/v1/practice/rates', 'PUT', '{}')).status).toBe(422);
    const rate = { kind: 'parity', currency: 'USD', date: '2026-11-20', cnyPerUnit: '7.1', source: 'test' };
    expect((await practice('/v1/practice/rates', 'PUT', JSON.stringify([rate]))).status).toBe(200);
    expect((await get('/v1/rates')).body).toMatchObject({ rates: [rate] });
    expect((await get('/v1/rates', '/v1/rates?after=x')).status).toBe(422);
    expect((await get('/v1/statistics')).body).toMatchObject({ kinds: [{ kind: 'CEB303Message', accepted: 1 }] });
    expect((await get('/v1/statistics', '/v1/statistics?month=2026-13')).status).toBe(422);
    expect((await get('/v1/statistics', '/v1/statistics?kind=CEB303Message')).body).toMatchObject({
      documents: [{ state: 'accepted', amount: expect.stringMatching(/^\d/) }],
    });
    expect((await get('/v1/statistics', '/v1/statistics?kind=CEB303Message&after=x')).status).toBe(422);

    expect((await putProduct()).status).toBe(201);
    expect((await putProduct()).status).toBe(200);
    expect(await putProduct({ nameZh: '红茶' })).toMatchObject({ status: 409, body: { version: 1 } });
    expect((await putProduct({ version: 2, season: { from: 11, to: 2 } })).status).toBe(201);
    expect(await putProduct({ version: 3, hsCode: '1' })).toMatchObject({
      status: 422,
      body: { findings: [{ path: 'hsCode' }] },
    });
    expect((await putProduct({ nameEn: 'x'.repeat(70_000) })).status).toBe(413);
    expect((await putProduct({ version: 4, grade: 'a\0' })).status).toBe(422);
    expect((await get('/v1/products/{itemNo}', `${productPath}?version=1`)).body).toEqual(product);
    expect((await get('/v1/products/{itemNo}', `${productPath}?version=7`)).code).toBe('PRODUCT_UNKNOWN');
    expect((await get('/v1/products/{itemNo}', `${productPath}?version=x`)).status).toBe(422);
    expect((await get('/v1/products')).body).toMatchObject({ products: [{ version: 2 }], next: product.itemNo });
    expect((await get('/v1/products', '/v1/products?limit=0')).status).toBe(422);

    const asked = { sessionID: 'S-1', orderNo: 'IM1', serviceTime: 1_700_000_000_000 };
    const ask = (uscc: string) =>
      practice('/v1/practice/data-requests', 'PUT', JSON.stringify({ uscc, requests: [asked] }));
    expect((await ask('nobody')).status).toBe(422);
    expect((await ask(enterprise.uscc)).status).toBe(200);
    expect((await get('/v1/data-requests')).body).toMatchObject({ requests: [asked] });
    expect((await get('/v1/data-requests', '/v1/data-requests?after=x')).status).toBe(422);
    const event = { id: 'm-1', number: 'B-1', status: '开船', at: '2026-11-21T00:00:00Z', place: '', text: '' };
    const tell = (uscc: string) =>
      practice('/v1/practice/milestones', 'PUT', JSON.stringify({ uscc, milestones: [event] }));
    expect((await tell('nobody')).status).toBe(422);
    expect((await tell(enterprise.uscc)).status).toBe(200);
    expect((await get('/v1/milestones')).body).toMatchObject({ milestones: [event] });
    expect((await get('/v1/milestones', '/v1/milestones?after=x')).status).toBe(422);
    const answerTo = (session: string, body: Uint8Array) =>
      described('/v1/data-requests/{sessionID}', 'PUT', desk.request('PUT', `/v1/data-requests/${session}`, body));
    const head = {
      ...{ guid: guidOf('exchange'), initalRequest: 'a', initalResponse: 'b', ebpCode: '1', payCode: '2' },
      ...{ payTransactionId: '3', totalAmount: 1.5, currency: '142', verDept: '3', tradingTime: '20261121083000' },
    };
    const list = {
      orderNo: 'IM1',
      goodsInfo: [{ gname: '杯', itemLink: 'https://x' }],
      recpAccount: '1',
      recpName: 'x',
    };
    const whole = {
      ...{ sessionID: 'S-1', payExchangeInfoHead: head, payExchangeInfoLists: [list] },
      ...{ serviceTime: '1700000000001', certNo: '03', signValue: 'A'.repeat(88) },
    };
    expect((await answerTo('S-9', json(whole))).code).toBe('SESSION_UNKNOWN');
    expect((await answerTo('S-1', Buffer.from('{'))).status).toBe(422);
    expect((await answerTo('S-1', new Uint8Array(60_001))).status).toBe(413);
    for (const wrong of [{ sessionID: 'S-2' }, { certNo: '' }, { payExchangeInfoLists: [{ ...list, orderNo: 'IM2' }] }])
      expect((await answerTo('S-1', json({ ...whole, ...wrong }))).body).toMatchObject({ code: '20000' });
    expect((await answerTo('S-1', json(whole))).body).toMatchObject({ code: '10000' });
    expect((await answerTo('S-1', json(whole))).body).toMatchObject({ code: '10000' });
    expect((await answerTo('S-1', json({ ...whole, certNo: '04' }))).code).toBe('SESSION_ANSWERED');

    const { packs } = (await get('/v1/packs')).body as { packs: { id: string; version: number }[] };
    // What does not fit its manifest is not handed out.
    expect(packs.map(({ id, version }) => `${id} ${version}`)).toEqual(['country 1', 'country 2']);
    expect((await get('/v1/packs/{id}/{version}', '/v1/packs/country/2')).body).toBe('{"country":[]}');
    for (const at of ['country/3', 'port/1', 'broken/1', '..%2Fx/1'])
      expect((await get('/v1/packs/{id}/{version}', `/v1/packs/${at}`)).code).toBe('PACK_UNKNOWN');

    // The operator's: no less than what a practice platform has.
    const operator = (route: string, method: string, at = route, body?: unknown, token = operatorToken) =>
      described(route, method, asOperator(platform, method, at, body, token));
    for (const [method, route] of operatorRoutes)
      expect(codeOf(await operator(route, method, route, {}, 'wrong'))).toEqual([401, 'OPERATOR_ONLY']);
    expect((await operator('/v1/operator/rates', 'PUT', undefined, [rate])).body).toEqual({ rates: 1 });
    expect((await operator('/v1/operator/rates', 'PUT', undefined, {})).status).toBe(422);
    const asksAll = { uscc: enterprise.uscc, requests: [{ ...asked, sessionID: 'S-4' }] };
    expect((await operator('/v1/operator/data-requests', 'PUT', undefined, asksAll)).body).toEqual({ requests: 1 });
    expect((await operator('/v1/operator/data-requests', 'PUT', undefined, {})).status).toBe(422);
    const tellsAll = { uscc: enterprise.uscc, milestones: [{ ...event, id: 'm-2' }] };
    expect((await operator('/v1/operator/milestones', 'PUT', undefined, tellsAll)).body).toEqual({ milestones: 1 });
    expect((await operator('/v1/operator/milestones', 'PUT', undefined, {})).status).toBe(422);

    const metrics = await practice('/metrics', 'GET');
    expect(metrics.body).toContain('platform_documents_total 1');
    expect(metrics.body).not.toContain(desk.signer.id);
    expect(metrics.body).not.toContain(guid);
    await practice('/v1/practice/behaviour', 'GET');
    await practice('/v1/practice/statistics', 'GET');
    expect((await practice('/v1/practice/behaviour', 'PUT', '{"seed":-1}')).status).toBe(422);

    // Away, and too many: every route but those for practice and its operator.
    const everything: [string, string, () => Promise<Response>][] = [
      ['GET', '/v1/receipts', () => desk.request('GET', '/v1/receipts')],
      ['GET', '/v1/rates', () => desk.request('GET', '/v1/rates')],
      ['GET', '/v1/statistics', () => desk.request('GET', '/v1/statistics')],
      ['GET', '/v1/products', () => desk.request('GET', '/v1/products')],
      ['GET', '/v1/products/{itemNo}', () => desk.request('GET', productPath)],
      ['PUT', '/v1/products/{itemNo}', () => desk.request('PUT', productPath, json(product))],
      ['GET', '/v1/data-requests', () => desk.request('GET', '/v1/data-requests')],
      ['PUT', '/v1/data-requests/{sessionID}', () => desk.request('PUT', '/v1/data-requests/S-1', json({}))],
      ['GET', '/v1/milestones', () => desk.request('GET', '/v1/milestones')],
      ['GET', '/v1/packs', () => desk.request('GET', '/v1/packs')],
      ['GET', '/v1/packs/{id}/{version}', () => desk.request('GET', '/v1/packs/country/1')],
      ['GET', '/v1/messages', () => desk.request('GET', '/v1/messages')],
      ['GET', '/v1/messages/{guid}', () => desk.request('GET', `/v1/messages/${guid}`)],
      ['GET', '/v1/messages/{guid}/content', () => desk.request('GET', `/v1/messages/${guid}/content`)],
      ['PUT', '/v1/messages/{guid}', () => desk.put(guid, order)],
    ];
    await practice('/v1/practice/behaviour', 'PUT', '{"maintenanceUntil":"2999-01-01T00:00:00.000Z"}');
    expect((await operator('/v1/operator/enrolments', 'GET')).status).toBe(200);
    for (const [method, route, ask] of everything)
      expect(codeOf(await described(route, method, ask()))).toEqual([503, 'BUSY']);
    expect((await get('/v1/health')).status).toBe(503);
    expect((await enrol()).status).toBe(503);
    await stop(platform);

    // Beyond loopback, behind a proxy here: nobody comes in whom the operator has not approved.
    const open = await start({ behindProxy: true, publicHosts: ['platform.example'], operatorToken });
    const ask403 = async (client: DeskClient, change: Record<string, unknown> = {}) => {
      client.audience = 'platform.example';
      return described('/v1/enrolments', 'POST', client.enrol(change));
    };
    const decide = async (deviceId: string, body: unknown) =>
      described(
        '/v1/operator/enrolments/{deviceId}',
        'PUT',
        asOperator(open.platform, 'PUT', `/v1/operator/enrolments/${deviceId}`, body),
      );
    expect(await ask403(open.desk)).toMatchObject({ status: 403, code: 'ENROLMENT_PENDING', retryAfter: '60' });
    expect((await ask403(open.desk)).code).toBe('ENROLMENT_PENDING');
    expect((await ask403(new DeskClient(open.platform.url, open.desk.signer.id))).code).toBe('DEVICE_REUSED');
    expect(codeOf(await described('/v1/receipts', 'GET', open.desk.request('GET', '/v1/receipts')))).toEqual([
      403,
      'DEVICE_UNKNOWN',
    ]);
    const other = new DeskClient(open.platform.url, 'device-other-1');
    await ask403(other, { customsCode: '4601960ABC' });
    const waiting = await described(
      '/v1/operator/enrolments',
      'GET',
      asOperator(open.platform, 'GET', '/v1/operator/enrolments'),
    );
    expect(waiting.body).toMatchObject({
      enrolments: [
        {
          deviceId: open.desk.signer.id,
          uscc: enterprise.uscc,
          fingerprint: expect.stringMatching(/^([0-9a-f]{4} ?){8}$/),
        },
        { deviceId: 'device-other-1' },
      ],
    });
    expect((await decide(open.desk.signer.id, { decision: 'maybe' })).status).toBe(422);
    expect((await decide('nobody-there', { decision: 'approve' })).code).toBe('ENROLMENT_UNKNOWN');
    expect((await decide(open.desk.signer.id, { decision: 'approve' })).status).toBe(200);
    expect((await ask403(open.desk)).status).toBe(200);
    // What asked first with a wrong pair of codes stands in nobody's way, and is not let in beside the right one.
    expect((await decide('device-other-1', { decision: 'approve' })).code).toBe('ENTERPRISE_INVALID');
    expect((await decide('device-other-1', { decision: 'reject' })).status).toBe(200);
    expect((await open.desk.request('GET', '/v1/receipts')).status).toBe(200);
    const revoke = async (deviceId: string) =>
      described(
        '/v1/operator/devices/{deviceId}',
        'DELETE',
        asOperator(open.platform, 'DELETE', `/v1/operator/devices/${deviceId}`),
      );
    expect((await revoke('nobody-there')).status).toBe(404);
    expect((await revoke(open.desk.signer.id)).status).toBe(200);
    expect((await described('/v1/receipts', 'GET', open.desk.request('GET', '/v1/receipts'))).code).toBe(
      'DEVICE_REVOKED',
    );
    expect((await ask403(open.desk)).code).toBe('DEVICE_REVOKED');
    // Tokens cannot be tried for ever.
    for (const [method, route] of operatorRoutes) {
      const at = route.replace('{deviceId}', 'x');
      let busyOperator: Response | undefined;
      while (busyOperator === undefined) {
        const answers = await Promise.all(
          Array.from({ length: 100 }, () => asOperator(open.platform, method, at, {}, 'guess')),
        );
        busyOperator = answers.find(({ status }) => status === 429);
        await Promise.all(answers.filter((one) => one !== busyOperator).map((one) => one.text()));
      }
      expect((await described(route, method, Promise.resolve(busyOperator))).code).toBe('BUSY');
    }

    const strict = await start({ rateLimit: 1 });
    expect((await strict.desk.enrol()).status).toBe(201);
    desk.url = strict.platform.url;
    Object.assign(desk, { signer: strict.desk.signer });
    const limited = strict.desk;
    expect((await limited.request('GET', '/v1/rates')).status).toBe(200);
    for (const [method, route] of everything) {
      const at = route
        .replace('{itemNo}', 'x')
        .replace('{sessionID}', 'S-1')
        .replace('{id}/{version}', 'country/1')
        .replace('{guid}', guid);
      const body = method === 'PUT' ? order : undefined;
      const answer = await described(route, method, limited.request(method, at, body));
      expect([codeOf(answer), Number(answer.retryAfter) >= 1]).toEqual([[429, 'BUSY'], true]);
    }
    // Enrolling is limited by address: nobody has vouched for who asks.
    // Many at a time, as often as it takes: on a busy machine the window passes while they are asked one by one.
    const knock = () => fetch(`${strict.platform.url}/v1/enrolments`, { method: 'POST' });
    let busy: Response | undefined;
    while (busy === undefined) {
      const answers = await Promise.all(Array.from({ length: 100 }, knock));
      busy = answers.find(({ status }) => status === 429);
      await Promise.all(answers.filter((one) => one !== busy).map((one) => one.text()));
    }
    expect((await described('/v1/enrolments', 'POST', Promise.resolve(busy))).code).toBe('BUSY');

    const promised = Object.entries(description.paths).flatMap(([route, methods]) =>
      Object.entries(methods).flatMap(([method, { responses }]) =>
        Object.keys(responses ?? {}).map((status) => `${method.toUpperCase()} ${route} ${status}`),
      ),
    );
    // Asked from another machine only, which a test has not.
    expect(promised.filter((name) => !seen.has(name))).toEqual(['GET /metrics 404']);
    const routes = Object.entries(description.paths).flatMap(([route, methods]) =>
      Object.keys(methods)
        .filter((method) => method !== 'parameters')
        .map((method) => `${method.toUpperCase()} ${route.replaceAll(/\{(\w+)\}/g, ':$1')}`),
    );
    expect([...platform.routes].sort()).toEqual(routes.sort());
  });
});

describe('the door', () => {
  it('takes what is meant for it, whoever brings it, and nothing that is meant for another platform', async () => {
    const away = { behindProxy: true, operatorToken };
    const city = await start({ ...away, publicHosts: ['city.example', 'city.example:8443'] });
    for (const [audience, status] of [
      ['city.example', 403],
      ['CITY.example:8443', 403],
      ['province.example', 401],
      ['city.example:9000', 401],
      ['', 401],
    ] as const) {
      city.desk.audience = audience;
      const answer = await city.desk.enrol();
      expect([audience, answer.status]).toEqual([audience, status]);
      const { code } = (await answer.json()) as { code: string };
      expect(['ENROLMENT_PENDING', 'AUDIENCE_WRONG', 'SIGNATURE_INVALID']).toContain(code);
    }
    // The header is signed: it cannot be put in anew on the way.
    city.desk.audience = 'province.example';
    const changed = await city.desk.request('GET', '/v1/receipts', undefined, { 'portbook-audience': 'city.example' });
    expect(changed.status).toBe(403);
    await expect(
      servePlatform({ port: 0, dataFolder: path.join(folder, 'nameless'), behindProxy: true }),
    ).rejects.toMatchObject({ code: 'OPTION_MISSING' });
    await expect(
      servePlatform({
        port: 0,
        dataFolder: path.join(folder, 'nameless'),
        behindProxy: true,
        publicHosts: ['a.example'],
      }),
    ).rejects.toMatchObject({ code: 'OPTION_MISSING' });
  });

  it('lets no XML in that is too deep, has long tags or entities, and is not slow about it', async () => {
    const { platform, desk } = await start();
    await desk.enrol();
    const refused = async (xml: string) => {
      const answer = await desk.put(guidOf(xml.slice(0, 50)), Buffer.from(xml));
      return [answer.status, ((await answer.json()) as { code: string }).code];
    };
    for (const xml of [
      '<a>'.repeat(300_000),
      '<a b="/>">'.repeat(100_000),
      `<a ${'b="c" '.repeat(10_000)}/>`,
      '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
      `<!DOCTYPE a [<!ENTITY b "${'c'.repeat(1000)}">]><a>${'&b;'.repeat(10_000)}</a>`,
      `<a>${'&lt;'.repeat(1000)}`,
      '<!--'.repeat(100_000),
      '<"'.repeat(100_000),
    ])
      expect(await refused(xml)).toEqual([422, 'XML_MALFORMED']);
    await stop(platform);
  });

  it('lets no single address fill the list of those who wait, and those who wait already stay', async () => {
    const { platform, desk } = await start({ behindProxy: true, publicHosts: ['city.example'], operatorToken });
    const ask = async (device: DeskClient, from: string) => {
      const { id: deviceId, publicKey } = device.signer;
      device.audience = 'city.example';
      const body = Buffer.from(JSON.stringify({ ...enterprise, deviceId, publicKey }));
      const answer = await device.request('POST', '/v1/enrolments', body, { 'x-forwarded-for': from });
      return ((await answer.json()) as { code: string }).code;
    };
    expect(await ask(desk, '198.51.100.1')).toBe('ENROLMENT_PENDING');
    const codes: string[] = [];
    for (let n = 0; n < 60; n += 1)
      codes.push(await ask(new DeskClient(platform.url, `newcomer-${n}`), '198.51.100.1'));
    expect(codes.filter((code) => code === 'ENROLMENT_PENDING')).toHaveLength(49);
    expect(codes.at(-1)).toBe('BUSY');
    expect(await ask(desk, '198.51.100.1')).toBe('ENROLMENT_PENDING');
    expect(await ask(new DeskClient(platform.url, 'newcomer-elsewhere'), '198.51.100.2')).toBe('ENROLMENT_PENDING');
    await stop(platform);
  });

  it('does not listen for ever to who signs wrongly in the name of a device it knows', async () => {
    const { platform, desk } = await start();
    await desk.enrol();
    expect((await desk.request('GET', '/v1/rates')).status).toBe(200);
    const wrong = () => desk.request('GET', '/v1/rates', undefined, { 'portbook-signature': 'AAAA' });
    const seen = new Set<number>();
    while (!seen.has(429)) {
      const answers = await Promise.all(Array.from({ length: 100 }, wrong));
      for (const answer of answers) {
        seen.add(answer.status);
        await answer.text();
      }
    }
    expect([...seen].sort()).toEqual([401, 429]);
    await stop(platform);
  });

  it('takes the same signed request twice as once', async () => {
    const { platform, desk } = await start();
    await desk.enrol();
    const guid = guidOf('replayed');
    const bytes = message('CEB303Message', guid, [paper('CEB303Message', 1)]);
    const sent: [string, RequestInit][] = [];
    const { fetch: original } = globalThis;
    globalThis.fetch = async (url, init) => {
      sent.push([String(url), init ?? {}]);
      return original(url, init);
    };
    try {
      await (await desk.put(guid, bytes)).text();
      await (await desk.enrol()).text();
    } finally {
      globalThis.fetch = original;
    }
    for (const [url, init] of sent) expect((await fetch(url, init)).status).toBe(200);
    expect(await desk.settled()).toMatchObject({ messages: 1, documents: 1, resends: 1 });
    await stop(platform);
  });

  it('holds an empty page of receipts until there is one, or until it stops', async () => {
    const { platform, desk } = await start();
    await desk.enrol();
    const { capabilities } = health.parse(await (await fetch(`${platform.url}/v1/health`)).json());
    expect(capabilities).toMatchObject({ longPollSeconds: 30, products: true, packs: true, statistics: true });
    const waiting = desk.request('GET', '/v1/receipts?wait=30');
    const guid = guidOf('awaited');
    await desk.put(guid, message('CEB303Message', guid, [paper('CEB303Message', 1)]));
    const page = (await (await waiting).json()) as { receipts: unknown[]; next: string };
    expect(page.receipts).toHaveLength(3);
    const idle = desk.request('GET', `/v1/receipts?after=${page.next}&wait=30`);
    // Asked behind it on the same platform: when this is answered, the other is waiting.
    await desk.statistics();
    await stop(platform);
    expect(await (await idle).json()).toEqual({ receipts: [], next: page.next });
  });

  it('stores what it is being sent when it is told to stop', async () => {
    const { platform, desk } = await start();
    await desk.enrol();
    await desk.behave({ latencyMs: 60_000 });
    const guid = guidOf('last');
    const bytes = message('CEB303Message', guid, [paper('CEB303Message', 1)]);
    const sending = desk.put(guid, bytes);
    await expect.poll(async () => (await desk.statistics()).messages).toBe(1);
    await stop(platform);
    expect((await sending).status).toBe(202);
  });

  it('answers over TLS, and listens elsewhere than on loopback in no other way', async () => {
    await expect(servePlatform({ port: 0, host: '0.0.0.0', dataFolder: path.join(folder, 'open') })).rejects.toThrow(
      'TLS',
    );
    const keys = forge.pki.rsa.generateKeyPair(2048);
    const certificate = forge.pki.createCertificate();
    certificate.publicKey = keys.publicKey;
    certificate.serialNumber = '01';
    certificate.validity.notBefore = new Date(Date.now() - 86_400_000);
    certificate.validity.notAfter = new Date(Date.now() + 86_400_000);
    const subject = [{ name: 'commonName', value: 'localhost' }];
    certificate.setSubject(subject);
    certificate.setIssuer(subject);
    certificate.setExtensions([{ name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] }]);
    certificate.sign(keys.privateKey, forge.md.sha256.create());
    const cert = forge.pki.certificateToPem(certificate);
    const tls = { key: forge.pki.privateKeyToPem(keys.privateKey), cert };
    const { platform } = await start({ host: '0.0.0.0', tls, publicHosts: ['platform.example'], operatorToken });
    const ask = async (at: string): Promise<{ status: number; text: string }> => {
      const request = httpsRequest(`https://127.0.0.1:${platform.port}${at}`, { ca: cert, agent: false }).end();
      const [response] = (await once(request, 'response')) as [import('node:http').IncomingMessage];
      const chunks = (await response.toArray()) as Buffer[];
      return { status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() };
    };
    const { status, text } = await ask('/v1/health');
    expect([status, health.parse(JSON.parse(text)).practice]).toEqual([200, false]);
    // Nothing that is unsigned and changes something is there for strangers.
    expect((await ask('/v1/practice/statistics')).status).toBe(404);
    await stop(platform);
  });

  it('logs what happens and nothing of whom', async () => {
    const lines: string[] = [];
    const { platform, desk } = await start({ logLevel: 'info', logTo: { write: (line) => lines.push(line) } });
    await desk.enrol();
    const guid = guidOf('logged');
    await desk.put(guid, message('CEB303Message', guid, [paper('CEB303Message', 1)]));
    await desk.request('GET', '/v1/receipts?after=no');
    await fetch(`${platform.url}/somewhere/91469002MA5T0TE5TR`);
    await stop(platform);
    const logged = lines.map((line) => JSON.parse(line) as { msg: string; route?: string; status?: number });
    const requests = logged.filter(({ msg }) => msg === 'request');
    expect(requests.map(({ route, status }) => [route, status])).toEqual([
      ['/v1/enrolments', 201],
      ['/v1/messages/:guid', 202],
      ['/v1/receipts', 422],
      ['unknown', 404],
    ]);
    const text = lines.filter((line) => line.includes('"request"')).join('');
    for (const secret of [guid, desk.signer.id, '91469002MA5T0TE5TR', '测试', '127.0.0.1', '马克杯'])
      expect(text).not.toContain(secret);
  });
});
