import encodeQR from 'qr';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { fillIn } from '../../../shared/i18n/fill.ts';
import { rangeText } from '../../../shared/lots/cartons.ts';
import { celsiusText } from '../../../shared/lots/cold-chain.ts';
import { headedText, type LabelFacts, type LabelLanguage, labelText } from '../../../shared/lots/label-text.ts';
import { kilogramText } from '../../../shared/lots/mass.ts';
import type { PaperNames } from '../lots.ts';
import { escapeHtml, printFont } from './html.ts';
import { linesIn, paginate, paperHtml, plainSetup } from './papers/sheet.ts';

/** 溯源页, 召回函, 批次标签: what is printed of lots, in Chinese or English. */

type Trace = OutputOf<'trace.query'>;
type Recall = OutputOf<'trace.recall'>;
type Cell = string | { readonly html: string };

/** A QR code as SVG; black on white, with the quiet zone that a reader needs. */
function qr(text: string): string {
  return encodeQR(text, 'svg', { ecc: 'medium', encoding: 'byte', border: 4 });
}

const cellHtml = (cell: Cell): string => (typeof cell === 'string' ? escapeHtml(cell) : cell.html);
/** @param widths of the columns in proportion to each other; left out, they are even */
function table(
  head: readonly string[],
  rows: readonly (readonly Cell[])[],
  widths: readonly number[] = head.map(() => 1),
): string {
  const total = widths.reduce((sum, one) => sum + one, 0);
  const columns = widths.map((one) => `<col style="width:${((one / total) * 100).toFixed(2)}%">`).join('');
  const heads = head.map((one) => `<th>${escapeHtml(one)}</th>`).join('');
  const body = rows.map((row) => `<tr>${row.map((cell) => `<td>${cellHtml(cell)}</td>`).join('')}</tr>`).join('');
  return `<table><colgroup>${columns}</colgroup><thead><tr>${heads}</tr></thead><tbody>${body}</tbody></table>`;
}

const style = `
.sheet.en { display: block; }
.head { display: flex; justify-content: space-between; gap: 6mm; align-items: flex-start; }
.qr { width: 34mm; flex: none; } .qr svg { width: 100%; height: auto; display: block; }
.facts { flex: 1; } .facts td:first-child { width: 30mm; font-weight: 600; }
.code { font-family: ${printFont}; letter-spacing: 0.04em; }
.small { font-size: 7.5pt; }
.foot { margin-top: 4mm; font-size: 8pt; }
.letter { font-size: 10.5pt; line-height: 1.6; white-space: pre-line; }
.sign { display: flex; justify-content: space-between; margin-top: 10mm; }
.label { border: 0.6pt solid #000; padding: 3mm; display: flex; gap: 4mm; height: 56mm; overflow: hidden; break-inside: avoid; box-sizing: border-box; }
.label .qr { width: 46mm; } .label pre { margin: 0; font: 8.5pt/1.45 ${printFont}; white-space: pre-wrap; overflow-wrap: anywhere; flex: 1; }
.labels { display: grid; grid-template-columns: 1fr; gap: 5mm; }
`;

