import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { errorText, errorTexts } from '../../shared/i18n/error-text.ts';

const root = path.resolve(import.meta.dirname, '../..');

/** Codes that stand in the sources as `new PortbookError('CODE'`. Those computed are in the list by hand. */
function thrownCodes(): Set<string> {
  const codes = new Set([
    'USCC_LENGTH',
    'USCC_CHECK',
    'USCC_CHARACTER',
    'CUSTOMS_CODE_FORMAT',
    'AGENT_CODE_FORMAT',
    'KEY_WRONG',
    'BUG',
    'OPERATION_UNKNOWN',
  ]);
  for (const folder of ['electron', 'shared', 'platform']) {
    for (const entry of readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true })) {
      if (!entry.isFile() || !/(?<!\.test)\.ts$/.test(entry.name)) continue;
      const source = readFileSync(path.join(entry.parentPath, entry.name), 'utf8');
      for (const [, code] of source.matchAll(/PortbookError\(\s*'([A-Z0-9_]+)'/g)) codes.add(code ?? '');
    }
  }
  return codes;
}

describe('the texts of refusals', () => {
  it.each(['zh-CN', 'en'] as const)('%s: every code has what, why and remedy', (language) => {
    const texts = errorTexts(language);
    const missing = [...thrownCodes()].filter((code) => texts[code] === undefined).sort();
    expect(missing).toEqual([]);
    for (const [code, text] of Object.entries(texts)) {
      for (const part of [text.what, text.why, text.remedy]) expect(part, code).not.toBe('');
    }
    expect(Object.keys(texts)).toEqual(Object.keys(texts).sort());
  });

  it('are the same codes with the same parameters in both languages', () => {
    const names = (text: object) => [...new Set(JSON.stringify(text).match(/\{\w+\}/g) ?? [])].sort();
    const [zh, en] = [errorTexts('zh-CN'), errorTexts('en')];
    expect(Object.keys(zh)).toEqual(Object.keys(en));
    for (const [code, text] of Object.entries(zh)) expect(names(en[code] ?? {}), code).toEqual(names(text));
  });

  it('are filled with the parameters', () => {
    const text = errorText({ code: 'USCC_CHECK', params: { expected: 'R' } }, 'zh-CN');
    expect(text.why).toContain('“R”');
    expect(errorText({ code: 'NOBODY_KNOWS', params: {} }, 'en').what).toBe('NOBODY_KNOWS');
  });
});
