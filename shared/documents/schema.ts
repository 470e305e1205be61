/** zod schemas made from the tables: for the contract's door, for forms (react-hook-form) and for stored drafts. */
import { z } from 'zod';
import type { TableSet } from '../tables/table.ts';
import type { Finding } from './finding.ts';
import {
  type AnyDocument,
  type DocumentOf,
  type FieldSpec,
  type MessageSpec,
  type PartSpec,
  UNBOUNDED,
} from './spec.ts';
import { validateAny } from './validate.ts';

/** What a field becomes in an outline. */
export type FieldForm = (field: FieldSpec) => z.ZodType;

const complete: FieldForm = (field) => (field.required ? z.string() : z.string().optional());
// Anything may be missing.
const draft: FieldForm = () => z.string().optional();

function partSchemas(parts: readonly PartSpec[], form: FieldForm): Record<string, z.ZodType> {
  return Object.fromEntries(
    parts.map((part) => {
      const group = groupSchema(part.fields, form, part.parts);
      const schema =
        part.max === 1 ? group : form === draft ? z.array(group) : bounded(z.array(group), part.min, part.max);
      return [part.name, part.min === 1 && form !== draft ? schema : schema.optional()];
    }),
  );
}

function bounded(rows: z.ZodArray<z.ZodType>, min: number, max: number): z.ZodType {
  return max >= UNBOUNDED ? rows.min(min) : rows.min(min).max(max);
}

function groupSchema(fields: readonly FieldSpec[], form: FieldForm, parts: readonly PartSpec[] = []): z.ZodType {
  // Unknown keys are refused rather than dropped: a value that silently disappears is worse than an error.
  return z.strictObject({
    ...Object.fromEntries(fields.map((field) => [field.name, form(field)])),
    ...partSchemas(parts, form),
  });
}

/** The groups and fields of a document, each field in the form given. */
export function outlineOf(spec: MessageSpec, form: FieldForm): z.ZodType {
  if (spec.head.name === '') return groupSchema(spec.head.fields, form);
  const parts = partSchemas(spec.parts ?? [], form);
  if (spec.lines === undefined)
    return z.strictObject({ [spec.head.name]: groupSchema(spec.head.fields, form), ...parts });
  const lines = z.array(groupSchema(spec.lines.fields, form, spec.lines.parts));
  return z.strictObject({
    [spec.head.name]: groupSchema(spec.head.fields, form),
    [spec.lines.name]: form === draft ? lines : bounded(lines, spec.lines.min ?? 1, spec.lines.max),
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
  const schema = outlineOf(spec, complete).check((context) => {
    for (const finding of validateAny(spec, context.value as AnyDocument, tables))
      context.issues.push(toIssue(finding, context.value));
  });
  return schema as z.ZodType<DocumentOf<M>>;
}

/** The outer form only: known groups and fields, all values text, anything may be missing. For drafts on their way to the store. */
export function draftSchemaOf(spec: MessageSpec): z.ZodType<AnyDocument> {
  return outlineOf(spec, draft) as z.ZodType<AnyDocument>;
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