const words = {
  zh: {
    trace: '产品溯源单',
    code: '溯源码',
    product: '产品',
    mass: '净重',
    harvested: '采收',
    origin: '基地',
    packHouse: '包装厂',
    exporter: '出口企业',
    buyer: '买方',
    registration: '注册登记号',
    area: '面积',
    place: '地点',
    treatments: '投入品（采收前一年内）',
    date: '日期',
    name: '名称',
    dose: '用量',
    waiting: '安全间隔期（天）',
    steps: '批次',
    made: '来源',
    grade: '等级',
    yield: '成品率',
    reports: '检测报告',
    number: '编号',
    laboratory: '检测机构',
    result: '结论',
    substances: '项目数',
    dispatches: '发运',
    country: '输往',
    cartons: '箱数',
    cartonNos: '箱号',
    certificate: '植物检疫（卫生）证书',
    container: '集装箱',
    declaration: '报关单',
    dispatch: '发运编号',
    lotMass: '批次重量',
    certificates: '认证',
    scheme: '名目',
    until: '有效期至',
    noEnd: '长期',
    coldLogs: '冷链',
    logger: '记录仪',
    band: '温度范围',
    extremes: '最低 / 最高',
    recorded: '记录时间',
    outside: '超出（分钟）',
    declarations: '报关',
    exported: '出口日期',
    lines: '项数',
    none: '无',
    unknown: '未登记',
    more: '其余 {n} 行见电子数据',
    madeOn: '制表日期',
    footer: '本单由企业根据自有记录制作，二维码为文字，不需要网络即可读取。',
    recall: '召回通知',
    lots: '涉及批次',
    reason: '召回原因',
    onHand: '库存',
    holdNote: '封存通知（内部）',
    loose: '散货',
    sum: '合计',
    pass: '合格',
    fail: '不合格',
    open: '未下结论',
    harvest: '采收',
    split: '分批',
    merge: '合批',
    process: '加工',
    sign: '负责人：',
    day: '日期：',
  },
  en: {
    trace: 'Product traceability sheet',
    code: 'Trace code',
    product: 'Product',
    mass: 'Net mass',
    harvested: 'Harvested',
    origin: 'Origin',
    packHouse: 'Pack house',
    exporter: 'Exporter',
    buyer: 'Buyer',
    registration: 'Registration no.',
    area: 'Area',
    place: 'Place',
    treatments: 'Inputs within a year before harvest',
    date: 'Date',
    name: 'Name',
    dose: 'Dose',
    waiting: 'Waiting period (days)',
    steps: 'Lots',
    made: 'Made by',
    grade: 'Grade',
    yield: 'Yield',
    reports: 'Test reports',
    number: 'Number',
    laboratory: 'Laboratory',
    result: 'Result',
    substances: 'Substances',
    dispatches: 'Dispatches',
    country: 'Destination',
    cartons: 'Cartons',
    cartonNos: 'Carton nos.',
    certificate: 'Phytosanitary (health) certificate',
    container: 'Container',
    declaration: 'Declaration no.',
    dispatch: 'Dispatch',
    lotMass: 'Mass of lot',
    certificates: 'Certificates',
    scheme: 'Scheme',
    until: 'Valid until',
    noEnd: 'no end',
    coldLogs: 'Cold chain',
    logger: 'Logger',
    band: 'Range',
    extremes: 'Lowest / highest',
    recorded: 'Recorded',
    outside: 'Outside (min)',
    declarations: 'Customs declarations',
    exported: 'Exported on',
    lines: 'Lines',
    none: 'none',
    unknown: 'not recorded',
    more: '{n} more {n|row|rows} in the electronic data',
    madeOn: 'Made on',
    footer: 'Made by the exporter from its own records. The QR code is plain text and needs no network.',
    recall: 'Recall notice',
    lots: 'Lots concerned',
    reason: 'Reason of the recall',
    onHand: 'In stock',
    holdNote: 'Hold notice (internal)',
    loose: 'Not in cartons',
    sum: 'Total',
    pass: 'passed',
    fail: 'failed',
    open: 'no verdict',
    harvest: 'harvest',
    split: 'split',
    merge: 'merge',
    process: 'processing',
    sign: 'Signed:',
    day: 'Date: ',
  },
} as const;

/** How many rows a table leaves out. */
const moreText = (word: (typeof words)[LabelLanguage], n: number): string =>
  fillIn(word.more, (name) => (name === 'n' ? n : undefined));

/** `2026-11-21` in China. */
const day = (seconds: number): string => new Date((seconds + 8 * 3600) * 1000).toISOString().slice(0, 10);

/** Rows of each table of a page for a buyer at most: one page is all there is, and what does not fit is counted. */
const most = {
  sites: 5,
  houses: 3,
  certificates: 3,
  treatments: 6,
  lots: 10,
  reports: 4,
  dispatches: 4,
  coldLogs: 3,
  declarations: 3,
} as const;
type Section = keyof typeof most;

/** Millimetres: of a title with the head of its table, of a row that may take two lines, of a line of text, of what the tables have. */
const height = { title: 16.5, row: 7.5, line: 6, room: 210 } as const;

