import { daysBetween, type IsoDate } from '../../../../shared/calendar/index.ts';
import type { OutputOf, ParsedInputOf } from '../../../../shared/contract/contract.ts';
import { PortbookError } from '../../../../shared/errors.ts';
import { type Registration, type Treatment, waitingUntil } from '../../../../shared/lots/findings.ts';
import type { Book } from '../book.ts';
import { decodeCursor, encodeCursor } from '../cursor.ts';
import { containing } from '../like.ts';
import { requireParty } from '../parties.ts';

/** What is grown, where it grows and is packed (基地, 包装厂), their registrations, and what was put on it (投入品). */

export type FarmProduct = OutputOf<'farmProducts.list'>['rows'][number];
export type FarmSite = OutputOf<'farmSites.list'>['rows'][number];
export type RegistrationView = OutputOf<'farmSites.get'>['registrations'][number];
export type TreatmentView = OutputOf<'farmSites.get'>['treatments'][number];

/** An object without the keys whose value is null, as the contract leaves out what is not there. */
export function present<T extends object>(row: T): { [K in keyof T]: Exclude<T[K], null> } {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)) as {
    [K in keyof T]: Exclude<T[K], null>;
  };
}

// Products --------------------------------------------------------------------------------------------------------------
const productColumns = `id, name_zh AS nameZh, name_en AS nameEn, hs_code AS hsCode, low_c100 AS lowC100, high_c100 AS highC100, band_source AS bandSource`;

export function listFarmProducts(book: Book): FarmProduct[] {
  const rows = book.prepare(`SELECT ${productColumns} FROM farm_product ORDER BY name_zh`).all() as FarmProduct[];
  return rows.map(present);
}

/** Throws `FARM_PRODUCT_UNKNOWN` {id}. */
export function requireFarmProduct(book: Book, id: number): FarmProduct {
  const row = book.prepare(`SELECT ${productColumns} FROM farm_product WHERE id = ?`).get(id) as
    | FarmProduct
    | undefined;
  if (row === undefined) throw new PortbookError('FARM_PRODUCT_UNKNOWN', { id }, 'productId');
  return present(row);
}

/** Refusals: `FARM_PRODUCT_TAKEN` {name}, `FARM_BAND`, `FARM_PRODUCT_UNKNOWN`. */
export function saveFarmProduct(book: Book, input: ParsedInputOf<'farmProducts.save'>, now: string): number {
  const { id, nameZh, nameEn, hsCode, lowC100, highC100, bandSource } = input;
  if ((lowC100 === undefined) !== (highC100 === undefined) || (lowC100 ?? 0) > (highC100 ?? 0))
    throw new PortbookError('FARM_BAND', {}, 'lowC100');
  if (book.prepare('SELECT 1 FROM farm_product WHERE name_zh = ? AND id <> ?').get(nameZh, id ?? 0) !== undefined)
    throw new PortbookError('FARM_PRODUCT_TAKEN', { name: nameZh }, 'nameZh');
  const values = [nameZh, nameEn, hsCode, lowC100 ?? null, highC100 ?? null, bandSource, now];
  if (id !== undefined) {
    requireFarmProduct(book, id);
    book
      .prepare(
        'UPDATE farm_product SET name_zh = ?, name_en = ?, hs_code = ?, low_c100 = ?, high_c100 = ?, band_source = ?, updated_at = ? WHERE id = ?',
      )
      .run(...values, id);
    return id;
  }
  const { lastInsertRowid } = book
    .prepare(
      'INSERT INTO farm_product (name_zh, name_en, hs_code, low_c100, high_c100, band_source, updated_at, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
    )
    .run(...values, now);
  return Number(lastInsertRowid);
}

// Sites -----------------------------------------------------------------------------------------------------------------
interface SiteRow {
  id: number;
  kind: FarmSite['kind'];
  name: string;
  partyId: number | null;
  owner: string;
  place: string;
  areaM2: number | null;
  latitudeE6: number | null;
  longitudeE6: number | null;
  note: string;
  active: number;
  lots: number;
}
const siteSelect = `SELECT s.id, s.kind, s.name, s.party_id AS partyId, coalesce(p.name, '') AS owner, s.place, s.area_m2 AS areaM2,
    s.latitude_e6 AS latitudeE6, s.longitude_e6 AS longitudeE6, s.note, s.active,
    (SELECT count(*) FROM lot WHERE site_id = s.id) AS lots
  FROM farm_site s LEFT JOIN party p ON p.id = s.party_id`;

