import { z } from 'zod';
import type { Finding } from '../../documents/finding.ts';
import { listParams } from '../../i18n/words.ts';
import { type FieldRules, fieldRules, limitSettings } from '../../sync/endpoint-settings.ts';
import { packSchema } from '../pack.ts';

/**
 * What one platform asks of a document beyond the national tables: a province wants a field that others leave empty, a city's base has
 * shorter columns, an endpoint takes some districts only. The national check comes first; this one only adds.
 */

/** `resources/endpoints/<id>.json`: a dated profile of a platform. */
export const endpointPackSchema = packSchema(z.object({ limits: limitSettings.default({}), rules: fieldRules }));
export type EndpointPack = z.infer<typeof endpointPackSchema>;

export interface EndpointDemands {
  readonly name: string;
  /** Kinds it takes. */
  readonly kinds: readonly string[];
  readonly rules: readonly FieldRules[];
}

export const endpointRuleIds = ['EP-KIND', 'EP-REQUIRED', 'EP-LENGTH', 'EP-ALLOWED'] as const;

interface Place {
  readonly path: string;
  readonly value: string;
}

/** Every place that a path names: lines of a group counted from 1. A field that is not there is an empty text. */
function placesOf(body: unknown, path: string): Place[] {
  const walk = (value: unknown, steps: readonly string[], at: string): Place[] => {
    if (Array.isArray(value)) return value.flatMap((one, index) => walk(one, steps, `${at}[${index + 1}]`));
    const [step, ...rest] = steps;
    if (step === undefined) return [{ path: at, value: typeof value === 'string' ? value : '' }];
    const next = typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[step] : undefined;
    return walk(next, rest, at === '' ? step : `${at}/${step}`);
  };
  return walk(body, path.split('/'), '');
}

/** What an endpoint does not like of a document: findings `EP-…`, all of which it will reject for. */
export function checkEndpoint(kind: string, body: unknown, { name, kinds, rules }: EndpointDemands): Finding[] {
  const found: Finding[] = [];
  const add = (rule: (typeof endpointRuleIds)[number], path: string, params: Finding['params'] = {}) =>
    found.push({ rule, level: 'reject', path, params: { endpoint: name, ...params }, source: 'ENDPOINT' });
  if (!kinds.includes(kind)) {
    add('EP-KIND', '');
    return found;
  }
  for (const { required, maxLengths, allowed } of rules) {
    for (const rule of required)
      if (rule.kind === kind)
        for (const { path, value } of placesOf(body, rule.path)) if (value.trim() === '') add('EP-REQUIRED', path);
    for (const rule of maxLengths)
      if (rule.kind === kind)
        for (const { path, value } of placesOf(body, rule.path))
          if ([...value].length > rule.length) add('EP-LENGTH', path, { length: [...value].length, max: rule.length });
    for (const rule of allowed)
      if (rule.kind === kind)
        for (const { path, value } of placesOf(body, rule.path))
          if (value !== '' && !rule.values.some((one) => value.startsWith(one)))
            add('EP-ALLOWED', path, { value, ...listParams('values', rule.values) });
  }
  return found;
}
