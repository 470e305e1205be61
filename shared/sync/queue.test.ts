import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { packDocuments } from '../documents/pack.ts';
import {
  afterFailure,
  afterSuccess,
  CIRCUIT_CEILING_MS,
  type Circuit,
  circuitMachine,
  circuitStates,
  newCircuit,
  TRIP_AFTER,
  toTry,
} from './circuit.ts';
import { claimedState, compareNumbers } from './conflicts.ts';
import { minutesUntilHours } from './hours.ts';

const at = '2026-11-21T02:00:00.000Z';
const failure = { code: 'ECONNRESET', at, isDecisive: false, retryAfterMs: 0 };
const decisive = { ...failure, code: 'ECONNREFUSED', isDecisive: true };
const waitOf = (circuit: Circuit) => Date.parse(circuit.until) - Date.parse(at);

describe('a circuit', () => {
  it('knows no state but those of its table', () => {
    expect(new Set(circuitMachine.moves.flatMap(([from, , to]) => [from, to]))).toEqual(new Set(circuitStates));
  });

  it('opens after a row of failures, or at once after one that speaks for all', () => {
    let circuit = newCircuit(at);
    for (let i = 1; i < TRIP_AFTER; i++) circuit = afterFailure(circuit, failure, 1);
    expect(circuit).toMatchObject({ state: 'closed', failures: TRIP_AFTER - 1, code: 'ECONNRESET' });
    expect(afterFailure(circuit, failure, 1)).toMatchObject({ state: 'open', failures: TRIP_AFTER, trips: 1 });
    expect(afterSuccess(circuit, at)).toMatchObject({ state: 'closed', failures: 0, lastSuccessAt: at });
    expect(afterFailure(newCircuit(at), decisive, 1)).toMatchObject({ state: 'open', code: 'ECONNREFUSED' });
  });

  it('is left alone until its wait is over, unless a person asks; one more failure opens it for longer', () => {
    const open = afterFailure(newCircuit(at), decisive, 1);
    expect(waitOf(open)).toBe(10_000);
    expect(toTry(open, at, false)).toBeUndefined();
    expect(toTry(open, at, true)).toMatchObject({ state: 'half-open' });
    // The clock was put back a day since it opened.
    expect(toTry(open, new Date(Date.parse(at) - 86_400_000).toISOString(), false)).toMatchObject({
      state: 'half-open',
    });
    const trying = toTry(open, open.until, false) ?? open;
    expect(trying.state).toBe('half-open');
    expect(waitOf(afterFailure(trying, failure, 1))).toBe(20_000);
    expect(afterSuccess(trying, at)).toMatchObject({ state: 'closed', trips: 0 });
    // An answer that was under way before proves no more than that.
    expect(afterSuccess(open, at).state).toBe('open');
  });

  it('waits from half to the whole of a doubling time, never above the ceiling but for what the platform asks', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 60 }), fc.double({ min: 0, max: 1, noNaN: true }), (trips, random) => {
        const circuit = afterFailure({ ...newCircuit(at), trips }, decisive, random);
        const whole = Math.min(2 ** Math.min(trips + 1, 20) * 5000, CIRCUIT_CEILING_MS);
        expect(waitOf(circuit)).toBeGreaterThanOrEqual(Math.floor(whole / 2));
        expect(waitOf(circuit)).toBeLessThanOrEqual(whole);
      }),
    );
    expect(waitOf(afterFailure(newCircuit(at), { ...decisive, retryAfterMs: 3_600_000 }, 0))).toBe(3_600_000);
  });
});

describe('hours of sending', () => {
  it.each([
    [{ from: '08:00', to: '20:00' }, '2026-11-21T02:00:00Z', 0],
    [{ from: '08:00', to: '20:00' }, '2026-11-21T12:00:00Z', 720],
    [{ from: '08:00', to: '20:00' }, '2026-11-20T23:30:00Z', 30],
    [{ from: '22:00', to: '06:00' }, '2026-11-21T15:00:00Z', 0],
    [{ from: '22:00', to: '06:00' }, '2026-11-21T02:00:00Z', 720],
    [{ from: '00:00', to: '00:00' }, '2026-11-21T02:00:00Z', 0],
  ])('%o at %s begin in %i minutes', (hours, now, minutes) => {
    expect(minutesUntilHours(hours, now)).toBe(minutes);
  });
});

describe('documents shared out among messages', () => {
  it('keep their order, lose none, and fit unless one alone does not', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 50 }), { maxLength: 60 }),
        fc.integer({ min: 1, max: 10 }),
        fc.integer({ min: 1, max: 120 }),
        (sizes, documents, bytes) => {
          const counts = packDocuments(sizes, { documents, bytes });
          expect(counts.reduce((sum, n) => sum + n, 0)).toBe(sizes.length);
          let from = 0;
          for (const count of counts) {
            const part = sizes.slice(from, from + count);
            const total = part.reduce((sum, size) => sum + size, 0);
            expect(count === 1 || (count <= documents && total <= bytes)).toBe(true);
            from += count;
          }
        },
      ),
    );
  });
});

describe('what a return claims', () => {
  const said = (statusCode: string, ms = 5) => ({ statusCode, statusTime: `2026112110000000${ms}`, info: '' });

  it('is a conflict where the book has gone another way', () => {
    expect(claimedState('draft', undefined, said('800'), undefined)).toBe('released');
    expect(claimedState('checked', undefined, said('120'), undefined)).toBe('accepted');
    expect(claimedState('withdrawn', said('120', 1), said('899', 5), '20261121100000003')).toBe('closed');
    expect(claimedState('superseded', said('100', 1), said('120', 5), undefined)).toBe('accepted');
    expect(claimedState('released', said('800', 1), said('100', 5), undefined)).toBe('rejected');
  });

  it('is none where it is late, on the way, or by rule', () => {
    expect(claimedState('withdrawn', said('120', 1), said('800', 2), '20261121100000003')).toBeUndefined();
    expect(claimedState('superseded', said('120', 1), said('800', 5), undefined)).toBeUndefined();
    expect(claimedState('released', said('800', 5), said('100', 1), undefined)).toBeUndefined();
    expect(claimedState('draft', undefined, said('100'), undefined)).toBeUndefined();
    expect(claimedState('withdrawn', undefined, said('2'), undefined)).toBeUndefined();
    expect(claimedState('accepted', said('120', 1), said('100', 5), undefined)).toBeUndefined();
  });

  it('of a number: the first and the better are taken, another of the same field is a conflict', () => {
    const fields = ['invtNo', 'preNo'];
    const pre = { value: 'P1', field: 'preNo' };
    const invt = { value: 'I1', field: 'invtNo' };
    expect(compareNumbers(undefined, pre, fields)).toBe('take');
    expect(compareNumbers(pre, invt, fields)).toBe('take');
    expect(compareNumbers(invt, pre, fields)).toBe('keep');
    expect(compareNumbers(invt, { ...invt }, fields)).toBe('keep');
    expect(compareNumbers(invt, { value: 'I2', field: 'invtNo' }, fields)).toBe('conflict');
    expect(compareNumbers({ value: 'P1', field: undefined }, { value: 'P2', field: 'preNo' }, ['preNo'])).toBe(
      'conflict',
    );
    expect(compareNumbers({ value: 'P1', field: undefined }, invt, fields)).toBe('take');
    expect(compareNumbers(invt, undefined, fields)).toBe('keep');
  });
});