interface RegistrationRow {
  id: number;
  siteId: number;
  site: string;
  kind: RegistrationView['kind'];
  scheme: string;
  number: string;
  productId: number | null;
  product: string;
  country: string;
  fromOn: IsoDate;
  untilOn: IsoDate | null;
  note: string;
}
const registrationSelect = `SELECT r.id, r.site_id AS siteId, s.name AS site, r.kind, r.scheme, r.number, r.product_id AS productId,
    coalesce(f.name_zh, '') AS product, r.country, r.from_on AS fromOn, r.until_on AS untilOn, r.note
  FROM site_registration r JOIN farm_site s ON s.id = r.site_id LEFT JOIN farm_product f ON f.id = r.product_id`;

function registrationOn(row: RegistrationRow, date: IsoDate): RegistrationView {
  const { untilOn, productId, ...rest } = row;
  const state = date < row.fromOn ? 'future' : untilOn !== null && untilOn < date ? 'expired' : 'active';
  return {
    ...rest,
    state,
    ...(productId === null ? {} : { productId }),
    ...(untilOn === null ? {} : { untilOn, daysLeft: daysBetween(date, untilOn) }),
  };
}

const better = ['active', 'future', 'expired'] as const;

function siteOn(book: Book, row: SiteRow, date: IsoDate): FarmSite {
  const { active, ...rest } = row;
  const [best] = registrationsOf(book, row.id, date)
    .filter(({ kind }) => kind !== 'certificate')
    .sort(
      (a, b) => better.indexOf(a.state) - better.indexOf(b.state) || ((a.untilOn ?? '9') < (b.untilOn ?? '9') ? 1 : -1),
    );
  return {
    ...present(rest),
    isActive: active === 1,
    registrationNo: best?.number ?? '',
    state: best?.state ?? 'none',
    ...(best?.daysLeft === undefined ? {} : { daysLeft: best.daysLeft }),
  };
}

/** Sites by name with their registration as it stands on a day. */
export function listFarmSites(
  book: Book,
  filter: Pick<ParsedInputOf<'farmSites.list'>, 'kind' | 'isGrowing' | 'text' | 'after' | 'limit'>,
  date: IsoDate,
): OutputOf<'farmSites.list'> {
  const [name] = decodeCursor(filter.after, ['']);
  const where = `(:kind = '' OR s.kind = :kind) AND (:growing = 0 OR (s.active = 1 AND s.kind <> 'pack-house')) AND (:text = '' OR s.name LIKE :like ESCAPE '\\' OR s.place LIKE :like ESCAPE '\\'
    OR EXISTS (SELECT 1 FROM site_registration r WHERE r.site_id = s.id AND r.number LIKE :like ESCAPE '\\'))`;
  const text = filter.text.trim();
  const only = { kind: filter.kind ?? '', growing: filter.isGrowing ? 1 : 0, text, like: containing(text) };
  const rows = book
    .prepare(`${siteSelect} WHERE ${where} AND s.name > :name ORDER BY s.name LIMIT :limit`)
    .all({ ...only, name, limit: filter.limit }) as SiteRow[];
  const { n } = book.prepare(`SELECT count(*) AS n FROM farm_site s WHERE ${where}`).get(only) as { n: number };
  const last = rows.at(-1);
  return {
    rows: rows.map((row) => siteOn(book, row, date)),
    total: n,
    ...(rows.length === filter.limit && last !== undefined ? { nextCursor: encodeCursor([last.name]) } : {}),
  };
}

/** Throws `FARM_SITE_UNKNOWN` {id}. */
export function requireFarmSite(book: Book, id: number, date: IsoDate): FarmSite {
  const row = book.prepare(`${siteSelect} WHERE s.id = ?`).get(id) as SiteRow | undefined;
  if (row === undefined) throw new PortbookError('FARM_SITE_UNKNOWN', { id }, 'siteId');
  return siteOn(book, row, date);
}

