import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import classes from '../../resources/rules/credit-classes.json' with { type: 'json' };
import pledges from '../../resources/rules/credit-pledges.json' with { type: 'json' };
import pack from '../../resources/rules/credit-score.json' with { type: 'json' };
import { requirePackOn } from '../rules/pack.ts';
import { creditClassesPack } from './classes.ts';
import { creditPledgesPack, fillPledge } from './pledge.ts';
import {
  type BehaviourCode,
  type BehaviourFact,
  behaviourCodes,
  creditScorePackSchema,
  mostBehaviourRows,
  scoreCredit,
} from './score.ts';

const figures = requirePackOn(creditScorePackSchema.parse(pack), '2026-11-22').parameters;
const fact = (code: BehaviourCode, count: number): BehaviourFact<number> => ({
  code,
  count,
  rows: Array.from({ length: Math.min(count, mostBehaviourRows) }, (_, at) => at),
  cannotTell: false,
});
const scoreOf = (facts: Partial<Record<BehaviourCode, number>>) =>
  scoreCredit(
    figures,
    Object.entries(facts).map(([code, count]) => fact(code as BehaviourCode, count)),
  );

describe('the own credit score (S04)', () => {
  it.each([
    [{}, 100, '优'],
    [{ smuggling: 1 }, 0, '差'],
    [{ penaltyLarge: 1 }, 80, '良'],
    [{ penaltyLarge: 1, penalty: 2 }, 60, '中'],
    [{ taxUnpaid: 3 }, 70, '中'],
    [{ lateDeclaration: 1 }, 95, '优'],
    // Late declaration, reports and papers take off 20 at most.
    [{ lateDeclaration: 9 }, 80, '良'],
    [{ creditReportMissed: 2, papersMissing: 7 }, 70, '中'],
    [{ unmatchedReceipts: 40 }, 90, '优'],
    [{ redFlagHigh: 2 }, 80, '良'],
    [{ redFlagHigh: 5 }, 50, '差'],
    [{ smuggling: 1, penaltyLarge: 3 }, 0, '差'],
    // Recorded, not scored.
    [{ rejected: 30, corrected: 4, withdrawn: 2, overdue: 5 }, 100, '优'],
  ] as const)('%o is %i, %s', (facts, score, level) => {
    expect(scoreOf(facts)).toMatchObject({ score, level: { zh: level } });
  });

  it('is the start less the sum of what is listed, never below the floor, never beyond a cap', () => {
    const counts = fc.record(Object.fromEntries(behaviourCodes.map((code) => [code, fc.nat({ max: 40 })])));
    const points = fc.array(
      fc.record({ points: fc.nat({ max: 60 }), cap: fc.option(fc.nat({ max: 80 })), once: fc.boolean() }),
      { minLength: figures.items.length, maxLength: figures.items.length },
    );
    fc.assert(
      fc.property(counts, points, fc.nat({ max: 50 }), (of, own, floor) => {
        const varied = {
          ...figures,
          floor,
          items: figures.items.map((item, at) => ({
            ...item,
            points: own[at]?.points ?? 0,
            cap: own[at]?.cap ?? null,
            per: own[at]?.once === true ? ('once' as const) : ('each' as const),
          })),
        };
        const { start, score, items, deducted } = scoreCredit(
          varied,
          behaviourCodes.map((code) => fact(code, of[code] ?? 0)),
        );
        const listed = items.flatMap(({ rows }) => rows).reduce((sum, one) => sum + one.deducted, 0);
        expect(deducted).toBe(listed);
        expect(score).toBe(Math.max(floor, start - listed));
        for (const item of items) {
          const { points: each, per, cap, count } = item;
          const whole =
            per === 'once' ? (count > 0 ? each : 0) : Math.min(cap ?? Number.MAX_SAFE_INTEGER, each * count);
          expect(item.deducted).toBe(whole);
        }
      }),
    );
  });

  it('says where facts are missing', () => {
    const { isComplete, score } = scoreCredit(figures, [{ ...fact('unmatchedReceipts', 0), cannotTell: true }]);
    expect({ isComplete, score }).toEqual({ isComplete: false, score: 100 });
  });
});

describe('the packs of credit', () => {
  it('name the five levels of customs from 2026-04-01 and say that what follows is not known', () => {
    const of = (on: string) =>
      requirePackOn(creditClassesPack.parse(classes), on).parameters.authorities.find(({ id }) => id === 'customs');
    expect(of('2026-04-01')?.classes.map(({ name }) => name.zh)).toHaveLength(5);
    expect(of('2026-04-01')?.unknown).not.toBeNull();
    expect(of('2026-03-31')?.classes).toHaveLength(3);
  });

  it('fill a pledge and name its blanks', () => {
    const [template] = requirePackOn(creditPledgesPack.parse(pledges), '2026-11-22').parameters.templates;
    if (template === undefined) throw new Error('no template');
    const firm = { firm: '测试公司', uscc: '91469002MA5T0TE5TR', signer: '张三' };
    const empty = fillPledge(template, { ...firm, signer: '' });
    expect(empty.missing).toEqual(['signer', 'authority']);
    expect(empty.text.join('')).toContain('＿');
    const full = fillPledge(template, { ...firm, authority: '海南跨境电商综合试验区', validTo: '' });
    expect(full.missing).toEqual([]);
    expect(full.text[0]).toBe('致：海南跨境电商综合试验区');
    expect(full.text.join('')).toContain('有效期至：长期');
    expect(full.text.join('')).not.toMatch(/\{\{|＿/);
  });
});