/**
 * How many rows of each table fit one page: the longest table gives way first, none below one row.
 * @param counts rows of the tables the page has; 0: a line that says so
 */
export function fitRows(counts: Partial<Record<Section, number>>): Record<Section, number> {
  const shown = { ...most } as Record<Section, number>;
  const names = Object.keys(counts) as Section[];
  for (const name of names) shown[name] = Math.min(counts[name] ?? 0, most[name]);
  const used = (): number =>
    names.reduce((sum, name) => {
      const rest = (counts[name] ?? 0) > shown[name] || shown[name] === 0 ? height.line : 0;
      return sum + height.title + shown[name] * height.row + rest;
    }, 0);
  while (used() > height.room) {
    const longest = names.reduce((a, b) => (shown[b] > shown[a] ? b : a));
    if (shown[longest] <= 1) break;
    shown[longest] -= 1;
  }
  return shown;
}

export interface TracePaper extends PaperNames {
  readonly language: LabelLanguage;
  readonly madeOn: string;
  /** Of the lots that were asked for: what the QR code says of them. */
  readonly labels: readonly LabelFacts[];
}

/** The text of the QR code: the label of a lot, or what was asked for with its lots. */
function codeText({ found, askedG }: Trace, { labels, language }: TracePaper): string | undefined {
  const [label] = labels;
  if (label === undefined) return undefined;
  const { kind } = found;
  return kind === 'lot'
    ? labelText(label, language)
    : headedText({ kind, name: found.label, massG: askedG }, labels, language);
}

/**
 * One page for the buyer: where the goods came from and how they went, with a QR code that holds it in words. Of a lot alone nothing is
 * said of dispatches: the page may go to anyone.
 * @param trace only what this buyer may see
 */
