/** Modules of regions (市县特色功能模块) as the book has them. */
import { chinaDate } from '../../shared/calendar/china-time.ts';
import { PortbookError } from '../../shared/errors.ts';
import {
  checkExtra,
  type ExtraValues,
  type RegionModule,
  type RegionRecord,
  regionModule,
  regionModulesPack,
  regionModulesPackId,
} from '../../shared/rules/regions/modules.ts';
import type { Context } from './context.ts';
import { packFigures } from './obligations.ts';

type Source = Pick<Context, 'book' | 'resources' | 'now'>;

/** What regions ask of a record. Without a division it is that of the firm: characters 3 to 8 of its credit code (GB 32100). */
export function moduleFor(source: Source, on: RegionRecord, division = ''): RegionModule {
  const { regions } = packFigures(source, regionModulesPackId, regionModulesPack, chinaDate(source.now()));
  return regionModule(regions, division === '' ? source.book.profile().uscc.slice(2, 8) : division, on);
}

/** Refusal: `EXTRA_FIELD_INVALID` {field, fieldEn, reason} at the first value that is none of its field; an empty one may wait. */
export function refuseWrongExtra({ fields }: RegionModule, values: ExtraValues): void {
  const wrong = checkExtra(fields, values).find(({ problem }) => problem !== 'MISSING');
  if (wrong === undefined) return;
  const { field, problem } = wrong;
  const { zh, en } = field.title;
  throw new PortbookError('EXTRA_FIELD_INVALID', { field: zh, fieldEn: en, reason: problem }, `body/extra/${field.id}`);
}

/** Refusal: `EXTRA_FIELD_MISSING` {field, fieldEn} where a region asks for what is not there. */
export function requireExtra({ fields }: RegionModule, values: ExtraValues): void {
  const missing = checkExtra(fields, values).find(({ problem }) => problem === 'MISSING');
  if (missing === undefined) return;
  const { id, title } = missing.field;
  throw new PortbookError('EXTRA_FIELD_MISSING', { field: title.zh, fieldEn: title.en }, `body/extra/${id}`);
}
