/** 中转集拼: what leaves under the master waybill of a shipment, also of other shipments, modes and owners of the book. */
import { z } from 'zod';
import { departureFindingCodes } from '../logistics/departure.ts';
import { decimalText, fileToken } from './common.ts';
import { documentKind, documentState } from './filing.ts';
import { command, job, query } from './operation.ts';

const shipmentId = z.number().int();
const count = z.number().int();

const totals = {
  papers: count,
  packages: count,
  gross: decimalText,
  net: decimalText,
  /** Papers that do not state packages or weight: the sums are without them. */
  unknown: count,
};

export const departureView = z.object({
  shipmentNo: z.string(),
  bill: z.string(),
  vehicle: z.string(),
  voyage: z.string(),
  exitAt: z.string(),
  /** As the master waybill or the manifest states it; empty: not entered. */
  stated: z.object({ packages: z.string(), gross: z.string() }),
  totals: z.object(totals),
  /** By mode, shipment and owner (consignor, and producer where it is another). */
  groups: z.array(
    z.object({
      ...totals,
      mode: z.string(),
      isList: z.boolean(),
      shipmentId: shipmentId.optional(),
      shipmentNo: z.string(),
      owner: z.string(),
    }),
  ),
  /** The first so many; what was loaded from elsewhere comes first. */
  papers: z.array(
    z.object({
      id: z.number().int(),
      kind: documentKind,
      number: z.string(),
      mode: z.string(),
      owner: z.string(),
      shipmentNo: z.string(),
      state: documentState,
      packages: z.string(),
      gross: z.string(),
      waybill: z.string(),
      /** Of another shipment, or of none. */
      isLoaded: z.boolean(),
    }),
  ),
  masters: z.array(z.object({ id: z.number().int(), number: z.string(), state: documentState, waybills: count })),
  findings: z.array(
    z.object({
      code: z.enum(departureFindingCodes),
      level: z.enum(['stop', 'missing', 'note']),
      count,
      numbers: z.array(z.string()),
      stated: z.string().optional(),
      found: z.string().optional(),
    }),
  ),
  /** Papers of this shipment that leave with another one. */
  elsewhere: z.array(z.object({ shipmentId, shipmentNo: z.string(), papers: count })),
});

export const departures = {
  /** Refusals: `SHIPMENT_UNKNOWN` {id}, `RULE_PACK_MISSING`. */
  'departures.get': query(z.object({ shipmentId }), departureView),
  /** Other shipments with papers that could leave with this one, the newest first. Refusal: `SHIPMENT_UNKNOWN`. */
  'departures.candidates': query(
    z.object({ shipmentId }),
    z.object({
      rows: z.array(
        z.object({ shipmentId, shipmentNo: z.string(), bill: z.string(), papers: count, modes: z.array(z.string()) }),
      ),
    }),
  ),
  /**
   * Takes along all papers of another shipment that leave with no other, or one paper by its number. Refusals: `SHIPMENT_UNKNOWN`,
   * `DEPARTURE_NOTHING` {number}, `DEPARTURE_TAKEN` {number, shipment} for a paper that leaves with another shipment.
   */
  'departures.load': command(
    z.object({
      shipmentId,
      from: z.union([z.object({ shipmentId }), z.object({ number: z.string().trim().min(1).max(64) })]),
    }),
    z.object({ loaded: count }),
  ),
  /** Papers leave with their own shipment again. Refusal: `SHIPMENT_UNKNOWN`. */
  'departures.unload': command(
    z.object({ shipmentId, ids: z.array(z.number().int()).max(1000) }),
    z.object({ unloaded: count }),
  ),
  /**
   * What the master waybill or the manifest states; empty: not known. What is queued with its bill is checked once more before it leaves.
   * Refusals: `SHIPMENT_UNKNOWN`, `DEPARTURE_FIGURE` {value}.
   */
  'departures.saveMaster': command(
    z.object({ shipmentId, packages: z.string().trim().max(9), gross: z.string().trim().max(20) }),
    z.object({}),
  ),
  /** 集拼清单 as a workbook: sums, papers, what is missing. Refusals: those of `departures.get`, `FILE_NOT_WRITTEN`. */
  'departures.export': job(z.object({ shipmentId, to: fileToken }), z.object({ rows: count })),
} as const;
