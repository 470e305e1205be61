import type { ImportFinding, RowReason } from '../contract/imports.ts';
import { listParams } from '../i18n/words.ts';
import type { LogisticsFigures, MilestoneKind } from '../logistics/pack.ts';
import { milestoneOf, type WayTime, wayFindings } from '../logistics/way.ts';
import type { SourceRow } from './cells.ts';
import type { Mapping } from './headers.ts';
import { cellText, DateReader, readId, readText, reason } from './values.ts';

/** What a number of a tracking file may be. */
export const trackingNumbers = ['shipmentNo', 'number', 'billNo', 'containerNo'] as const;
export type TrackingNumber = (typeof trackingNumbers)[number];

/** A shipment that a number names, and what of it: one parcel or container, or (empty) the whole. */
export interface TrackedShipment {
  readonly id: number;
  readonly shipmentNo: string;
  readonly scope: string;
}

/** One event of a shipment's goods. */
export interface TrackingEntry extends WayTime {
  readonly shipmentId: number;
  /** The number it was told by. */
  readonly reference: string;
  readonly place: string;
  /** The status as the file has it; empty for a column of times. */
  readonly text: string;
}

export interface TrackingLookups {
  find(by: TrackingNumber, number: string): readonly TrackedShipment[];
  has(entry: TrackingEntry): boolean;
  /** First times that the book has of a shipment, and when it was begun. */
  times(shipmentId: number): { readonly times: readonly WayTime[]; readonly begunAt: string };
}

/** Columns of a sheet with a row a shipment. */
const stepColumns = [
  'picked',
  'packed',
  'precooled',
  'loaded',
  'gateIn',
  'departed',
  'arrived',
  'delivered',
] as const satisfies readonly MilestoneKind[];

const mostFindings = 50;

/** What tells two events of one kind and time apart: only where the kind does not say what happened. */
export function markOf({ kind, text, place }: Pick<TrackingEntry, 'kind' | 'text' | 'place'>): string {
  return kind === 'other' || kind === 'exception' || kind === 'transit' ? `${text}|${place}` : '';
}

const keyOf = (entry: TrackingEntry): string =>
  JSON.stringify([entry.shipmentId, entry.scope, entry.kind, entry.at, markOf(entry)]);

/** Reads a carrier's tracking. A status that no word explains is kept as `other`. One instance a file. */
export class TrackingSorter {
  readonly #at: (field: string) => number;
  readonly #figures: LogisticsFigures;
  readonly #lookups: TrackingLookups;
  readonly #now: string;
  readonly #dates = new DateReader();
  readonly #found = new Map<string, readonly TrackedShipment[]>();
  readonly #entries = new Map<string, { readonly entry: TrackingEntry; readonly row: number }>();

  constructor(mapping: Mapping, figures: LogisticsFigures, lookups: TrackingLookups, now: string) {
    this.#at = (field) => mapping[field] ?? -1;
    this.#figures = figures;
    this.#lookups = lookups;
    this.#now = now;
  }

