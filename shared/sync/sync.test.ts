import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { documentStates, messageStates } from '../contract/filing.ts';
import { BACKOFF_CEILING_MS, backoffMs } from './backoff.ts';
import { type DocumentState, documentMachine } from './document-states.ts';
import { checkEndpointUrl } from './endpoint-url.ts';
import { IllegalMove, markdownTable } from './machine.ts';
import { messageMachine } from './message-states.ts';
import { canonicalRequest } from './protocol.ts';
import { applyReturn, type DocumentReturn, dateOfReturn, isKnownStatus, type Standing } from './receipts.ts';

const official = (
  JSON.parse(readFileSync(new URL('../../resources/tables/return_status.json', import.meta.url), 'utf8')) as {
    rows: [string, string, string, string][];
  }
).rows.map(([code]) => code);
const statuses = [...official.filter((code) => code !== '<0'), '-621004'];

const anyReturn: fc.Arbitrary<DocumentReturn> = fc.record({
  statusCode: fc.constantFrom(...statuses),
  statusTime: fc.integer({ min: 0, max: 20 }).map((ms) => `202611210900000${String(ms).padStart(2, '0')}`),
  info: fc.constantFrom('', '[Code:1800;Desc:逻辑校验通过]'),
});

function applyAll(returns: readonly DocumentReturn[], from: DocumentState = 'sent') {
  let state = from;
  let standing: Standing;
  const events: string[] = [];
  for (const one of returns) {
    const applied = applyReturn(state, standing, one);
    state = applied.state;
    standing = applied.standing;
    if (applied.event !== undefined) events.push(applied.event);
  }
  return { state, standing, events };
}

const progressRank: Partial<Record<DocumentState, number>> = {
  sent: 0,
  accepted: 1,
  rejected: 1,
  released: 2,
  closed: 3,
  withdrawn: 4,
};

describe('the state tables', () => {
  it('know every state of the contract and no other', () => {
    const used = (machine: { moves: readonly (readonly [string, string, string])[] }) =>
      new Set(machine.moves.flatMap(([from, , to]) => [from, to]));
    expect([...used(messageMachine)].sort()).toEqual([...messageStates].sort());
    expect([...used(documentMachine)].sort()).toEqual([...documentStates].sort());
  });

  it('refuse a move that is not in the table', () => {
    expect(() => messageMachine.next('sent', 'lease')).toThrow(IllegalMove);
    expect(() => messageMachine.next('unknown', 'lease')).toThrow("'lease' is not a legal event in state 'unknown'");
    expect(() => documentMachine.next('released', 'reject')).toThrow(IllegalMove);
    expect(() => documentMachine.next('sent', 'edit')).toThrow(IllegalMove);
  });

  it('lead back to sending after a lost answer only through an enquiry that found nothing', () => {
    const back = messageMachine.moves.filter(([from, , to]) => from === 'unknown' && to === 'queued');
    expect(back).toEqual([['unknown', 'miss', 'queued']]);
  });

  it('never leave an end state, but by the choice of a person where the platform has what was taken back', () => {
    for (const end of ['sent', 'refused', 'withdrawn'])
      expect(messageMachine.moves.filter(([from, event]) => from === end && event !== 'adopt')).toEqual([]);
  });

  it('write themselves down', () => {
    expect(markdownTable(messageMachine).split('\n')).toHaveLength(messageMachine.moves.length + 2);
  });
});

