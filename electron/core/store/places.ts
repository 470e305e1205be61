import type { PlaceDefault } from '../../../shared/contract/places.ts';
import { PortbookError } from '../../../shared/errors.ts';
import type { Book } from './book.ts';

/** Parks before counties, each by its name. */
export function listPlaces(book: Book): PlaceDefault[] {
  return book
    .prepare(
      `SELECT kind, name, customs_code AS customsCode, port_code AS portCode, loct_no AS loctNo
       FROM place_default ORDER BY kind = 'county', name`,
    )
    .all() as PlaceDefault[];
}

/** Puts a list in the place of what there was. Refusal: `PLACE_TWICE` {name}. */
export function savePlaces(book: Book, rows: readonly PlaceDefault[]): void {
  const seen = new Set<string>();
  for (const { kind, name } of rows) {
    if (seen.has(`${kind} ${name}`)) throw new PortbookError('PLACE_TWICE', { name }, 'rows');
    seen.add(`${kind} ${name}`);
  }
  book.prepare('DELETE FROM place_default').run();
  const insert = book.prepare(
    `INSERT INTO place_default (kind, name, customs_code, port_code, loct_no)
     VALUES (:kind, :name, :customsCode, :portCode, :loctNo)`,
  );
  for (const row of rows) insert.run(row);
}
