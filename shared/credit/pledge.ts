/** `resources/rules/credit-pledges.json`: texts of pledges of good faith (信用承诺) with blanks, each with its version and where it is from. */
import { z } from 'zod';
import { packSchema } from '../rules/pack.ts';

export const creditPledgesPackId = 'credit-pledges';

const bilingual = z.object({ zh: z.string().min(1), en: z.string().min(1) });

/** Blanks that the book fills by itself; all others are asked for. */
export const knownBlanks = ['firm', 'uscc', 'signer', 'validTo'] as const;

/** A blank of a text: `{{name}}`. */
const blank = /\{\{(\w+)\}\}/g;

export const pledgeTemplate = z
  .object({
    id: z.string().regex(/^[a-z][a-z0-9-]{2,59}$/),
    version: z.string().min(1).max(20),
    title: bilingual,
    /** For whom and when. */
    use: bilingual,
    source: z.string().min(1),
    /** Paragraphs, in Chinese: what is signed. */
    text: z.array(z.string().min(1)).min(1),
    /** Blanks that are asked for, in the order of the form. */
    blanks: z.array(z.object({ name: z.string().regex(/^\w{1,30}$/), label: bilingual, required: z.boolean() })),
  })
  .refine(({ text, blanks }) => {
    const known = new Set<string>([...knownBlanks, ...blanks.map(({ name }) => name)]);
    return text.every((one) => [...one.matchAll(blank)].every(([, name = '']) => known.has(name)));
  }, 'a blank that nobody fills');
export type PledgeTemplate = z.output<typeof pledgeTemplate>;

export const creditPledgesPack = packSchema(z.object({ templates: z.array(pledgeTemplate).min(1) }));

export interface FilledPledge {
  /** Paragraphs; what is not filled in is a line to write on. */
  readonly text: readonly string[];
  /** Required blanks, and the firm's own, that are empty. */
  readonly missing: readonly string[];
}

/** The text with its blanks filled. */
export function fillPledge(template: PledgeTemplate, values: Readonly<Record<string, string>>): FilledPledge {
  const of = (name: string): string => (Object.hasOwn(values, name) ? (values[name] ?? '') : '').trim();
  const needed = [
    ...knownBlanks.filter((name) => name !== 'validTo'),
    ...template.blanks.flatMap(({ name, required }) => (required ? [name] : [])),
  ];
  return {
    text: template.text.map((one) =>
      one.replaceAll(blank, (_, name: string) => {
        if (of(name) !== '') return of(name);
        return name === 'validTo' ? '长期' : '＿＿＿＿＿＿';
      }),
    ),
    missing: [...new Set(needed)].filter((name) => of(name) === ''),
  };
}
