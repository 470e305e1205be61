import { z } from 'zod';
import { isoDate } from '../../../shared/contract/common.ts';
import type { OutputOf, ParsedInputOf } from '../../../shared/contract/contract.ts';
import { PortbookError } from '../../../shared/errors.ts';
import type { Context } from '../context.ts';
import { listFarmProducts } from '../store/trace/sites.ts';
import { openSource } from './source.ts';

type Limit = ParsedInputOf<'residueLimits.save'>;
type Failed = OutputOf<'residueLimits.import'>['failed'];

/** Headers of each column, in either language. */
const headers = {
  country: /^(?:country|destination|国家|国家或地区|输往国家|目的国)/i,
  product: /^(?:product|crop|commodity|产品|作物|商品)/i,
  substance: /^(?:substance|pesticide|active|compound|农药|物质|检测项目|项目|药物)/i,
  limit: /^(?:limit|mrl|限量|最大残留限量|标准值)/i,
  from: /^(?:from|valid from|生效|自|有效期自|执行日期)/i,
  until: /^(?:until|to|valid to|失效|至|有效期至)/i,
  source: /^(?:source|来源|依据|出处)/i,
} as const;
type Column = keyof typeof headers;
const HEADER_ROWS = 30;

/** `0.05` mg/kg in millionths; undefined for what is no number with at most six decimals. */
function millionths(text: string): number | undefined {
  const found = /^(\d{1,6})(?:\.(\d{1,6}))?(?:\s*mg\/kg)?$/i.exec(text.normalize('NFKC').trim());
  return found === null ? undefined : Number(found[1]) * 1_000_000 + Number((found[2] ?? '').padEnd(6, '0'));
}

/**
 * Limits of residues out of a workbook or text file. Products by their Chinese or English name or HS code, countries by code or name.
 * Nothing is left out in silence: what is not understood is named with its row. Refusals: those of opening a file, `LIMITS_COLUMNS`.
 */
export async function importLimits(
  { book, resources, signal }: Pick<Context, 'book' | 'resources' | 'signal'>,
  path: string,
): Promise<{ ready: Limit[]; failed: Failed; fileName: string }> {
  const file = await openSource(path);
  const [sheet] = file.rows.sheets;
  if (sheet === undefined) throw new PortbookError('FILE_NO_SHEET', {});
  const products = listFarmProducts(book);
  const countries = resources.countries();
  const alpha2 = new Map(resources.table('country').entries.map((entry) => [entry.code, entry.more['alpha2'] ?? '']));
  const countryOf = (text: string): string | undefined => {
    if (/^[A-Z]{2}$/.test(text)) return text;
    const code = countries.match(text);
    const two = code === undefined ? '' : (alpha2.get(code) ?? '');
    return two === '' ? undefined : two;
  };
  const productOf = (text: string): number | undefined =>
    products.find(({ nameZh, nameEn, hsCode }) =>
      [nameZh, nameEn.toLowerCase(), hsCode].some((one) => one !== '' && one === text.toLowerCase()),
    )?.id;
  const ready: Limit[] = [];
  const failed: Failed = [];
  let columns: Partial<Record<Column, number>> | undefined;
  await file.rows.read(
    sheet,
    ({ no, texts }) => {
      if (columns === undefined) {
        const named = columnsOf(texts);
        if ((['country', 'product', 'substance', 'limit'] as const).every((one) => named[one] !== undefined))
          columns = named;
        return no < HEADER_ROWS || columns !== undefined;
      }
      const cell = (column: Column): string => (texts[columns?.[column] ?? -1] ?? '').trim();
      if (texts.every((one) => one.trim() === '')) return true;
      const country = countryOf(cell('country'));
      const productId = productOf(cell('product'));
      const substance = cell('substance');
      const limitE6 = millionths(cell('limit'));
      const from = isoDate.safeParse(cell('from').replaceAll(/[/.]/g, '-'));
      const until = z.union([z.literal(''), isoDate]).safeParse(cell('until').replaceAll(/[/.]/g, '-'));
      const source = cell('source');
      const fail = (reason: Failed[number]['reason']): true => {
        failed.push({ no, reason });
        return true;
      };
      if (country === undefined) return fail('country');
      if (productId === undefined) return fail('product');
      if (substance === '') return fail('substance');
      if (limitE6 === undefined) return fail('limit');
      if (!from.success || !until.success || (until.data !== '' && until.data < from.data)) return fail('date');
      if (source === '') return fail('source');
      ready.push({
        country,
        productId,
        substance: substance.slice(0, 60),
        limitE6,
        fromOn: from.data,
        ...(until.data === '' ? {} : { untilOn: until.data }),
        source: source.slice(0, 200),
      });
      return true;
    },
    signal,
  );
  if (columns === undefined) throw new PortbookError('LIMITS_COLUMNS', { name: file.name }, 'file');
  return { ready, failed, fileName: file.name };
}

function columnsOf(texts: readonly string[]): Partial<Record<Column, number>> {
  const found: Partial<Record<Column, number>> = {};
  for (const [at, text] of texts.entries())
    for (const column of Object.keys(headers) as Column[])
      if (found[column] === undefined && headers[column].test(text.normalize('NFKC').trim())) {
        found[column] = at;
        break;
      }
  return found;
}
