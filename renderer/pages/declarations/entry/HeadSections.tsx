import { type KeyboardEvent, memo, type ReactNode, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { type FieldSpec, type MessageSpec, pathOf, type Values } from '../../../../shared/documents/spec.ts';
import { isComposing } from '../../../app/keys.ts';
import { useNamesVersion } from '../../../components/code-names.ts';
import { focusField } from '../../../components/use-enter-navigation.ts';
import { usePolicyFields } from '../../../stores/policy-store.ts';
import { fieldLabel } from '../field-text.ts';
import { EntryInput, type EntryInputHandle } from './EntryInput.tsx';
import { isWritable, type Sections } from './entry-model.ts';
import type { EntrySession } from './entry-session.ts';

interface Props {
  readonly session: EntrySession;
  readonly recentFor: string;
  readonly spec: MessageSpec;
  readonly sections: Sections;
  readonly showsRest: boolean;
  readonly values: Values;
  readonly isOpen: boolean;
  readonly isLoose: boolean;
  readonly levels: ReadonlyMap<string, 'reject' | 'doubt'>;
  readonly unconfirmed: ReadonlySet<string>;
  /** Text that names no code, and what the checker has marked. */
  readonly unknown: ReadonlySet<string>;
  readonly marked: ReadonlySet<string>;
  readonly onPath: (path: string) => void;
  readonly onToggleRest: () => void;
  /** Groups beside head and lines, shown with the fields that open with one key; how many fields or groups that is. */
  readonly parts: ReactNode;
  readonly partCount: number;
  /** Past the last field, or Ctrl+Enter in the last section. */
  readonly onGoods: () => void;
}

/** The head of a document by section; Enter walks through its fields and on into the goods. */
export function HeadSections({
  session,
  recentFor,
  spec,
  sections,
  showsRest,
  values,
  isOpen,
  isLoose,
  levels,
  unconfirmed,
  unknown,
  marked,
  onPath,
  onToggleRest,
  onGoods,
  parts,
  partCount,
}: Props) {
  const { t, i18n } = useTranslation();
  const codes: Record<string, string[]> = {};
  for (const field of [...sections.main, ...(showsRest ? sections.rest : [])])
    if (field.kind === 'text' && field.table !== undefined)
      codes[field.table] = [...(codes[field.table] ?? []), values[field.name] ?? ''];
  const namesVersion = useNamesVersion(codes);
  const policyFields = usePolicyFields(spec.message);
  const problems = sections.rest.filter(
    ({ name }) =>
      levels.has(pathOf(spec, name)) || unconfirmed.has(pathOf(spec, name)) || marked.has(pathOf(spec, name)),
  );

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    if (isComposing(event) || event.defaultPrevented || event.altKey || event.key !== 'Enter') return;
    const { target, currentTarget } = event;
    if (!(target instanceof HTMLElement) || (target.closest('button') !== null && !event.ctrlKey)) return;
    event.preventDefault();
    if (event.ctrlKey) {
      // Main fields, the other fields, the groups beside the lines, the goods.
      const section = [...currentTarget.children].find((one) => one.contains(target));
      const next = section?.matches('.entry-section') === true ? section.nextElementSibling : null;
      const after = next?.querySelector<HTMLElement>('input') ?? next?.querySelector('button');
      if (after !== null && after !== undefined) {
        after.focus();
        after.scrollIntoView({ block: 'nearest' });
      } else onGoods();
      return;
    }
    const path = target.closest<HTMLElement>('[data-path]')?.dataset['path'];
    // Enter on a carried-over fact says that it was looked at.
    if (!event.shiftKey && path !== undefined) session.confirm([path]);
    const isLast = !focusField(currentTarget, target, event.shiftKey ? -1 : 1);
    if (isLast && !event.shiftKey) onGoods();
    document.activeElement?.scrollIntoView({ block: 'nearest' });
  };

  const section = (fields: readonly FieldSpec[]) =>
    fields.map((field) => {
      const path = pathOf(spec, field.name);
      return (
        <HeadField
          key={field.name}
          session={session}
          recentFor={recentFor}
          field={field}
          path={path}
          value={values[field.name] ?? ''}
          isWritable={isOpen && isWritable(spec, field, isLoose)}
          level={levels.get(path)}
          isUnconfirmed={unconfirmed.has(path)}
          isUnknown={unknown.has(path)}
          isMarked={marked.has(path)}
          language={i18n.language}
          namesVersion={namesVersion}
          hasPolicies={policyFields.has(field.name)}
          onPath={onPath}
        />
      );
    });
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys are those of the inputs inside
    <div className={spec.lines === undefined ? 'entry-head is-whole' : 'entry-head'} onKeyDown={onKeyDown}>
      <div className="entry-section">{section(sections.main)}</div>
      {showsRest ? <div className="entry-section">{section(sections.rest)}</div> : null}
      {showsRest ? parts : null}
      {sections.rest.length + partCount === 0 ? null : (
        <button type="button" className="link entry-rest" aria-expanded={showsRest} onClick={onToggleRest}>
          {showsRest ? t('entry.lessFields') : t('entry.moreFields', { n: sections.rest.length + partCount })}
          {showsRest || problems.length === 0 ? null : (
            <span className="tone-rejected"> {t('entry.problemsThere', { n: problems.length })}</span>
          )}
        </button>
      )}
    </div>
  );
}

