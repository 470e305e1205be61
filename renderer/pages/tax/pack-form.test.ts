import { describe, expect, it } from 'vitest';
import {
  bodyOf,
  changedPaths,
  dayBefore,
  leavesOf,
  type PackView,
  typedLike,
  valueAt,
  withNewVersion,
  withValue,
} from './pack-form.ts';

const view: PackView = {
  id: 'tax-small-profit',
  title: { zh: '小型微利', en: 'Small' },
  source: '公告',
  versions: [
    {
      inForceFrom: '2023-01-01',
      inForceTo: null,
      source: '公告',
      reliability: 'V',
      verifiedBy: { name: 'P', on: '2026-01-01', how: 'x' },
      parameters: { rate: '0.20', months: 3, brackets: [{ upTo: '1000000' }, { upTo: '3000000' }], open: true },
    },
  ],
};
const body = bodyOf(view);

describe("the firm's own version of a pack", () => {
  it('is the pack as its file has it', () => {
    expect(body).toMatchObject({ id: 'tax-small-profit', titleZh: '小型微利', titleEn: 'Small' });
  });

  it('lists every figure by its place and changes one without touching the rest', () => {
    const path = ['versions', 0, 'parameters', 'brackets', 1, 'upTo'] as const;
    expect(leavesOf(body).map((leaf) => leaf.path.join('.'))).toContain(path.join('.'));
    const changed = withValue(body, path, '5000000');
    expect(valueAt(changed, path)).toBe('5000000');
    expect(valueAt(body, path)).toBe('3000000');
    expect([...changedPaths(changed, body)]).toEqual([path.join('.')]);
  });

  it('keeps kinds: a number stays one, decimal text stays text', () => {
    expect(typedLike(3, '６')).toBe(6);
    expect(typedLike('1000000', '2,000,000')).toBe('2000000');
    expect(typedLike(true, 'false')).toBe(false);
    expect(typedLike(null, '')).toBeNull();
    expect(typedLike(3, 'six')).toBe('six');
  });

  it('adds a version that begins when the one before ends', () => {
    const more = withNewVersion(body, '2027-01-01', dayBefore('2027-01-01'));
    expect(valueAt(more, ['versions', 0, 'inForceTo'])).toBe('2026-12-31');
    expect(valueAt(more, ['versions', 1, 'inForceFrom'])).toBe('2027-01-01');
    expect(valueAt(more, ['versions', 1, 'parameters', 'rate'])).toBe('0.20');
  });
});
