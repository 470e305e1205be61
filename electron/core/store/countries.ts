import type { Book } from './book.ts';

/** What the firm has said a source means by a country word; kept in the book, used by every later import. */

const key = (countryText: string) => `country:${countryText.trim().toLowerCase()}`;

/** Customs' old numeric code the firm gave for the word, undefined when it said nothing. */
export function countryByFirm(book: Book, countryText: string): string | undefined {
  return book.setting(key(countryText));
}

/** Remembers the word and gives the country to every open order that has it. Returns how many orders. */
export function setCountry(book: Book, countryText: string, country: string, now: string): number {
  return book.transaction(() => {
    book.setSetting(key(countryText), country);
    const { changes } = book
      .prepare(`UPDATE sales_order SET country = ? WHERE country_text = ? AND state = 'open'`)
      .run(country, countryText);
    book.audit('orders.setCountry', countryText, { country, orders: changes }, now);
    return changes;
  });
}
