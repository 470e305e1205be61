#!/usr/bin/env node
// Turns a folder of source tables (CSV) into the compact JSON under resources/ and the currency table of shared/money.
//
//   node build/generate-resources.mjs <source folder> [--out <project root>]
//
// Re-runnable and deterministic: same sources, same bytes. The source folder holds tables/, fx/, region/, calendar/.
// Every table: { header: {id, titleZh, titleEn, source, asOf, note}, columns: [...], rows: [[...], ...] }, one row a line, so
// that a new edition of a table reads as a plain diff. Columns named `pinyin` hold syllables separated by blanks; full
// spelling and initials are both derived from it, so that no dictionary is needed at run time.

import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { customPinyin, pinyin } from 'pinyin-pro';

const args = process.argv.slice(2);
const outFlag = args.indexOf('--out');
const root = outFlag >= 0 ? resolve(args[outFlag + 1]) : resolve(dirname(fileURLToPath(import.meta.url)), '..');
const sourceArg = args.find((value, index) => !value.startsWith('--') && index !== outFlag + (outFlag >= 0 ? 1 : 0));
if (sourceArg === undefined) {
  process.stderr.write('usage: node build/generate-resources.mjs <source folder> [--out <project root>]\n');
  process.exit(2);
}
const source = resolve(sourceArg);

// ---------------------------------------------------------------------------------------------------------------- CSV

/** RFC 4180: quoted cells, doubled quotes, CRLF or LF. Returns one object a row, keyed by the header row. */
function readCsv(path) {
  // Control and private-use characters are damage of the capture: no spreadsheet keeps them and no message may hold them.
  const text = readFileSync(join(source, path), 'utf8')
    .replace(/^\uFEFF/, '')
    .replace(/(?![\n\r\t])[\p{Cc}\p{Co}]/gu, '');
  const rows = [];
  let row = [];
  let cell = '';
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (quoted) {
      if (c === '"' && text[i + 1] === '"') {
        cell += '"';
        i++;
      } else if (c === '"') quoted = false;
      else cell += c;
    } else if (c === '"') quoted = true;
    else if (c === ',') {
      row.push(cell);
      cell = '';
    } else if (c === '\n') {
      row.push(cell);
      rows.push(row);
      row = [];
      cell = '';
    } else if (c !== '\r') cell += c;
  }
  if (cell !== '' || row.length > 0) {
    row.push(cell);
    rows.push(row);
  }
  const [head, ...body] = rows;
  return body
    .filter((r) => r.length > 1 || r[0] !== '')
    .map((r) => Object.fromEntries(head.map((h, i) => [h, r[i] ?? ''])));
}

// ------------------------------------------------------------------------------------------------------------- pinyin

// Place names and customs abbreviations that the general dictionary reads wrongly.
customPinyin({
  单县: 'shàn xiàn',
  浚县: 'xùn xiàn',
  什邡: 'shí fāng',
  尉犁: 'yù lí',
  歙县: 'shè xiàn',
  泌阳: 'bì yáng',
  都匀: 'dū yún',
  厦机场: 'xià jī chǎng',
  重机场: 'chóng jī chǎng',
  厦门: 'xià mén',
  重庆: 'chóng qìng',
  乐亭: 'lào tíng',
  长沙: 'cháng shā',
  六安: 'lù ān',
  蚌埠: 'bèng bù',
  大埔: 'dà bù',
  番禺: 'pān yú',
  东莞: 'dōng guǎn',
  银行: 'yín háng',
  长吨: 'cháng dūn',
  长乐: 'cháng lè',
});

/** Syllables separated by one blank; Latin and digits kept as tokens of their own, punctuation dropped. ü is written v. */
function toPinyin(text) {
  return pinyin(text, { toneType: 'none', type: 'array', nonZh: 'consecutive', v: true })
    .flatMap((token) =>
      token
        .normalize('NFKC')
        .toLowerCase()
        .split(/[^a-z0-9]+/),
    )
    .filter((token) => token !== '')
    .join(' ');
}

// -------------------------------------------------------------------------------------------------------------- write

const index = [];

function write(folder, header, columns, rows, extra = {}) {
  for (const row of rows) {
    if (row.length !== columns.length)
      throw new Error(`${header.id}: a row of ${row.length} cells under ${columns.length} columns`);
  }
  const parts = [`{\n"header": ${JSON.stringify(header)},\n"columns": ${JSON.stringify(columns)}`];
  for (const [key, value] of Object.entries(extra)) {
    parts.push(`"${key}": [\n${value.map((v) => JSON.stringify(v)).join(',\n')}\n]`);
  }
  parts.push(`"rows": [\n${rows.map((r) => JSON.stringify(r)).join(',\n')}\n]\n}\n`);
  const text = parts.join(',\n');
  const path = `${folder}/${header.id}.json`;
  mkdirSync(join(root, 'resources', folder), { recursive: true });
  writeFileSync(join(root, 'resources', path), text);
  index.push({
    id: header.id,
    path,
    titleZh: header.titleZh,
    titleEn: header.titleEn,
    source: header.source,
    asOf: header.asOf,
    isCodes: columns[0] === 'code',
    rows: rows.length,
    sha256: createHash('sha256').update(text).digest('hex'),
  });
}

const SINGLE_WINDOW = '国际贸易单一窗口公开参数 (singlewindow.cn), 2022-06 capture';
const CEB_SPEC = '跨境统一版系统企业对接报文规范 2022-05 edition';
const head = (id, titleZh, titleEn, from, asOf, note = '') => ({ id, titleZh, titleEn, source: from, asOf, note });
const byCode = (a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0);

