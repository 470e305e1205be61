/** 差异: what the platform holds differently. Three values side by side, one choice each, with a reason; nothing is changed before. */
import { Button, Input } from 'antd';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { specOf } from '../../../shared/documents/catalogue.ts';
import type { MessageSpec } from '../../../shared/documents/spec.ts';
import { useKeys } from '../../app/keys.ts';
import { navigate } from '../../app/route-store.ts';
import { Chips } from '../../components/Chips.tsx';
import { type Column, DataTable } from '../../components/DataTable.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { Field } from '../../components/Field.tsx';
import { Panel, Split } from '../../components/Page.tsx';
import { type RowOf, useCommand, usePages, useQuery } from '../../core-client.ts';
import { formatCount, formatInstant } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import { useView } from '../../stores/view-store.ts';
import { fieldLabel } from '../declarations/field-text.ts';

type Conflict = RowOf<'outbox.conflicts'>;
type Side = 'ours' | 'theirs';

/** A value of one side: a state by its word, a number or hash as it is. */
function useSideText(): (conflict: Conflict, value: string | undefined) => string {
  const { t } = useTranslation();
  return ({ kind }, value) => {
    if (value === undefined || value === '')
      return t(kind === 'content' ? 'outbox.conflict.unknown' : 'outbox.conflict.never');
    if (kind === 'state') return t(`state.document.${value}`, { defaultValue: value });
    return kind === 'content' ? value.slice(0, 16) : value;
  };
}

/** The name of the receipt's field that the two sides differ in. */
function useFieldText(): (conflict: Conflict) => string {
  const language = useView((view) => view.language);
  return ({ field = '', receiptKind = '' }) => {
    const found = specOf(receiptKind)?.head.fields.find(({ name }) => name === field);
    return found === undefined ? field : fieldLabel(found, language);
  };
}

