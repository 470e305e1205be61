import type { OutputOf } from '../../../shared/contract/contract.ts';
import { fillIn } from '../../../shared/i18n/fill.ts';
import { celsiusText } from '../../../shared/lots/cold-chain.ts';
import type { LabelLanguage } from '../../../shared/lots/label-text.ts';
import type { PaperNames } from '../lots.ts';
import type { DispatchView } from '../store/trace/dispatches.ts';
import { escapeHtml } from './html.ts';
import { paperHtml, plainSetup } from './papers/sheet.ts';

/** 冷链记录: one page for the buyer with the curve, stays outside the band, and what is odd about the log. */

type Log = OutputOf<'coldLogs.get'>;

const words = {
  zh: {
    title: '冷链温度记录',
    semicolon: '；',
    dispatch: '发运',
    product: '产品',
    logger: '记录仪',
    file: '文件',
    band: '温度范围',
    span: '记录时间',
    readings: '读数',
    interval: '间隔',
    least: '最低 / 最高',
    outside: '超出范围',
    excursions: '超温时段',
    from: '自',
    until: '至',
    minutes: '分钟',
    peak: '极值',
    degreeMinutes: '度·分钟',
    side: '方向',
    above: '高于上限',
    below: '低于下限',
    none: '记录期间没有超出范围。',
    more: '以上是度·分钟最大的 {shown} 次，另有 {n} 次超出范围未列，见电子数据；上面的合计含全部。',
    oddities: '记录本身的情况',
    failed: '另有 {n} 行没有读数',
    firm: '出口企业',
    madeOn: '制表日期',
    zone: '时间为北京时间。两次读数之间按直线计算，间断处不作推断。',
    gap: '{n} 处间断，最长 {minutes} 分钟',
    clockBack: '时钟有 {n} 次倒退，最多 {minutes} 分钟',
    clockTwice: '{n} 个读数与前一读数时间相同，取先出现的',
    future: '{n} 个读数的时间在制表之后',
    beforeLoading: '记录比装货晚开始 {minutes} 分钟',
    endsEarly: '记录比到货早结束 {minutes} 分钟',
    elsewhere: '没有读数在装货与到货之间，最近的一个在 {at}',
    tooFew: '读数太少，不能判断',
  },
  en: {
    title: 'Cold chain record',
    semicolon: '; ',
    dispatch: 'Dispatch',
    product: 'Product',
    logger: 'Logger',
    file: 'File',
    band: 'Temperature range',
    span: 'Recorded',
    readings: 'Readings',
    interval: 'Interval',
    least: 'Lowest / highest',
    outside: 'Out of range',
    excursions: 'Times out of range',
    from: 'From',
    until: 'Until',
    minutes: 'min',
    peak: 'Extreme',
    degreeMinutes: '°C·min',
    side: 'Side',
    above: 'above',
    below: 'below',
    none: 'Within range all the time that was recorded.',
    more: 'These are the {shown} with the most degree-minutes; {n} more {n|is|are} in the electronic data. The totals above count all.',
    oddities: 'About the record itself',
    failed: '{n} more {n|row|rows} without a reading',
    firm: 'Exporter',
    madeOn: 'Made on',
    zone: 'Times are Beijing time (UTC+8). A straight line is taken between readings; nothing is assumed across gaps.',
    gap: '{n} {n|gap|gaps}, the longest of {minutes} min',
    clockBack: 'The clock went back {n} {n|time|times}, by {minutes} min at most',
    clockTwice: '{n} {n|reading has|readings have} the time of the one before; the first counts',
    future: '{n} {n|reading lies|readings lie} after the day of this page',
    beforeLoading: 'The record begins {minutes} min after loading',
    endsEarly: 'The record ends {minutes} min before arrival',
    elsewhere: 'No reading lies between loading and arrival; the nearest is of {at}',
    tooFew: 'Too few readings to judge',
  },
} as const;

const width = 186;
const height = 80;
const inset = { left: 12, right: 3, top: 4, bottom: 9 };
const SHOWN = 18;

/** `2026-11-21 08:05` in China. */
const shown = (seconds: number): string =>
  new Date((seconds + 8 * 3600) * 1000).toISOString().slice(0, 16).replace('T', ' ');

/** The curve with the band behind it, in millimetres. */
function picture(log: Log): string {
  const values = log.points.flatMap(([, c100]) => (c100 === null ? [] : [c100]));
  const { from = 0, until = 0 } = log.analysis;
  const low = Math.floor((Math.min(log.lowC100, ...values) - 100) / 100) * 100;
  const high = Math.ceil((Math.max(log.highC100, ...values) + 100) / 100) * 100;
  const span = Math.max(1, until - from);
  const x = (at: number): number => inset.left + ((at - from) / span) * (width - inset.left - inset.right);
  const y = (c100: number): number => inset.top + ((high - c100) / (high - low)) * (height - inset.top - inset.bottom);
  let path = '';
  let isOpen = false;
  for (const [at, c100] of log.points) {
    if (c100 === null) isOpen = false;
    else {
      path += `${isOpen ? 'L' : 'M'}${x(at).toFixed(2)} ${y(c100).toFixed(2)}`;
      isOpen = true;
    }
  }
  const step = Math.max(100, Math.ceil((high - low) / 600) * 100);
  const lines: string[] = [];
  for (let value = low; value <= high; value += step)
    lines.push(
      `<line x1="${inset.left}" x2="${width - inset.right}" y1="${y(value).toFixed(2)}" y2="${y(value).toFixed(2)}" stroke="#ccc" stroke-width="0.15"/><text x="${inset.left - 1.5}" y="${(y(value) + 1).toFixed(2)}" text-anchor="end">${celsiusText(value)}</text>`,
    );
  const times = [0, 0.25, 0.5, 0.75, 1].map((part) => {
    const at = from + span * part;
    const anchor = part === 0 ? 'start' : part === 1 ? 'end' : 'middle';
    return `<text x="${x(at).toFixed(2)}" y="${height - 3}" text-anchor="${anchor}">${shown(at).slice(5)}</text>`;
  });
  const band = `<rect x="${inset.left}" width="${width - inset.left - inset.right}" y="${y(log.highC100).toFixed(2)}" height="${(y(log.lowC100) - y(log.highC100)).toFixed(2)}" fill="#e6f2ea"/>`;
  return `<svg viewBox="0 0 ${width} ${height}" width="${width}mm" height="${height}mm" font-size="2.6">${band}${lines.join('')}${times.join('')}<path d="${path}" fill="none" stroke="#0b5cad" stroke-width="0.35"/></svg>`;
}