// ------------------------------------------------------------------------------------------------------------ country

const countryRows = readCsv('tables/country.csv');
const byAlpha = new Map(countryRows.filter((r) => r.alpha3_new).map((r) => [r.alpha3_new, r]));
const alpha2 = new Map(
  readCsv('tables/sw2022_SwCountry.csv')
    .filter((r) => r.GB_CODE_V3)
    .map((r) => [r.GB_CODE_V3, r.GB_CODE_V2]),
);
const clean = (text) =>
  text
    .replace(/，/g, ', ')
    .replace(/\s*\((the|the\))$/i, '')
    .replace(/\s+\(the\)/g, '')
    .trim();
const ENGLISH_FOR = {
  199: 'Other Asia',
  207: 'Canary Islands',
  210: 'Ceuta',
  256: 'Melilla',
  260: 'South Sudan',
  299: 'Other Africa',
  349: 'Serbia and Montenegro (former)',
  399: 'Other Europe',
  409: 'Bonaire',
  436: 'Saba',
  438: 'Saint Martin',
  449: 'Netherlands Antilles (former)',
  499: 'Other Latin America',
  599: 'Other North America',
  604: 'Gambier Islands',
  605: 'Marquesas Islands',
  612: 'Society Islands',
  615: 'Tuamotu Islands',
  616: 'Tubuai Islands',
  699: 'Other Oceania',
  701: 'Country or region unknown',
  702: 'United Nations and international organisations',
  999: 'Neutral packing, origin not shown',
  110: 'Hong Kong, China',
  121: 'Macao, China',
  143: 'Taiwan, China',
  303: 'United Kingdom',
  306: 'Ireland',
  502: 'United States',
  133: 'Korea, Republic of',
  109: "Korea, Democratic People's Republic of",
};
const country = [];
for (const r of readCsv('tables/sw2022_CusCountry.csv')) {
  // 801 and 802 are markers for tariff rates, not places.
  if (r.COUNTRY_CODE === '801' || r.COUNTRY_CODE === '802') continue;
  const named = byAlpha.get(r.ISO_E);
  const en = ENGLISH_FOR[r.COUNTRY_CODE] ?? clean(named?.name_en || r.COUN_E_NAME);
  const zh = r.COUN_C_NAME;
  const aliases = [
    ...new Set([
      named?.name_cn ?? '',
      ...countryRows
        .filter(
          (c) =>
            c.customs_numeric_old === r.COUNTRY_CODE &&
            c.customs_numeric_old.endsWith('99') === false &&
            c.alpha3_new === r.ISO_E,
        )
        .map((c) => c.name_in_numeric_table),
    ]),
  ].filter((n) => n !== '' && n !== zh);
  country.push([r.COUNTRY_CODE, r.ISO_E, alpha2.get(r.ISO_E) ?? '', zh, en, toPinyin(zh), aliases.join('|')]);
}
country.sort(byCode);
// Main partners of Chinese retail exports, hand-kept, only to break ties in searches (mg: 美国 before 蒙古).
const MAIN = [
  '502',
  '142',
  '303',
  '304',
  '305',
  '116',
  '133',
  '601',
  '501',
  '344',
  '110',
  '307',
  '312',
  '309',
  '410',
  '429',
  '132',
  '122',
  '136',
  '141',
  '129',
  '112',
  '131',
  '138',
  '327',
  '306',
  '609',
  '111',
  '330',
  '137',
];
for (const row of country) row.push(MAIN.includes(row[0]) ? String(MAIN.indexOf(row[0]) + 1) : '');
write(
  'tables',
  head(
    'country',
    '国别（地区）代码（海关三位数字）',
    'Countries and regions, three-digit customs codes',
    SINGLE_WINDOW,
    '2022-06',
    'CEB messages use these digits; the goods declaration uses alpha-3 (table country_alpha3).',
  ),
  ['code', 'alpha3', 'alpha2', 'zh', 'en', 'pinyin', 'aliases', 'rank'],
  country,
);
const countryCodes = new Set(country.map((r) => r[0]));
write(
  'tables',
  head(
    'country_alpha3',
    '国别（地区）代码（三位字母）',
    'Countries and regions, alpha-3',
    SINGLE_WINDOW,
    '2022-06',
    'Several places share one customs number such as 399 (other Europe).',
  ),
  ['code', 'customs', 'alpha2', 'zh', 'en', 'pinyin'],
  countryRows
    .filter((r) => r.alpha3_new && countryCodes.has(r.customs_numeric_old))
    .map((r) => [
      r.alpha3_new,
      r.customs_numeric_old,
      alpha2.get(r.alpha3_new) ?? '',
      r.alpha3_new === 'TWN' ? '中国台湾' : r.name_cn,
      r.alpha3_new === 'TWN' ? 'Taiwan, China' : clean(r.name_en),
      toPinyin(r.name_cn),
    ])
    .sort(byCode),
);