describe('receipts', () => {
  it('amount to the same in any order, however often each comes', () => {
    fc.assert(
      fc.property(
        fc.array(anyReturn, { maxLength: 12 }),
        fc.infiniteStream(fc.nat()),
        fc.nat(5),
        (returns, noise, repeats) => {
          const straight = applyAll(returns);
          const mixed = [...returns, ...returns.slice(0, repeats)]
            .map((one) => ({ one, at: noise.next().value ?? 0 }))
            .sort((a, b) => a.at - b.at)
            .map(({ one }) => one);
          const again = applyAll(mixed);
          expect(again.standing).toEqual(straight.standing);
          // A release seen first hides an earlier refusal for ever; the end is the same all the same.
          expect(again.state).toBe(straight.state);
        },
      ),
      { seed: 20261121, numRuns: 2000 },
    );
  });

  it('never take a document back', () => {
    fc.assert(
      fc.property(fc.array(anyReturn, { maxLength: 12 }), (returns) => {
        let state: DocumentState = 'sent';
        let standing: Standing;
        for (const one of returns) {
          const applied = applyReturn(state, standing, one);
          expect(progressRank[applied.state] ?? -1).toBeGreaterThanOrEqual(progressRank[state] ?? -1);
          state = applied.state;
          standing = applied.standing;
        }
      }),
      { seed: 4, numRuns: 1000 },
    );
  });

  it('release and close at most once each', () => {
    fc.assert(
      fc.property(fc.array(anyReturn, { maxLength: 12 }), (returns) => {
        const { events } = applyAll(returns);
        expect(events.filter((event) => event === 'release').length).toBeLessThanOrEqual(1);
        expect(events.filter((event) => event === 'close').length).toBeLessThanOrEqual(1);
      }),
      { seed: 5, numRuns: 1000 },
    );
  });

  const said = (statusCode: string, statusTime: string): DocumentReturn => ({ statusCode, statusTime, info: '' });

  it('let the later of 100 and 120 hold and say that they contradict', () => {
    const rejected = said('100', '20261121090000002');
    const accepted = said('120', '20261121090000001');
    expect(applyReturn('accepted', accepted, rejected)).toEqual({
      state: 'rejected',
      standing: rejected,
      event: 'reject',
      contradicts: true,
    });
    expect(applyReturn('rejected', rejected, accepted)).toEqual({
      state: 'rejected',
      standing: rejected,
      event: undefined,
      contradicts: true,
    });
  });

  it('never let 2 or 3 overwrite what customs decided, however late they are stamped', () => {
    for (const code of ['100', '120', '800', '899']) {
      const { state, standing } = applyAll([
        said(code, '20261121090000001'),
        said('3', '20261121100000000'),
        said('2', '20261121110000000'),
      ]);
      expect(standing?.statusCode).toBe(code);
      expect(state).not.toBe('sent');
    }
  });

  it('prove that a message with a lost answer arrived', () => {
    expect(applyReturn('unknown', undefined, said('2', '20261121090000001')).state).toBe('sent');
    expect(applyReturn('queued', undefined, said('120', '20261121090000001')).state).toBe('accepted');
  });

  it('leave a superseded version to the user', () => {
    expect(applyReturn('superseded', undefined, said('120', '20261121090000001'))).toMatchObject({
      state: 'superseded',
      event: undefined,
    });
  });

  it('leave a status alone that this version does not know', () => {
    expect(applyReturn('accepted', said('120', '1'), said('777', '2'))).toMatchObject({
      state: 'accepted',
      event: undefined,
    });
  });

  it('are known in every state of the official table', () => {
    expect(official).toHaveLength(19);
    expect(statuses.filter((code) => !isKnownStatus(code))).toEqual([]);
  });

  it('keep a list that customs detains, and end one whose goods are sent back', () => {
    for (const code of ['501', '502', '503', '505', '599', '600'])
      expect(applyReturn('sent', undefined, said(code, '20261121090000001')).state).toBe('accepted');
    const [detained, back] = [said('501', '20261121090000001'), said('700', '20261121090000002')];
    expect(applyReturn('accepted', detained, back)).toMatchObject({ state: 'withdrawn', event: 'revoke' });
    expect(applyReturn('released', said('800', '20261121090000003'), back)).toMatchObject({ state: 'withdrawn' });
    expect(applyReturn('withdrawn', back, said('120', '20261121090000004')).state).toBe('withdrawn');
  });

  it('carry their business date', () => {
    expect(dateOfReturn('20261121090000001')).toBe('2026-11-21');
  });
});

describe('the back-off', () => {
  it('doubles to half an hour, with full jitter, and honours what the platform asks for', () => {
    expect([1, 2, 3, 9, 40].map((n) => backoffMs(n, 1))).toEqual([
      10_000,
      20_000,
      40_000,
      BACKOFF_CEILING_MS,
      BACKOFF_CEILING_MS,
    ]);
    expect(backoffMs(5, 0)).toBe(0);
    expect(backoffMs(1, 0, 42_000)).toBe(42_000);
  });
});

describe('an endpoint', () => {
  it('is https, or http on this computer', () => {
    expect(checkEndpointUrl(' https://Platform.Example.cn:8443/gw/ ')).toEqual({
      ok: true,
      url: 'https://platform.example.cn:8443/gw',
    });
    expect(checkEndpointUrl('http://127.0.0.1:8790')).toEqual({ ok: true, url: 'http://127.0.0.1:8790' });
    expect(checkEndpointUrl('http://[::1]:8790')).toMatchObject({ ok: true });
    for (const url of ['http://192.168.1.4', 'http://127.0.0.1.evil.example', 'http://localhost.example']) {
      expect(checkEndpointUrl(url)).toEqual({ ok: false, code: 'ENDPOINT_URL_INSECURE' });
    }
    for (const url of [
      '',
      'ftp://127.0.0.1',
      'https://a:b@example.cn',
      'https://example.cn/?q=1',
      'https://example.cn:99999',
      'javascript:alert(1)',
    ]) {
      expect(checkEndpointUrl(url)).toEqual({ ok: false, code: 'ENDPOINT_URL_INVALID' });
    }
  });
});

it('the signed text is six lines', () => {
  const time = '2026-11-21T03:04:05.678Z';
  const audience = 'platform.example:8443';
  expect(canonicalRequest({ audience, method: 'PUT', path: '/v1/messages/X', time, contentSha256: 'ab' })).toBe(
    'PORTBOOK-1\nplatform.example:8443\nPUT\n/v1/messages/X\n2026-11-21T03:04:05.678Z\nab',
  );
});
