import type { ImportFinding } from '../../../shared/contract/imports.ts';
import { type RequestName, requestNames, specOf } from '../../../shared/documents/catalogue.ts';
import { type ReadResult, readMessage } from '../../../shared/documents/read.ts';
import type { MessageSpec } from '../../../shared/documents/spec.ts';
import { PortbookError } from '../../../shared/errors.ts';
import { type CellKind, cellKinds, type SourceRow } from '../../../shared/import/cells.ts';
import { documentColumns, documentRows } from '../../../shared/import/document-fields.ts';
import { sheetNameOf } from '../exporters/template.ts';
import { messageText } from '../files/message-text.ts';
import type { RowSource } from './source.ts';

/** Whether a file begins as XML or HTML does. */
export function isMarkup(bytes: Buffer): boolean {
  return /^(?:\ufeff)?\s*<[?!a-z]/i.test(bytes.subarray(0, 256).toString('utf8'));
}

/** A message file as it was read, with what its table says. */
export interface MessageFile {
  readonly spec: MessageSpec;
  readonly read: ReadResult;
  readonly xml: string;
}

/** The message of a file's bytes; undefined for markup that is none we know. Refusal: `MESSAGE_NOT_UTF8`. */
export function messageIn(bytes: Buffer): MessageFile | undefined {
  const xml = messageText(bytes);
  if (xml === undefined) throw new PortbookError('MESSAGE_NOT_UTF8', { name: '' }, 'file');
  const read = readMessage(xml);
  const spec = read.message === undefined ? undefined : specOf(read.message);
  return spec === undefined ? undefined : { spec, read, xml };
}

/** The message whose documents a file may hold; undefined for a receipt. */
export function requestOf({ message }: MessageSpec): RequestName | undefined {
  return requestNames.find((name) => name === message);
}

/**
 * A message of ours as the rows of its template, field codes in the second row, so that it goes the way of a workbook. Undefined for
 * markup that is no message. Refusals: `MESSAGE_UNREADABLE` {message, reason}, `FILE_IS_RECEIPT` {message}, `MESSAGE_NOT_UTF8`.
 */
export function openMessage(bytes: Buffer): RowSource | undefined {
  const file = messageIn(bytes);
  if (file === undefined) return undefined;
  const { spec, read } = file;
  const message = requestOf(spec);
  if (message === undefined) throw new PortbookError('FILE_IS_RECEIPT', { message: spec.message }, 'file');
  if (!read.ok) {
    const [problem] = read.problems;
    throw new PortbookError('MESSAGE_UNREADABLE', {
      message,
      reason: String(problem?.params['detail'] ?? problem?.rule ?? ''),
    });
  }
  const all = documentColumns(message);
  const rows = read.documents.flatMap((document) => documentRows(message, document, all));
  // What only some messages have, such as numbers of customs, is no column where nothing stands in it.
  const shown = all.flatMap(({ field }, column) =>
    field.isExtra === true && rows.every((cells) => cells[column] === '') ? [] : [column],
  );
  const pick = (of: (column: number) => string): string[] => shown.map(of);
  const lines = [
    pick((column) => all[column]?.field.zh ?? ''),
    pick((column) => all[column]?.field.id ?? ''),
    ...rows.map((cells) => pick((column) => cells[column] ?? '')),
  ];
  const sheet = sheetNameOf(spec);
  return {
    sheets: [sheet],
    rowsOf: () => lines.length,
    read: async (_sheet, onRow) => {
      for (const [index, texts] of lines.entries()) if (!onRow(rowOf(texts, index + 1))) return;
    },
    findings: read.problems.map(
      ({ rule, level, params }): ImportFinding => ({
        code: rule,
        level: level === 'note' ? 'note' : 'doubt',
        params: { ...params },
      }),
    ),
  };
}

function rowOf(texts: readonly string[], no: number): SourceRow {
  return { no, texts, kinds: texts.map((text): CellKind => (text === '' ? cellKinds.empty : cellKinds.text)) };
}