// English spellings met in marketplace files. An empty code says: known text, but no single country.
const COUNTRY_ALIASES = [
  ['uk', '303'],
  ['great britain', '303'],
  ['britain', '303'],
  ['england', '303'],
  ['scotland', '303'],
  ['wales', '303'],
  ['northern ireland', '303'],
  ['u.k.', '303'],
  ['united kingdom of great britain and northern ireland', '303'],
  ['eire', '306'],
  ['republic of ireland', '306'],
  ['usa', '502'],
  ['u.s.a.', '502'],
  ['us', '502'],
  ['u.s.', '502'],
  ['united states of america', '502'],
  ['america', '502'],
  ['rsa', '244'],
  ['republic of south africa', '244'],
  ['channel islands', '399', 'Guernsey and Jersey have no number of their own'],
  ['hong kong', '110'],
  ['hong kong sar', '110'],
  ['hongkong', '110'],
  ['macau', '121'],
  ['macao', '121'],
  ['macao sar', '121'],
  ['taiwan', '143'],
  ['mainland china', '142'],
  ['pr china', '142'],
  ['prc', '142'],
  ["people's republic of china", '142'],
  ['south korea', '133'],
  ['korea, south', '133'],
  ['republic of korea', '133'],
  ['north korea', '109'],
  ['korea', '', 'north or south'],
  ['uae', '138'],
  ['emirates', '138'],
  ['russia', '344'],
  ['czech republic', '352'],
  ['czechia', '352'],
  ['vietnam', '141'],
  ['viet nam', '141'],
  ['holland', '309'],
  ['the netherlands', '309'],
  ['netherlands', '309'],
  ['turkey', '137'],
  ['turkiye', '137'],
  ['türkiye', '137'],
  ['burma', '106'],
  ['myanmar', '106'],
  ['ivory coast', '223'],
  ["cote d'ivoire", '223'],
  ["côte d'ivoire", '223'],
  ['laos', '119'],
  ['brunei', '105'],
  ['macedonia', '353'],
  ['north macedonia', '353'],
  ['moldova', '343'],
  ['iran', '113'],
  ['syria', '135'],
  ['tanzania', '247'],
  ['bolivia', '408'],
  ['venezuela', '445'],
  ['palestine', '127'],
  ['slovak republic', '353'],
  ['kosovo', '', 'no customs number in the table'],
  ['vatican', '356'],
  ['vatican city', '356'],
  ['swaziland', '255'],
  ['eswatini', '255'],
  ['cape verde', '208'],
  ['east timor', '144'],
  ['congo', '', 'two countries'],
  ['guinea', '', 'several countries'],
  ['european community', '', 'not a country'],
  ['european union', '', 'not a country'],
  ['eu', '', 'not a country'],
  ['europe', '', 'not a country'],
  ['unspecified', '', 'not a country'],
  ['unknown', '', 'not a country'],
  ['other', '', 'not a country'],
  ['n/a', '', 'not a country'],
  ['international', '', 'not a country'],
  ['worldwide', '', 'not a country'],
  ['asia', '', 'not a country'],
  ['west indies', '', 'several countries'],
  ['virgin islands', '', 'British or American'],
  ['saint martin', '', 'French or Dutch part'],
];
// A number typed by hand here is only trusted when the table's own English or Chinese name agrees; the rest take the table's number.
const VERIFY = {
  vietnam: 'Viet',
  'viet nam': 'Viet',
  holland: '^Netherlands$',
  'the netherlands': '^Netherlands$',
  netherlands: '^Netherlands$',
  turkey: 'T',
  turkiye: 'T',
  türkiye: 'T',
  burma: 'Myanmar',
  myanmar: 'Myanmar',
  'ivory coast': 'Ivoire',
  "cote d'ivoire": 'Ivoire',
  "côte d'ivoire": 'Ivoire',
  laos: 'Lao',
  brunei: 'Brunei',
  macedonia: 'Macedonia',
  'north macedonia': 'Macedonia',
  moldova: 'Moldova',
  iran: 'Iran',
  syria: 'Syria',
  tanzania: 'Tanzania',
  bolivia: 'Bolivia',
  venezuela: 'Venezuela',
  palestine: 'Palestin',
  'slovak republic': 'Slovak',
  vatican: 'Holy See',
  'vatican city': 'Holy See',
  swaziland: 'Swazi|Eswatini',
  eswatini: 'Swazi|Eswatini',
  'cape verde': 'Verde',
  'east timor': 'Timor',
  russia: 'Russia',
  'czech republic': 'Czech',
  czechia: 'Czech',
  uae: 'Arab Emirates',
  emirates: 'Arab Emirates',
};
const aliasRows = [];
for (const [name, code, note = ''] of COUNTRY_ALIASES) {
  let resolved = code;
  if (VERIFY[name] !== undefined) {
    const found = country.filter((r) =>
      new RegExp(VERIFY[name] === 'T' ? '^T[uü]rk(ey|iye)' : VERIFY[name]).test(r[4]),
    );
    if (found.length !== 1) {
      process.stderr.write(`alias "${name}": ${found.length} countries match, left out\n`);
      continue;
    }
    resolved = found[0][0];
  } else if (code !== '' && !countryCodes.has(code)) throw new Error(`alias ${name}: no country ${code}`);
  aliasRows.push([name, resolved, resolved === code || note === '' ? note : '']);
}
write(
  'tables',
  head(
    'country_alias',
    '国别英文别名',
    'Country names as marketplaces write them',
    'Portbook, by hand',
    '2026-11',
    'An empty code: known text that names no single country.',
  ),
  ['name', 'code', 'note'],
  aliasRows,
);

// ----------------------------------------------------------------------------------------------------------- currency

