/** C06: which route an export that comes back may take, its papers, and whether another customs may receive it. */
import { z } from 'zod';
import { packSchema } from '../pack.ts';

export const returnRouteNames = ['six-month', 'one-year', 'ordinary'] as const;
export type ReturnRoute = (typeof returnRouteNames)[number];

const papers = z.array(z.string()).min(1);
export const customsReturnsPackId = 'customs-returns';
export const customsReturnsPackSchema = packSchema(
  z.object({
    /** Papers by route, ids with a text `paper.<id>`. */
    papers: z.object({ 'six-month': papers, 'one-year': papers, ordinary: papers }),
    /** Routes that ask for 《出口货物已补税/未退税证明》. */
    certificateOf: z.array(z.enum(returnRouteNames)),
    /** Beginnings of commodity codes whose goods are taken for food until a person says otherwise: a sign, no classification. */
    foodCodes: z.array(z.string().regex(/^\d{2,10}$/)).default([]),
    /** 监管方式 of what goes out again: repaired, or as it came. */
    reexportModes: z.object({ repaired: z.string().regex(/^\d{4}$/), sentBack: z.string().regex(/^\d{4}$/) }),
    crossCustoms: z.object({
      modes: z.array(z.string()),
      scope: z.enum(['none', 'pilot', 'nationwide']),
      /** First two digits of those customs of a pilot that are known; none: the list is not known. */
      knownCustoms: z.array(z.string().regex(/^\d{2}$/)),
    }),
  }),
);
export type CustomsReturns = z.infer<typeof customsReturnsPackSchema>['versions'][number]['parameters'];

/** The route: six months free of duty and taxes (T25), a year for defects, else an ordinary import. `fallback` as T25 gives it. */
export function returnRoute(eligible: boolean, fallback: string | undefined): ReturnRoute {
  if (eligible) return 'six-month';
  return fallback === 'ONE_YEAR_RULE' ? 'one-year' : 'ordinary';
}

/** Whether goods of a commodity code are taken for food, which T25 does not cover, while nobody has said. */
export function isFoodCode({ foodCodes }: Pick<CustomsReturns, 'foodCodes'>, hsCode: string): boolean {
  return foodCodes.some((code) => hsCode.startsWith(code));
}

/** Papers of a route in order, the certificate of the tax office last. */
export function returnPapers(parameters: CustomsReturns, route: ReturnRoute): string[] {
  return [...parameters.papers[route], ...(parameters.certificateOf.includes(route) ? ['taxCertificate'] : [])];
}

/**
 * Whether the customs of return may be another than that of export (4 digits each). `pilot`: only among customs of a pilot whose list
 * is not wholly known; `unknown`: one of the two is not.
 */
export function crossCustoms(
  { crossCustoms: rule }: CustomsReturns,
  mode: string,
  exported: string | undefined,
  returned: string | undefined,
): 'same' | 'allowed' | 'pilot' | 'not-allowed' | 'unknown' {
  if (exported === undefined || returned === undefined) return 'unknown';
  const [from, to] = [exported.slice(0, 2), returned.slice(0, 2)];
  if (from === to) return 'same';
  if (rule.scope === 'none' || !rule.modes.includes(mode)) return 'not-allowed';
  if (rule.scope === 'nationwide') return 'allowed';
  return rule.knownCustoms.includes(from) && rule.knownCustoms.includes(to) ? 'allowed' : 'pilot';
}
