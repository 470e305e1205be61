/** What opens beside the document while it is entered: help of a field, templates, arrangement of fields. */
import { Button } from 'antd';
import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { EntryLayout } from '../../../../shared/contract/entry.ts';
import { type FieldSpec, linesOf, type MessageSpec } from '../../../../shared/documents/spec.ts';
import { lineNumberField, partAt } from '../../../../shared/drafting/edit.ts';
import { isComposing } from '../../../app/keys.ts';
import { ElementsEditor } from '../../../components/ElementsEditor.tsx';
import { ErrorNote } from '../../../components/ErrorNote.tsx';
import { CheckNames, checksOf, openPolicies } from '../../../components/FieldHelp.tsx';
import { KeyButton } from '../../../components/KeyButton.tsx';
import { PolicyCards } from '../../../components/PolicyCards.tsx';
import { call, useCommand, useQuery } from '../../../core-client.ts';
import { notify } from '../../../stores/notice-store.ts';
import { useFieldCards } from '../../../stores/policy-store.ts';
import type { DocumentKind } from '../document-model.ts';
import { fieldLabel, leftGroupsText } from '../field-text.ts';
import { skuOf, spotOf, tariffCodeOf, templateOperations } from './entry-model.ts';
import type { EntrySession } from './entry-session.ts';

/** A panel beside the document: Esc closes it and gives the cursor back. */
export function SidePanel({
  title,
  onClose,
  children,
}: {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}) {
  return (
    <aside
      className="entry-side"
      aria-label={title}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || isComposing(event) || event.defaultPrevented) return;
        event.preventDefault();
        event.stopPropagation();
        onClose();
      }}
    >
      <header>
        <h2>{title}</h2>
        <button type="button" className="link" onClick={onClose} aria-label={title}>
          ×
        </button>
      </header>
      {children}
    </aside>
  );
}

const sizeOf = (field: FieldSpec): string =>
  field.kind === 'decimal'
    ? `N${field.digits},${field.fraction}`
    : field.kind === 'integer'
      ? `N${field.digits}`
      : field.length !== undefined
        ? `C${field.length}`
        : `C${field.min ?? ''}..${field.max ?? ''}`;

