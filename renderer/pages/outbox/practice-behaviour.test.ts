import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { behaviour, misbehaviours } from '../../../shared/sync/protocol.ts';
import en from '../../i18n/en/practice.json';
import zh from '../../i18n/zh-CN/practice.json';
import { behaviourOf, misbehaviourNames, practiceDraft } from './practice-behaviour.ts';

const now = Date.parse('2026-11-22T08:00:00.000Z');
const calm = practiceDraft(behaviour.parse({}), now);

describe('what is typed of a practice platform', () => {
  it('comes back as it was told', () => {
    const figure = { milliseconds: 60_000, share: 100, until: 1440, switch: 1 };
    const drafts = Object.fromEntries(
      misbehaviourNames.map((name) => {
        const { told } = misbehaviours[name];
        const text = fc.integer({ min: 0, max: figure[told] }).map(String);
        return [name, told === 'switch' ? text.map((one) => (one === '0' ? '' : one)) : text];
      }),
    ) as Record<(typeof misbehaviourNames)[number], fc.Arbitrary<string>>;
    fc.assert(
      fc.property(fc.record(drafts), (draft) => {
        const told = behaviourOf(draft, now);
        expect(told).toBeDefined();
        if (told !== undefined) expect(practiceDraft(told, now)).toEqual(draft);
      }),
    );
  });

  it('is nothing while a figure is out of range', () => {
    expect(behaviourOf(calm, now)).toEqual(behaviour.parse({}));
    expect(behaviourOf({ ...calm, maintenanceUntil: '90' }, now)).toMatchObject({
      maintenanceUntil: '2026-11-22T09:30:00.000Z',
    });
    const wrong = [
      { dropRequests: '101' },
      { errorShare: '' },
      { latencyMs: '60001' },
      { maintenanceUntil: '1441' },
      { truncateShare: '1.5' },
    ];
    for (const one of wrong) expect(behaviourOf({ ...calm, ...one }, now)).toBeUndefined();
  });

  it('has a name in both languages', () => {
    for (const texts of [zh, en]) expect(Object.keys(texts.of).sort()).toEqual([...misbehaviourNames].sort());
  });
});