const iso = readCsv('fx/iso4217.csv');
const isoBy = new Map(iso.map((r) => [r.code, r]));
const CURRENCY_EN = {
  BEF: 'Belgian Franc (former)',
  DEM: 'Deutsche Mark (former)',
  FRF: 'French Franc (former)',
  ITL: 'Italian Lira (former)',
  NLG: 'Dutch Guilder (former)',
  ESP: 'Spanish Peseta (former)',
  ATS: 'Austrian Schilling (former)',
  FIM: 'Finnish Markka (former)',
  SUR: 'Soviet Rouble (former)',
  ASF: 'Clearing Swiss Franc',
};
write(
  'tables',
  head(
    'currency',
    '币制代码（海关三位数字）',
    'Currencies, three-digit customs codes',
    `${SINGLE_WINDOW}; ISO 4217`,
    '2022-06',
    'decimals: minor-unit digits of ISO 4217; empty where the currency is no longer in ISO 4217.',
  ),
  ['code', 'alpha3', 'zh', 'en', 'pinyin', 'decimals'],
  readCsv('tables/currency.csv')
    .filter((r) => r.customs_numeric)
    .map((r) => {
      const known = isoBy.get(r.iso_alpha3);
      return [
        r.customs_numeric,
        r.iso_alpha3,
        r.name_cn,
        known?.name_en ?? CURRENCY_EN[r.iso_alpha3] ?? r.name_en,
        toPinyin(r.name_cn),
        known?.decimals ?? '',
      ];
    })
    .sort(byCode),
);
write(
  'tables',
  head(
    'currency_iso',
    '货币代码（ISO 4217）',
    'Currencies, ISO 4217',
    'ISO 4217',
    '2026',
    'customs: the three-digit customs code where there is one.',
  ),
  ['code', 'number', 'decimals', 'zh', 'en', 'pinyin', 'customs'],
  iso
    .map((r) => [r.code, r.number, r.decimals, r.name_cn, r.name_en, toPinyin(r.name_cn), r.cn_customs_old_code])
    .sort(byCode),
);

const exponents = iso
  .filter((r) => /^\d$/.test(r.decimals))
  .map((r) => [r.code, Number(r.decimals)])
  .sort(byCode);
writeFileSync(
  join(root, 'shared/money/currency-exponents.ts'),
  `// Written by build/generate-resources.mjs from ISO 4217; do not edit by hand.\n` +
    `/** Minor-unit digits by ISO 4217 code: amounts of a currency are whole numbers of 10^-digits. */\n` +
    `export const CURRENCY_EXPONENTS: Readonly<Record<string, number>> = {\n${exponents.map(([c, d]) => `  ${c}: ${d},`).join('\n')}\n};\n`,
);

// ------------------------------------------------------------------------------------------------------ simple tables

const UNIT_EN = {
  '001': 'set (machine)',
  '003': 'vehicle',
  '006': 'set',
  '007': 'piece (个)',
  '008': 'piece (只)',
  '010': 'sheet',
  '011': 'piece (件) pcs',
  '012': 'stick',
  '014': 'root',
  '015': 'strip',
  '017': 'block',
  '018': 'roll',
  '019': 'suit',
  '020': 'slice',
  '021': 'group',
  '025': 'pair',
  '026': 'pair (对)',
  '030': 'metre',
  '032': 'square metre',
  '033': 'cubic metre',
  '035': 'kilogram kg',
  '036': 'gram',
  '070': 'tonne',
  '076': 'pound lb',
  '083': 'ounce',
  '084': 'carat',
  '095': 'litre',
  '096': 'millilitre',
  120: 'case',
  122: 'can',
  125: 'bag pack',
  127: 'dozen',
  132: 'book',
  136: 'bag',
  139: 'grain',
  140: 'box',
  142: 'bottle',
  '054': 'thousand pieces',
  '067': 'foot',
  '088': 'inch',
};
write(
  'tables',
  head('unit', '计量单位代码', 'Units of measure', SINGLE_WINDOW, '2022-06', 'English is for searching only.'),
  ['code', 'zh', 'en', 'pinyin'],
  readCsv('tables/sw2022_CusUnit.csv')
    .map((r) => [r.UNIT_CODE, r.UNIT_NAME, UNIT_EN[r.UNIT_CODE] ?? '', toPinyin(r.UNIT_NAME)])
    .sort(byCode),
);
write(
  'tables',
  head(
    'customs_district',
    '关区代码',
    'Customs districts',
    SINGLE_WINDOW,
    '2022-06',
    'level region: a code ending in 00 names a whole customs area.',
  ),
  ['code', 'zh', 'abbr', 'pinyin', 'group', 'level'],
  readCsv('tables/customs_district.csv')
    .map((r) => [
      r.code,
      r.name_2022,
      r.abbr_2022,
      toPinyin(r.name_2022),
      r.group.replace(/\(.*\)$/, ''),
      r.code.endsWith('00') ? 'region' : 'office',
    ])
    .sort(byCode),
);

const ports = readCsv('tables/port.csv');
const alphaOf = new Map();
for (const p of ports)
  if (p.old_customs_code.length === 4)
    alphaOf.set(p.old_customs_code, [...(alphaOf.get(p.old_customs_code) ?? []), p.code6]);
const portRows = readCsv('tables/sw2022_CusPort.csv')
  .filter((r) => r.PORT_CODE !== '801' && r.PORT_CODE !== '802')
  .map((r) => {
    const own = ports.find((p) => p.old_customs_code === r.PORT_CODE && r.PORT_CODE.length === 4);
    const whole = country.find((c) => c[0] === r.PORT_CODE);
    const alpha = whole ? (whole[1] === '' ? '' : `${whole[1]}000`) : (alphaOf.get(r.PORT_CODE) ?? []).join('|');
    return [
      r.PORT_CODE,
      r.COUNTRY_CODE,
      whole?.[3] ?? r.PORT_C_NAME,
      own?.name_en || whole?.[4] || r.PORT_E_NAME,
      toPinyin(r.PORT_C_NAME),
      alpha,
    ];
  })
  .sort(byCode);