export function tracePage(trace: Trace, paper: TracePaper): { html: string; pages: number } {
  const { language } = paper;
  const word = words[language];
  const cut = <T>(rows: readonly T[], limit: number): readonly T[] => rows.slice(0, limit);
  const rest = (n: number, limit: number): string =>
    n > limit ? `<p class="small">${escapeHtml(moreText(word, n - limit))}</p>` : '';
  const section = (title: string, body: string): string => `<h2>${escapeHtml(title)}</h2>${body}`;
  const asked = trace.lots.filter(({ role }) => role === 'asked');
  const lot = asked[0] ?? trace.lots[0];
  const harvests = trace.lots.filter(({ made }) => made === 'harvest');
  const days = harvests.map(({ madeOn }) => madeOn).sort();
  const named = (one: { product: string; productEn: string; variety: string }): string =>
    [language === 'en' && one.productEn !== '' ? one.productEn : one.product, one.variety]
      .filter((part) => part !== '')
      .join(' ');
  const kg = (grams: number): string => `${kilogramText(grams)} kg`;
  const origins = trace.sites.filter(({ kind }) => kind !== 'pack-house');
  const houses = trace.sites.filter(({ kind }) => kind === 'pack-house');
  const sites = (rows: Trace['sites'], limit: number): string =>
    table(
      [word.name, word.registration, word.place, word.area],
      cut(rows, limit).map((one) => [
        one.name,
        one.registrationNo === '' ? word.unknown : one.registrationNo,
        one.place,
        one.areaM2 === undefined ? '' : `${(one.areaM2 / 10_000).toFixed(2)} ha`,
      ]),
      [50, 52, 54, 30],
    ) + rest(rows.length, limit);
  const fact = (name: string, value: string): string =>
    `<tr><td>${escapeHtml(name)}</td><td>${escapeHtml(value)}</td></tr>`;
  const code = codeText(trace, paper);
  const certificates = trace.certificates.filter(({ state }) => state === 'active');
  const isSent = trace.found.kind !== 'lot';
  const shown = fitRows({
    sites: origins.length,
    ...(houses.length === 0 ? {} : { houses: houses.length }),
    ...(certificates.length === 0 ? {} : { certificates: certificates.length }),
    treatments: trace.treatments.length,
    lots: trace.lots.length,
    reports: trace.reports.length,
    ...(isSent
      ? {
          dispatches: trace.dispatches.length,
          coldLogs: trace.coldLogsTotal,
          declarations: trace.declarations.length,
        }
      : {}),
  });
  const head = `<div class="head"><table class="facts"><tbody>
${fact(word.code, trace.found.kind === 'lot' ? trace.found.label : `${trace.found.label} (${trace.found.lots.slice(0, 6).join(', ')})`)}
${lot === undefined ? '' : fact(word.product, named(lot))}
${fact(word.mass, kg(trace.askedG))}
${fact(word.harvested, days[0] === days.at(-1) ? (days[0] ?? '') : `${days[0] ?? ''} – ${days.at(-1) ?? ''}`)}
${fact(word.exporter, paper.firm)}
</tbody></table>${code === undefined ? '' : `<div class="qr">${qr(code)}</div>`}</div>`;
  const listed = (title: string, of: string, rows: number, limit: number): string =>
    section(title, rows === 0 ? `<p>${word.none}</p>` : of + rest(rows, limit));
  const sentSections = (): string[] => [
    listed(
      word.dispatches,
      table(
        [word.number, word.date, word.country, word.certificate, word.container, word.cartons],
        cut(trace.dispatches, shown.dispatches).map((one) => [
          one.number,
          one.on,
          paper.countryOf(one.country),
          one.certificateNo,
          one.containerNo,
          String(one.cartons),
        ]),
        [44, 24, 30, 42, 28, 18],
      ),
      trace.dispatches.length,
      shown.dispatches,
    ),
    listed(
      word.coldLogs,
      table(
        [word.dispatch, word.logger, word.band, word.extremes, word.recorded, word.outside],
        cut(trace.coldLogs, shown.coldLogs).map(({ dispatch, logger, fileName, lowC100, highC100, analysis }) => [
          dispatch,
          logger === '' ? fileName : logger,
          `${celsiusText(lowC100)} – ${celsiusText(highC100)} °C`,
          analysis.minC100 === undefined || analysis.maxC100 === undefined
            ? ''
            : `${celsiusText(analysis.minC100)} / ${celsiusText(analysis.maxC100)} °C`,
          analysis.from === undefined || analysis.until === undefined
            ? ''
            : `${day(analysis.from)} – ${day(analysis.until)}`,
          String(Math.round(analysis.outside / 60)),
        ]),
        [26, 30, 30, 32, 44, 24],
      ),
      trace.coldLogsTotal,
      shown.coldLogs,
    ),
    listed(
      word.declarations,
      table(
        [word.dispatch, word.declaration, word.exported, word.lines],
        cut(trace.declarations, shown.declarations).map((one) => [
          one.dispatch,
          one.declarationNo,
          one.exportDate,
          one.lines === 0 ? '' : String(one.lines),
        ]),
        [40, 66, 50, 30],
      ),
      trace.declarations.length,
      shown.declarations,
    ),
  ];
  const body = [
    `<h1>${escapeHtml(word.trace)}</h1>`,
    head,
    section(word.origin, origins.length === 0 ? `<p>${word.unknown}</p>` : sites(origins, shown.sites)),
    ...(houses.length === 0 ? [] : [section(word.packHouse, sites(houses, shown.houses))]),
    ...(certificates.length === 0
      ? []
      : [
          section(
            word.certificates,
            table(
              [word.scheme, word.number, word.name, word.until],
              cut(certificates, shown.certificates).map((one) => [
                one.scheme,
                one.number,
                one.site,
                one.untilOn ?? word.noEnd,
              ]),
              [40, 52, 54, 30],
            ) + rest(certificates.length, shown.certificates),
          ),
        ]),
    section(
      word.treatments,
      trace.treatments.length === 0
        ? `<p>${word.unknown}</p>`
        : table(
            [word.date, word.origin, word.name, word.dose, word.waiting],
            cut(trace.treatments, shown.treatments).map((one) => [
              one.on,
              one.site,
              one.name,
              one.dose,
              one.waitingDays === undefined ? word.unknown : String(one.waitingDays),
            ]),
            [22, 50, 50, 34, 30],
          ) + rest(trace.treatments.length, shown.treatments),
    ),
    section(
      word.steps,
      table(
        [word.code, word.date, word.made, word.product, word.grade, word.lotMass, word.yield],
        cut([...asked, ...trace.lots.filter(({ role }) => role !== 'asked')], shown.lots).map((one) => [
          { html: `<span class="code">${escapeHtml(one.code)}</span>` },
          one.madeOn,
          word[one.made],
          named(one),
          one.grade,
          kg(one.massG),
          one.yield === undefined ? '' : `${one.yield} %`,
        ]),
        [34, 22, 22, 42, 20, 26, 20],
      ) + rest(trace.lots.length, shown.lots),
    ),
    section(
      word.reports,
      trace.reports.length === 0
        ? `<p>${word.none}</p>`
        : table(
            [word.number, word.laboratory, word.date, word.result, word.substances],
            cut(trace.reports, shown.reports).map((one) => [
              one.number,
              one.laboratory,
              one.issuedOn,
              word[one.result],
              String(one.results.length),
            ]),
          ) + rest(trace.reports.length, shown.reports),
    ),
    ...(isSent ? sentSections() : []),
    `<p class="foot">${escapeHtml(word.footer)} ${escapeHtml(word.madeOn)} ${paper.madeOn}</p>`,
  ].join('\n');
  return paperHtml([body], {
    title: `${word.trace} ${trace.found.label}`,
    isLandscape: false,
    watermark: '',
    copies: 1,
    setup: plainSetup,
    style,
  });
}

