/** The tables as others need them: for forms, for Excel headers, for the documentation page. */
import { specOf } from './catalogue.ts';
import { baseSubscribe, baseTransfer, extendMessage, guidField, versionField } from './frame.ts';
import type { Bilingual, FieldSpec, GroupSpec, MessageSpec, PartSpec } from './spec.ts';

/** A field with its place. `path` has no line number: `InventoryList/gcode`. */
export interface PlacedField {
  readonly path: string;
  readonly group: 'head' | 'line' | 'part';
  readonly spec: FieldSpec;
  /** The group it is of, where that is neither head nor lines. */
  readonly part?: PartSpec;
}

function partFields(parts: readonly PartSpec[] | undefined, at: string): readonly PlacedField[] {
  return (parts ?? []).flatMap((part) => [
    ...part.fields.map(
      (field): PlacedField => ({ path: `${at}${part.name}/${field.name}`, group: 'part', spec: field, part }),
    ),
    ...partFields(part.parts, `${at}${part.name}/`),
  ]);
}

/** Head fields, then line fields, then those of further groups, in message order. */
export function fieldsOf(spec: MessageSpec): readonly PlacedField[] {
  const prefix = spec.head.name === '' ? '' : `${spec.head.name}/`;
  const lines = spec.lines;
  return [
    ...spec.head.fields.map((field): PlacedField => ({ path: prefix + field.name, group: 'head', spec: field })),
    ...(lines?.fields ?? []).map(
      (field): PlacedField => ({ path: `${lines?.name ?? ''}/${field.name}`, group: 'line', spec: field }),
    ),
    ...partFields(lines?.parts, `${lines?.name ?? ''}/`),
    ...partFields(spec.parts, ''),
  ];
}

/** Every element and group of the message in schema order, with occurrence: what the official schema lists. */
export interface SchemaEntry {
  readonly path: string;
  readonly occurs: readonly [number, number];
  readonly field?: FieldSpec;
}

/** The message as the official schema has it, frame included; the catalogue is checked against the specification with it. */
export function schemaEntriesOf(spec: MessageSpec): readonly SchemaEntry[] {
  const under = (path: string, fields: readonly FieldSpec[]): SchemaEntry[] =>
    fields.map((field) => ({ path: `${path}/${field.name}`, occurs: field.occurs, field }));
  const inside = (path: string, parts: readonly PartSpec[] = []): SchemaEntry[] =>
    parts.flatMap((part) => {
      const holder = part.within === undefined ? path : `${path}/${part.within}`;
      const at = `${holder}/${part.name}`;
      return [
        ...(part.within === undefined ? [] : [{ path: holder, occurs: [part.always === true ? 1 : 0, 1] } as const]),
        { path: at, occurs: [part.min, part.max] as const },
        ...under(at, part.fields),
        ...inside(at, part.parts),
      ];
    });
  const entries: SchemaEntry[] =
    spec.bare === undefined
      ? [
          { path: '@guid', occurs: [1, 1], field: guidField },
          { path: '@version', occurs: [1, 1], field: versionField },
        ]
      : [];
  entries.push({ path: spec.node, occurs: [1, spec.maxNodes] });
  if (spec.head.name === '') entries.push(...under(spec.node, spec.head.fields));
  else
    entries.push(
      { path: `${spec.node}/${spec.head.name}`, occurs: [1, 1] },
      ...under(`${spec.node}/${spec.head.name}`, spec.head.fields),
    );
  if (spec.lines !== undefined)
    entries.push(
      { path: `${spec.node}/${spec.lines.name}`, occurs: [spec.lines.min ?? 1, spec.lines.max] },
      ...under(`${spec.node}/${spec.lines.name}`, spec.lines.fields),
      ...inside(`${spec.node}/${spec.lines.name}`, spec.lines.parts),
    );
  entries.push(...inside(spec.node, spec.parts));
  if (spec.kind === 'request' && spec.bare === undefined) {
    for (const group of [baseTransfer, baseSubscribe])
      entries.push({ path: group.name, occurs: group.occurs }, ...under(group.name, group.fields));
    const signature: SchemaEntry = { path: 'ds:Signature', occurs: [spec.signatureRequired === true ? 1 : 0, 1] };
    const extension: SchemaEntry[] = [
      { path: extendMessage.name, occurs: extendMessage.occurs },
      ...under(extendMessage.name, extendMessage.fields),
      { path: `${extendMessage.name}/Message`, occurs: [1, 1] },
    ];
    entries.push(...(spec.direction === 'export' ? [signature, ...extension] : [...extension, signature]));
  }
  return entries;
}

/** A column of the Excel template: one row a line, the head repeated on each. All cells are text. */
export interface HeaderColumn {
  readonly path: string;
  /** Unique within the sheet: a line field that shares its name with a head field says so. */
  readonly zh: string;
  readonly en: string;
  /** Row 2 of the template: the field code. */
  readonly code: string;
  readonly required: boolean;
  /** Suggested width in characters. */
  readonly width: number;
}

// Filled by the program when a document is made, so not asked for in a sheet.
const MADE_HERE = new Set(['guid', 'appType', 'appTime', 'appStatus', 'ieFlag', 'IEFlag', 'Sign', 'SignDate']);
// The document's own numbers that customs gives; a withdrawal, a return or a summary names another document's, and needs it.
const GIVEN = new Set(['preNo', 'invtNo', 'SeqNo', 'EntryId', 'PreEntryId']);