write(
  'tables',
  head(
    'port',
    '指运港代码（海关旧代码）',
    'Ports, old customs codes',
    SINGLE_WINDOW,
    '2022-06',
    'Three digits: the country as a whole. alpha: six-character codes of the goods declaration, separated by |.',
  ),
  ['code', 'country', 'zh', 'en', 'pinyin', 'alpha'],
  portRows,
);
write(
  'tables',
  head(
    'port_alpha',
    '港口代码（六位）',
    'Ports, six characters',
    SINGLE_WINDOW,
    '2022-06',
    'customs: the old customs code.',
  ),
  ['code', 'customs', 'zh', 'en', 'pinyin'],
  ports
    .filter((p) => p.code6)
    .map((p) => [p.code6, p.old_customs_code, p.name_cn, p.name_en, toPinyin(p.name_cn)])
    .sort(byCode),
);

const WRAP_EN = { 1: 'wooden case', 2: 'carton', 3: 'drum', 4: 'bulk', 5: 'pallet', 6: 'bag', 7: 'other' };
write(
  'tables',
  head(
    'wrap_type_old',
    '包装种类代码（一位）',
    'Packing, one digit',
    CEB_SPEC,
    '2022-05',
    'CEB messages only; the goods declaration uses two characters (wrap_type).',
  ),
  ['code', 'zh', 'en', 'pinyin'],
  readCsv('tables/wrap_type_old_1digit_CEB.csv').map((r) => [r.code, r.name_cn, WRAP_EN[r.code], toPinyin(r.name_cn)]),
);
write(
  'tables',
  head(
    'wrap_type',
    '包装种类代码（两位）',
    'Packing, two characters',
    SINGLE_WINDOW,
    '2022-06',
    'old: the one-digit code of CEB messages.',
  ),
  ['code', 'zh', 'pinyin', 'old'],
  readCsv('tables/wrap_type.csv')
    .map((r) => [r.code_2char, r.name_cn || r.name_2026, toPinyin(r.name_cn || r.name_2026), r.old_one_digit_code])
    .sort(byCode),
);
const TRANSPORT_EN = {
  0: 'non-bonded area',
  1: 'supervised warehouse',
  2: 'water, sea',
  3: 'rail',
  4: 'road',
  5: 'air',
  6: 'mail, post',
  7: 'bonded area',
  8: 'bonded warehouse',
  9: 'other',
  G: 'fixed installation',
  H: 'border special area',
  L: 'carried by passenger',
  P: 'Yangpu bonded port',
  S: 'special comprehensive bonded area',
  T: 'comprehensive test area',
  W: 'logistics centre',
  X: 'logistics park',
  Y: 'bonded port area',
  Z: 'export processing zone',
};
write(
  'tables',
  head('transport_mode', '运输方式代码', 'Modes of transport', SINGLE_WINDOW, '2022-06'),
  ['code', 'zh', 'en', 'pinyin'],
  readCsv('tables/transport_mode.csv').map((r) => [
    r.code,
    r.name_2022 || r.name_cn,
    TRANSPORT_EN[r.code] ?? '',
    toPinyin(r.name_2022 || r.name_cn),
  ]),
);
const TRADE_EN = {
  '0110': 'general trade',
  1039: 'market procurement',
  1210: 'bonded e-commerce',
  1239: 'bonded e-commerce A',
  9610: 'cross-border e-commerce retail',
  9710: 'cross-border B2B direct export',
  9810: 'export to overseas warehouse',
  3010: 'samples and advertising goods',
};
write(
  'tables',
  head(
    'trade_mode',
    '监管方式代码',
    'Supervision modes',
    SINGLE_WINDOW,
    '2022-06',
    '9661 and 1261 occur in the 2022-05 message edition only and have no published name.',
  ),
  ['code', 'zh', 'full', 'en', 'pinyin'],
  readCsv('tables/trade_mode.csv')
    .map((r) => {
      const zh = r.abbr_2022 || (/[\u4e00-\u9fff]/.test(r.name_cn) ? r.name_cn : '') || r.name_2026_sw;
      return [r.code, zh, r.full_2022, TRADE_EN[r.code] ?? '', toPinyin(zh)];
    })
    .sort(byCode),
);
write(
  'tables',
  head('fee_mark', '运费保费标志', 'Marks of freight and insurance', CEB_SPEC, '2022-05'),
  ['code', 'zh', 'en', 'pinyin'],
  readCsv('tables/fee_mark.csv').map((r) => [
    r.code,
    r.name_cn,
    { 1: 'rate', 2: 'unit price', 3: 'total' }[r.code],
    toPinyin(r.name_cn),
  ]),
);
write(
  'tables',
  head(
    'return_status',
    '回执状态',
    'States in receipts',
    CEB_SPEC,
    '2022-05',
    'receipts: three-digit numbers of the messages that list the state. Any negative number: error while processing.',
  ),
  ['code', 'zh', 'en', 'receipts'],
  readCsv('tables/ceb_return_status.csv').map((r) => [r.code, r.name_cn, r.meaning, r.listed_for_receipts]),
);
write(
  'tables',
  head(
    'error_code',
    '报文错误代码',
    'Error codes of messages',
    `${CEB_SPEC}, tables 7-1 and 7-2`,
    '2022-05',
    'scope platform: four digits; scope business: negative numbers. Numbers for 603, 605, 607, 701 of their own are not published.',
  ),
  ['code', 'scope', 'group', 'zh'],
  readCsv('tables/ceb_error_codes.csv').map((r) => [r.code, r.table, r.group, r.message_cn]),
);
write(
  'tables',
  head(
    'return_info_code',
    '回执信息代码（实见）',
    'Codes observed in returnInfo',
    'published sample receipts; not official',
    '2023',
    'An unknown code is a first-class state: keep the text.',
  ),
  ['code', 'zh', 'returnStatus'],
  readCsv('tables/ceb_returninfo_codes_observed.csv').map((r) => [r.code_in_returnInfo, r.desc_cn, r.returnStatus]),
);
write(
  'tables',
  head(
    'district_domestic',
    '国内地区代码',
    'Domestic districts',
    SINGLE_WINDOW,
    '2022-06',
    'Five digits: place of the producer or of domestic origin on the goods declaration.',
  ),
  ['code', 'zh', 'pinyin'],
  readCsv('tables/sw2022_CusDistrict.csv')
    .map((r) => [r.DISTRICT_CODE, r.DISTRICT_NAME, toPinyin(r.DISTRICT_NAME)])
    .sort(byCode),
);

