import path from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { chooseSigning, forgetPin, keepPin } from '../../electron/core/keys/signer.ts';
import { holds } from '../../electron/core/keys/xml-signature.ts';
import {
  type DataRequestSettings,
  dataRequestSettings,
  prepareAnswer,
  saveDataRequestSettings,
} from '../../electron/core/outbox/data-requests.ts';
import type { Transport } from '../../electron/core/outbox/transport.ts';
import {
  dataRequestsIn,
  declineDataRequest,
  openDataRequests,
  putPaymentOriginal,
  requireDataRequest,
  revokeRuleAnswers,
} from '../../electron/core/store/data-requests.ts';
import { insertDocuments } from '../../electron/core/store/documents.ts';
import { servePlatform } from '../../platform/server.ts';
import { type Outcome, PROTOCOL } from '../../shared/sync/protocol.ts';
import { resourcesFolder, TestClock, TestDesk } from '../faults/support/desk.ts';
import { temporaryFolder } from '../faults/support/folder.ts';
import { enterprise } from '../faults/support/papers.ts';
import { type Card, CardSimulator, makeCard } from '../fixtures/card-signer.ts';

const folder = temporaryFolder('data-requests');
const clock = new TestClock();
let desk: TestDesk;
let card: Card;

/** A platform that only passes requests on. */
const line = {
  asked: [] as { sessionID: string; orderNo: string; serviceTime: number }[],
  answers: [] as { sessionId: string; text: string }[],
  lists: 0,
  reply: { kind: 'accepted', value: { code: '10000', message: '上传成功' } } as Outcome<{
    code: string;
    message: string;
  }>,
};
const nothing = { receipts: [], rates: [], next: '' };
const accepted = <T>(value: T) => Promise.resolve({ kind: 'accepted' as const, value });
const transport: Transport = {
  health: () =>
    accepted({
      name: 'Test',
      protocol: PROTOCOL,
      time: clock.now(),
      capabilities: { kinds: [], maxBytes: 1, maxDocuments: 1, dataRequests: true },
    }),
  enrol: () => accepted({ deviceId: 'x', enterpriseId: '1' }),
  send: () => Promise.reject(new Error('nothing is sent here')),
  enquire: () => Promise.reject(new Error('nothing is asked here')),
  receipts: () => accepted(nothing),
  rates: () => accepted(nothing),
  dataRequests: {
    list: (after) => {
      line.lists += 1;
      return accepted({ requests: line.asked.slice(Number(after)), next: String(line.asked.length) });
    },
    answer: (sessionId, text) => {
      line.answers.push({ sessionId, text });
      return Promise.resolve(line.reply);
    },
  },
};

/** An order of import retail with its payment, as they were filed. */
function fill(desk: TestDesk): void {
  const insert = (kind: 'CEB311Message' | 'CEB411Message', body: Record<string, unknown>) =>
    insertDocuments(
      desk.book,
      [{ kind, businessKey: `${kind} IM1`, guid: `${kind} guid`, body, amountE5: 1, currency: 'CNY' }],
      { orderId: desk.order(900), shipmentId: desk.shipment(), tablesVersion: 'test', now: clock.now() },
    );
  insert('CEB311Message', {
    OrderHead: { orderNo: 'IM1', ebpCode: '3105280001', acturalPaid: '128.5', currency: '142' },
    OrderList: [
      { itemNo: 'SKU 1', itemName: '奶粉' },
      { itemNo: 'SKU2', itemName: '面霜' },
    ],
  });
  insert('CEB411Message', {
    PaymentHead: {
      orderNo: 'IM1',
      payCode: '312226T001',
      payTransactionId: 'P-77',
      amountPaid: '128.5',
      currency: '142',
      payTime: '20261121083000',
      ebpCode: '3105280001',
    },
  });
}

beforeAll(async () => {
  desk = await TestDesk.create(path.join(folder, 'desk'), clock, { transport: () => transport });
  desk.connect('http://127.0.0.1:9');
  card = await makeCard('sm2', clock.now());
  fill(desk);
});
afterAll(() => desk.close());
beforeEach(() => {
  line.answers.length = 0;
  line.reply = { kind: 'accepted', value: { code: '10000', message: '上传成功' } };
  chooseSigning(desk.book, { way: 'software', key: card.key }, card.certificate);
  configure('ask');
});

