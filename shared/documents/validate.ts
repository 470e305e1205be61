/** Checks one document against its table: presence, length, number form, values, code tables, dates. Pure; findings are data. */
import { parseCompactDate, parseCompactDateTime } from '../calendar/dates.ts';
import { isExponentText } from '../import/cells.ts';
import type { CodeTable, TableSet } from '../tables/table.ts';
import { illegalCharacter } from './characters.ts';
import type { Finding } from './finding.ts';
import { baseTransfer, guidField, type Transfer, versionField } from './frame.ts';
import {
  type AnyDocument,
  characterLength,
  type DecimalField,
  type DocumentOf,
  type FieldSpec,
  headOf,
  type IntegerField,
  linesOf,
  type MessageSpec,
  type PartSpec,
  pathOf,
  rowsOf,
  type TextField,
  type Values,
} from './spec.ts';

export const GUID_PATTERN = /^[0-9A-F]{8}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{12}$/;

/** Of each field a value that was found right: documents of one message repeat most of theirs. For one set of tables, and as long as it stays. */
export type RightValues = Map<FieldSpec, string>;

type Add = (rule: string, params: Readonly<Record<string, string | number>>) => void;

/** All `DOC-…` rules, for the text catalogue and the list of checks. */
export const documentRules = [
  'DOC-REQUIRED',
  'DOC-REQUIRED-WHEN',
  'DOC-TOO-LONG',
  'DOC-TOO-SHORT',
  'DOC-LENGTH',
  'DOC-NOT-DECIMAL',
  'DOC-DIGITS',
  'DOC-FRACTION',
  'DOC-NEGATIVE',
  'DOC-NOT-INTEGER',
  'DOC-VALUE',
  'DOC-CODE',
  'DOC-DATE',
  'DOC-TIME',
  'DOC-GUID',
  'DOC-CHARACTER',
  'DOC-BLANKS',
  'DOC-EXPONENT',
  'DOC-NO-LINES',
  'DOC-TOO-MANY-LINES',
] as const;

function checkText(field: TextField, value: string, tables: TableSet, add: Add): void {
  const bad = illegalCharacter(value);
  if (bad !== undefined) add('DOC-CHARACTER', bad);
  if (value !== value.trim()) add('DOC-BLANKS', { value });
  // What a spreadsheet leaves of a long number: the figures behind it are gone.
  if (isExponentText(value)) {
    add('DOC-EXPONENT', { value });
    return;
  }
  const known = field.table === undefined ? undefined : tables.get(field.table);
  const table = field.open === true ? undefined : known;
  const missing = (from: CodeTable): void =>
    add('DOC-CODE', { value, table: from.header.titleZh, asOf: from.header.asOf });
  // A name where a code belongs: its length says nothing.
  if (known !== undefined && /\p{Script=Han}/u.test(value) && !known.has(value)) {
    missing(known);
    return;
  }
  // One finding on form is enough: a code of the wrong length need not also be missing from its table.
  const actual = characterLength(value);
  const isTime = field.format === 'time14' || field.format === 'time17';
  if (field.format === 'guid') {
    if (!GUID_PATTERN.test(value)) add('DOC-GUID', { value, actual });
  } else if (field.length !== undefined && actual !== field.length) {
    add('DOC-LENGTH', { value, actual, expected: field.length });
  } else if (field.max !== undefined && actual > field.max) {
    add('DOC-TOO-LONG', { value, actual, max: field.max });
  } else if (field.min !== undefined && actual < field.min) {
    add('DOC-TOO-SHORT', { value, actual, min: field.min });
  } else if (field.format === 'date8' && parseCompactDate(value) === undefined) {
    add('DOC-DATE', { value });
  } else if (isTime && parseCompactDateTime(value) === undefined) {
    add('DOC-TIME', { value, format: field.format === 'time14' ? 'yyyyMMddHHmmss' : 'yyyyMMddHHmmssSSS' });
  } else if (field.values !== undefined && !Object.hasOwn(field.values, value)) {
    add('DOC-VALUE', { value, allowed: Object.keys(field.values).join(' / ') });
  } else if (table !== undefined && !table.has(value)) missing(table);
}

function checkInteger(field: IntegerField, value: string, add: Add): void {
  if (!/^\d+$/.test(value)) add('DOC-NOT-INTEGER', { value });
  else if (value.replace(/^0+(?=\d)/, '').length > field.digits) add('DOC-DIGITS', { value, digits: field.digits });
}

function checkDecimal(field: DecimalField, value: string, add: Add): void {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(value);
  if (match === null) {
    add('DOC-NOT-DECIMAL', { value });
    return;
  }
  const fraction = match[3] ?? '';
  if (match[1] === '-' && /[1-9]/.test(value)) add('DOC-NEGATIVE', { value });
  // Trailing zeros do not count as digits of the value, but platforms measure the text, so the fraction is measured as text.
  if (fraction.length > field.fraction) add('DOC-FRACTION', { value, fraction: field.fraction });
  // N19,5 leaves 14 digits before the point. The schema alone would take 19 there when no fraction follows; a database
  // column of that type would not, so the narrower reading stands.
  const whole = (match[2] ?? '').replace(/^0+/, '');
  if (whole.length > field.digits - field.fraction) add('DOC-DIGITS', { value, digits: field.digits - field.fraction });
}

function checkField(field: FieldSpec, value: string, tables: TableSet, add: Add): void {
  if (field.kind === 'text') checkText(field, value, tables, add);
  else if (field.kind === 'integer') checkInteger(field, value, add);
  else checkDecimal(field, value, add);
}