// -------------------------------------------------------------------------------- goods declaration (报关单) parameters

/** Tables of two or three columns alike: code, Chinese, English where there is one, and what else the source says. */
function codeList(header, file, { code = 'code', zh = 'name_cn', en, more = {}, spell = true } = {}) {
  const english = typeof en === 'string' ? (r) => r[en] : (r) => en?.[r[code]] ?? '';
  const extra = Object.entries(more);
  const seen = new Set();
  const rows = readCsv(`tables/${file}.csv`)
    .filter((r) => r[code] !== '' && !seen.has(r[code]) && seen.add(r[code]))
    .map((r) => {
      const name = (typeof zh === 'function' ? zh(r) : r[zh]).trim();
      const cells = [r[code], name];
      if (en !== undefined) cells.push(english(r));
      if (spell) cells.push(toPinyin(name));
      return [...cells, ...extra.map(([, from]) => (typeof from === 'function' ? from(r) : r[from]))];
    })
    .sort(byCode);
  write(
    'tables',
    header,
    ['code', 'zh', ...(en === undefined ? [] : ['en']), ...(spell ? ['pinyin'] : []), ...extra.map(([name]) => name)],
    rows,
  );
}

const FILLING_RULES = '中华人民共和国海关进出口货物报关单填制规范 (海关总署公告2019年第18号)';
const sw = (id, zh, en, note = '') => head(id, zh, en, SINGLE_WINDOW, '2022-06', note);
const either =
  (...names) =>
  (r) =>
    names.map((name) => r[name]).find((text) => text !== undefined && text !== '') ?? '';