const general = {
  verDept: '3',
  payType: '1',
  recpAccount: 'ACC1',
  recpName: '收款公司',
  itemLink: 'https://shop.example/{itemNo}',
};
const configure = (mode: DataRequestSettings['mode']) =>
  saveDataRequestSettings(desk.book, dataRequestSettings.parse({ ...general, mode }));
const original = () =>
  putPaymentOriginal(desk.book, 'IM1', { initalRequest: 'req', initalResponse: 'resp' }, clock.now());
const ask = (sessionID: string, orderNo = 'IM1') => line.asked.push({ sessionID, orderNo, serviceTime: clock.nowMs() });
const drain = () => desk.engine.drain({ forced: true });
const answer = (sessionId: string) =>
  prepareAnswer(desk.book, sessionId, { now: clock.now, signal: new AbortController().signal, by: 'user' });
const stateOf = (sessionId: string) => requireDataRequest(desk.book, sessionId).state;

it('is not even fetched where the user does not want it', async () => {
  ask('S-0');
  configure('off');
  await drain();
  expect(line.lists).toBe(0);
  configure('ask');
  await drain();
  await drain();
  expect(openDataRequests(desk.book)).toEqual({ open: 1, ready: 0 });
  expect(line.answers).toEqual([]);
});

it('waits for a person, who is told what is missing, and is answered once with what was signed', async () => {
  ask('S-1');
  await drain();
  await expect(answer('S-1')).rejects.toMatchObject({
    code: 'DATA_ANSWER_INCOMPLETE',
    params: { fields: 'head/initalRequest, head/initalResponse' },
  });
  original();
  await answer('S-1');
  expect(stateOf('S-1')).toBe('ready');
  expect(() => desk.book.prepare(`UPDATE data_request SET answer = 'x' WHERE session_id = 'S-1'`).run()).toThrow(
    'immutable',
  );
  await expect(answer('S-1')).rejects.toMatchObject({ code: 'DATA_REQUEST_CLOSED' });
  await drain();
  await drain();
  expect(line.answers.map(({ sessionId }) => sessionId)).toEqual(['S-1']);
  expect(requireDataRequest(desk.book, 'S-1')).toMatchObject({
    state: 'answered',
    replyCode: '10000',
    preparedBy: 'user',
  });

  const text = line.answers[0]?.text ?? '';
  const sent = JSON.parse(text) as {
    signValue: string;
    certNo: string;
    serviceTime: string;
    payExchangeInfoHead: Record<string, unknown>;
    payExchangeInfoLists: { goodsInfo: unknown }[];
  };
  expect(sent.certNo).toBe(card.certificate.serial);
  expect(sent.payExchangeInfoHead).toMatchObject({
    payTransactionId: 'P-77',
    totalAmount: 128.5,
    tradingTime: '20261121083000',
    initalRequest: 'req',
  });
  expect(sent.payExchangeInfoLists[0]?.goodsInfo).toEqual([
    { gname: '奶粉', itemLink: 'https://shop.example/SKU%201' },
    { gname: '面霜', itemLink: 'https://shop.example/SKU2' },
  ]);
  // Whoever checks it takes the parts out of the very text.
  const raw = /"payExchangeInfoHead":(\{.*?\}),"payExchangeInfoLists":(\[.*\]),"serviceTime"/.exec(text) ?? [];
  const toSign = `"sessionID":"S-1"||"payExchangeInfoHead":"${raw[1]}"||"payExchangeInfoLists":"${raw[2]}"||"serviceTime":"${sent.serviceTime}"`;
  expect(await holds(card.certificate, Buffer.from(toSign), Buffer.from(sent.signValue, 'base64'))).toBe(true);
});

it('sends the same text again when no answer came, and opens again what customs does not take', async () => {
  original();
  ask('S-2');
  await drain();
  await answer('S-2');
  line.reply = { kind: 'retryable', evidence: 'silent', delivered: 'maybe', code: 'TIMEOUT', retryAfterMs: 0 };
  await drain();
  expect(stateOf('S-2')).toBe('ready');
  line.reply = { kind: 'accepted', value: { code: '20000', message: '验签失败' } };
  await drain();
  expect(line.answers).toHaveLength(2);
  expect(line.answers[0]).toEqual(line.answers[1]);
  expect(requireDataRequest(desk.book, 'S-2')).toMatchObject({
    state: 'open',
    problem: 'DATA_ANSWER_REFUSED',
    replyCode: '20000',
    replyMessage: '验签失败',
  });
  // By itself it is not tried again: the same would be refused again.
  configure('allow');
  await drain();
  expect(stateOf('S-2')).toBe('open');
  line.reply = { kind: 'accepted', value: { code: '10000', message: '' } };
  await answer('S-2');
  await drain();
  expect(stateOf('S-2')).toBe('answered');
});