const isSecret = (field: FieldSpec): boolean => field.kind === 'text' && field.secret === true;
/** Findings are listed and exported: of a secret value they keep the end. */
function withoutValue(params: Readonly<Record<string, string | number>>): Readonly<Record<string, string | number>> {
  const { value } = params;
  return value === undefined ? params : { ...params, value: `•••• ${String(value).slice(-4)}` };
}

function checkGroup(
  fields: readonly FieldSpec[],
  values: Values,
  head: Values,
  tables: TableSet,
  source: string,
  path: (field: string) => string,
  findings: Finding[],
  known?: RightValues,
): void {
  for (const field of fields) {
    const value = values[field.name];
    if (value !== undefined && known?.get(field) === value) continue;
    const add: Add = (rule, params) => {
      findings.push({
        rule,
        level: rule === 'DOC-BLANKS' ? 'doubt' : 'reject',
        path: path(field.name),
        params: { field: field.zh, fieldEn: field.en, ...(isSecret(field) ? withoutValue(params) : params) },
        source: `${source} ${field.name}`,
      });
    };
    if (value === undefined || value.trim() === '') {
      if (field.required) add('DOC-REQUIRED', {});
      else if (field.requiredWhen?.in.includes(head[field.requiredWhen.field] ?? ''))
        add('DOC-REQUIRED-WHEN', { when: field.requiredWhen.field, value: head[field.requiredWhen.field] ?? '' });
      continue;
    }
    const before = findings.length;
    checkField(field, value, tables, add);
    if (findings.length === before) known?.set(field, value);
  }
}

/** Checks the groups of a document or of a group in it; `at` is the path of the latter with a slash behind it. */
function checkParts(
  parts: readonly PartSpec[],
  of: AnyDocument,
  head: Values,
  tables: TableSet,
  source: string,
  at: string,
  findings: Finding[],
): void {
  for (const part of parts) {
    const rows = rowsOf(part, of);
    const count = { count: rows.length, max: part.max };
    const path = at + part.name;
    if (rows.length < part.min) findings.push({ rule: 'DOC-NO-LINES', level: 'reject', path, params: count, source });
    if (rows.length > part.max)
      findings.push({ rule: 'DOC-TOO-MANY-LINES', level: 'reject', path, params: count, source });
    for (const [index, row] of rows.entries()) {
      const place = part.max === 1 ? `${path}/` : `${path}[${index + 1}]/`;
      const where = (field: string): string => place + field;
      checkGroup(part.fields, row as Values, head, tables, `${source} ${part.name}`, where, findings);
      if (part.parts !== undefined) checkParts(part.parts, row, head, tables, source, place, findings);
    }
  }
}

/**
 * Checks a document against its own table. A code table missing from `tables` is not checked against.
 * @returns findings in the order of the fields; empty when clean
 */
export function validateDocument<const M extends MessageSpec>(
  spec: M,
  document: DocumentOf<M> | AnyDocument,
  tables: TableSet,
): Finding[] {
  return validateAny(spec, document as AnyDocument, tables);
}

/**
 * As {@link validateDocument}, for documents whose message is only known at run time.
 * @param known values that need no second look; those found right are added
 */
export function validateAny(
  spec: MessageSpec,
  document: AnyDocument,
  tables: TableSet,
  known?: RightValues,
): Finding[] {
  const findings: Finding[] = [];
  const head = headOf(spec, document);
  checkGroup(spec.head.fields, head, head, tables, spec.source, (field) => pathOf(spec, field), findings, known);
  const group = spec.lines;
  if (group === undefined) {
    checkParts(spec.parts ?? [], document, head, tables, spec.source, '', findings);
    return findings;
  }
  const lines = linesOf(spec, document);
  const count = { count: lines.length, max: group.max };
  if (lines.length < (group.min ?? 1))
    findings.push({ rule: 'DOC-NO-LINES', level: 'reject', path: group.name, params: count, source: spec.source });
  if (lines.length > group.max)
    findings.push({
      rule: 'DOC-TOO-MANY-LINES',
      level: 'reject',
      path: group.name,
      params: count,
      source: spec.source,
    });
  for (const [index, line] of lines.entries()) {
    checkGroup(
      group.fields,
      line,
      head,
      tables,
      spec.source,
      (field) => pathOf(spec, field, index + 1),
      findings,
      known,
    );
    if (group.parts !== undefined)
      checkParts(group.parts, line, head, tables, spec.source, `${group.name}[${index + 1}]/`, findings);
  }
  checkParts(spec.parts ?? [], document, head, tables, spec.source, '', findings);
  return findings;
}

/** Checks the attributes of the root of a message: its number and version. */
export function validateRoot(spec: MessageSpec, root: { readonly guid: string; readonly version: string }): Finding[] {
  const findings: Finding[] = [];
  if (spec.bare !== undefined) return findings;
  const fields = [guidField, versionField];
  checkGroup(fields, { ...root }, {}, new Map(), spec.source, (field) => `@${field}`, findings);
  return findings;
}

/** What is wrong with a message without a signature whose schema demands one ({@link MessageSpec.signatureRequired}). */
export function unsigned(spec: MessageSpec): Finding {
  const params = { message: spec.message };
  return { rule: 'SIGN-KEY', level: 'reject', path: 'ds:Signature', params, source: `${spec.source} ds:Signature` };
}

/** Checks the BaseTransfer that a message will carry. */
export function validateTransfer(transfer: Transfer): Finding[] {
  const findings: Finding[] = [];
  checkGroup(
    baseTransfer.fields,
    transfer,
    {},
    new Map(),
    '跨境统一版报文规范 2022-05 BaseTransfer',
    (field) => `BaseTransfer/${field}`,
    findings,
  );
  return findings;
}
