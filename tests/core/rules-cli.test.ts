import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { findResources } from '../../electron/core/resources.ts';

/** `rules run` and `codes find` of the compiled command line, without a book: worked examples of C02 and C04, and codes as the lookup box finds them. */
const folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-rules-cli-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function portbook(...args: string[]): { readonly status: number | null; readonly body: Record<string, unknown> } {
  const program = path.resolve(findResources(), '../dist/cli.js');
  const { status, stdout } = spawnSync(process.execPath, [program, ...args, '--json'], { encoding: 'utf8' });
  return { status, body: JSON.parse(stdout) as Record<string, unknown> };
}

function ruleOf(calculator: string, input: unknown): ReturnType<typeof portbook> {
  const file = path.join(folder, `${calculator}.json`);
  writeFileSync(file, JSON.stringify(input));
  return portbook('rules', 'run', calculator, '--input', file);
}

const line = {
  ...{ consignor: 'C1', transportMode: '5', producer: 'P1', arrivalCountry: 'USA', exitCustoms: '5141' },
  ...{ destCountry: 'USA', hs10: '6109100021', currency: 'USD' },
};

describe('portbook rules run', () => {
  it('sums three lists of one merge key up into one declaration with one item (C02-I01)', () => {
    const lines = [
      { ...line, qty: '2', amount: '20' },
      { ...line, qty: '1', amount: '11.5' },
      { ...line, qty: '5', amount: '48' },
    ];
    expect(ruleOf('C02', { lines })).toMatchObject({
      status: 0,
      body: { declarations: 1, items: 1, itemTotals: ['79.50'], derivation: {} },
    });
  });

  it('sends a small 9710 ticket in a pilot zone by list, with six digits and no summary (C04-I01)', () => {
    expect(ruleOf('C04', { mode: '9710', ticketValueCny: '4800', inZone: true })).toMatchObject({
      status: 0,
      body: { listMode: true, hsDigits: '6', summaryDeclaration: false },
    });
  });
});

describe('portbook codes find', () => {
  it('finds what the lookup box finds: by initials, and commodities by name and by the beginning of the code', () => {
    const rows = (...args: string[]) => portbook('codes', 'find', ...args).body['rows'] as { code: string }[];
    expect(rows('country', 'mg')[0]).toMatchObject({ code: '502', name: '美国' });
    expect(rows('hs', '鲜芒果')[0]).toMatchObject({ code: '0804502001' });
    expect(rows('hs', '691200', '--limit', '2').map(({ code }) => code)).toEqual(['6912001000', '6912009000']);
  });

  it('says which table is not there', () => {
    expect(portbook('codes', 'find', 'nothing', 'x')).toMatchObject({
      status: 1,
      body: { ok: false, error: { code: 'TABLE_UNKNOWN' } },
    });
  });
});
