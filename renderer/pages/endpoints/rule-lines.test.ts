import { describe, expect, it } from 'vitest';
import { linesOfRules, rulesOfLines } from './rule-lines.ts';

describe('field rules as lines', () => {
  const text = [
    'CEB603Message InventoryHead/note',
    'CEB603Message InventoryList/gname 30',
    'CEB603Message InventoryHead/customsCode = 64 5201',
  ].join('\n');

  it('are read and written alike', () => {
    const { rules, wrong } = rulesOfLines(text);
    expect(wrong).toEqual([]);
    expect(rules).toEqual({
      required: [{ kind: 'CEB603Message', path: 'InventoryHead/note' }],
      maxLengths: [{ kind: 'CEB603Message', path: 'InventoryList/gname', length: 30 }],
      allowed: [{ kind: 'CEB603Message', path: 'InventoryHead/customsCode', values: ['64', '5201'] }],
    });
    expect(linesOfRules(rules)).toBe(text);
  });

  it('name the lines that are none', () => {
    expect(rulesOfLines('\nCEB603Message\nCEB603Message a//b\nCEB603Message a 0\nCEB603Message a = 、').wrong).toEqual([
      2, 3, 4, 5,
    ]);
  });
});