codeList(sw('levy_nature', '征免性质代码', 'Nature of levy and exemption'), 'cut_mode_zhengmian_xingzhi', {
  zh: either('abbr_2022', 'name_cn', 'name_2026'),
  en: {
    101: 'general levy',
    299: 'other law or regulation',
    502: 'processing with supplied materials',
    503: 'processing with imported materials',
  },
  more: { full: either('full_2022', 'full_name') },
});
codeList(sw('levy_mode', '征减免税方式代码', 'Mode of levy'), 'duty_mode_zhengmian_fangshi', {
  zh: either('name_2022', 'name_cn'),
  en: {
    1: 'levied as the law has it',
    2: 'half levied',
    3: 'fully exempt',
    4: 'special case',
    5: 'levied, exemption on guarantee',
    6: 'guarantee',
    7: 'half supplementary tax',
    8: 'half supplementary levy',
    9: 'full refund',
  },
});
codeList(sw('license_doc', '监管证件代码', 'Licence and accompanying documents'), 'license_doc_code', {
  zh: either('name_2022', 'name_cn', 'name_2026', 'name_hxt'),
});
codeList(sw('trans_mode', '成交方式代码', 'Terms of the deal'), 'trans_mode_chengjiao', {
  zh: either('name_2022', 'name_cn'),
  en: {
    1: 'cost, insurance and freight',
    2: 'cost and freight (CFR)',
    3: 'free on board',
    4: 'cost and insurance',
    5: 'market price',
    6: 'dunnage',
    7: 'ex works',
  },
});
codeList(sw('ciq_org', '检验检疫机关代码', 'Inspection and quarantine offices'), 'sw2022_CiqCusOrganization', {
  code: 'ORG_CODE',
  zh: 'ORG_NAME_C',
});
codeList(sw('domestic_port', '国内口岸代码', 'Domestic ports of entry and exit'), 'domestic_port');
codeList(
  sw(
    'admin_division',
    '行政区划代码（六位）',
    'Administrative divisions, six digits',
    'Place of origin or destination of goods under inspection.',
  ),
  'admin_division',
);
codeList(
  sw('container_spec', '集装箱规格代码', 'Container specification', 'old: the one-letter code of older messages.'),
  'container_spec',
  {
    more: { old: 'old_customs_code' },
  },
);
codeList(sw('entry_type', '报关单类型', 'Type of declaration'), 'entry_type', {
  en: {
    0: 'ordinary',
    L: 'with a list',
    W: 'paperless',
    D: 'list and paperless',
    M: 'paperless clearance',
  },
});
codeList(sw('dec_type', '报关单业务类型前缀', 'Declaration business prefix'), 'dec_type_prefix');
codeList(sw('decl_trn_rel', '报关转关关系标志', 'Declaration and transit relation'), 'decl_trn_rel', {
  en: { 0: 'ordinary declaration', 1: 'transit declared in advance' },
});
codeList(sw('transit_flag', '转关类型', 'Type of transit'), 'trn_trans_flag');
codeList(sw('edi_id', '报关标志', 'Declaration mark'), 'edi_id');
codeList(sw('oper_type', '操作类型', 'Operation of a declaration message'), 'oper_type');
codeList(sw('domain_id', '操作员身份', 'Capacity of the operator'), 'domain_id', {
  en: { 1: 'entered by', 2: 'declared by' },
});
codeList(sw('ftz_bill_type', '备案清单类型', 'Type of bonded-zone list'), 'bill_type_ftz');
codeList(sw('goods_attr', '货物属性代码', 'Attributes of goods under inspection'), 'goods_attr');
codeList(sw('use_to', '用途代码', 'Use of goods'), 'use_to', { zh: either('name_2022', 'name_cn') });
codeList(sw('edoc', '随附单据类别代码', 'Electronic accompanying papers'), 'edoc_code', {
  zh: (r) => r.name_cn.replace(/\s*\(.*\)$/, ''),
  en: {
    '00000001': 'invoice',
    '00000002': 'packing list',
    '00000003': 'bill of lading or waybill',
    '00000004': 'contract',
    '00000008': 'proxy letter',
  },
});
codeList(sw('promise_material', '证明、声明材料', 'Evidence and statements'), 'promise_material');
codeList(sw('royalty_declaration', '特许权使用费申报类型', 'Royalty declaration'), 'royalty_decl_type');
codeList(sw('royalty_payment', '特许权使用费支付方式', 'Royalty payment'), 'royalty_pay_type');
codeList(sw('origin_standard', '原产地标准', 'Standard of origin'), 'supplement_cert_standard');
codeList(sw('origin_mark', '原产地标记位置', 'Place of the mark of origin'), 'supplement_origin_mark');
codeList(sw('correlation_reason', '关联理由', 'Reason of correlation'), 'sw2022_CiqCorrelationReason', {
  code: 'ITEMCODE',
  zh: 'ITEMNAME',
});
codeList(sw('danger_package', '危险货物包装类别', 'Packing group of dangerous goods'), 'sw2022_CiqDangerPackType', {
  code: 'ITEMCODE',
  zh: 'ITEMNAME',
});
codeList(
  sw('inspection_licence_export', '出口检验检疫许可证类别', 'Inspection licences, export'),
  'sw2022_CiqLicenseE',
  {
    code: 'ITEMCODE',
    zh: 'ITEMNAME',
  },
);
codeList(
  sw('inspection_licence_import', '进口检验检疫许可证类别', 'Inspection licences, import'),
  'sw2022_CiqLicenseI',
  {
    code: 'ITEMCODE',
    zh: 'ITEMNAME',
  },
);
codeList(sw('certificate_type', '身份证件类型', 'Type of identity document'), 'sw2022_SwCertificateType', {
  code: 'GB_CODE',
  zh: either('MSS_NAME', 'GB_NAME', 'MSA_NAME'),
});
codeList(sw('dec_channel', '报关单回执状态', 'States of a goods declaration in receipts'), 'dec_channel', {
  zh: 'meaning_cn',
});
const filled = (id, zh, en, rows) =>
  write(
    'tables',
    head(
      id,
      zh,
      en,
      FILLING_RULES,
      '2019',
      'Names are in the filling rules; the digits are how declarations write them.',
    ),
    ['code', 'zh', 'en', 'pinyin'],
    rows.map(([code, name, english]) => [code, name, english, toPinyin(name)]),
  );
filled('brand_type', '品牌类型', 'Type of brand (first declaration element)', [
  ['0', '无品牌', 'no brand'],
  ['1', '境内自主品牌', 'own domestic brand'],
  ['2', '境内收购品牌', 'domestically acquired brand'],
  ['3', '境外品牌（贴牌生产）', 'foreign brand, made under licence (OEM)'],
  ['4', '境外品牌（其它）', 'foreign brand, other'],
]);
filled('export_benefit', '出口享惠情况', 'Preference in the country of destination (second declaration element)', [
  ['0', '出口货物在最终目的国（地区）不享受优惠关税', 'no preferential duty at the final destination'],
  ['1', '出口货物在最终目的国（地区）享受优惠关税', 'preferential duty at the final destination'],
  ['2', '出口货物不能确定在最终目的国（地区）享受优惠关税', 'not certain'],
  ['3', '不适用于进口报关单', 'import declaration, not applicable'],
]);

// ------------------------------------------------------------------------------------------------------------- region

const provinces = readCsv('region/provinces.csv');
const cities = readCsv('region/cities.csv');
write(
  'tables',
  head('region', '省市代码', 'Provinces and cities', '民政部行政区划代码', '2023', 'Two digits: province; four: city.'),
  ['code', 'zh', 'pinyin', 'parent'],
  [
    ...provinces.map((r) => [r.code, r.name, toPinyin(r.name), '']),
    ...cities.map((r) => [r.code, r.name, toPinyin(r.name), r.provinceCode]),
  ].sort(byCode),
);
write(
  'tables',
  head(
    'county_hainan_guangdong',
    '海南、广东县级区划',
    'Counties of Hainan and Guangdong',
    '民政部行政区划代码',
    '2023',
    'zone: the county lies inside the island-wide comprehensive pilot zone (国函〔2025〕40号). Other zones are set in the profile.',
  ),
  ['code', 'zh', 'pinyin', 'city', 'cityZh', 'province', 'zone'],
  readCsv('region/hainan_guangdong_counties.csv')
    .map((r) => [
      r.county_code,
      r.county_name,
      toPinyin(r.county_name),
      r.city_code,
      r.city_name,
      r.province_code,
      r.province_code === '46' ? 'hainan' : '',
    ])
    .sort(byCode),
);

