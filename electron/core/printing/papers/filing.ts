import { groupThousands } from '../../../../shared/money/index.ts';
import { type PaperLanguage, type PaperText, paperTitles } from '../../../../shared/papers/kinds.ts';
import {
  figureText,
  kilograms,
  type PaperItem,
  type PaperSet,
  type SourceDocument,
} from '../../../../shared/papers/paper-set.ts';
import { escapeHtml } from '../html.ts';
import { amount, amounts, inline, label, linesIn, named, paginate, sealSpot, value } from './sheet.ts';

/** Papers of the filing itself: proxy letter (委托书), elements (申报要素), export list (清单), summary application (汇总申请单). */

/** Lines of a text as lines of a page. */
export const breaks = (text: string): string => escapeHtml(text).replaceAll('\n', '<br>');
/** A label with its value as two cells of a table of facts. */
export const cell = (text: PaperText, value: string, language: PaperLanguage, span = 1): string =>
  `<th>${label(text, language)}</th><td${span === 1 ? '' : ` colspan="${span}"`}>${breaks(value)}</td>`;

// Proxy --------------------------------------------------------------------------------------------------------------------

/** 代理报关委托书 above, 委托报关协议 below (海关总署公告 2010 年第 54 号 and the form of 中国报关协会), one for each declaration. */
export function proxySheets(set: PaperSet, language: PaperLanguage): string[] {
  const { declarant } = set.parties;
  const en = language === 'en';
  return set.declarations.map((one) => {
    const { delegation } = one;
    const own = set.parties.consignor;
    const consignor = delegation === undefined ? own : { ...own, ...delegation.principal };
    const agent = delegation?.agent.name ?? (declarant.code === own.code ? '' : declarant.name);
    const agentCode = delegation?.agent.code ?? (declarant.code === own.code ? '' : declarant.code);
    const [year = '', month = '', day = ''] = delegation?.until.split('-') ?? [];
    // A delegation on file is one for a period (长期); otherwise the firm marks it by hand.
    const scope = delegation === undefined ? '' : 'B';
    const filled = (text: string, blank: string): string => (text === '' ? blank : value(text));
    const [first] = one.items;
    const goods =
      first === undefined ? '' : one.items.length === 1 ? first.gname : `${first.gname} 等 ${one.items.length} 项`;
    const quantity = one.totals.quantities
      .map(({ unit, qty_e5 }) => `${figureText(qty_e5)} ${named(unit, 'zh')}`)
      .join('；');
    const sources = [...new Set(one.items.map(({ sourcePlace }) => named(sourcePlace, 'zh')))].filter(
      (text) => text !== '',
    );
    const origin = [...new Set(one.items.map(({ origin: from }) => named(from, 'zh')))].join('、');
    const letter = en
      ? `<p>To: ${filled(agent, '____________')}</p><p>We hereby entrust your company (A. for this consignment / B. for a period) ${filled(scope, '______')} with ______ (A. declaration; B. inspection and quarantine; C. assistance at examination; D. payment of duties; E. opening of manuals; F. closing of manuals; G. collection of customs documents; H. other), as set out in the agreement below.</p><p>We warrant to observe the laws, regulations and rules of customs, and that what we provide is true and complete, agrees with the goods, and infringes no intellectual property of others. Otherwise we bear the legal responsibility.</p><p>This letter is valid from the day of signature to ${filled(delegation?.until ?? '', '____-__-__')}.</p>`
      : `<p>${filled(agent, '＿＿＿＿＿＿＿＿')}：</p><p class="indent">我单位现 ${filled(scope, '＿＿')}（A、逐票　B、长期）委托贵公司代理＿＿＿＿等通关事宜。（A、填单申报　B、申请、联系和配合实施检验检疫　C、辅助查验　D、代缴税款　E、设立手册（账册）　F、核销手册（账册）　G、领取海关相关单证　H、其他）详见《委托报关协议》。</p><p class="indent">我单位保证遵守海关有关法律、法规、规章，保证所提供的情况真实、完整、单货相符，无侵犯他人知识产权的行为。否则，愿承担相关法律责任。</p><p class="indent">本委托书有效期自签字之日起至${filled(year, '＿＿＿＿')}年${filled(month, '＿＿')}月${filled(day, '＿＿')}日止。</p>`;
    const ticks = ['合同', '发票', '装箱清单', '提（运）单', '加工贸易手册', '许可证件']
      .map((text) => `□ ${text}`)
      .join('　');
    const row = (text: PaperText, value: string): string => `<tr>${cell(text, value, language)}</tr>`;
    return `<h1>${label(paperTitles.proxy, language)}</h1>
<div class="above"><span></span><span>${inline({ zh: '编号：', en: 'No.' }, language)}${escapeHtml(delegation?.number ?? `${set.subject.number}${one.of === 1 ? '' : `-${one.no}`}`)}</span></div>
<div class="l">${letter}</div>
<div class="right"><p>${inline({ zh: '委托方（盖章）：', en: 'Principal (seal):' }, language)}${sealSpot(consignor.code)} ${escapeHtml(en && consignor.nameEn !== '' ? consignor.nameEn : consignor.name)}</p><p class="code">${escapeHtml(consignor.code)}</p><p>${inline({ zh: '法定代表人或其授权签署《代理报关委托书》的人（签字）：', en: 'Legal representative or authorised signatory:' }, language)} ${escapeHtml(set.firm.signatory)}</p><p class="l">${en ? 'Date: ____-__-__' : '＿＿＿＿年＿＿月＿＿日'}</p></div>
<h1 class="second">${label({ zh: '委托报关协议', en: 'Agreement on customs declaration' }, language)}</h1>
<p class="indent l">${en ? 'To set out what is entrusted and who answers for what, the parties agree as follows:' : '为明确委托报关具体事项和各自责任，双方经平等协商签定协议如下：'}</p>
<div class="halves"><table><tbody>
${row({ zh: '委托方', en: 'Principal' }, consignor.name)}
${row({ zh: '主要货物名称', en: 'Main goods' }, goods)}
${row({ zh: 'HS 编码', en: 'HS code' }, first?.gcode ?? '')}
${row({ zh: '货物总价', en: 'Total value' }, amounts(one.totals))}
${row({ zh: '进出口日期', en: 'Date of export' }, one.exportDate)}
${row({ zh: '提单号', en: 'Transport document no.' }, one.head.billNo)}
${row({ zh: '贸易方式', en: 'Mode of trade' }, named(one.mode, language))}
${row({ zh: '数量（重量）', en: 'Quantity (weight)' }, `${quantity}（${kilograms(one.totals.grossG)} kg）`)}
${row({ zh: '包装情况', en: 'Packing' }, `${one.totals.packages} ${named(one.wrap, language)}`)}
${row({ zh: '原产地/货源地', en: 'Origin / source' }, [origin, ...sources].join(' / '))}
${row({ zh: '其他要求', en: 'Other' }, '')}
</tbody></table><table><tbody>
${row({ zh: '被委托方', en: 'Agent' }, agentCode === '' ? agent : `${agent}\n${agentCode}`)}
${row({ zh: '报关单编码', en: 'Declaration no.' }, one.head.keepsItems ? one.head.platformNo : '')}
${row({ zh: '收到单证日期', en: 'Papers received on' }, '')}
<tr><th>${label({ zh: '收到单证情况', en: 'Papers received' }, language)}</th><td class="l">${ticks}<br>□ ${en ? 'Other' : '其他'}：</td></tr>
<tr><th>${label({ zh: '报关收费', en: 'Fee' }, language)}</th><td class="l">人民币：　　　　元</td></tr>
${row({ zh: '承诺说明', en: 'Undertakings' }, '\n\n')}
</tbody></table></div>
<p class="clause l">${en ? 'The general terms overleaf are part of this agreement; who signs it agrees to them.' : '背面所列通用条款是本协议不可分割的一部分，对本协议的签署构成了对背面通用条款的同意。'}</p>
<div class="halves"><div class="signbox">${inline({ zh: '委托方业务签章：', en: 'Principal (seal):' }, language)}${sealSpot(consignor.code)}<br><br>${inline({ zh: '经办人签章：', en: 'Handled by:' }, language)} ${escapeHtml(set.firm.signatory)}<br>${inline({ zh: '联系电话：', en: 'Telephone:' }, language)} ${escapeHtml(set.firm.phone)}</div><div class="signbox">${inline({ zh: '被委托方业务签章：', en: 'Agent (seal):' }, language)}${sealSpot(agentCode)}<br><br>${inline({ zh: '经办报关员签章：', en: 'Declarant:' }, language)}<br>${inline({ zh: '联系电话：', en: 'Telephone:' }, language)}</div></div>`;
  });
}