/** The rows of a recall with one for what is still here, also where nothing of that is in cartons. */
function withStock(recall: Recall): Recall['rows'] {
  const has = recall.rows.some(({ dispatch }) => dispatch === '');
  if (has || recall.looseG === 0) return recall.rows;
  const none = { dispatch: '', buyer: '', country: '', on: '', shipmentNo: '', declarationNo: '', cartons: [] };
  return [...recall.rows, { ...none, count: 0, massG: 0 }];
}

/** Lots of which something is in no carton, listed on the sheet of what is still here. */
function looseList(recall: Recall, word: (typeof words)[LabelLanguage]): string {
  const loose = recall.lots.filter(({ freeG }) => freeG > 0);
  if (loose.length === 0) return '';
  const rows = loose
    .slice(0, LOOSE)
    .map(({ code, madeOn, freeG }) => [
      { html: `<span class="code">${escapeHtml(code)}</span>` },
      madeOn,
      `${kilogramText(freeG)} kg`,
    ]);
  const rest = loose.length - rows.length;
  return `<h2>${escapeHtml(word.loose)}</h2>${table([word.code, word.date, word.mass], rows, [52, 94, 40])}${
    rest > 0 ? `<p class="small">${escapeHtml(moreText(word, rest))}</p>` : ''
  }`;
}
/** Loose lots on a sheet; all of them are in the list of the recall. */
const LOOSE = 12;