/** Refusals: `FARM_SITE_TAKEN` {name}, `FARM_POINT`, `PARTY_UNKNOWN`, `FARM_SITE_UNKNOWN`. */
export function saveFarmSite(book: Book, input: ParsedInputOf<'farmSites.save'>, date: IsoDate, now: string): number {
  const { id, kind, name, partyId, place, areaM2, latitudeE6, longitudeE6, note, isActive } = input;
  if ((latitudeE6 === undefined) !== (longitudeE6 === undefined))
    throw new PortbookError('FARM_POINT', {}, 'latitudeE6');
  if (book.prepare('SELECT 1 FROM farm_site WHERE name = ? AND id <> ?').get(name, id ?? 0) !== undefined)
    throw new PortbookError('FARM_SITE_TAKEN', { name }, 'name');
  if (partyId !== undefined) requireParty(book, partyId, 'partyId');
  const values = {
    kind,
    name,
    party: partyId ?? null,
    place,
    area: areaM2 ?? null,
    latitude: latitudeE6 ?? null,
    longitude: longitudeE6 ?? null,
    note,
    active: isActive ? 1 : 0,
    now,
  };
  if (id !== undefined) {
    const before = requireFarmSite(book, id, date);
    // A harvest stays one: where something grew cannot become a pack house.
    if (before.lots > 0 && kind === 'pack-house')
      throw new PortbookError('FARM_SITE_NO_HARVEST', { site: name }, 'kind');
    book
      .prepare(
        `UPDATE farm_site SET kind = :kind, name = :name, party_id = :party, place = :place, area_m2 = :area, latitude_e6 = :latitude,
           longitude_e6 = :longitude, note = :note, active = :active, updated_at = :now WHERE id = :id`,
      )
      .run({ ...values, id });
    return id;
  }
  const { lastInsertRowid } = book
    .prepare(
      `INSERT INTO farm_site (kind, name, party_id, place, area_m2, latitude_e6, longitude_e6, note, active, created_at, updated_at)
       VALUES (:kind, :name, :party, :place, :area, :latitude, :longitude, :note, :active, :now, :now)`,
    )
    .run(values);
  return Number(lastInsertRowid);
}

// Registrations ---------------------------------------------------------------------------------------------------------
/** Registrations of a site, in force first. */
export function registrationsOf(book: Book, siteId: number, date: IsoDate): RegistrationView[] {
  const rows = book
    .prepare(`${registrationSelect} WHERE r.site_id = ? ORDER BY r.from_on DESC, r.id`)
    .all(siteId) as RegistrationRow[];
  return rows.map((row) => registrationOn(row, date)).sort((a, b) => better.indexOf(a.state) - better.indexOf(b.state));
}

/** Registrations for a destination that a product may go under. */
export function coverageOf(book: Book, productId: number, country: string, date: IsoDate): RegistrationView[] {
  const rows = book
    .prepare(
      `${registrationSelect} WHERE r.country = ? AND (r.product_id IS NULL OR r.product_id = ?) ORDER BY s.kind, s.name, r.id`,
    )
    .all(country, productId) as RegistrationRow[];
  return rows.map((row) => registrationOn(row, date));
}

/** Certificates (认证: GAP, 有机, HACCP) of sites for any of the products, in force first. */
export function certificatesOf(
  book: Book,
  siteIds: Iterable<number>,
  productIds: Iterable<number>,
  date: IsoDate,
): RegistrationView[] {
  const rows = book
    .prepare(
      `${registrationSelect} WHERE r.kind = 'certificate' AND r.site_id IN (SELECT value FROM json_each(?))
         AND (r.product_id IS NULL OR r.product_id IN (SELECT value FROM json_each(?))) ORDER BY s.name, r.scheme, r.from_on DESC, r.id`,
    )
    .all(JSON.stringify([...siteIds]), JSON.stringify([...productIds])) as RegistrationRow[];
  return rows.map((row) => registrationOn(row, date)).sort((a, b) => better.indexOf(a.state) - better.indexOf(b.state));
}

