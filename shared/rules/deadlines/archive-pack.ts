/** `resources/rules/archive-papers.json`: the papers of a refund claim (备案单证), how long they are kept, how large a file may be. */
import { z } from 'zod';
import { packSchema } from '../pack.ts';

const count = z.number().int().positive();

export const archivePack = packSchema(
  z.object({
    maxFileMb: count,
    /** From the claim. */
    retentionYears: count,
    papers: z
      .array(
        z.object({
          code: z.string().regex(/^[a-z-]+$/),
          zh: z.string(),
          en: z.string(),
          /** When it is asked for. */
          conditionZh: z.string(),
          conditionEn: z.string(),
          /** Of declarations that ask for it. */
          modes: z.array(z.string()),
          /** Subjects it is a paper of; left out: of all. */
          subjects: z.array(z.string()).min(1).optional(),
          /** Always, not only under the condition. */
          required: z.boolean(),
        }),
      )
      .min(1),
  }),
);
export type ArchiveFigures = z.output<typeof archivePack>['versions'][number]['parameters'];