// Elements -----------------------------------------------------------------------------------------------------------------

function elementRow(item: PaperItem): string {
  return item.elements
    .map(({ name, value }, at) => `${at + 1}. ${name === '' ? value : `${name}：${value}`}`)
    .join('\n');
}

export function elementSheets(set: PaperSet, language: PaperLanguage): string[] {
  const rows = set.declarations.flatMap(({ no, of, items }) =>
    items.map((item) => ({ no: of === 1 ? String(item.no) : `${no}-${item.no}`, item })),
  );
  const height = ({ item }: (typeof rows)[number]): number =>
    Math.max(linesIn(elementRow(item), 76, 8.5), linesIn(`${item.gname}\n${item.nameEn}`, 52, 8.5)) * 3.95 + 1.8;
  const pages = paginate(rows, height, { first: 218, next: 218, last: 10 });
  return pages.map(
    (page, at) => `<h1>${label(paperTitles.elements, language)}</h1>
<div class="above"><span>${inline({ zh: '境内发货人：', en: 'Consignor:' }, language)} ${escapeHtml(set.parties.consignor.name)}</span><span>${inline({ zh: '编号：', en: 'No.' }, language)} ${escapeHtml(set.subject.number)}　${at + 1}/${pages.length}</span></div>
<table class="goods"><colgroup><col style="width:7%"><col style="width:15%"><col style="width:28%"><col style="width:41%"><col style="width:9%"></colgroup><thead><tr>${[
      { zh: '项号', en: 'No.' },
      { zh: '商品编码', en: 'HS code' },
      { zh: '商品名称', en: 'Name' },
      { zh: '申报要素', en: 'Elements' },
      { zh: '字数', en: 'Length' },
    ]
      .map((text) => `<th>${label(text, language)}</th>`)
      .join('')}</tr></thead><tbody>${page
      .map(
        ({ no, item }) =>
          `<tr><td class="c">${no}</td><td>${escapeHtml(item.gcode)}</td><td>${breaks([item.gname, language === 'zh' ? '' : item.nameEn].filter((text) => text !== '').join('\n'))}</td><td>${breaks(elementRow(item))}</td><td class="n">${[...item.gmodel].length}/255</td></tr>`,
      )
      .join('')}</tbody></table>`,
  );
}

