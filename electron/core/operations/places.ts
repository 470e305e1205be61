import { type PlaceDefault, placeFields, type places } from '../../../shared/contract/places.ts';
import { PortbookError } from '../../../shared/errors.ts';
import type { Context, Handlers } from '../context.ts';
import { listPlaces, savePlaces } from '../store/places.ts';

function titleOf({ resources }: Context, { kind, name }: PlaceDefault): string {
  return kind === 'park' ? name : (resources.table('admin_division').lookup(name)?.zh ?? name);
}

/** Places whose defaults are the firm's, the nearest first. */
function placesOfFirm({ book }: Context): readonly PlaceDefault[] {
  const { park, uscc } = book.profile();
  // GB 32100: characters 3 to 8 are the division whose authority registered the firm.
  const county = uscc.slice(2, 8);
  const wanted = [
    ['park', park],
    ['county', county],
    ['county', `${county.slice(0, 4)}00`],
  ] as const;
  const all = listPlaces(book);
  return wanted.flatMap(([kind, name]) => all.filter((one) => one.kind === kind && one.name === name));
}

/** 预填: what new shipments start with. */
export const placeHandlers: Handlers<keyof typeof places> = {
  'places.list': (_input, context) => ({
    rows: listPlaces(context.book).map((row) => ({ ...row, title: titleOf(context, row) })),
  }),

  'places.save': ({ rows }, { book, resources, now, emit }) => {
    const known = (table: string, code: string, path: string): void => {
      if (code !== '' && !resources.table(table).has(code))
        throw new PortbookError('TABLE_CODE_UNKNOWN', { code, table }, path);
    };
    for (const [at, row] of rows.entries()) {
      if (row.kind === 'county') known('admin_division', row.name, `rows/${at}/name`);
      known('customs_district', row.customsCode, `rows/${at}/customsCode`);
      known('customs_district', row.portCode, `rows/${at}/portCode`);
    }
    book.transaction(() => {
      savePlaces(book, rows);
      book.audit('places.save', 'places', { rows: rows.length }, now());
    });
    emit({ name: 'book.changed', areas: ['shipments'] });
    return {};
  },

  'places.defaults': (_input, context) => {
    const near = placesOfFirm(context);
    return {
      fields: placeFields.flatMap((field) => {
        const place = near.find((one) => one[field] !== '');
        return place === undefined
          ? []
          : [{ field, value: place[field], kind: place.kind, title: titleOf(context, place) }];
      }),
    };
  },
};