// ----------------------------------------------------------------------------------------------------------- calendar

const holidays = readCsv('calendar/cn_holidays_2018_2026.csv');
const notices = [...new Set(holidays.map((r) => r.gov_notice_urls).filter((u) => u !== ''))].sort();
const years = [...new Set(holidays.map((r) => r.date.slice(0, 4)))].sort();
write(
  'calendar',
  head(
    'cn-holidays',
    '节假日与调休上班日',
    'Public holidays and working days made up',
    '国务院办公厅关于节假日安排的通知',
    `${years[0]}..${years[years.length - 1]}`,
    'kind off: not worked; work: a weekend day that is worked. Years outside the list are unknown, not free of holidays.',
  ),
  ['date', 'kind', 'zh'],
  holidays.map((r) => [r.date, r.kind, r.name_cn]).sort(byCode),
  { notices, years },
);

// ------------------------------------------------------------------------------------------------------------------ HS

const elementSets = [];
const elementIndex = new Map();
const english = [];
const englishIndex = new Map();
const intern = (list, map, value) => {
  let at = map.get(value);
  if (at === undefined) {
    at = list.length;
    list.push(value);
    map.set(value, at);
  }
  return at;
};
const hsSource = readCsv('tables/hs_cn_2022.csv');
const hs = hsSource
  .map((r) => [
    r.hs_code,
    r.name_cn,
    toPinyin(r.name_cn),
    intern(elementSets, elementIndex, r.elements_required),
    intern(elementSets, elementIndex, r.elements_optional),
    intern(english, englishIndex, r.hs6_description_en),
    r.name_quality === 'exact' ? '' : r.name_quality,
  ])
  .sort(byCode);
write(
  'tables',
  head(
    'hs',
    '商品编码（十位）',
    'Commodity codes, ten digits',
    SINGLE_WINDOW,
    '2022-06',
    'elements, optional: indexes into elementSets, required and optional declaration elements separated by ; (their order is not official). en: index into english, the six-digit description. No units, licences or rates: those come from the user. quality: how the name was found, empty for exact.',
  ),
  ['code', 'zh', 'pinyin', 'elements', 'optional', 'en', 'quality'],
  hs,
  { elementSets, english },
);

// Thirteen digits: most names repeat the ten-digit name, so that a name is written only where it says more.
const nameOfHs = new Map(hsSource.map((r) => [r.hs_code, r.name_cn]));
write(
  'tables',
  head(
    'hs_ciq',
    '商品编码检验检疫附加码（13位）',
    'Commodity codes with inspection suffix, thirteen digits',
    SINGLE_WINDOW,
    '2022-06',
    'The last three digits are the inspection suffix. An empty name is the name of the ten-digit code.',
  ),
  ['code', 'zh'],
  readCsv('tables/hs_cn_ciq13_2022.csv')
    .map((r) => [`${r.hs_code}${r.ciq_suffix}`, r.name_cn === nameOfHs.get(r.hs_code) ? '' : r.name_cn])
    .sort(byCode),
);
const englishHeadings = readCsv('tables/hs6_en_2022.csv');
const chapterEn = new Map(englishHeadings.filter((r) => r.level === '2').map((r) => [r.hscode, r.description_en]));
const HS_2022 = 'Harmonized System 2022, English descriptions (World Customs Organization)';
write(
  'tables',
  head('hs_chapter', '商品编码类章', 'Sections and chapters of the tariff', `${SINGLE_WINDOW}; ${HS_2022}`, '2022'),
  ['code', 'zh', 'en', 'pinyin', 'section', 'sectionZh'],
  readCsv('tables/hs_cn_sections_chapters.csv')
    .map((r) => [
      r.chapter,
      r.chapter_name_cn,
      chapterEn.get(r.chapter) ?? '',
      toPinyin(r.chapter_name_cn),
      r.section,
      r.section_name_cn,
    ])
    .sort(byCode),
);
write(
  'tables',
  head(
    'hs_heading',
    '商品编码品目（四位）',
    'Headings, four digits',
    HS_2022,
    '2022',
    'English only: no Chinese names of headings are published freely.',
  ),
  ['code', 'zh', 'en'],
  englishHeadings
    .filter((r) => r.level === '4')
    .map((r) => [r.hscode, '', r.description_en])
    .sort(byCode),
);

// --------------------------------------------------------------------------------------------------------------- index

// Rule packs are written by hand, with their own dates; the index lists them so that the status bar can show their age.
const rulesFolder = join(root, 'resources/rules');
mkdirSync(rulesFolder, { recursive: true });
const packs = [];
for (const name of readdirSync(rulesFolder)
  .filter((n) => n.startsWith('customs-') && n.endsWith('.json'))
  .sort()) {
  const text = readFileSync(join(rulesFolder, name), 'utf8');
  const pack = JSON.parse(text);
  packs.push({
    id: pack.id,
    path: `rules/${name}`,
    title: pack.titleZh,
    source: pack.source,
    versions: pack.versions.length,
    sha256: createHash('sha256').update(text).digest('hex'),
  });
}
index.sort((a, b) => (a.path < b.path ? -1 : 1));
writeFileSync(join(root, 'resources/tables/index.json'), `${JSON.stringify({ tables: index, packs }, null, 1)}\n`);
process.stdout.write(`${index.length} tables, ${index.reduce((n, t) => n + t.rows, 0)} rows\n`);
