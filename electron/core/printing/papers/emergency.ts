import { type PaperLanguage, type PaperText, paperTitles } from '../../../../shared/papers/kinds.ts';
import {
  figureText,
  kilograms,
  type PaperDeclaration,
  type PaperItem,
  type PaperSet,
} from '../../../../shared/papers/paper-set.ts';
import { escapeHtml } from '../html.ts';
import { breaks, cell } from './filing.ts';
import { amount, amounts, inline, label, linesIn, named, paginate, sealSpot } from './sheet.ts';

/**
 * 应急纸质单: what goes to customs on paper while systems are down, made of the same figures as the messages, with the numbers under which
 * the data will be filed afterwards, and room for customs' hand and seal. No form of it was found published, so it claims to be none.
 */

const columns: readonly { readonly text: PaperText; readonly width: number }[] = [
  { text: { zh: '项号', en: 'No.' }, width: 7 },
  { text: { zh: '商品编号', en: 'HS code' }, width: 15 },
  { text: { zh: '商品名称及规格型号', en: 'Name and specification' }, width: 34 },
  { text: { zh: '数量及单位', en: 'Quantity' }, width: 14 },
  { text: { zh: '净重 / 毛重 (千克)', en: 'Net / gross (kg)' }, width: 17 },
  { text: { zh: '总价', en: 'Total' }, width: 13 },
];

/** Numbers under which the data is, or will be, filed: own, customs' or the platform's, waybill. */
function numbersOf({ documents }: PaperDeclaration): string {
  return documents
    .map(({ copNo, platformNo, waybillNo }) => [copNo, platformNo, waybillNo].filter((text) => text !== '').join(' / '))
    .join('；');
}

/** Millimetres: head of the first sheet, of the others, and what stands below the goods of the last. */
const HEAD = 92;
const NEXT = 22;
const FOOT = 92;

/** Sheets of the emergency paper forms (应急纸质申报单) of a set: each declaration has a form, since its head holds for its goods alone. */
export function emergencySheets(set: PaperSet, language: PaperLanguage): string[] {
  return set.declarations.flatMap((one) => formOf(set, one, language));
}

