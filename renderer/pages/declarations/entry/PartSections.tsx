import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import {
  type AnyDocument,
  type FieldSpec,
  type MessageSpec,
  type PartSpec,
  rowsOf,
  type Values,
} from '../../../../shared/documents/spec.ts';
import { useNamesVersion } from '../../../components/code-names.ts';
import { groupLabel } from '../field-text.ts';
import { isWritable } from './entry-model.ts';
import type { EntrySession } from './entry-session.ts';
import { HeadField } from './HeadSections.tsx';

interface Shared {
  readonly session: EntrySession;
  readonly recentFor: string;
  readonly spec: MessageSpec;
  readonly isOpen: boolean;
  readonly isLoose: boolean;
  readonly levels: ReadonlyMap<string, 'reject' | 'doubt'>;
  readonly unconfirmed: ReadonlySet<string>;
  /** Text that names no code, and what the checker has marked. */
  readonly unknown: ReadonlySet<string>;
  readonly marked: ReadonlySet<string>;
  readonly onPath: (path: string) => void;
}

interface Props extends Shared {
  readonly body: AnyDocument;
  /** The line the cursor is in: its licences are shown with the groups of the document. */
  readonly line: number;
  /** Where the cursor is wanted: the group it leads into stands open. */
  readonly wanted: string | undefined;
}

/**
 * Groups beside head and lines (containers, documents, free text, signature): those with something in them stand open, a blank row at the
 * end takes the next one, and a row that is emptied goes.
 */
export function PartSections({ body, line, wanted, ...shared }: Props) {
  const { spec } = shared;
  const lines = spec.lines === undefined ? undefined : body[spec.lines.name];
  const current = Array.isArray(lines) ? (lines[line - 1] as AnyDocument | undefined) : undefined;
  const common = { ...shared, wanted };
  return (
    <>
      {current === undefined
        ? null
        : (spec.lines?.parts ?? []).map((part) => (
            <Part
              key={`line ${part.name}`}
              {...common}
              part={part}
              of={current}
              at={`${spec.lines?.name ?? ''}[${line}]/`}
              line={line}
            />
          ))}
      {(spec.parts ?? []).map((part) => (
        <Part key={part.name} {...common} part={part} of={body} at="" />
      ))}
    </>
  );
}

interface PartProps extends Shared {
  readonly wanted: string | undefined;
  readonly part: PartSpec;
  readonly of: AnyDocument;
  /** Path of the group around it, with a slash behind. */
  readonly at: string;
  readonly line?: number;
}

function Part({ part, of, at, line, wanted, ...shared }: PartProps) {
  const { t, i18n } = useTranslation();
  const [asked, setAsked] = useState<boolean>();
  const rows = rowsOf(part, of);
  const path = at + part.name;
  const isWanted = wanted?.startsWith(`${path}/`) === true || wanted?.startsWith(`${path}[`) === true;
  const isShown = asked ?? (isWanted || rows.length > 0);
  const hasBlank = shared.isOpen && rows.length < part.max;
  const shown: readonly AnyDocument[] = hasBlank || rows.length === 0 ? [...rows, {}] : rows;
  const label = groupLabel(part, i18n.language);
  const titled = line === undefined ? label : t('declarations.detail.lineField', { line, field: label });
  return (
    <section className="entry-part">
      <button type="button" className="link" aria-expanded={isShown} onClick={() => setAsked(!isShown)}>
        {isShown ? '▾' : '▸'} {titled}
        {part.max === 1 || rows.length === 0 ? '' : ` (${rows.length})`}
      </button>
      {isShown
        ? shown.map((row, index) => (
            <Row
              // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place
              key={index}
              {...shared}
              wanted={wanted}
              part={part}
              row={row}
              at={part.max === 1 ? `${path}/` : `${path}[${index + 1}]/`}
              no={part.max === 1 ? undefined : index + 1}
            />
          ))
        : null}
    </section>
  );
}

function Row({
  part,
  row,
  at,
  no,
  wanted,
  ...shared
}: Shared & {
  readonly wanted: string | undefined;
  readonly part: PartSpec;
  readonly row: AnyDocument;
  readonly at: string;
  readonly no: number | undefined;
}) {
  const { i18n } = useTranslation();
  const { session, recentFor, spec, isOpen, isLoose, levels, unconfirmed, unknown, marked, onPath } = shared;
  const values = row as Values;
  const codes: Record<string, string[]> = {};
  for (const field of part.fields)
    if (field.kind === 'text' && field.table !== undefined)
      codes[field.table] = [...(codes[field.table] ?? []), values[field.name] ?? ''];
  const namesVersion = useNamesVersion(codes);
  const field = (one: FieldSpec) => (
    <HeadField
      key={one.name}
      session={session}
      recentFor={recentFor}
      field={one}
      path={at + one.name}
      value={values[one.name] ?? ''}
      isWritable={isOpen && (part.max > 1 || isWritable(spec, one, isLoose))}
      level={levels.get(at + one.name)}
      isUnconfirmed={unconfirmed.has(at + one.name)}
      isUnknown={unknown.has(at + one.name)}
      isMarked={marked.has(at + one.name)}
      language={i18n.language}
      namesVersion={namesVersion}
      onPath={onPath}
    />
  );
  return (
    <div className="entry-part-row">
      {no === undefined ? null : <span className="entry-part-no muted">{no}</span>}
      <div className="entry-section">{part.fields.map(field)}</div>
      {(part.parts ?? []).map((inner) => (
        <Part key={inner.name} {...shared} wanted={wanted} part={inner} of={row} at={at} />
      ))}
    </div>
  );
}
