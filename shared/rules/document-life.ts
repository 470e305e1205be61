/** Figures of the life of documents: what may be withdrawn or changed and when, and how long an answer usually takes. */
import { z } from 'zod';
import { documentStates } from '../contract/filing.ts';
import { packSchema } from './pack.ts';

export const documentLifePackId = 'document-life';

export const documentLifeSchema = z.object({
  /** States in which a filed document may be changed (变更) or deleted (删除) under its own number. */
  amendable: z.array(z.enum(documentStates)),
  /** States in which a list may be withdrawn (撤销). */
  withdrawable: z.array(z.enum(documentStates)),
  /** States in which goods of a list may be declared as coming back (退货). */
  returnable: z.array(z.enum(documentStates)),
  /** States in which a list may be summed up (汇总申请). */
  summable: z.array(z.enum(documentStates)),
  /** Supervision mode of the return of an export, by the mode of the export. */
  returnModes: z.record(z.string(), z.string()),
  /** Hours within which a message is usually answered; `default` for those not named. */
  answerHours: z.record(z.string(), z.number().positive()),
  /** Answers a kind must have had before the book's own experience counts more than `answerHours`, and how many times its median is late. */
  experience: z.object({ answers: z.number().int().positive(), timesMedian: z.number().positive() }),
});
export type DocumentLife = z.infer<typeof documentLifeSchema>;
export const documentLifePackSchema = packSchema(documentLifeSchema);