/** F1: meaning, rule, example and source of the field the cursor is in, as the table of the message has them; its checks and policy cards. */
export function HelpPanel({
  spec,
  path,
  onClose,
}: {
  readonly spec: MessageSpec;
  readonly path: string;
  readonly onClose: () => void;
}) {
  const { t, i18n } = useTranslation();
  const spot = spotOf(path);
  const fields =
    partAt(spec, path)?.part.fields ?? (spot?.line === undefined ? spec.head.fields : (spec.lines?.fields ?? []));
  const name = path.split('/').at(-1);
  const field = fields.find((one) => one.name === name);
  const language = i18n.language === 'en' ? 'en' : 'zh';
  const place = `${spec.message}/${name}`;
  const cards = useFieldCards(place);
  const checks = checksOf(cards);
  if (field === undefined)
    return (
      <SidePanel title={t('entry.help.title')} onClose={onClose}>
        <p className="muted">{t('entry.help.none')}</p>
      </SidePanel>
    );
  const text = field.kind === 'text' ? field : undefined;
  const example = field.default ?? Object.keys(text?.values ?? {})[0];
  const rows: (readonly [string, ReactNode])[] = [
    [t('entry.help.meaning'), field.help?.[language] ?? fieldLabel(field, i18n.language)],
    [
      t('entry.help.rule'),
      [
        t(field.required ? 'entry.help.required' : 'entry.help.optional'),
        sizeOf(field),
        ...(field.requiredWhen === undefined
          ? []
          : [
              t('entry.help.requiredWhen', {
                field: field.requiredWhen.field,
                value: field.requiredWhen.in.join(' / '),
              }),
            ]),
      ].join(' · '),
    ],
    ...(text?.table === undefined ? [] : ([[t('entry.help.table'), <code key="table">{text.table}</code>]] as const)),
    ...(text?.values === undefined
      ? []
      : ([
          [
            t('entry.help.values'),
            <ul key="values">
              {Object.entries(text.values).map(([code, meaning]) => (
                <li key={code}>
                  <span className="code">{code}</span> {meaning[language]}
                </li>
              ))}
            </ul>,
          ],
        ] as const)),
    ...(example === undefined
      ? []
      : ([
          [
            t('entry.help.example'),
            <span key="example" className="code">
              {example}
            </span>,
          ],
        ] as const)),
    [t('entry.help.source'), `${spec.source} ${field.name}`],
    ...(checks.length === 0 ? [] : ([[t('policies.checks'), <CheckNames key="checks" ids={checks} />]] as const)),
  ];
  return (
    <SidePanel title={fieldLabel(field, i18n.language)} onClose={onClose}>
      <dl className="entry-help">
        {rows.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {cards.length === 0 ? null : (
        <>
          <h3 className="form-section">{t('policies.title')}</h3>
          <PolicyCards cards={cards} />
          <Button size="small" onClick={() => openPolicies(place)}>
            {t('policies.open')}
          </Button>
        </>
      )}
    </SidePanel>
  );
}

/** F2 in the specification of goods: the declaration elements of the code as fields; taken into the line when the panel is left. */
export function ElementsPanel({
  session,
  spec,
  path,
  onClose,
}: {
  readonly session: EntrySession;
  readonly spec: MessageSpec;
  readonly path: string;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const spot = spotOf(path);
  const [line] = useState(() => linesOf(spec, session.snapshot().body)[(spot?.line ?? 1) - 1] ?? {});
  const field = spec.lines?.fields.find(({ name }) => name === spot?.field);
  const text = useRef<string>(undefined);
  const leave = (): void => {
    if (text.current !== undefined && text.current !== (line[spot?.field ?? ''] ?? ''))
      session.apply([{ op: 'set', path, value: text.current }], path);
    onClose();
  };
  return (
    <SidePanel title={t('entry.elements')} onClose={leave}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: Ctrl+Enter takes what the fields inside make */}
      <div
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || !event.ctrlKey || isComposing(event)) return;
          event.preventDefault();
          event.stopPropagation();
          leave();
        }}
      >
        <ElementsEditor
          gcode={tariffCodeOf(line)}
          sku={skuOf(line)}
          text={line[spot?.field ?? ''] ?? ''}
          {...(field?.kind === 'text' && field.max !== undefined ? { max: field.max } : {})}
          autoFocus
          onChange={(change) => {
            text.current = change.text;
          }}
        />
      </div>
    </SidePanel>
  );
}