it('is answered by the book where the user allows it, and only with everything in hand', async () => {
  configure('allow');
  original();
  ask('S-3');
  ask('S-4', 'UNKNOWN');
  await drain();
  expect(requireDataRequest(desk.book, 'S-3')).toMatchObject({ state: 'answered', preparedBy: 'rule' });
  expect(requireDataRequest(desk.book, 'S-4')).toMatchObject({ state: 'open', problem: 'DATA_ANSWER_INCOMPLETE' });
  declineDataRequest(desk.book, 'S-4', '不是本企业的订单', clock.now());
  expect(stateOf('S-4')).toBe('declined');
  expect(() => declineDataRequest(desk.book, 'S-4', 'x', clock.now())).toThrow('DATA_REQUEST_CLOSED');
  const events = desk.book.prepare(`SELECT action FROM audit WHERE subject IN ('S-3','S-4') ORDER BY rowid`).all() as {
    action: string;
  }[];
  expect(events.map(({ action }) => action.replace('data-request.', ''))).toEqual([
    'received',
    'received',
    'signed',
    'replied',
    'declined',
  ]);
});

it('is not answered by the book any more once that is taken back, not even with what it had signed', async () => {
  configure('allow');
  original();
  ask('S-6');
  line.reply = { kind: 'retryable', evidence: 'offline', delivered: 'no', code: 'ECONNREFUSED', retryAfterMs: 0 };
  await drain();
  expect(requireDataRequest(desk.book, 'S-6')).toMatchObject({ state: 'ready', preparedBy: 'rule' });
  const tried = line.answers.length;
  line.reply = { kind: 'accepted', value: { code: '10000', message: '' } };
  configure('ask');
  expect(revokeRuleAnswers(desk.book, clock.now())).toBe(1);
  await drain();
  expect(stateOf('S-6')).toBe('open');
  expect(line.answers).toHaveLength(tried);
  await answer('S-6');
  await drain();
  expect(requireDataRequest(desk.book, 'S-6')).toMatchObject({ state: 'answered', preparedBy: 'user' });
});

it('with a card needs its PIN, and never tries a wrong one twice', async () => {
  const simulator = await CardSimulator.start(card);
  try {
    const certificate = Buffer.from(card.certificate.der).toString('base64');
    chooseSigning(desk.book, { way: 'card', card: { url: simulator.url, certificate } }, card.certificate);
    configure('allow');
    original();
    ask('S-5');
    await drain();
    expect(stateOf('S-5')).toBe('open');
    expect(simulator.signed).toBe(0);
    keepPin(desk.book, '00000000');
    await drain();
    expect(simulator.wrongPins).toBe(1);
    await drain();
    expect(simulator.wrongPins).toBe(1);
    keepPin(desk.book, simulator.pin);
    await drain();
    expect(stateOf('S-5')).toBe('answered');
    expect(dataRequestsIn(desk.book, 'ready')).toEqual([]);
  } finally {
    forgetPin(desk.book);
    await simulator.stop();
  }
});

it('goes the whole way over the practice platform', async () => {
  const platform = await servePlatform({ port: 0, dataFolder: path.join(folder, 'platform'), resourcesFolder });
  const practising = await TestDesk.create(path.join(folder, 'practising'));
  try {
    const { book } = practising;
    fill(practising);
    practising.connect(platform.url);
    chooseSigning(book, { way: 'software', key: card.key }, card.certificate);
    saveDataRequestSettings(book, dataRequestSettings.parse({ ...general, mode: 'allow' }));
    putPaymentOriginal(book, 'IM1', { initalRequest: 'req', initalResponse: 'resp' }, clock.now());
    await practising.engine.drain({ forced: true });
    const requests = [{ sessionID: 'P-1', orderNo: 'IM1', serviceTime: Date.now() }];
    const asked = await fetch(`${platform.url}/v1/practice/data-requests`, {
      method: 'PUT',
      body: JSON.stringify({ uscc: enterprise.uscc, requests }),
    });
    expect(asked.status).toBe(200);
    await practising.engine.drain({ forced: true });
    expect(requireDataRequest(book, 'P-1')).toMatchObject({ state: 'answered', replyCode: '10000' });
  } finally {
    await practising.close();
    await platform.close();
  }
});
