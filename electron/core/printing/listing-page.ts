/** 产品资料单: what a buyer is shown of a product, in Chinese and English, from one list of rows for paper and workbook. */
import type { ListingBody } from '../../../shared/contract/listings.ts';
import type { ListingGroup } from '../../../shared/rules/listings/pack.ts';
import { escapeHtml, printFont } from './html.ts';

export interface ListingSheet {
  readonly number: string;
  readonly sku: string;
  readonly nameZh: string;
  readonly hsCode: string;
  readonly body: ListingBody;
  readonly firm: string;
  readonly originName: string;
  readonly group: ListingGroup | undefined;
  readonly brandType: { readonly zh: string; readonly en: string } | undefined;
  readonly madeOn: string;
  readonly isFiled: boolean;
  /** Pixels of a picture as it is kept. */
  readonly pictures: readonly {
    readonly fileName: string;
    readonly width: number;
    readonly height: number;
    readonly content: Uint8Array;
  }[];
}

export interface SheetLine {
  readonly zh: string;
  readonly en: string;
  readonly valueZh: string;
  /** What stands in the English sheet; names without an English form stand as they are. */
  readonly valueEn: string;
}

const monthsEn = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** What is known of the product, in the order of the sheet; what is not known is left out. */
export function sheetLines(sheet: ListingSheet): SheetLine[] {
  const { body } = sheet;
  const lines: SheetLine[] = [];
  const add = (zh: string, en: string, valueZh: string, valueEn = valueZh): void => {
    if (valueZh !== '' || valueEn !== '') lines.push({ zh, en, valueZh, valueEn });
  };
  const origin = [sheet.originName, body.village].filter((part) => part !== '').join(' ');
  add('品名', 'Product', sheet.nameZh, body.nameEn === '' ? sheet.nameZh : body.nameEn);
  add('货号', 'Item no.', sheet.sku);
  add('产地', 'Origin', origin, origin === '' ? '' : `${origin}, China`);
  add('品种', 'Variety', body.variety);
  add('等级', 'Grade', body.grade);
  add('包装规格', 'Packing', body.pack);
  add(
    '品牌',
    'Brand',
    [body.brand, sheet.brandType?.zh ?? ''].filter((one) => one !== '').join(' · '),
    [body.brand, sheet.brandType?.en ?? ''].filter((one) => one !== '').join(' · '),
  );
  add('商标、授权', 'Trademark, authorisation', body.ip);
  if (body.seasonFrom !== null && body.seasonTo !== null)
    add(
      '上市季节',
      'Season',
      `${body.seasonFrom} 月至 ${body.seasonTo} 月`,
      `${monthsEn[body.seasonFrom - 1] ?? ''} – ${monthsEn[body.seasonTo - 1] ?? ''}`,
    );
  const supplied = body.capacity.flatMap((quantity, at) => (quantity === '' ? [] : [{ quantity, at }]));
  add(
    '月供应能力',
    'Supply by month',
    supplied.map(({ quantity, at }) => `${at + 1} 月 ${quantity} ${body.capacityUnit}`).join('；'),
    supplied.map(({ quantity, at }) => `${monthsEn[at] ?? ''} ${quantity} ${body.capacityUnit}`).join('; '),
  );
  if (body.temperatureFrom !== '')
    add(
      '储运温度',
      'Storage temperature',
      `${body.temperatureFrom} 至 ${body.temperatureTo} ℃`,
      `${body.temperatureFrom} to ${body.temperatureTo} °C`,
    );
  add('商品编码（建议）', 'HS code (candidate)', sheet.hsCode);
  for (const { kind, no, issuer, validTo } of body.certificates)
    add(
      '证书',
      'Certificate',
      [kind, no, issuer, validTo === null ? '' : `有效期至 ${validTo}`].filter((one) => one !== '').join(' '),
      [kind, no, issuer, validTo === null ? '' : `valid to ${validTo}`].filter((one) => one !== '').join(' '),
    );
  add('生产企业备案编号', 'Producer’s filing no.', body.producerNo);
  add('配料', 'Ingredients', body.ingredients);
  add('保质期', 'Shelf life', body.shelfLife);
  add('批号规则', 'Lot numbers', body.lotRule);
  add('标签语言', 'Label languages', body.labelLanguages);
  add('说明', 'Description', body.descriptionZh, body.descriptionEn);
  return lines;
}

/** The sheet as one whole page for A4: nothing is fetched, no script runs. */
export function listingPage(sheet: ListingSheet, language: 'zh-CN' | 'en' | 'both'): string {
  const both = (zh: string, en: string): string =>
    escapeHtml(language === 'zh-CN' ? zh : language === 'en' ? en : zh === en ? zh : `${zh} / ${en}`);
  const rows = sheetLines(sheet)
    .map(({ zh, en, valueZh, valueEn }) => {
      const value =
        language === 'zh-CN'
          ? valueZh
          : language === 'en'
            ? valueEn
            : valueZh === valueEn
              ? valueZh
              : `${valueZh}\n${valueEn}`;
      return value === '' ? '' : `<tr><th>${both(zh, en)}</th><td>${escapeHtml(value.trim())}</td></tr>`;
    })
    .join('');
  const pictures = sheet.pictures
    .slice(0, 6)
    .map(
      ({ fileName, content }) =>
        `<img alt="${escapeHtml(fileName)}" src="data:image/jpeg;base64,${Buffer.from(content).toString('base64')}">`,
    )
    .join('');
  const title = both('产品资料单', 'Product sheet');
  return `<!doctype html>
<html lang="${language === 'en' ? 'en' : 'zh-CN'}"><head><meta charset="utf-8"><title>${title} ${escapeHtml(sheet.number)}</title><style>
@page { size: A4 portrait; margin: 14mm; }
/* Frames at the edge are drawn half beyond it. */
body { margin: 0; padding: 0 0.4mm; font: 10pt/1.45 ${printFont}; color: #000; background: #fff; }
h1 { font-size: 16pt; margin: 0 0 1mm; } p { margin: 0 0 3mm; }
.pictures { display: grid; grid-template-columns: repeat(3, 1fr); gap: 3mm; margin-bottom: 4mm; }
.pictures img { box-sizing: border-box; width: 100%; height: 42mm; object-fit: contain; border: 0.3pt solid #999; }
table { width: 100%; border-collapse: collapse; } tr { break-inside: avoid; }
th, td { border: 0.4pt solid #000; padding: 1.2mm 1.6mm; text-align: left; vertical-align: top; overflow-wrap: anywhere; white-space: pre-line; }
th { width: 34%; font-weight: 600; }
</style></head><body>
<h1>${title}</h1>
<p>${escapeHtml(sheet.firm)}　${escapeHtml(sheet.number)}　${escapeHtml(sheet.madeOn)}　${sheet.isFiled ? both('已入产品资源库', 'In the product library') : both('未报送', 'Not filed')}</p>
${pictures === '' ? '' : `<div class="pictures">${pictures}</div>`}
<table><tbody>${rows}</tbody></table>
</body></html>`;
}