/** F4: templates of the message, those that fit this client, product and mode first. Nothing is filled in until one is chosen. */
export function TemplatePanel({
  session,
  kind,
  isWritable,
  onUse,
  onClose,
}: {
  readonly session: EntrySession;
  readonly kind: DocumentKind;
  readonly isWritable: (field: FieldSpec) => boolean;
  readonly onUse: () => void;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const query = useQuery('entry.templates', { kind, documentId: session.id });
  const remove = useCommand('entry.deleteTemplate');
  const list = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState(0);
  const rows = query.data?.rows ?? [];
  useEffect(() => list.current?.focus(), []);
  const use = async (id: number): Promise<void> => {
    const template = await call('entry.template', { id });
    const operations = templateOperations(session.spec, session.snapshot().body, template.body, isWritable);
    session.apply(operations, session.at);
    onUse();
    const lines = operations.flatMap((one) => (one.op === 'insert' ? one.lines : []));
    const fields = operations.filter(({ op }) => op === 'set');
    notify(t('entry.template.used', { name: template.name, fields: fields.length, lines: lines.length }));
    onClose();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const row = rows[at];
    if (event.key === 'ArrowDown') setAt(Math.min(rows.length - 1, at + 1));
    else if (event.key === 'ArrowUp') setAt(Math.max(0, at - 1));
    else if (event.key === 'Enter' && row !== undefined) void use(row.id);
    else if (event.key === 'Delete' && row !== undefined) void remove.run({ id: row.id }).then(query.reload);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <SidePanel title={t('entry.template.use')} onClose={onClose}>
      <ErrorNote error={query.error ?? remove.error} isInline />
      <div
        ref={list}
        role="listbox"
        tabIndex={0}
        className="entry-choices"
        aria-label={t('entry.template.use')}
        onKeyDown={onKeyDown}
      >
        {rows.map((row, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the list's
          // biome-ignore lint/a11y/useFocusableInteractive: the list keeps the focus
          <div key={row.id} role="option" aria-selected={index === at} onClick={() => void use(row.id)}>
            <strong>{row.name}</strong>
            <span className="muted">
              {[row.client, row.product, row.mode].filter((part) => part !== '').join(' · ')}{' '}
              {t('entry.template.lines', { n: row.lines })}
            </span>
          </div>
        ))}
      </div>
      {query.status === 'ready' && rows.length === 0 ? <p className="muted">{t('entry.template.none')}</p> : null}
      <p className="muted">{t('entry.template.hint')}</p>
    </SidePanel>
  );
}

/** F12: keeps what is the same the next time under a name. */
export function SaveTemplatePanel({
  session,
  kind,
  onClose,
}: {
  readonly session: EntrySession;
  readonly kind: DocumentKind;
  readonly onClose: () => void;
}) {
  const { t, i18n } = useTranslation();
  const query = useQuery('entry.templates', { kind, documentId: session.id });
  const save = useCommand('entry.saveTemplate');
  const [typed, setTyped] = useState<Partial<Record<'name' | 'client' | 'product' | 'mode', string>>>({});
  const first = useRef<HTMLInputElement>(null);
  useEffect(() => first.current?.focus(), []);
  const suggested = query.data?.suggested;
  const textOf = (key: 'name' | 'client' | 'product' | 'mode'): string =>
    typed[key] ?? (key === 'name' ? '' : (suggested?.[key] ?? ''));
  const run = async (): Promise<void> => {
    if (textOf('name').trim() === '' || !(await session.flush())) return;
    const answer = await save.run({
      documentId: session.id,
      name: textOf('name'),
      client: textOf('client'),
      product: textOf('product'),
      mode: textOf('mode'),
    });
    if (answer === undefined) return;
    const groups = leftGroupsText(kind, answer.left, i18n.language);
    const name = textOf('name');
    notify(groups === '' ? t('entry.template.saved', { name }) : t('entry.template.savedWithout', { name, groups }));
    onClose();
  };
  return (
    <SidePanel title={t('entry.template.save')} onClose={onClose}>
      <div className="entry-form">
        {(['name', 'client', 'product', 'mode'] as const).map((key, index) => (
          <label key={key}>
            {t(`entry.template.${key}`)}
            <input
              ref={index === 0 ? first : null}
              className="entry-input"
              value={textOf(key)}
              onChange={(event) => setTyped({ ...typed, [key]: event.target.value })}
              onKeyDown={(event) => {
                // The Enter of a candidate window is not an answer.
                if (event.key !== 'Enter' || isComposing(event)) return;
                event.preventDefault();
                void run();
              }}
            />
          </label>
        ))}
        <ErrorNote error={save.error} isInline />
        <p className="muted">{t('entry.template.leftOut')}</p>
        <KeyButton
          kind="primary"
          label={t('entry.template.save')}
          keys="Enter"
          isBusy={save.isRunning}
          onPress={() => void run()}
        />
      </div>
    </SidePanel>
  );
}

/** The order of fields and which are hidden, for this book and message. */
export function LayoutPanel({
  spec,
  kind,
  layout,
  onChange,
  onClose,
}: {
  readonly spec: MessageSpec;
  readonly kind: DocumentKind;
  readonly layout: EntryLayout;
  readonly onChange: (layout: EntryLayout) => void;
  readonly onClose: () => void;
}) {
  const { t, i18n } = useTranslation();
  const save = useCommand('entry.saveLayout');
  const list = useRef<HTMLDivElement>(null);
  const number = lineNumberField(spec);
  const order = (group: 'head' | 'lines', fields: readonly FieldSpec[], main: readonly string[]): string[] => {
    const names = fields.map(({ name }) => name).filter((name) => name !== 'guid' && name !== number);
    const first = [...layout[group], ...main].filter(
      (name, at, all) => names.includes(name) && all.indexOf(name) === at,
    );
    return [...first, ...names.filter((name) => !first.includes(name))];
  };
  const entries = [
    ...order('head', spec.head.fields, spec.head.main ?? []).map((name) => ({ group: 'head' as const, name })),
    ...order('lines', spec.lines?.fields ?? [], spec.lines?.main ?? []).map((name) => ({
      group: 'lines' as const,
      name,
    })),
  ];
  const [at, setAt] = useState(0);
  useEffect(() => list.current?.focus(), []);
  useEffect(() => {
    list.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' });
  });
  const put = async (next: EntryLayout): Promise<void> => {
    const answer = await save.run({ kind, layout: next });
    if (answer !== undefined) onChange(answer);
  };
  const keyOf = (entry: (typeof entries)[number]): string => `${entry.group}/${entry.name}`;
  const onKeyDown = (event: KeyboardEvent): void => {
    const entry = entries[at];
    if (entry === undefined) return;
    const isMove = event.altKey && (event.key === 'ArrowUp' || event.key === 'ArrowDown');
    if (isMove) {
      const by = event.key === 'ArrowUp' ? -1 : 1;
      const names = entries.filter(({ group }) => group === entry.group).map(({ name }) => name);
      const from = names.indexOf(entry.name);
      const other = names[from + by];
      if (other !== undefined) {
        const next = names.with(from, other).with(from + by, entry.name);
        void put({ ...layout, [entry.group]: next });
        setAt(at + by);
      }
    } else if (event.key === 'ArrowDown') setAt(Math.min(entries.length - 1, at + 1));
    else if (event.key === 'ArrowUp') setAt(Math.max(0, at - 1));
    else if (event.key === ' ' || event.key === 'Enter') {
      const key = keyOf(entry);
      const hidden = layout.hidden.includes(key) ? layout.hidden.filter((one) => one !== key) : [...layout.hidden, key];
      void put({ ...layout, hidden });
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <SidePanel title={t('entry.layout.title')} onClose={onClose}>
      <p className="muted">{t('entry.layout.hint')}</p>
      <ErrorNote error={save.error} isInline />
      <div
        ref={list}
        role="listbox"
        tabIndex={0}
        className="entry-choices is-layout"
        aria-label={t('entry.layout.title')}
        onKeyDown={onKeyDown}
      >
        {entries.map((entry, index) => {
          const fields = entry.group === 'head' ? spec.head.fields : (spec.lines?.fields ?? []);
          const field = fields.find(({ name }) => name === entry.name);
          const isHidden = layout.hidden.includes(keyOf(entry));
          return field === undefined ? null : (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the list's
            // biome-ignore lint/a11y/useFocusableInteractive: the list keeps the focus
            <div
              key={keyOf(entry)}
              role="option"
              aria-selected={index === at}
              className={isHidden ? 'is-hidden' : undefined}
              onClick={() => setAt(index)}
            >
              <span>
                {fieldLabel(field, i18n.language)}
                {field.required ? <span className="entry-required">*</span> : null}
              </span>
              <span className="muted">{isHidden ? t('entry.layout.hidden') : t(`entry.layout.${entry.group}`)}</span>
            </div>
          );
        })}
      </div>
    </SidePanel>
  );
}