function formOf(set: PaperSet, declaration: PaperDeclaration, language: PaperLanguage): string[] {
  const { head: filed, items, totals, documents, no, of } = declaration;
  const isImport = filed.filed?.isImport === true;
  const number = of === 1 ? set.subject.number : `${set.subject.number}-${no}`;
  const nameOf = (item: PaperItem): string => [item.gname, item.gmodel].filter((text) => text !== '').join('\n');
  const numbers = numbersOf(declaration);
  const numberLines = linesIn(numbers, 158, 8.5);
  // More numbers than a sheet has room for stand on the export lists, which go with this form.
  const isLong = numberLines > 8;
  const room = 266 - HEAD - Math.min(8, numberLines) * 3.9;
  const pages = paginate(items, (item) => Math.max(2, linesIn(nameOf(item), 70, 8)) * 3.75 + 1.6, {
    first: room,
    next: 266 - NEXT,
    last: FOOT,
  });
  const party = (code: string, name: string): string => (code === '' ? name : `${name} (${code})`);
  const fact = (zh: string, en: string, value: string, span = 1): string => cell({ zh, en }, value, language, span);
  const head = `<p class="small l">${language === 'en' ? 'For use while the declaring system, the network or customs’ system is down. Not a form of customs: whether it is taken, and by when the data must be filed afterwards, is for the competent customs to say.' : '仅在申报系统、网络或海关系统故障时使用。本单不是海关统一格式：是否接受、何时补报电子数据，以主管海关答复为准。'}</p>
<table class="facts"><tbody>
<tr>${fact('编号', 'No.', of === 1 ? number : `${number} (${no}/${of})`)}${fact('进出口', 'Direction', named({ code: '', ...(isImport ? { zh: '进口', en: 'Import' } : { zh: '出口', en: 'Export' }) }, language))}</tr>
<tr>${fact('申报地海关', 'Customs of declaration', `${named(declaration.declareAt, language)} (${declaration.declareAt.code})`)}${fact(isImport ? '进境关别' : '出境关别', isImport ? 'Customs of entry' : 'Customs of exit', `${named(declaration.exitAt, language)} (${declaration.exitAt.code})`)}</tr>
<tr>${fact(isImport ? '境内收货人' : '境内发货人', isImport ? 'Domestic consignee' : 'Domestic consignor', party(declaration.consignor.code, declaration.consignor.name))}${fact('申报单位', 'Declaring unit', party(declaration.declarant.code, declaration.declarant.name))}</tr>
<tr>${fact('监管方式', 'Mode', `${named(declaration.mode, language)} (${declaration.mode.code})`)}${fact('运输方式', 'Transport', named(declaration.traffic, language))}</tr>
<tr>${fact('运输工具及航次', 'Vehicle, voyage', filed.vehicle)}${fact('提运单号', 'Transport document no.', filed.billNo)}</tr>
<tr>${fact(isImport ? '启运国（地区）' : '运抵国（地区）', isImport ? 'Country of departure' : 'Country of arrival', named(declaration.arrival, language))}${fact(isImport ? '进口日期' : '出口日期', isImport ? 'Date of import' : 'Date of export', declaration.exportDate)}</tr>
<tr>${fact('件数', 'Packages', String(totals.packages))}${fact('毛重 / 净重 (千克)', 'Gross / net (kg)', `${kilograms(totals.grossG)} / ${kilograms(totals.netG)}`)}</tr>
<tr>${fact('单证份数', 'Documents', String(documents.length))}${fact('总价', 'Total', amounts(totals))}</tr>
<tr>${fact('单证编号 / 运单', 'Numbers / waybills', isLong ? (language === 'en' ? 'see the export lists attached' : '见所附出口清单') : numbers, 3)}</tr>
</tbody></table>`;
  const line = '＿＿＿＿＿＿＿＿';
  const foot = `<table class="facts hand"><tbody>
<tr>${fact('故障情况', 'What is down', language === 'en' ? '□ declaring system　□ network or power　□ customs’ system　□ other:' : '□ 申报系统　□ 网络或停电　□ 海关系统　□ 其他：', 3)}</tr>
<tr>${fact('故障起止', 'From / to', '', 3)}</tr>
<tr>${fact('海关答复', 'When customs was asked, and its answer', '\n', 3)}</tr>
</tbody></table>
<p class="l">${language === 'en' ? 'The declaring unit undertakes to file the data under the numbers above when the systems are up again, unchanged, and answers for what is declared here.' : '申报单位承诺：系统恢复后按海关要求的时限，以上列编号如实补报电子数据，内容与本单一致，并对申报内容承担法律责任。'}</p>
<div class="halves"><div class="signbox">${inline({ zh: '申报单位（签章）：', en: 'Declaring unit (seal):' }, language)}${sealSpot(declaration.declarant.code)}<br><br>${inline({ zh: '经办人、电话：', en: 'Handled by, telephone:' }, language)} ${escapeHtml([filed.filed?.person || set.firm.declarantPerson, filed.filed?.personPhone || set.firm.phone].filter((text) => text !== '').join(' '))}<br><br>${inline({ zh: '日期时间：', en: 'Date and time:' }, language)} ${line}</div><div class="signbox">${inline({ zh: '海关批注（同意放行 / 不同意）：', en: 'Endorsement by customs:' }, language)}<br><br><br>${inline({ zh: '关员签字、印章：', en: 'Officer, seal:' }, language)}<br>${inline({ zh: '日期时间：', en: 'Date and time:' }, language)} ${line}</div></div>
<p class="small">${inline({ zh: '补报电子数据：报送时间', en: 'Filed afterwards on' }, language)} ${line}　${inline({ zh: '海关编号', en: 'customs no.' }, language)} ${line}　${inline({ zh: '核对一致', en: 'compared by' }, language)} ${line}</p>`;
  return pages.map((page, at) => {
    const body = page
      .map(
        (item) =>
          `<tr><td class="c">${item.no}</td><td>${escapeHtml(item.gcode)}</td><td>${breaks(nameOf(item))}</td><td class="n">${figureText(item.qty_e5)} ${escapeHtml(named(item.unit, 'zh'))}</td><td class="n">${kilograms(item.netG)}<br>${kilograms(item.grossG)}</td><td class="n">${escapeHtml(item.currency)}<br>${amount(item.amount, item.currency)}</td></tr>`,
      )
      .join('');
    return `<h1>${label(paperTitles.emergency, language)}</h1>
<div class="above small"><span>${escapeHtml(declaration.consignor.name)}</span><span>${escapeHtml(number)}　${at + 1}/${pages.length}</span></div>
${at === 0 ? head : ''}
<table class="goods"><colgroup>${columns.map(({ width }) => `<col style="width:${width}%">`).join('')}</colgroup><thead><tr>${columns.map(({ text }) => `<th>${label(text, language)}</th>`).join('')}</tr></thead><tbody>${body}</tbody></table>
${at + 1 === pages.length ? foot : ''}`;
  });
}

export const emergencyStyle = `
.small { font-size: 8pt; margin: 1mm 0; } .hand td { height: 6mm; }
`;