interface FieldProps {
  readonly session: EntrySession;
  readonly recentFor: string;
  readonly field: FieldSpec;
  readonly path: string;
  readonly value: string;
  readonly isWritable: boolean;
  readonly level: 'reject' | 'doubt' | undefined;
  readonly isUnconfirmed: boolean;
  readonly isUnknown: boolean;
  readonly isMarked: boolean;
  readonly language: string;
  readonly namesVersion: number;
  /** Policy cards concern it: its help has them. */
  readonly hasPolicies?: boolean;
  readonly onPath: (path: string) => void;
}

/** One field with its label, as the head has them. */
export const HeadField = memo(function HeadField({
  session,
  recentFor,
  field,
  path,
  value,
  isWritable: canWrite,
  level,
  isUnconfirmed,
  isUnknown,
  isMarked,
  language,
  hasPolicies = false,
  onPath,
}: FieldProps) {
  const { t } = useTranslation();
  const input = useRef<EntryInputHandle>(null);
  const label = fieldLabel(field, language);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Esc gives up what is typed in the input inside
    <div
      className={`entry-field${level === undefined ? '' : ` is-${level}`}${isUnconfirmed ? ' is-unconfirmed' : ''}${isMarked ? ' is-marked' : ''}${canWrite ? '' : ' is-fixed'}`}
      data-path={path}
      onFocus={() => {
        session.keep({ path });
        onPath(path);
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || event.defaultPrevented || isComposing(event)) return;
        if (input.current?.giveUp() !== true) return;
        event.preventDefault();
        event.stopPropagation();
      }}
    >
      <span className="entry-label" title={label}>
        <span>{label}</span>
        {field.required ? <span className="entry-required">*</span> : null}
        {hasPolicies ? (
          <span className="entry-policy" aria-hidden="true">
            §
          </span>
        ) : null}
        {isUnconfirmed ? <span className="entry-amber">{t('entry.toConfirm')}</span> : null}
        {isUnknown ? <span className="entry-amber is-reject">{t('entry.notACode')}</span> : null}
        {isMarked ? <span className="entry-amber">{t('entry.isMarked')}</span> : null}
      </span>
      <EntryInput
        ref={input}
        field={field}
        value={value}
        label={label}
        isWritable={canWrite}
        isInvalid={level === 'reject'}
        recentFor={`${recentFor.slice(0, 80)}||${field.name}`}
        onCommit={(next) => session.apply([{ op: 'set', path, value: next }], path)}
        onTyped={(typed, caret) => session.keep({ path, ...(typed === undefined ? {} : { typed, caret }) })}
      />
    </div>
  );
});