/** The same as the rules take them. */
export function registrationFacts(
  book: Book,
  siteId: number,
  kinds: readonly RegistrationView['kind'][],
): Registration[] {
  const rows = book.prepare(`${registrationSelect} WHERE r.site_id = ?`).all(siteId) as RegistrationRow[];
  return rows
    .filter(({ kind }) => kinds.includes(kind))
    .map(({ number, productId, country, fromOn, untilOn }) => ({
      number,
      productId: productId ?? undefined,
      country,
      fromOn,
      untilOn: untilOn ?? undefined,
    }));
}

/** Refusals: `FARM_DATES` {from, until}, `FARM_SITE_UNKNOWN`, `FARM_PRODUCT_UNKNOWN`, `SITE_REGISTRATION_UNKNOWN`. */
export function saveRegistration(
  book: Book,
  input: ParsedInputOf<'siteRegistrations.save'>,
  date: IsoDate,
  now: string,
): number {
  const { id, siteId, kind, scheme, number, productId, country, fromOn, untilOn, note } = input;
  if (untilOn !== undefined && untilOn < fromOn)
    throw new PortbookError('FARM_DATES', { from: fromOn, until: untilOn }, 'untilOn');
  requireFarmSite(book, siteId, date);
  if (productId !== undefined) requireFarmProduct(book, productId);
  const values = [siteId, kind, scheme, number, productId ?? null, country, fromOn, untilOn ?? null, note];
  if (id !== undefined) {
    const { changes } = book
      .prepare(
        `UPDATE site_registration SET site_id = ?, kind = ?, scheme = ?, number = ?, product_id = ?, country = ?, from_on = ?, until_on = ?,
           note = ? WHERE id = ?`,
      )
      .run(...values, id);
    if (changes === 0) throw new PortbookError('SITE_REGISTRATION_UNKNOWN', { id }, 'id');
    return id;
  }
  const { lastInsertRowid } = book
    .prepare(
      `INSERT INTO site_registration (site_id, kind, scheme, number, product_id, country, from_on, until_on, note, created_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(...values, now);
  return Number(lastInsertRowid);
}

/** Throws `SITE_REGISTRATION_UNKNOWN`. @returns its number */
export function removeRegistration(book: Book, id: number): string {
  const row = book.prepare('DELETE FROM site_registration WHERE id = ? RETURNING number').get(id) as
    | { number: string }
    | undefined;
  if (row === undefined) throw new PortbookError('SITE_REGISTRATION_UNKNOWN', { id }, 'id');
  return row.number;
}

/** Registrations of sites in use whose last day lies before `until`, soonest first; one that another of the same kind outlasts is left out. */
export function endingRegistrations(
  book: Book,
  until: IsoDate,
): { number: string; site: string; siteId: number; untilOn: IsoDate }[] {
  return book
    .prepare(
      `SELECT r.number, s.name AS site, s.id AS siteId, r.until_on AS untilOn FROM site_registration r JOIN farm_site s ON s.id = r.site_id
       WHERE s.active = 1 AND r.until_on IS NOT NULL AND r.until_on < ?
         AND NOT EXISTS (SELECT 1 FROM site_registration x WHERE x.site_id = r.site_id AND x.kind = r.kind AND x.country = r.country
           AND x.scheme = r.scheme AND (x.product_id IS NULL OR x.product_id IS r.product_id) AND (x.until_on IS NULL OR x.until_on > r.until_on))
       ORDER BY r.until_on, r.id`,
    )
    .all(until) as { number: string; site: string; siteId: number; untilOn: IsoDate }[];
}

// Treatments ------------------------------------------------------------------------------------------------------------
interface TreatmentRow {
  id: number;
  siteId: number;
  site: string;
  on: IsoDate;
  kind: TreatmentView['kind'];
  name: string;
  licenceNo: string;
  dose: string;
  waitingDays: number | null;
  source: string;
  operator: string;
  withdrawnReason: string;
}
const treatmentSelect = `SELECT t.id, t.site_id AS siteId, s.name AS site, t.on_date AS "on", t.kind, t.name, t.licence_no AS licenceNo, t.dose,
    t.waiting_days AS waitingDays, t.source, t.operator, t.withdrawn_reason AS withdrawnReason
  FROM site_treatment t JOIN farm_site s ON s.id = t.site_id`;

function treatmentView({ waitingDays, ...row }: TreatmentRow): TreatmentView {
  const days = waitingDays ?? undefined;
  const until = waitingUntil({ ...row, waitingDays: days });
  return {
    ...row,
    ...(days === undefined ? {} : { waitingDays: days }),
    ...(until === undefined ? {} : { waitingUntil: until }),
  };
}

/** How far back a treatment still says something of a harvest. */
const TREATMENT_DAYS = 400;

/** Treatments of a site in the year before a day that stand, last first. */
export function treatmentsOf(book: Book, siteId: number, until: string): TreatmentView[] {
  const rows = book
    .prepare(
      `${treatmentSelect} WHERE t.site_id = ? AND t.on_date <= ? AND t.on_date >= date(?, ?) AND t.withdrawn_at IS NULL
       ORDER BY t.on_date DESC, t.id DESC`,
    )
    .all(siteId, until, until, `-${TREATMENT_DAYS} days`) as TreatmentRow[];
  return rows.map(treatmentView);
}

/** All treatments of a site, last first; withdrawn ones too. */
export function everyTreatmentOf(book: Book, siteId: number): TreatmentView[] {
  const rows = book
    .prepare(`${treatmentSelect} WHERE t.site_id = ? ORDER BY t.on_date DESC, t.id DESC`)
    .all(siteId) as TreatmentRow[];
  return rows.map(treatmentView);
}

/**
 * The same as the rules take them: every treatment that is not surely over on the day. What has no waiting period counts for a year.
 */
export function treatmentFacts(book: Book, siteId: number, on: IsoDate): Treatment[] {
  const rows = book
    .prepare(
      `${treatmentSelect} WHERE t.site_id = :site AND t.withdrawn_at IS NULL AND t.on_date <= :on AND t.kind IN ('pesticide','medicine')
         AND (date(t.on_date, t.waiting_days || ' days') > :on OR (t.waiting_days IS NULL AND t.on_date >= date(:on, '-365 days')))
       ORDER BY t.on_date DESC, t.id DESC`,
    )
    .all({ site: siteId, on }) as TreatmentRow[];
  return rows.map(({ on: day, name, waitingDays }) => ({ on: day, name, waitingDays: waitingDays ?? undefined }));
}

/** Refusal: `FARM_SITE_UNKNOWN`. */
export function addTreatment(book: Book, input: ParsedInputOf<'treatments.add'>, date: IsoDate, now: string): number {
  requireFarmSite(book, input.siteId, date);
  const { waitingDays = null, ...rest } = input;
  const { lastInsertRowid } = book
    .prepare(
      `INSERT INTO site_treatment (site_id, on_date, kind, name, licence_no, dose, waiting_days, source, operator, created_at)
       VALUES (:siteId, :on, :kind, :name, :licenceNo, :dose, :waitingDays, :source, :operator, :now)`,
    )
    .run({ ...rest, waitingDays, now });
  return Number(lastInsertRowid);
}

/** Refusal: `TREATMENT_UNKNOWN` {id}, also for one that was withdrawn. */
export function withdrawTreatment(
  book: Book,
  id: number,
  reason: string,
  now: string,
): { name: string; on: string; siteId: number } {
  const row = book
    .prepare(
      `UPDATE site_treatment SET withdrawn_at = ?, withdrawn_reason = ? WHERE id = ? AND withdrawn_at IS NULL
       RETURNING name, on_date AS "on", site_id AS siteId`,
    )
    .get(now, reason, id) as { name: string; on: string; siteId: number } | undefined;
  if (row === undefined) throw new PortbookError('TREATMENT_UNKNOWN', { id }, 'id');
  return row;
}

/** What was used before, by name, with its waiting period as it was last entered. */
export function treatmentNames(book: Book, text: string): OutputOf<'treatments.names'>['rows'] {
  const rows = book
    .prepare(
      `SELECT name, licence_no AS licenceNo, waiting_days AS waitingDays, source, max(id) FROM site_treatment
       WHERE withdrawn_at IS NULL AND name LIKE ? ESCAPE '\\' GROUP BY name ORDER BY name LIMIT 9`,
    )
    .all(containing(text.trim())) as { name: string; licenceNo: string; waitingDays: number | null; source: string }[];
  return rows.map(({ name, licenceNo, waitingDays, source }) => present({ name, licenceNo, waitingDays, source }));
}