/** A letter to each buyer with the list of his cartons, then a note to the own store to hold what is still here. */
export function recallPages(
  recall: Recall,
  paper: PaperNames & { readonly language: LabelLanguage; readonly reason: string; readonly madeOn: string },
): { html: string; pages: number } {
  const word = words[paper.language];
  const isZh = paper.language === 'zh';
  const codes = recall.lots.map(({ code }) => code);
  const sheets = withStock(recall).flatMap((row) => {
    const title = row.dispatch === '' ? word.onHand : row.buyer === '' ? row.dispatch : row.buyer;
    const own = new Set(row.cartons.map(({ lot }) => lot));
    // What is here in no carton is of lots too.
    const lots = recall.lots.filter(({ code, freeG }) => own.has(code) || (row.dispatch === '' && freeG > 0));
    const product = [...new Set(lots.map((one) => (isZh || one.productEn === '' ? one.product : one.productEn)))].join(
      ', ',
    );
    const isHere = row.dispatch === '';
    const text = isHere
      ? isZh
        ? `以下${product}还在本企业，因下述原因召回。请立即封存，单独存放，不得装箱、加工或发运。`
        : `These goods (${product}) are still with us and are recalled for the reason below. Hold them at once, keep them apart, and neither pack, process nor ship them.`
      : isZh
        ? `${title}：\n本企业出口的${product}因下述原因需要召回。请立即停止销售和使用清单所列各箱，单独存放，并将尚存数量和已售去向告知本企业。`
        : `To ${title}:\nWe have to recall ${product} of our export for the reason below. Please stop selling and using the cartons listed at once, keep them apart, and tell us how many are left and where the others went.`;
    const facts: [string, string][] = [
      [word.reason, paper.reason],
      [word.product, product],
      [word.dispatches, [row.dispatch, row.on, paper.countryOf(row.country)].filter((one) => one !== '').join('  ')],
      [word.declaration, row.declarationNo],
      [word.cartons, `${row.count} (${kilogramText(row.massG)} kg)`],
      ...(isHere ? [[word.loose, `${kilogramText(recall.looseG)} kg`] satisfies [string, string]] : []),
    ];
    const name = isHere ? word.holdNote : word.recall;
    const head = `<h1>${escapeHtml(name)}</h1><p class="letter">${escapeHtml(text)}</p><table class="facts"><tbody>${facts
      .filter(([, value]) => value !== '')
      .map(([name, value]) => `<tr><td>${escapeHtml(name)}</td><td>${escapeHtml(value)}</td></tr>`)
      .join('')}</tbody></table>`;
    const foot = `<div class="sign"><span>${escapeHtml(paper.firm)}</span><span>${word.sign}</span><span>${word.day}${paper.madeOn}</span></div>`;
    // The letter and its facts take about 90 mm; a long reason more.
    const used = 90 + linesIn(paper.reason, 150, 9) * 5;
    // Loose lots stand below the last cartons.
    const below = isHere ? Math.min(LOOSE + 2, recall.lots.filter(({ freeG }) => freeG > 0).length + 2) * 6 : 0;
    const pages = paginate(row.cartons, () => 6, { first: 262 - used - 24, next: 246, last: 22 + below });
    return pages.map((cartons, at) => {
      const list = table(
        [word.code, word.cartonNos, word.cartons],
        cartons.map((one) => [
          { html: `<span class="code">${escapeHtml(one.lot)}</span>` },
          rangeText(one),
          String(one.last - one.first + 1),
        ]),
        [52, 94, 40],
      );
      const above = at === 0 ? head : `<p>${escapeHtml(`${name} ${title} ${at + 1}/${pages.length}`)}</p>`;
      const loose = isHere && at === pages.length - 1 ? looseList(recall, word) : '';
      return `${above}${cartons.length === 0 ? '' : `<h2>${escapeHtml(word.cartonNos)}</h2>${list}`}${loose}${at === pages.length - 1 ? foot : ''}`;
    });
  });
  const none = `<h1>${escapeHtml(word.recall)}</h1><p class="letter">${escapeHtml(`${word.lots}: ${codes.join(', ')}`)}</p>`;
  return paperHtml(sheets.length === 0 ? [none] : sheets, {
    title: `${word.recall} ${recall.found.label}`,
    isLandscape: false,
    watermark: '',
    copies: 1,
    setup: plainSetup,
    style,
  });
}

/** Labels a sheet. */
const LABELS = 4;

/** Labels of a lot: the QR code and the same in words. */
export function labelPages(
  facts: LabelFacts,
  language: LabelLanguage,
  copies: number,
): { html: string; pages: number } {
  const text = labelText(facts, language);
  const label = `<div class="label"><div class="qr">${qr(text)}</div><pre>${escapeHtml(text)}</pre></div>`;
  const sheets = Array.from({ length: Math.ceil(copies / LABELS) }, (_, at) => {
    const count = Math.min(LABELS, copies - at * LABELS);
    return `<div class="labels">${label.repeat(count)}</div>`;
  });
  return paperHtml(sheets, {
    title: facts.code,
    isLandscape: false,
    watermark: '',
    copies: 1,
    setup: plainSetup,
    style,
  });
}