/** What is different in the bytes of the two sides, where the platform told what it holds. */
function Differences({ id }: { readonly id: number }) {
  const { t } = useTranslation();
  const language = useView((view) => view.language);
  const { data, error } = useQuery('outbox.differences', { id }, { areas: ['sync'] });
  if (data === undefined) return <ErrorNote error={error} isInline />;
  if (!data.known) return <p className="muted">{t('outbox.conflict.differences.unknown')}</p>;
  if (data.total === 0) return <p className="muted">{t('outbox.conflict.differences.none')}</p>;
  return (
    <div className="outbox-differences">
      <table className="outbox-table">
        <caption>
          {t('outbox.conflict.differences.title', { count: data.total, shown: formatCount(data.total) })}
        </caption>
        <thead>
          <tr>
            <th>{t('outbox.conflict.differences.document')}</th>
            <th>{t('outbox.conflict.differences.field')}</th>
            <th>{t('outbox.conflict.ours')}</th>
            <th>{t('outbox.conflict.theirs')}</th>
          </tr>
        </thead>
        <tbody>
          {data.rows.map(({ position, path, ours, theirs }) => (
            <tr key={`${position} ${path}`}>
              <td>{position}</td>
              <td title={path}>{pathText(data.kind, path, language)}</td>
              <td className="code">{ours === '' ? '–' : ours}</td>
              <td className="code">{theirs === '' ? '–' : theirs}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {data.total > data.rows.length ? (
        <p className="muted">{t('outbox.conflict.differences.more', { shown: formatCount(data.rows.length) })}</p>
      ) : null}
    </div>
  );
}

/** A path in a document by the names of its fields: the label, and the line it stands in. */
function pathText(kind: string, path: string, language: string): string {
  const spec: MessageSpec | undefined = specOf(kind);
  const [, line = '', name = path] = /^(?:[^/]*?(?:\[(\d+)\])?\/)?([^/]+)$/.exec(path) ?? [];
  const field = [...(spec?.head.fields ?? []), ...(spec?.lines?.fields ?? [])].find((one) => one.name === name);
  const label = field === undefined ? path : fieldLabel(field, language);
  return line === '' || field === undefined ? label : `${line} · ${label}`;
}

function useSubject(): (conflict: Conflict) => string {
  const { t } = useTranslation();
  return ({ messageSeq, documentKind, businessKey }) =>
    messageSeq === undefined
      ? `${t(`messageKind.${documentKind ?? ''}`, { defaultValue: documentKind ?? '' })} ${businessKey ?? ''}`
      : t('outbox.messageNo', { seq: messageSeq });
}

/** `yyyyMMddHHmmssSSS` as the platform writes it, in China time. */
function platformTime(text: string): string {
  return text.replace(/^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})\d*$/, '$1-$2-$3 $4:$5:$6');
}

function Choice({ conflict, onDone }: { readonly conflict: Conflict; readonly onDone: () => void }) {
  const { t } = useTranslation();
  const id = useId();
  const sideText = useSideText();
  const subjectOf = useSubject();
  const fieldText = useFieldText();
  const [side, setSide] = useState<Side>();
  const [reason, setReason] = useState('');
  const choose = useCommand('outbox.choose');
  const isReady = side !== undefined && reason.trim() !== '';
  const submit = async (): Promise<void> => {
    if (side === undefined || !isReady || choose.isRunning) return;
    if ((await choose.run({ id: conflict.id, choice: side, reason: reason.trim() })) === undefined) return;
    notify(t('outbox.conflict.chosen'));
    onDone();
  };
  const isOpen = conflict.choice === undefined;
  useKeys([
    { key: 'Ctrl+1', label: t('outbox.conflict.ours'), run: () => setSide('ours'), isEnabled: isOpen },
    { key: 'Ctrl+2', label: t('outbox.conflict.theirs'), run: () => setSide('theirs'), isEnabled: isOpen },
    {
      key: 'Ctrl+Enter',
      label: t('outbox.conflict.confirm'),
      run: () => void submit(),
      isEnabled: isOpen && isReady,
      isMain: true,
    },
  ]);
  const cell = (which: Side, value: string | undefined) => (
    <button
      type="button"
      className={`outbox-side${side === which ? ' is-chosen' : ''}`}
      aria-pressed={side === which}
      disabled={!isOpen}
      onClick={() => setSide(which)}
    >
      <span className="muted">{t(`outbox.conflict.${which}`)}</span>
      <strong className={conflict.kind === 'state' ? undefined : 'code'}>{sideText(conflict, value)}</strong>
      <span>{t(`outbox.conflict.effect.${conflict.kind}.${which}`)}</span>
    </button>
  );
  return (
    <Panel isPlain title={subjectOf(conflict)} extra={t(`outbox.conflict.kind.${conflict.kind}`)}>
      <div className="panel-pad outbox-conflict">
        <p>{t(`outbox.conflict.what.${conflict.kind}`, { field: fieldText(conflict) })}</p>
        <div className="outbox-sides">
          {cell('ours', conflict.ours)}
          {cell('theirs', conflict.theirs)}
          <div className="outbox-side is-agreed">
            <span className="muted">{t('outbox.conflict.agreed')}</span>
            <strong className={conflict.kind === 'state' ? undefined : 'code'}>
              {sideText(conflict, conflict.agreed)}
            </strong>
          </div>
        </div>
        {conflict.kind === 'content' ? <Differences id={conflict.id} /> : null}
        <p className="muted">{t('outbox.conflict.foundOn', { at: formatInstant(conflict.foundAt, true) })}</p>
        {conflict.status === undefined ? null : (
          <p className="muted">
            {t('outbox.conflict.word', {
              status: conflict.status,
              at: platformTime(conflict.statusTime ?? ''),
              info: conflict.info ?? '',
            })}
          </p>
        )}
        {isOpen ? (
          <>
            <Field id={`${id}-reason`} label={t('outbox.conflict.reason')} hint={t('outbox.conflict.reasonHint')}>
              <Input
                id={`${id}-reason`}
                value={reason}
                maxLength={500}
                onChange={(event) => setReason(event.target.value)}
              />
            </Field>
            <ErrorNote error={choose.error} />
            <div className="card-actions">
              {conflict.documentId === undefined ? null : (
                <Button onClick={() => navigate('declaration', { id: conflict.documentId ?? 0 })}>
                  {t('outbox.conflict.open')}
                </Button>
              )}
              <Button type="primary" disabled={!isReady} loading={choose.isRunning} onClick={() => void submit()}>
                {t('outbox.conflict.confirm')}
              </Button>
            </div>
          </>
        ) : (
          <p>
            {t('outbox.conflict.decided', {
              side: t(`outbox.conflict.${conflict.choice ?? 'ours'}`),
              at: formatInstant(conflict.chosenAt ?? conflict.foundAt, true),
              reason: conflict.reason ?? '',
            })}
          </p>
        )}
      </div>
    </Panel>
  );
}

export function ConflictsView() {
  const { t } = useTranslation();
  const [decided, setDecided] = useState<'open' | 'decided'>('open');
  const [activeId, setActiveId] = useState<number>();
  const pages = usePages('outbox.conflicts', { decided: decided === 'decided' }, { areas: ['sync', 'documents'] });
  const sideText = useSideText();
  const subjectOf = useSubject();
  const fieldText = useFieldText();
  const columns: readonly Column<Conflict>[] = [
    { id: 'subject', title: t('outbox.conflict.subject'), render: subjectOf },
    {
      id: 'kind',
      title: t('outbox.conflict.differs'),
      width: 104,
      render: (row) => (row.kind === 'field' ? fieldText(row) : t(`outbox.conflict.kind.${row.kind}`)),
    },
    { id: 'ours', title: t('outbox.conflict.ours'), width: 110, render: (row) => sideText(row, row.ours) },
    { id: 'theirs', title: t('outbox.conflict.theirs'), width: 110, render: (row) => sideText(row, row.theirs) },
  ];
  /** Chosen just now: gone before the list is read again, so that what is typed next is about the next one. */
  const [chosen, setChosen] = useState<readonly number[]>([]);
  const rows = decided === 'open' ? pages.rows.filter(({ id }) => !chosen.includes(id)) : pages.rows;
  const active = rows.find(({ id }) => id === activeId) ?? rows[0];
  const onDone = (id: number): void => {
    setChosen((before) => [...before, id]);
    pages.reload();
  };
  return (
    <div className="outbox-list">
      <Chips
        label={t('outbox.conflict.which')}
        value={decided}
        onChange={setDecided}
        chips={[
          { value: 'open', label: t('outbox.conflict.isOpen') },
          { value: 'decided', label: t('outbox.conflict.isDecided') },
        ]}
      />
      <Split
        ratio="even"
        list={
          <DataTable
            label={t('outbox.tab.conflicts')}
            autoFocus
            pages={{ ...pages, rows }}
            columns={columns}
            rowKey={({ id }) => id}
            activeKey={active?.id}
            onActivate={({ id }) => setActiveId(id)}
            empty={<EmptyState title={t(`outbox.conflict.none.${decided}`)} hint={t('outbox.conflict.hint')} />}
          />
        }
        detail={
          active === undefined ? null : <Choice key={active.id} conflict={active} onDone={() => onDone(active.id)} />
        }
      />
    </div>
  );
}
