import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { errorText, errorTexts, type Language } from './error-text.ts';

const root = path.resolve(import.meta.dirname, '../..');
const languages = ['zh-CN', 'en'] as const satisfies readonly Language[];

interface Source {
  readonly file: string;
  readonly text: string;
}

/** The sources of a folder without their tests and without comments, which may name codes that nobody throws. */
function sourcesOf(folder: string): Source[] {
  return readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !/\.test(ing)?\.tsx?$/.test(entry.name))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .map((file) => ({
      file: path.relative(root, file),
      text: readFileSync(file, 'utf8')
        .replaceAll(/\/\*[\s\S]*?\*\//g, '')
        .replaceAll(/^\s*\/\/.*$/gm, ''),
    }));
}

const sources = ['electron', 'shared', 'platform', 'renderer'].flatMap(sourcesOf);

/** From an opening bracket to the one that closes it. */
function bracketed(text: string, at: number): string {
  let depth = 0;
  for (let end = at; end < text.length; end += 1) {
    if ('([{'.includes(text[end] ?? '')) depth += 1;
    else if (')]}'.includes(text[end] ?? '')) depth -= 1;
    if (depth === 0) return text.slice(at, end + 1);
  }
  return text.slice(at);
}

/** The names that an object literal gives, `{ a, b: 1 }`; spreads give none here. */
function namesIn(literal: string): string[] {
  return [...literal.matchAll(/(?<=[{,]\s*)(\w+)(?=\s*[:,}])/g)].map((match) => match[1] ?? '');
}

interface Site {
  readonly file: string;
  readonly code: string;
  readonly names: readonly string[];
}

const code = /'([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+|BUG|CANCELLED)'/g;

/**
 * What is found in a marketplace's report is said with the texts of errors: `#reject('CODE', field, { … })`, `found('CODE', level, { … })` and
 * `{ code: 'CODE', level, field, params: { … } }`. How often it was found (`count`) and the column (`field`) stand beside the parameters.
 */
