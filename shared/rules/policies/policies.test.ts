import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import file from '../../../resources/rules/policies.json' with { type: 'json' };
import { specOf } from '../../documents/catalogue.ts';
import { checkRules } from '../customs/check-list.ts';
import { cardsOfField, changeSince, isInForce, policiesPack } from './pack.ts';

const cards = policiesPack.parse(file).versions.flatMap(({ parameters }) => parameters.cards);
const root = path.resolve(import.meta.dirname, '../../..');

/** All of the desk's pages in one text: what a field of a form is called stands in them. */
const pages = readdirSync(path.join(root, 'renderer/pages'), { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.tsx?$/.test(name))
  .map((name) => readFileSync(path.join(root, 'renderer/pages', name), 'utf8'))
  .join('\n');

function isField(id: string): boolean {
  const [message = '', name] = id.split('/');
  if (name !== undefined) {
    const spec = specOf(message);
    return [...(spec?.head.fields ?? []), ...(spec?.lines?.fields ?? [])].some((one) => one.name === name);
  }
  const [form = '', own = ''] = id.split('-');
  return (
    pages.includes(`id="${id}"`) ||
    (pages.includes(`\`${form}-\${`) && new RegExp(`['"]${own}['"]|\\b${own}:`).test(pages))
  );
}

describe('the policy cards that ship', () => {
  it('are named once, and end no earlier than they begin', () => {
    expect(new Set(cards.map(({ id }) => id)).size).toBe(cards.length);
    expect(cards.filter(({ from, to }) => from !== null && to !== null && to < from)).toEqual([]);
  });

  it('concern fields, checks and packs that are there', () => {
    const checks = new Set(checkRules.map(({ id }) => id));
    expect(cards.flatMap(({ fields }) => fields).filter((one) => !isField(one))).toEqual([]);
    expect(cards.flatMap((one) => one.checks).filter((one) => !checks.has(one))).toEqual([]);
    expect(
      cards
        .flatMap(({ packs }) => packs)
        .filter((one) => !existsSync(path.join(root, 'resources/rules', `${one}.json`))),
    ).toEqual([]);
  });

  it('are followed by one that begins when they have ended', () => {
    for (const { id, to, replacedBy } of cards.filter((one) => one.replacedBy !== null)) {
      const next = cards.find((one) => one.id === replacedBy);
      expect(next, id).toBeDefined();
      expect((next?.from ?? '') > (to ?? ''), id).toBe(true);
    }
  });

  it('name no first day only where they say that it is not known', () => {
    expect(cards.filter(({ from, unknown }) => from === null && unknown === null)).toEqual([]);
  });
});

describe('a card on a day', () => {
  const old = { from: '2022-01-01', to: '2026-05-31' };
  const next = { from: '2026-06-01', to: null };

  it('is in force from its first to its last day, both included', () => {
    expect(['2021-12-31', '2022-01-01', '2026-05-31', '2026-06-01'].map((on) => isInForce(old, on))).toEqual([
      false,
      true,
      true,
      false,
    ]);
    expect(isInForce({ from: null, to: null }, '2026-01-01')).toBe(true);
  });

  it('is new or ended since a day, and neither before that or in days to come', () => {
    expect(changeSince(next, '2026-06-01', '2026-11-22')).toBe('new');
    expect(changeSince(next, '2026-06-02', '2026-11-22')).toBeUndefined();
    expect(changeSince(old, '2026-05-31', '2026-11-22')).toBe('ended');
    expect(changeSince(old, '2026-06-01', '2026-11-22')).toBeUndefined();
    expect(changeSince(old, '2026-01-01', '2026-05-31')).toBeUndefined();
    expect(changeSince(next, '2026-01-01', '2026-05-31')).toBeUndefined();
  });

  it('stands before those that have ended, at its field', () => {
    const fields = ['a'];
    const order = cardsOfField(
      [
        { ...old, fields, id: 'old' },
        { ...next, fields, id: 'next' },
        { ...next, fields: ['b'], id: 'other' },
      ],
      'a',
      '2026-11-22',
    );
    expect(order.map(({ id }) => id)).toEqual(['next', 'old']);
  });
});
