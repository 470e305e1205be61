/** All of one shipment (一票总览): refund, money, financing and red flags with what leads to each; customs and the score have their own. */
import { z } from 'zod';
import { stockSections } from '../finance/data-pack.ts';
import { currencyCode, isoDate, isoInstant } from './common.ts';
import { insuredRow } from './credit-insurance.ts';
import { query } from './operation.ts';
import { flagRow } from './risk.ts';
import { regimes } from './tax.ts';

const id = z.number().int();
const count = z.number().int();

export const shipmentOverview = {
  /** Everything on one day. Refusals: `SHIPMENT_UNKNOWN` {id}, `DATE_INVALID` {date}. */
  'shipments.overview': query(
    z.object({ id, date: isoDate }),
    z.object({
      /** Export lines of its declarations by regime (退、免、征), those of none yet as `open`. Amounts in yuan. */
      refund: z.object({
        regimes: z.array(
          z.object({
            regime: z.enum([...regimes, 'open']),
            lines: count,
            claimed: count,
            /** FOB of the lines whose rate is known. */
            fob: z.string(),
            rateMissing: count,
            /** Neither paid nor deemed received (视同收汇). */
            unpaid: count,
          }),
        ),
        /** Refund of matched lines: claimed in a month, without what was paid on leaving and is not settled; and not claimed yet. */
        claimed: z.string(),
        unclaimed: z.string(),
        /** Paid on leaving (离境即退税), to be settled. */
        preRefund: z.string(),
        /** The first lines, each to be opened. */
        lines: z.array(
          z.object({
            id,
            declarationNo: z.string(),
            lineNo: count,
            exportDate: isoDate,
            name: z.string(),
            regime: z.enum([...regimes, 'open']),
            claimedPeriod: z.string().optional(),
            refund: z.string(),
          }),
        ),
        total: count,
      }),
      finance: z.object({
        /** What is owed of its orders today, by currency. */
        receivables: z.array(
          z.object({ currency: currencyCode, open: z.string(), orders: count, buyers: count, oldest: isoDate }),
        ),
        /** Limits of its buyers, each with all that the buyer owes. */
        limits: z.array(insuredRow),
        /** Owed by its buyers that no limit in force names. */
        withoutLimit: z.array(z.object({ currency: currencyCode, open: z.string(), orders: count })),
        /** Signed pledges (信用承诺) of the firm that stand on the day. */
        pledges: z.array(
          z.object({ id, number: z.string(), title: z.string(), signedOn: isoDate, validTo: isoDate.nullable() }),
        ),
        /** Financing packs whose period and sections take in its orders or declarations, or may, that were in the book when each was made. */
        packs: z.array(
          z.object({
            id,
            number: z.string(),
            bank: z.string(),
            from: isoDate,
            to: isoDate,
            madeAt: isoInstant,
            orders: count,
            declarations: count,
            /** Sections of what was open on the last day: the shipment may stand in them; what was open then is not on record. */
            mayHold: z.array(z.enum(stockSections)),
            given: count,
          }),
        ),
      }),
      /** Red flags that stand and name the shipment, its orders, documents or declarations; the first, and how many there are. */
      flags: z.array(flagRow.pick({ id: true, rule: true, severity: true, params: true, state: true })),
      flagsTotal: count,
    }),
  ),
} as const;
