/** zod schemas made from the tables: for the contract's door, for forms (react-hook-form) and for stored drafts. */
import { z } from 'zod';
import type { TableSet } from '../tables/table.ts';
import type { Finding } from './finding.ts';
import type { AnyDocument, DocumentOf, FieldSpec, MessageSpec, PartSpec } from './spec.ts';
import { validateAny } from './validate.ts';

function fieldSchema(field: FieldSpec, draft: boolean): z.ZodType {
  return field.required && !draft ? z.string() : z.string().optional();
}

function partSchemas(parts: readonly PartSpec[], draft: boolean): Record<string, z.ZodType> {
  return Object.fromEntries(
    parts.map((part) => {
      const group = groupSchema(part.fields, draft, part.parts);
      const schema = part.max === 1 ? group : draft ? z.array(group) : z.array(group).min(part.min).max(part.max);
      return [part.name, part.min === 1 && !draft ? schema : schema.optional()];
    }),
  );
}

function groupSchema(fields: readonly FieldSpec[], draft: boolean, parts: readonly PartSpec[] = []): z.ZodType {
  // Unknown keys are refused rather than dropped: a value that silently disappears is worse than an error.
  return z.strictObject({
    ...Object.fromEntries(fields.map((field) => [field.name, fieldSchema(field, draft)])),
    ...partSchemas(parts, draft),
  });
}

function outline(spec: MessageSpec, draft: boolean): z.ZodType {
  if (spec.head.name === '') return groupSchema(spec.head.fields, draft);
  const parts = partSchemas(spec.parts ?? [], draft);
  if (spec.lines === undefined)
    return z.strictObject({ [spec.head.name]: groupSchema(spec.head.fields, draft), ...parts });
  const lines = z.array(groupSchema(spec.lines.fields, draft, spec.lines.parts));
  return z.strictObject({
    [spec.head.name]: groupSchema(spec.head.fields, draft),
    [spec.lines.name]: draft ? lines : lines.min(spec.lines.min ?? 1).max(spec.lines.max),
    ...parts,
  });
}

/** `InventoryList[2]/gcode` as zod and react-hook-form have it: `['InventoryList', 1, 'gcode']`. */
export function pathSegments(path: string): (string | number)[] {
  return path.split('/').flatMap((part) => {
    const match = /^(.+)\[(\d+)\]$/.exec(part);
    return match === null ? (part === '' ? [] : [part]) : [match[1] ?? '', Number(match[2]) - 1];
  });
}

const NO_TABLES: TableSet = new Map();

/**
 * The schema of a complete document. Each issue's message is the id of the rule that failed (`DOC-TOO-LONG`) and its
 * `params` the finding's, so that form and check list speak with one voice. Pass `tables` to check codes as well.
 */
export function schemaOf<const M extends MessageSpec>(spec: M, tables: TableSet = NO_TABLES): z.ZodType<DocumentOf<M>> {
  const schema = outline(spec, false).check((context) => {
    for (const finding of validateAny(spec, context.value as AnyDocument, tables))
      context.issues.push(toIssue(finding, context.value));
  });
  return schema as z.ZodType<DocumentOf<M>>;
}

/** The outer form only: known groups and fields, all values text, anything may be missing. For drafts on their way to the store. */
export function draftSchemaOf(spec: MessageSpec): z.ZodType<AnyDocument> {
  return outline(spec, true) as z.ZodType<AnyDocument>;
}

function toIssue(finding: Finding, input: unknown): z.core.$ZodRawIssue {
  return {
    code: 'custom',
    message: finding.rule,
    path: pathSegments(finding.path),
    params: { ...finding.params },
    input,
  };
}