  get entries(): readonly TrackingEntry[] {
    return [...this.#entries.values()].map(({ entry }) => entry);
  }

  take(row: SourceRow): 'taken' | 'already' | RowReason[] {
    const reasons: RowReason[] = [];
    const shipment = this.#shipment(row, reasons);
    const place = readText(row, this.#at('place'), 'place', reasons, { maxLength: 100 }) ?? '';
    const text = readText(row, this.#at('status'), 'status', reasons, { maxLength: 300 }) ?? '';
    const times = this.#times(row, text, reasons);
    if (shipment === undefined || reasons.length > 0) return reasons;
    let isNew = false;
    for (const { kind, at, isDay, said } of times) {
      const entry: TrackingEntry = {
        ...{ shipmentId: shipment.id, scope: shipment.scope, reference: shipment.reference },
        ...{ kind, at, isDay, recordedAt: this.#now, place, text: said },
      };
      const key = keyOf(entry);
      if (this.#entries.has(key) || this.#lookups.has(entry)) continue;
      this.#entries.set(key, { entry, row: row.no });
      isNew = true;
    }
    return isNew ? 'taken' : 'already';
  }

  /** Times of the file that cannot be right, together with what the book has of the same shipments. */
  findings(): ImportFinding[] {
    const byShipment = new Map<number, { readonly entry: TrackingEntry; readonly row: number }[]>();
    for (const one of this.#entries.values()) {
      const list = byShipment.get(one.entry.shipmentId);
      if (list === undefined) byShipment.set(one.entry.shipmentId, [one]);
      else list.push(one);
    }
    const found: ImportFinding[] = [];
    for (const [id, list] of byShipment) {
      const { times, begunAt } = this.#lookups.times(id);
      const rows = new Map(list.map(({ entry, row }) => [`${entry.scope} ${entry.kind} ${entry.at}`, row]));
      const all = [...times, ...list.map(({ entry }) => entry)];
      for (const { code, kind, at, scope, former } of wayFindings(this.#figures, all, begunAt)) {
        const rowNo = rows.get(`${scope} ${kind} ${at}`);
        found.push({
          code: `TRACKING_${code}`,
          level: 'doubt',
          ...(rowNo === undefined ? {} : { rowNo }),
          params: { step: this.#name(kind), at: chinaText(at), former: former === undefined ? '' : this.#name(former) },
        });
        if (found.length === mostFindings) return found;
      }
    }
    return found;
  }

  #name(kind: MilestoneKind): string {
    return this.#figures.milestones.find(({ code }) => code === kind)?.title.zh ?? kind;
  }

  #shipment(row: SourceRow, reasons: RowReason[]): (TrackedShipment & { reference: string }) | undefined {
    let chosen: (TrackedShipment & { reference: string }) | undefined;
    let several: RowReason | undefined;
    let unknown: RowReason | undefined;
    for (const by of trackingNumbers) {
      const number = readId(row, this.#at(by), by, reasons);
      if (number === undefined) continue;
      const key = `${by} ${number}`;
      const found = this.#found.get(key) ?? this.#lookups.find(by, number);
      this.#found.set(key, found);
      const [first] = found;
      if (first === undefined) unknown ??= reason('TRACKING_NO_SHIPMENT', by, { value: number });
      else if (found.length > 1 && chosen !== undefined && found.some(({ id }) => id === chosen?.id)) {
        // A bill of several shipments beside a number of one of them.
      } else if (found.length > 1)
        several ??= reason('TRACKING_SEVERAL', by, {
          value: number,
          ...listParams(
            'shipments',
            found.map(({ shipmentNo }) => shipmentNo),
          ),
        });
      else if (chosen === undefined) chosen = { ...first, reference: number };
      else if (chosen.id !== first.id) {
        reasons.push(
          reason('TRACKING_NUMBERS_DIFFER', by, { one: chosen.shipmentNo, other: first.shipmentNo, value: number }),
        );
        return undefined;
      } else if (chosen.scope === '' && first.scope !== '') chosen = { ...first, reference: number };
    }
    if (chosen !== undefined) return chosen;
    const why = several ?? unknown;
    if (why !== undefined) reasons.push(why);
    else if (reasons.length === 0) reasons.push(reason('REQUIRED_BLANK', 'number'));
    return undefined;
  }

  #times(
    row: SourceRow,
    text: string,
    reasons: RowReason[],
  ): { kind: MilestoneKind; at: string; isDay: boolean; said: string }[] {
    const times: { kind: MilestoneKind; at: string; isDay: boolean; said: string }[] = [];
    const read = (field: string, kind: MilestoneKind, said: string): void => {
      const wall = this.#dates.read(row, this.#at(field), field, reasons);
      if (wall === undefined) return;
      // Carriers' files that name no zone are read as time in China.
      const at = new Date(`${wall}+08:00`).toISOString();
      times.push({ kind, at, isDay: wall.endsWith('T00:00:00'), said });
    };
    for (const kind of stepColumns) if (cellText(row, this.#at(kind)) !== '') read(kind, kind, '');
    const hasTime = cellText(row, this.#at('at')) !== '';
    // A list with a column for each step may also say the present status and when that was.
    if (text !== '' && (hasTime || times.length === 0)) read('at', milestoneOf(this.#figures, text) ?? 'other', text);
    else if (times.length === 0) reasons.push(reason('REQUIRED_BLANK', hasTime ? 'status' : 'at'));
    return times;
  }
}

/** An instant as a person in China reads it: `yyyy-mm-dd hh:mm`. */
function chinaText(instant: string): string {
  return new Date(Date.parse(instant) + 8 * 3_600_000).toISOString().slice(0, 16).replace('T', ' ');
}
