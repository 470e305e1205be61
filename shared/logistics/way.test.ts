import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import packFile from '../../resources/rules/logistics-milestones.json' with { type: 'json' };
import { requirePackOn } from '../rules/pack.ts';
import { logisticsPackSchema, milestoneKinds } from './pack.ts';
import { cutOffState, milestoneOf, stepOf, type WayTime, wayFindings } from './way.ts';

const { parameters: figures } = requirePackOn(logisticsPackSchema.parse(packFile), '2026-11-22');
const recordedAt = '2026-11-24T04:00:00.000Z';
const time = (kind: WayTime['kind'], at: string, scope = ''): WayTime => ({
  ...{ kind, scope, recordedAt, isDay: false },
  at: `${at}:00.000Z`,
});

describe('a status of a tracking file', () => {
  it.each([
    ['【广州】已签收，签收人：前台', 'delivered'],
    ['Delivered, Front Door', 'delivered'],
    ['Shipment NOT DELIVERED', 'exception'],
    ['未签收，客户改约', 'exception'],
    ['Out for delivery', 'delivering'],
    ['Gate-in full (CY)', 'gateIn'],
    ['Departed from port of loading', 'departed'],
    ['到达目的港，卸船完成', 'arrived'],
    ['完成预冷 2 ℃', 'precooled'],
  ] as const)('%s', (status, kind) => expect(milestoneOf(figures, status)).toBe(kind));

  it('is nothing that we know where no word of ours is in it', () => {
    expect(milestoneOf(figures, '海关问询中')).toBeUndefined();
  });
});

describe('times of the way', () => {
  it('are right in the order of the steps, whichever of them there are', () => {
    const steps = milestoneKinds.filter((kind) => stepOf(kind) !== undefined);
    fc.assert(
      fc.property(fc.subarray(steps), fc.array(fc.nat(600), { minLength: 10, maxLength: 10 }), (kinds, gaps) => {
        let at = Date.parse('2026-11-20T00:00:00Z');
        const times = kinds.map((kind, index) => {
          at += (gaps[index] ?? 0) * 60_000;
          return {
            kind,
            at: new Date(at).toISOString(),
            recordedAt: '2026-12-31T00:00:00.000Z',
            scope: '',
            isDay: false,
          };
        });
        expect(wayFindings(figures, times, '2026-11-20T00:00:00.000Z')).toEqual([]);
      }),
    );
  });

  it('are right where goods are loaded again on their way (转运)', () => {
    const times = [
      time('loaded', '2026-11-20T08:00'),
      time('gateIn', '2026-11-20T09:00'),
      time('departed', '2026-11-20T20:00'),
      time('arrived', '2026-11-21T08:00'),
      time('transit', '2026-11-21T10:00'),
      time('loaded', '2026-11-21T12:00'),
      time('gateIn', '2026-11-21T13:00'),
      time('departed', '2026-11-21T20:00'),
      time('arrived', '2026-11-23T08:00'),
      time('delivered', '2026-11-24T00:00'),
    ];
    expect(wayFindings(figures, times, '2026-11-20T00:00:00.000Z')).toEqual([]);
    // Delivered before it ever departed is still wrong.
    const wrong = wayFindings(figures, [...times, time('delivered', '2026-11-20T07:00')], '2026-11-20T00:00:00.000Z');
    expect(wrong).toMatchObject([{ code: 'TIME_BEFORE_FORMER', kind: 'delivered', former: 'arrived' }]);
  });

  it('hold a parcel against itself and the whole shipment, not against another parcel', () => {
    const times = [
      time('departed', '2026-11-22T10:00'),
      time('packed', '2026-11-22T09:00', 'P1'),
      time('delivered', '2026-11-22T08:00', 'P1'),
      time('delivered', '2026-11-23T08:00', 'P2'),
      time('picked', '2026-11-23T20:00', 'P3'),
    ];
    expect(wayFindings(figures, times, '2026-11-20T00:00:00.000Z')).toEqual([
      {
        ...{ code: 'TIME_BEFORE_FORMER', kind: 'delivered', scope: 'P1', at: '2026-11-22T08:00:00.000Z' },
        ...{ former: 'departed', formerAt: '2026-11-22T10:00:00.000Z' },
      },
    ]);
  });

  it('meet a cut-off, miss it, or leave it open', () => {
    const at = '2026-11-24T09:00:00.000Z';
    const state = (kind: 'gate' | 'customs', gateIn: string | undefined, now: string, doneAt?: string) =>
      cutOffState(figures, { kind, at, doneAt }, new Map(gateIn === undefined ? [] : [['gateIn', gateIn]]), now);
    const before = '2026-11-24T08:00:00.000Z';
    const after = '2026-11-24T10:00:00.000Z';
    expect(state('gate', undefined, before)).toBe('open');
    expect(state('gate', undefined, after)).toBe('over');
    expect(state('gate', before, after)).toBe('met');
    expect(state('gate', after, '2026-11-25T00:00:00.000Z')).toBe('late');
    expect(state('gate', after, before)).toBe('open');
    expect(state('customs', before, after)).toBe('over');
    expect(state('customs', undefined, after, before)).toBe('done');
  });
});