// Export list --------------------------------------------------------------------------------------------------------------

/** A list (清单) as it was filed, line by line. */
function listSheet(one: SourceDocument, set: PaperSet, language: PaperLanguage): string[] {
  const [declared] = set.declarations.filter(({ head }) => head.mode === one.mode);
  const facts: readonly (readonly [PaperText, string])[] = [
    [{ zh: '企业内部编号', en: 'Own no.' }, one.copNo],
    [{ zh: '清单编号', en: 'List no.' }, one.platformNo],
    [{ zh: '订单编号', en: 'Order no.' }, one.orderNo],
    [{ zh: '物流运单编号', en: 'Waybill no.' }, one.waybillNo],
    [{ zh: '收发货人', en: 'Consignor' }, `${one.consignor.name} (${one.consignor.code})`],
    [
      { zh: '生产销售单位', en: 'Producer or seller' },
      one.producer.name === one.producer.code ? one.producer.code : `${one.producer.name} (${one.producer.code})`,
    ],
    [{ zh: '申报单位', en: 'Declaring unit' }, `${one.declarant.name} (${one.declarant.code})`],
    [{ zh: '电商平台', en: 'Platform' }, `${one.platform.name} (${one.platform.code})`],
    [{ zh: '物流企业', en: 'Carrier' }, `${one.carrier.name} (${one.carrier.code})`],
    [{ zh: '监管方式', en: 'Mode' }, `${named(declared?.mode, language)} (${one.mode})`],
    [{ zh: '出口日期', en: 'Date of export' }, one.exportDate],
    [
      { zh: '运抵国（地区）', en: 'Country of arrival' },
      `${named(set.declarations.find(({ arrival }) => arrival.code === one.arrival)?.arrival, language)} (${one.arrival})`,
    ],
    [{ zh: '提运单号', en: 'Transport document no.' }, one.billNo],
    [
      { zh: '件数 / 毛重 / 净重', en: 'Packages / gross / net (kg)' },
      `${one.packages} / ${figureText(one.gross_e5, 2)} / ${figureText(one.net_e5, 2)}`,
    ],
  ];
  const pairs: (typeof facts)[] = [];
  for (let at = 0; at < facts.length; at += 2) pairs.push(facts.slice(at, at + 2));
  const head = `<table class="facts"><tbody>${pairs.map((row) => `<tr>${row.map(([text, value]) => cell(text, value, language)).join('')}</tr>`).join('')}</tbody></table>`;
  const height = (line: SourceDocument['goods'][number]): number =>
    Math.max(linesIn(`${line.gname}\n${line.gmodel}`, 70, 8), 2) * 3.75 + 1.6;
  const room = 266 - 20 - pairs.length * (language === 'both' ? 10 : 8.5) - 16;
  const pages = paginate(one.goods, height, { first: room, next: room, last: 8 });
  const unit = (code: string): string =>
    named(set.declarations.flatMap(({ items }) => items).find((item) => item.unit.code === code)?.unit, 'zh');
  const total = [...new Set(one.goods.map(({ currency }) => currency))]
    .map((currency) => {
      const sum = one.goods.reduce((all, line) => (line.currency === currency ? all + line.total_e5 : all), 0n);
      return `${currency} ${groupThousands(figureText(sum, 2))}`;
    })
    .join('；');
  return pages.map(
    (page, at) => `<h1>${label(paperTitles.list, language)}</h1><div class="page">${at + 1}/${pages.length}</div>${head}
<table class="goods"><colgroup><col style="width:6%"><col style="width:13%"><col style="width:15%"><col style="width:34%"><col style="width:16%"><col style="width:16%"></colgroup><thead><tr>${[
      { zh: '序号', en: 'No.' },
      { zh: '货号', en: 'Article' },
      { zh: '商品编码', en: 'HS code' },
      { zh: '商品名称、规格型号', en: 'Name, specification' },
      { zh: '数量', en: 'Quantity' },
      { zh: '单价 / 总价', en: 'Price / total' },
    ]
      .map((text) => `<th>${label(text, language)}</th>`)
      .join('')}</tr></thead><tbody>${page
      .map(
        (line) =>
          `<tr><td class="c">${escapeHtml(line.key.slice(line.key.lastIndexOf('/') + 1))}</td><td>${escapeHtml(line.sku)}</td><td>${escapeHtml(line.gcode)}</td><td>${breaks([line.gname, line.gmodel].filter((text) => text !== '').join('\n'))}</td><td class="n">${figureText(line.qty_e5)} ${escapeHtml(unit(line.unit))}</td><td class="n">${figureText(line.price_e5, 2)}<br>${escapeHtml(line.currency)} ${figureText(line.total_e5, 2)}</td></tr>`,
      )
      .join(
        '',
      )}${at + 1 === pages.length ? `<tr class="total"><td colspan="4">${inline({ zh: '合计', en: 'Total' }, language)}</td><td colspan="2" class="n">${escapeHtml(total)}</td></tr>` : ''}</tbody></table>`,
  );
}

