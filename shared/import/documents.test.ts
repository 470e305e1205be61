import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { documentArbitrary } from '../documents/arbitraries.testing.ts';
import { catalogue, type RequestName, requestNames } from '../documents/catalogue.ts';
import { type AnyDocument, headOf, type MessageSpec } from '../documents/spec.ts';
import { lineNumberField } from '../drafting/edit.ts';
import { cellKinds, type SourceRow } from './cells.ts';
import { documentColumns, documentRows } from './document-fields.ts';
import { bodyOfStated, DocumentSorter, type KnownDocument } from './documents.ts';

const frame = { guid: '00000000-0000-4000-8000-000000000000', appTime: '20261121093000', number: 'N1', firm: {} };

function sorterOf(message: RequestName, known?: KnownDocument): DocumentSorter {
  const mapping = Object.fromEntries(documentColumns(message).map(({ field }, column) => [field.id, column]));
  return new DocumentSorter(message, mapping, 'update', {
    tables: new Map(),
    frame,
    known: () => known,
    numbersBy: () => [],
  });
}
const rowsOf = (message: RequestName, body: AnyDocument): SourceRow[] =>
  documentRows(message, body).map((texts, index) => ({
    no: index + 3,
    texts,
    kinds: texts.map((text) => (text === '' ? cellKinds.empty : cellKinds.text)),
  }));

/** A document is known by its number, even where its message can do without. */
function numbered(spec: MessageSpec, body: AnyDocument): AnyDocument {
  const { number } = spec;
  if (number === undefined || !spec.head.fields.some(({ name }) => name === number)) return body;
  const head = { ...headOf(spec, body), [number]: headOf(spec, body)[number] ?? 'N-1' };
  return spec.head.name === '' ? { ...body, ...head } : { ...body, [spec.head.name]: head };
}

/** The document with its lines counted, no text that begins as only a guarded cell does, and no signature: a draft is not signed. */
function tidy(spec: MessageSpec, body: AnyDocument): AnyDocument {
  const number = lineNumberField(spec);
  const clean = (value: unknown): unknown => {
    if (typeof value === 'string') return value.replace(/^['=]/, 'x');
    if (Array.isArray(value)) return value.map(clean);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value)
        .filter(([name]) => name !== 'Sign' && name !== 'SignDate')
        .map(([name, one]) => [name, clean(one)])
        .filter(([, one]) => typeof one !== 'object' || Array.isArray(one) || Object.keys(one as object).length > 0),
    );
  };
  const plain = numbered(spec, clean(body) as AnyDocument);
  if (spec.lines === undefined || number === undefined) return plain;
  const lines = plain[spec.lines.name] as readonly AnyDocument[];
  return { ...plain, [spec.lines.name]: lines.map((line, index) => ({ ...line, [number]: String(index + 1) })) };
}

/** All but what names the draft itself. */
function own(spec: MessageSpec, body: AnyDocument): Record<string, unknown> {
  const { guid: _guid, appTime: _time, ...head } = headOf(spec, body);
  if (spec.head.name === '') return { ...head };
  return { ...body, [spec.head.name]: head };
}

describe('a document as rows', () => {
  it.each(requestNames)('%s comes back as it was, and is known again', (message) => {
    const spec: MessageSpec = catalogue[message];
    fc.assert(
      fc.property(documentArbitrary(spec), (drawn) => {
        const body = tidy(spec, drawn);
        const known: KnownDocument = { id: 1, number: 'N-1', state: 'draft', body };
        const sorter = sorterOf(message, known);
        const outcomes = rowsOf(message, body).map((row) => sorter.take(row));
        expect(outcomes.filter((one) => typeof one !== 'string')).toEqual([]);
        const settled = sorter.settle();
        expect(settled.every(({ outcome }) => outcome === 'already')).toBe(true);
        const bare = sorterOf(message);
        for (const row of rowsOf(message, body)) bare.take(row);
        bare.settle();
        const [entry] = bare.entries;
        expect(entry).toBeDefined();
        if (entry === undefined) return;
        expect(own(spec, bodyOfStated(spec, entry.stated, frame))).toMatchObject(own(spec, body));
      }),
      { numRuns: 10 },
    );
  });
});