const reportSites: readonly Site[] = sources
  .filter(({ file }) => /(^|\/)(payouts(\/|\.ts$)|payout-(file|intake)\.ts$)/.test(file))
  .flatMap(({ file, text }) =>
    [...text.matchAll(/(?:#reject|\bfound)\((?=')|(?:#reject|\bfound)\((?=\w+ ===)|\{(?=\s*code: 'PAYOUT)/g)].flatMap(
      (match) => {
        const at = match.index + match[0].length - 1;
        const call = bracketed(text, at);
        const literals = [...call.slice(1).matchAll(/\{/g)].flatMap((open) =>
          namesIn(bracketed(call.slice(1), open.index)),
        );
        return [...call.matchAll(code)].map((found) => ({
          file,
          code: found[1] ?? '',
          names: [...literals, 'count', 'field', 'row'],
        }));
      },
    ),
  );

/** Every `PortbookError('CODE', { … })` and every `{ code: 'CODE', params: { … } }` that an answer carries. */
const sites: readonly Site[] = sources.flatMap(({ file, text }) => [
  ...[...text.matchAll(/new PortbookError\(/g)].flatMap((match) => {
    const call = bracketed(text, match.index + match[0].length - 1);
    const literal = call.indexOf('{');
    const first = literal < 0 ? call : call.slice(0, literal);
    const names = literal < 0 ? [] : namesIn(bracketed(call, literal));
    return [...first.matchAll(code)].map((found) => ({ file, code: found[1] ?? '', names }));
  }),
  // Codes in small letters name findings, which have their texts with the page that shows them.
  ...[...text.matchAll(/\bcode: '([A-Z]\w+)',\s*params: (?=\{)/g)]
    // Why an order cannot be drafted is no error: its texts are with the page that shows them.
    .filter(() => !file.startsWith('shared/drafting/'))
    // The window's own codes have their texts with the shell.
    .filter((match) => match[1] !== 'DESK_BUG')
    .map((match) => ({
      file,
      code: match[1] ?? '',
      names: namesIn(bracketed(text, match.index + match[0].length)),
    })),
  ...reportSites.filter((site) => site.file === file),
]);

/**
 * Codes that are computed where they are thrown, with the parameters they then carry.
 * `profile-check.ts` hands on what `shared/identity` says, `store/vouchers.ts` what `shared/ledger/postings.ts` says,
 * `operations/sync.ts` what `shared/sync/endpoint-url.ts` says, `filings/draft.ts` what each subject calls it, `keys/card-signer.ts` what it reads from the card's words.
 */
const computed: Readonly<Record<string, readonly string[]>> = {
  AGENT_CODE_FORMAT: ['reason'],
  CARD_LOCKED: ['detail'],
  CARD_MISSING: ['detail'],
  CLERK_PIN_WAIT: ['seconds'],
  CUSTOMS_CODE_FORMAT: ['reason'],
  ENDPOINT_URL_INSECURE: ['url'],
  ENDPOINT_URL_INVALID: ['url'],
  FILING_UNCHANGED: ['number'],
  FILING_UNDERWAY: ['number', 'state'],
  FOREX_FORM_UNCHANGED: ['number'],
  FOREX_FORM_UNDERWAY: ['number', 'state'],
  PASSPHRASE_WAIT: ['seconds'],
  PIN_WRONG: ['detail'],
  SIGNER_REFUSED: ['detail'],
  USCC_CHARACTER: ['position', 'character'],
  USCC_CHECK: ['expected'],
  USCC_LENGTH: ['actual', 'expected'],
  VOUCHER_CNY: ['account'],
  VOUCHER_EMPTY: [],
  VOUCHER_UNBALANCED: ['currency', 'difference'],
};

/** What the outbox keeps as a message's latest problem and shows by code alone, so without parameters. */
function outboxCodes(): Set<string> {
  const found = new Set(['TIMEOUT', 'ABORTED', 'NETWORK']);
  for (const { file, text } of sources) {
    const patterns =
      file === 'electron/core/outbox/http-transport.ts'
        ? [/silence\('(\w+)'\)/g, /\bcode: '(\w+)'/g]
        : file === 'electron/core/outbox/network-failure.ts'
          ? [/silence\('(\w+)'\)/g, /'((?:TLS|PROXY|DNS)_\w+)'/g]
          : file === 'electron/core/outbox/engine.ts'
            ? [/#halt\(run, '(\w+)'\)/g, /\berror: '(\w+)'/g]
            : file.startsWith('platform/')
              ? // What it answers with 500 arrives as HTTP_500.
                [/new Refusal\(4\d\d, '(\w+)'/g, /\brefuse\(\s*'(\w+)'/g, /problem\(reply, 4\d\d, '(\w+)'/g]
              : [];
    for (const pattern of patterns) for (const [, one] of text.matchAll(pattern)) found.add(one ?? '');
  }
  const failures = sources.find(({ file }) => file === 'electron/core/outbox/network-failure.ts')?.text ?? '';
  const list = /new Set\(\[([^\]]*)\]\)/.exec(failures)?.[1] ?? '';
  for (const [, one] of list.matchAll(/'(\w+)'/g)) found.add(one ?? '');
  return found;
}

const thrown = new Set([...sites.map((site) => site.code), ...Object.keys(computed)]);
const outbox = outboxCodes();

const placeholders = (text: object): string[] =>
  [
    ...new Set(
      [
        ...Object.values(text)
          .join(' ')
          .matchAll(/\{(\w+)\}/g),
      ].map((match) => match[1] ?? ''),
    ),
  ].sort();

describe('error texts', () => {
  it('are looked for where errors are thrown', () => {
    expect(thrown.size).toBeGreaterThan(70);
    expect([...thrown]).toEqual(expect.arrayContaining(['BUG', 'CORE_STOPPED', 'KEY_WRONG', 'RATE_INVALID']));
    expect(outbox.size).toBeGreaterThan(20);
    expect([...outbox]).toEqual(expect.arrayContaining(['ECONNREFUSED', 'GUID_REUSED', 'NOT_OUR_PLATFORM', 'SCHEMA']));
  });

  it.each(languages)('%s: every code says what is wrong and what to do', (language) => {
    const texts = errorTexts(language);
    expect([...thrown, ...outbox].filter((one) => texts[one] === undefined).sort()).toEqual([]);
    for (const [one, text] of Object.entries(texts)) {
      expect(Object.keys(text), one).toEqual(['what', 'why', 'remedy']);
      expect(text.what.trim(), one).not.toBe('');
      expect(text.remedy.trim(), one).not.toBe('');
    }
  });

  it.each(languages)('%s: placeholders are given where the code is thrown', (language) => {
    const given = (one: string): Set<string> =>
      new Set([...sites.filter((site) => site.code === one).flatMap((site) => site.names), ...(computed[one] ?? [])]);
    const wrong = Object.entries(errorTexts(language)).flatMap(([one, text]) =>
      placeholders(text)
        .filter((name) => !given(one).has(name))
        .map((name) => `${one} {${name}}`),
    );
    expect(wrong).toEqual([]);
  });

  it.each(languages)('%s: what the outbox shows by its code alone needs no parameter', (language) => {
    const texts = errorTexts(language);
    const wrong = [...outbox].filter((one) => /\{\w+\}/.test(texts[one]?.what ?? ''));
    expect(wrong).toEqual([]);
  });

  it('are sorted, and the same codes with the same placeholders in both languages', () => {
    const zh = errorTexts('zh-CN');
    const en = errorTexts('en');
    expect(Object.keys(zh)).toEqual(Object.keys(zh).sort());
    expect(Object.keys(en)).toEqual(Object.keys(zh));
    // What has a name in both languages is given in both; the English text takes the one that ends so.
    const named = (text: object) => placeholders(text).map((name) => name.replace(/En$/, ''));
    for (const [one, text] of Object.entries(zh)) expect(named(en[one] ?? {}), one).toEqual(named(text));
  });

  it('are filled with what the error carries', () => {
    const error = { code: 'USCC_LENGTH', params: { actual: 17, expected: 18 } };
    expect(errorText(error, 'zh-CN').why).toBe('应为 18 位，现在是 17 位。');
    expect(errorText(error, 'en').why).toBe('It has 18 characters, not 17.');
  });
});

describe('reasons why an order cannot be drafted', () => {
  const drafting = sources.find(({ file }) => file === 'shared/drafting/retail-export.ts')?.text ?? '';
  const reasons = new Map(
    [...drafting.matchAll(/\bcode: '(NO_\w+)',\s*params: (?=\{)/g)].map((match) => [
      match[1] ?? '',
      namesIn(bracketed(drafting, match.index + match[0].length)),
    ]),
  );
  const known = [
    'NO_BONDED_ITEM',
    'NO_CLASSIFICATION',
    'NO_COUNTRY',
    'NO_CUSTOMS_CURRENCY',
    'NO_FREIGHT_CURRENCY',
    'NO_GOODS',
    'NO_PART_WAYBILL',
    'NO_WAYBILL',
  ];

  it('are the ones that are known here', () => {
    expect([...reasons.keys()].sort()).toEqual(known);
  });

  it.each(languages)('%s: have a text on the shipment page', (language) => {
    const file = path.join(root, 'renderer/i18n', language, 'shipments.json');
    const texts = JSON.parse(readFileSync(file, 'utf8')) as Record<
      'reason' | 'reasonKind',
      Record<string, string | undefined>
    >;
    for (const [reason, names] of reasons) {
      const text = texts.reason[reason] ?? '';
      expect(text.trim(), reason).not.toBe('');
      expect((texts.reasonKind[reason] ?? '').trim(), reason).not.toBe('');
      const used = [...text.matchAll(/\{\{\s*(\w+)/g)].map((match) => match[1] ?? '');
      expect(names, reason).toEqual(expect.arrayContaining(used));
    }
  });
});

it.each(languages)('end their sentences in %s: they stand one behind the other', (language) => {
  const open = Object.entries(errorTexts(language)).filter(([, { why, remedy }]) =>
    // What ends with what somebody else said ends as that does.
    [why, remedy].some((text) => text !== '' && !/[.?!。？！…}]$/.test(text)),
  );
  expect(open.map(([code]) => code)).toEqual([]);
});