/** The Excel columns of a message: head, lines, and groups that stand once; a list beside the lines has no place in a row of them. */
export function headersOf(spec: MessageSpec): readonly HeaderColumn[] {
  const once = new Set((spec.parts ?? []).filter(({ max, parts }) => max === 1 && parts === undefined));
  const fields = fieldsOf(spec).filter(
    ({ group, spec: field, part }) =>
      !MADE_HERE.has(field.name) &&
      !(GIVEN.has(field.name) && group === 'head' && !field.required) &&
      (part === undefined || once.has(part)),
  );
  const heads = new Set(fields.filter(({ group }) => group === 'head').map(({ spec: field }) => field.zh));
  return fields.map(({ path, group, spec: field, part }) => {
    const twice = group === 'line' && heads.has(field.zh);
    return {
      path,
      zh: part === undefined ? (twice ? `商品${field.zh}` : field.zh) : `${part.zh}·${field.zh}`,
      en: part === undefined ? (twice ? `${field.en} (line)` : field.en) : `${part.en}: ${field.en}`,
      code: path,
      required: field.required,
      width: widthOf(field),
    };
  });
}

function widthOf(field: FieldSpec): number {
  if (field.kind !== 'text') return field.kind === 'integer' ? 8 : 14;
  return Math.min(40, Math.max(8, field.length ?? field.max ?? 20));
}

/** Type of a field as the specification writes it: `C36`, `C..60`, `N19,5`. */
export function typeText(field: FieldSpec): string {
  if (field.kind === 'decimal') return `N${field.digits},${field.fraction}`;
  if (field.kind === 'integer') return `N${field.digits}`;
  if (field.length !== undefined) return `C${field.length}`;
  return `C${field.min ?? ''}..${field.max ?? ''}`;
}

/** Written by the program: a hand that changes them would part a document from its receipts. */
const stamped: ReadonlySet<string> = new Set([
  'guid',
  'appType',
  'appTime',
  'appStatus',
  'ieFlag',
  'copNo',
  'preNo',
  'gnum',
  'recordNo',
  'reportNo',
  'creditNo',
  'ClientSeqNo',
  'EntryId',
  'GNo',
  'IEFlag',
  'SeqNo',
]);

/**
 * Whether a field is the program's or the authority's to write, never the user's. The number of a list (清单编号) is given on the list
 * itself; on what is about a list it is the user's.
 */
export function isOwnField(spec: MessageSpec, name: string): boolean {
  // The line of another document is for the user to name.
  if (spec.lines?.fields.some((field) => field.name === name && field.lineOf === 'other') === true) return false;
  if (stamped.has(name)) return true;
  const receipt = spec.receipt === undefined ? undefined : specOf(spec.receipt);
  return receipt?.platformNo?.includes(name) === true && spec.head.fields.some((field) => field.name === name);
}

/** The documentation page of a message, as Markdown, in one language. */
export function describe(spec: MessageSpec, language: keyof Bilingual = 'zh'): string {
  const zh = language === 'zh';
  const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
  const out = [
    `# ${spec.message} ${spec[language]}`,
    '',
    zh
      ? `来源：${spec.source}。每个报文 1 至 ${spec.maxNodes} 份${spec.receipt === undefined ? '' : `，回执 ${spec.receipt}`}。业务主键：${spec.businessKey.join('、')}。`
      : `Source: ${spec.source}. ${spec.maxNodes === 1 ? 'One document' : `1 to ${spec.maxNodes} documents`} a message${spec.receipt === undefined ? '' : `, answered by ${spec.receipt}`}. Key: ${spec.businessKey.join(', ')}.`,
  ];
  const table = (title: string, fields: readonly FieldSpec[]): void => {
    out.push(
      '',
      `## ${title}`,
      '',
      zh
        ? '| 字段 | 名称 | 类型 | 必填 | 代码表 | 来自 | 说明 |'
        : '| Field | Name | Type | Required | Codes | From | Notes |',
      '|--|--|--|--|--|--|--|',
    );
    for (const field of fields) {
      const text = field.kind === 'text' ? field : undefined;
      const codes =
        text?.table ??
        (text?.values === undefined
          ? ''
          : Object.entries(text.values)
              .map(([code, meaning]) => `${code} ${meaning[language]}`)
              .join('; '));
      const required = field.required
        ? zh
          ? '是'
          : 'yes'
        : field.requiredWhen === undefined
          ? ''
          : `${field.requiredWhen.field} = ${field.requiredWhen.in.join(', ')}`;
      out.push(
        `| ${field.name} | ${cell(field[language])} | ${typeText(field)} | ${required} | ${cell(codes)} | ${cell(field.from ?? '')} | ${cell(field.help?.[language] ?? '')} |`,
      );
    }
  };
  table(`${spec.head[language]}${spec.head.name === '' ? '' : ` ${spec.head.name}`}`, spec.head.fields);
  if (spec.lines !== undefined)
    table(`${spec.lines[language]} ${spec.lines.name} (${spec.lines.min ?? 1}..${spec.lines.max})`, spec.lines.fields);
  const most = (max: number): string => (max > 100_000 ? '*' : String(max));
  const tables = (parts: readonly PartSpec[] = [], around?: GroupSpec): void => {
    for (const part of parts) {
      const path = [around?.name, part.within, part.name].filter((one) => one !== undefined).join('/');
      table(`${part[language]} ${path} (${part.min}..${most(part.max)})`, part.fields);
      tables(part.parts, part);
    }
  };
  tables(spec.lines?.parts, spec.lines);
  tables(spec.parts);
  return `${out.join('\n')}\n`;
}
