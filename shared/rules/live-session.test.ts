import { describe, expect, it } from 'vitest';
import { parseIsoDate } from '../calendar/dates.ts';
import { keepRecordingUntil, sessionGaps } from './live-session.ts';

const items = [
  { id: 'identity', zh: '实名', en: 'Identity', source: '' },
  { id: 'price', zh: '价格', en: 'Price', source: '' },
];
const whole = {
  host: '主播甲',
  hostVerifiedOn: '2026-11-01',
  recording: '移动硬盘 2 号',
  goods: [{ sku: 'A', claims: '糖度 18', evidence: '检测报告 12', price: '39.90', priceProof: '近七日成交记录' }],
  answers: { identity: { answer: 'yes', note: '' }, price: { answer: 'none', note: '' } },
} as const;

describe('a live session', () => {
  it('keeps its recording for three years (网络交易监督管理办法第二十条)', () => {
    const day = (text: string) => parseIsoDate(text) ?? Promise.reject(new Error(text));
    expect(keepRecordingUntil(day('2026-11-22') as never, { keepMonths: 36 })).toBe('2029-11-22');
    expect(keepRecordingUntil(day('2024-02-29') as never, { keepMonths: 36 })).toBe('2027-02-28');
  });

  it('has no gaps where everything is proved and answered', () => {
    expect(sessionGaps(whole, { items })).toEqual([]);
  });

  it('names what is missing, by field, SKU and item', () => {
    const bare = { host: '', hostVerifiedOn: null, recording: '', goods: [], answers: {} };
    expect(sessionGaps(bare, { items }).map(({ code, at }) => [code, at])).toEqual([
      ['host', 'host'],
      ['identity', 'hostVerifiedOn'],
      ['recording', 'recording'],
      ['goods', 'goods'],
      ['unanswered', 'identity'],
      ['unanswered', 'price'],
    ]);
    const [good] = whole.goods;
    const loose = {
      ...whole,
      goods: [{ ...good, evidence: '', priceProof: '' }],
      answers: { ...whole.answers, price: { answer: 'no', note: '' } as const },
    };
    expect(sessionGaps(loose, { items })).toEqual([
      { code: 'evidence', at: 'A' },
      { code: 'priceProof', at: 'A' },
      { code: 'failed', at: 'price' },
    ]);
    expect(
      sessionGaps(
        { ...whole, answers: { ...whole.answers, price: { answer: 'no', note: '已下架并改价' } } },
        { items },
      ),
    ).toEqual([]);
  });
});
