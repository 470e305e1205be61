import type { Handlers } from '../context.ts';
import { fileProduct, filingOf, listFilings, productTaxOf, requireProduct, saveProductTax } from '../store/products.ts';
import { listTariff, putTariff, tariffOn, taxFactsOf } from '../store/tariff.ts';

/** The tariff (税则), products' tax facts and their filing (备案). */
export const tariffHandlers: Handlers<
  'tariff.list' | 'tariff.save' | 'products.taxFacts' | 'products.saveTax' | 'products.filings' | 'products.file'
> = {
  'tariff.list': (input, { book }) => listTariff(book, input),

  'tariff.save': ({ rows }, { book, now, emit }) => {
    const at = now();
    const changed = book.transaction(() => {
      const n = rows.filter((row) => putTariff(book, row, at)).length;
      if (n > 0) book.audit('tariff.saved', `tariff:${rows[0]?.hsCode ?? ''}`, { changed: n }, at);
      return n;
    });
    if (changed > 0) emit({ name: 'book.changed', areas: ['purchases', 'tax'] });
    return { changed };
  },

  'products.taxFacts': ({ sku, date }, { book }) => {
    const { hsCode } = requireProduct(book, sku);
    const tariff = hsCode === undefined ? undefined : tariffOn(book, hsCode, date);
    return {
      sku,
      own: productTaxOf(book, sku),
      facts: taxFactsOf(book, sku, date),
      ...(tariff === undefined ? {} : { tariff }),
      filing: filingOf(book, sku),
    };
  },

  'products.saveTax': ({ skus, tax }, { book, now, emit }) => {
    const at = now();
    const changed = book.transaction(() => {
      const n = skus.filter((sku) => saveProductTax(book, sku, tax, at)).length;
      if (n > 0) book.audit('products.tax', `products:${n}`, { ...tax, skus: skus.slice(0, 50) }, at);
      return n;
    });
    if (changed > 0) emit({ name: 'book.changed', areas: ['products', 'tax'] });
    return { changed };
  },

  'products.filings': (input, { book }) => listFilings(book, input),

  'products.file': ({ skus, date }, { book, now, emit }) => {
    const at = now();
    const unique = [...new Set(skus)];
    book.transaction(() => {
      for (const sku of unique) fileProduct(book, sku, date, at);
      book.audit('products.filed', `products:${unique.length}`, { date, skus: unique.slice(0, 50) }, at);
    });
    emit({ name: 'book.changed', areas: ['products'] });
    return { filed: unique.length };
  },
};