export function coldPage(
  log: Log,
  paper: PaperNames & {
    readonly language: LabelLanguage;
    /** As the language of the page names it. */
    readonly product: string;
    readonly madeOn: string;
    readonly dispatch: DispatchView;
  },
): { html: string; pages: number } {
  const word = words[paper.language];
  const { analysis } = log;
  const minutes = (seconds: number): string => String(Math.round(seconds / 60));
  const celsius = (c100: number | undefined): string => (c100 === undefined ? '' : `${celsiusText(c100)} °C`);
  const tenths = (value: number): string => (value / 10).toFixed(1);
  const fact = (name: string, value: string): string =>
    `<tr><td>${escapeHtml(name)}</td><td>${escapeHtml(value)}</td></tr>`;
  const facts = [
    fact(word.firm, paper.firm),
    fact(
      word.dispatch,
      [paper.dispatch.number, paper.dispatch.on, paper.countryOf(paper.dispatch.country), paper.dispatch.containerNo]
        .filter((one) => one !== '')
        .join('  '),
    ),
    fact(word.product, paper.product),
    fact(word.logger, [log.logger, log.fileName].filter((one) => one !== '').join('  ')),
    fact(word.band, `${celsius(log.lowC100)} – ${celsius(log.highC100)}`),
    ...(analysis.from === undefined || analysis.until === undefined
      ? []
      : [fact(word.span, `${shown(analysis.from)} – ${shown(analysis.until)}`)]),
    fact(
      word.readings,
      `${analysis.readings}${word.semicolon}${word.interval} ${minutes(analysis.interval)} ${word.minutes}`,
    ),
    fact(word.least, `${celsius(analysis.minC100)} / ${celsius(analysis.maxC100)}`),
    fact(
      word.outside,
      `${minutes(analysis.outside)} ${word.minutes}${word.semicolon}${tenths(analysis.degreeMinutes10)} ${word.degreeMinutes}`,
    ),
  ].join('');
  const rows = [...analysis.excursions]
    .sort((a, b) => b.degreeMinutes10 - a.degreeMinutes10)
    .slice(0, SHOWN)
    .sort((a, b) => a.from - b.from)
    .map(
      (one) =>
        `<tr><td>${shown(one.from)}</td><td>${shown(one.until)}</td><td class="n">${minutes(one.seconds)}</td><td>${word[one.side]}</td><td class="n">${celsius(one.peakC100)}</td><td class="n">${tenths(one.degreeMinutes10)}</td></tr>`,
    )
    .join('');
  const left = Math.max(0, analysis.excursions.length - SHOWN);
  const filled = (text: string, values: Readonly<Record<string, string | number>>): string =>
    fillIn(text, (name) => values[name]);
  const odd = analysis.findings.map(({ code, at, n, seconds }) =>
    filled(word[code], { n, minutes: minutes(seconds), at: shown(at) }),
  );
  if (log.failed.length > 0) odd.push(filled(word.failed, { n: log.failed.length }));
  const body = `<h1>${escapeHtml(word.title)}</h1><table class="facts"><tbody>${facts}</tbody></table>
<div class="curve">${picture(log)}</div><h2>${escapeHtml(word.excursions)}</h2>${
    rows === ''
      ? `<p>${escapeHtml(word.none)}</p>`
      : `<table><thead><tr>${[word.from, word.until, word.minutes, word.side, word.peak, word.degreeMinutes].map((one) => `<th>${escapeHtml(one)}</th>`).join('')}</tr></thead><tbody>${rows}</tbody></table>${
          left === 0 ? '' : `<p>${escapeHtml(filled(word.more, { n: left, shown: SHOWN }))}</p>`
        }`
  }${odd.length === 0 ? '' : `<h2>${escapeHtml(word.oddities)}</h2>${odd.map((one) => `<p>${escapeHtml(one)}</p>`).join('')}`}
<p class="foot">${escapeHtml(word.zone)} ${escapeHtml(word.madeOn)} ${paper.madeOn}</p>`;
  return paperHtml([body], {
    title: `${word.title} ${paper.dispatch.number}`,
    isLandscape: false,
    watermark: '',
    copies: 1,
    setup: plainSetup,
    style:
      '.facts td:first-child { width: 34mm; font-weight: 600; } .curve { margin: 3mm 0; } .foot { margin-top: 4mm; font-size: 8pt; }',
  });
}