export const listSheets = (set: PaperSet, language: PaperLanguage): string[] =>
  set.documents.flatMap((one) => listSheet(one, set, language));

// Summary ------------------------------------------------------------------------------------------------------------------

/** What is put together into declarations, and the lists behind each, in the shape of the summary application (CEB701). */
export function summarySheets(set: PaperSet, language: PaperLanguage): string[] {
  const { consignor, declarant } = set.parties;
  const { declarations, documents } = set;
  const rowsOf = declarations
    .map(
      (one) =>
        `<tr><td class="c">${one.no}</td><td>${escapeHtml(named(one.arrival, language))}</td><td>${escapeHtml(named(one.traffic, language))}</td><td>${escapeHtml(named(one.exitAt, language))}</td><td class="n">${one.lists}</td><td class="n">${one.items.length}</td><td class="n">${one.totals.packages}</td><td class="n">${kilograms(one.totals.grossG)}</td><td class="n">${kilograms(one.totals.netG)}</td><td class="n">${breaks(one.totals.amounts.map(({ currency, amount: minor }) => `${currency} ${amount(minor, currency)}`).join('\n'))}</td></tr>`,
    )
    .join('');
  const { totals } = set;
  const head = `<h1>${label(paperTitles.summary, language)}</h1>
<table class="facts"><tbody><tr>${cell({ zh: '申报单位', en: 'Declaring unit' }, `${declarant.name} (${declarant.code})`, language)}${cell({ zh: '收发货人', en: 'Consignor' }, `${consignor.name} (${consignor.code})`, language)}</tr><tr>${cell({ zh: '编号', en: 'No.' }, set.subject.number, language)}${cell({ zh: '清单数', en: 'Lists' }, String(documents.length), language)}</tr></tbody></table>
<h2>${inline({ zh: '归并后的报关单', en: 'Declarations' }, language)}</h2>
<table class="goods"><colgroup>${[6, 13, 11, 13, 7, 7, 8, 10, 10, 15].map((width) => `<col style="width:${width}%">`).join('')}</colgroup><thead><tr>${[
    { zh: '份', en: 'No.' },
    { zh: '运抵国', en: 'Arrival' },
    { zh: '运输方式', en: 'Transport' },
    { zh: '出境关别', en: 'Exit' },
    { zh: '清单', en: 'Lists' },
    { zh: '项数', en: 'Items' },
    { zh: '件数', en: 'Packages' },
    { zh: '毛重', en: 'Gross' },
    { zh: '净重', en: 'Net' },
    { zh: '总价', en: 'Total' },
  ]
    .map((text) => `<th>${label(text, language)}</th>`)
    .join(
      '',
    )}</tr></thead><tbody>${rowsOf}<tr class="total"><td colspan="6">${inline({ zh: '合计', en: 'Total' }, language)}</td><td class="n">${totals.packages}</td><td class="n">${kilograms(totals.grossG)}</td><td class="n">${kilograms(totals.netG)}</td><td class="n">${breaks(totals.amounts.map(({ currency, amount: minor }) => `${currency} ${amount(minor, currency)}`).join('\n'))}</td></tr></tbody></table>`;
  const columns = [
    { zh: '序号', en: 'No.' },
    { zh: '清单编号 / 内部编号', en: 'List no.' },
    { zh: '订单编号', en: 'Order no.' },
    { zh: '运单号', en: 'Waybill' },
    { zh: '件数', en: 'Packages' },
    { zh: '毛重', en: 'Gross' },
    { zh: '总价', en: 'Total' },
  ];
  const rows = documents.map((one, at) => ({ one, no: at + 1 }));
  const first = Math.max(20, 266 - 54 - declarations.length * 6 - 26);
  const pages = paginate(rows, () => 5.6, { first, next: 236, last: 0 });
  const widths = [6, 26, 18, 20, 8, 10, 12];
  return pages.map(
    (page, at) =>
      `${at === 0 ? head : ''}<h2>${inline({ zh: '清单', en: 'Lists' }, language)}　${at + 1}/${pages.length}</h2><table class="goods"><colgroup>${widths.map((width) => `<col style="width:${width}%">`).join('')}</colgroup><thead><tr>${columns.map((text) => `<th>${label(text, language)}</th>`).join('')}</tr></thead><tbody>${page
        .map(({ one, no }) => {
          const [line] = one.goods;
          const sum = one.goods.reduce((all, { total_e5 }) => all + total_e5, 0n);
          return `<tr><td class="c">${no}</td><td>${escapeHtml(one.platformNo === '' ? one.copNo : one.platformNo)}</td><td>${escapeHtml(one.orderNo)}</td><td>${escapeHtml(one.waybillNo)}</td><td class="n">${one.packages}</td><td class="n">${figureText(one.gross_e5, 2)}</td><td class="n">${escapeHtml(line?.currency ?? '')} ${figureText(sum, 2)}</td></tr>`;
        })
        .join('')}</tbody></table>`,
  );
}

export const filingStyle = `
.facts { margin: 2mm 0; font-size: 8.5pt; } .facts th { width: 15%; text-align: left; font-weight: 400; background: #f4f4f2; }
.goods { font-size: 8pt; } .page { text-align: right; font-size: 8pt; } .right { text-align: right; margin-top: 3mm; overflow-wrap: anywhere; }
.indent { text-indent: 2em; } h1.second { margin: 5mm 0 2mm; border-top: 0.5pt dashed #000; padding-top: 4mm; }
.halves { display: flex; gap: 0; align-items: stretch; } .halves > * { flex: 1; min-width: 0; } .halves th { width: 30%; font-weight: 400; text-align: left; }
.signbox { border: 0.5pt solid #000; padding: 2mm; min-height: 26mm; box-sizing: border-box; } .clause { margin: 1.5mm 0; }
`;
