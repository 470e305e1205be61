/** 等级、证书与处罚: what others say of the firm, since when, until when, with the paper on file; the list is its history. */
import { Input, Select } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { InputOf, OutputOf } from '../../../shared/contract/contract.ts';
import { creditAuthorities } from '../../../shared/credit/classes.ts';
import { useKeys } from '../../app/keys.ts';
import { numberParam, type RouteParams, replaceParams } from '../../app/route-store.ts';
import { Code } from '../../components/Amount.tsx';
import { Chips } from '../../components/Chips.tsx';
import { ConfirmInline } from '../../components/ConfirmInline.tsx';
import type { Column } from '../../components/DataTable.tsx';
import { DateInput } from '../../components/DateInput.tsx';
import { DetailPane, DetailPlaceholder, DetailSection } from '../../components/DetailPane.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { Field } from '../../components/Field.tsx';
import { RestoredNote, useFormDraft } from '../../components/form-draft.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { ListWithForm } from '../../components/ListWithForm.tsx';
import { NumericInput } from '../../components/NumericInput.tsx';
import { Page } from '../../components/Page.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { useCommand, useQuery } from '../../core-client.ts';
import { formatCount, localDate } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import { PapersOf } from '../obligations/PapersOf.tsx';
import { useBilingual } from '../obligations/use-bilingual.ts';
import { useAdding } from './use-adding.ts';

type Row = OutputOf<'creditRecords.list'>['rows'][number];
type Body = InputOf<'creditRecords.save'>['body'];
type Kind = Body['kind'];

const kinds = ['rating', 'mark', 'decision'] as const;
const stateTones = {
  future: 'waiting',
  current: 'accepted',
  past: 'draft',
  ended: 'action',
  removed: 'draft',
} as const;
const toneOf = ({ state, body }: Row) =>
  state === 'current' && body.kind === 'decision' ? ('action' as const) : stateTones[state];
const isOver = ({ state }: Row): boolean => state === 'past' || state === 'ended' || state === 'removed';

export function RecordsTab({ tabs, params }: { readonly tabs: ReactNode; readonly params: RouteParams }) {
  const { t } = useTranslation();
  const words = useBilingual();
  const list = useQuery('creditRecords.list', {}, { areas: ['tax', 'risk'] });
  const { isNew, setNew, add } = useAdding(t('credit.records.add'), '.chips [aria-checked=true]');
  const rows = list.data?.rows;
  const chosen = rows?.find(({ id }) => id === numberParam(params, 'id')) ?? rows?.[0];
  const columns: readonly Column<Row>[] = [
    { id: 'number', title: t('credit.records.column.number'), width: 120, render: (row) => <Code>{row.number}</Code> },
    {
      id: 'what',
      title: t('credit.records.column.what'),
      render: ({ body, title }) => (
        <>
          {body.kind === 'rating' ? <span className="muted">{t(`credit.authority.${body.authority}`)} </span> : null}
          {words(title)}
        </>
      ),
    },
    { id: 'date', title: t('credit.records.column.date'), width: 94, render: ({ body }) => body.date },
    { id: 'validTo', title: t('credit.records.column.validTo'), width: 94, render: ({ body }) => body.validTo ?? '' },
    {
      id: 'papers',
      title: t('credit.records.column.papers'),
      width: 62,
      align: 'right',
      render: ({ papers }) => (papers === 0 ? '–' : papers),
    },
    {
      id: 'state',
      title: t('credit.records.column.state'),
      width: 88,
      render: (row) => <ToneTag tone={toneOf(row)} label={t(`credit.state.${row.state}`)} />,
    },
  ];
  const papersOn = rows?.filter((row) => row.state === 'current').length;
  return (
    <Page
      title={t('credit.title')}
      summary={papersOn === undefined ? undefined : t('credit.records.summary', { n: formatCount(papersOn) })}
      filters={tabs}
      actions={<KeyButton kind="primary" label={t('credit.records.add')} keys="Ctrl+N" onPress={add} />}
    >
      <ListWithForm
        label={t('credit.tab.records')}
        rows={rows}
        error={list.error}
        onReload={list.reload}
        columns={columns}
        activeId={chosen?.id}
        isOver={isOver}
        onChoose={(id) => {
          setNew(false);
          replaceParams({ tab: 'records', id });
        }}
        formField="#credit-source"
        empty={{ title: t('credit.records.empty'), hint: t('credit.records.emptyHint'), add: t('credit.records.add') }}
        onAdd={add}
        detail={
          isNew ? (
            <RecordForm
              key="new"
              row={undefined}
              onSaved={(id) => {
                setNew(false);
                list.reload();
                replaceParams({ tab: 'records', id });
              }}
            />
          ) : chosen === undefined ? (
            <DetailPlaceholder text={t('credit.records.choose')} />
          ) : (
            <RecordForm key={`${chosen.id} ${chosen.updatedAt}`} row={chosen} onSaved={list.reload} />
          )
        }
      />
    </Page>
  );
}

/** All fields of all kinds; each kind takes its own. */
interface Draft {
  readonly kind: Kind;
  readonly authority: (typeof creditAuthorities)[number];
  readonly level: string;
  readonly form: 'certificate' | 'e-mark' | 'publication';
  readonly name: string;
  readonly nature: 'smuggling' | 'penalty';
  readonly no: string;
  readonly amount: string;
  readonly date: string;
  readonly validTo: string;
  readonly source: string;
  readonly note: string;
}

const empty: Draft = {
  ...{
    kind: 'rating',
    authority: 'customs',
    level: '',
    form: 'certificate',
    name: '',
    nature: 'penalty',
    no: '',
    amount: '',
  },
  ...{ date: '', validTo: '', source: '', note: '' },
} as const;

function draftOf(row: Row | undefined): Draft {
  if (row === undefined) return { ...empty, date: localDate() };
  return { ...empty, ...row.body, validTo: row.body.validTo ?? '' };
}

function bodyOf(draft: Draft): Body {
  const { kind, date, source, note } = draft;
  const common = { date, source, note, validTo: draft.validTo === '' ? null : draft.validTo };
  if (kind === 'rating') return { kind, authority: draft.authority, level: draft.level, ...common };
  if (kind === 'mark') return { kind, form: draft.form, name: draft.name, no: draft.no, ...common };
  return { kind, nature: draft.nature, no: draft.no, amount: draft.amount === '' ? '0' : draft.amount, ...common };
}

function RecordForm({ row, onSaved }: { readonly row: Row | undefined; readonly onSaved: (id: number) => void }) {
  const { t } = useTranslation();
  const words = useBilingual();
  const form = useFormDraft(`credit record ${row?.id ?? 'new'}`, draftOf(row), row?.updatedAt);
  const { value: draft, change: put } = form;
  const { kind } = draft;
  const [isTried, setTried] = useState(false);
  const save = useCommand('creditRecords.save');
  const remove = useCommand('creditRecords.remove');
  const classes = useQuery('credit.classes', /^\d{4}-\d{2}-\d{2}$/.test(draft.date) ? { on: draft.date } : {});
  const isRemoved = row?.state === 'removed';
  const authority = classes.data?.figures.authorities.find(({ id }) => id === draft.authority);
  const named = authority?.classes ?? [];
  const needed: readonly (keyof Draft)[] = [
    ...(kind === 'rating' ? (['level'] as const) : kind === 'mark' ? (['name'] as const) : []),
    'date',
    'source',
  ];
  const wrong = (name: keyof Draft): string | undefined =>
    isTried && needed.includes(name) && draft[name].trim() === '' ? t('credit.records.needed') : undefined;
  const submit = async (): Promise<void> => {
    setTried(true);
    const first = needed.find((name) => draft[name].trim() === '');
    if (first !== undefined) {
      document.getElementById(`credit-${first}`)?.focus();
      return;
    }
    const done = await save.run({ ...(row === undefined ? {} : { id: row.id }), body: bodyOf(draft) });
    if (done === undefined) return;
    form.done();
    notify(t('credit.records.saved'));
    onSaved(done.id);
  };
  useKeys([{ key: 'Ctrl+Enter', label: t('common.save'), run: () => void submit(), isMain: true }]);
  const text = (name: 'level' | 'name' | 'no' | 'source' | 'note', isWide = false) => (
    <Field
      id={`credit-${name}`}
      label={t(`credit.field.${name === 'no' ? `no.${kind}` : name}`)}
      isRequired={needed.includes(name)}
      isWide={isWide}
      error={wrong(name)}
    >
      <Input
        id={`credit-${name}`}
        disabled={isRemoved}
        value={draft[name]}
        onChange={(event) => put({ [name]: event.target.value })}
      />
    </Field>
  );
  const day = (name: 'date' | 'validTo') => (
    <Field
      id={`credit-${name}`}
      label={t(`credit.field.${name === 'date' ? `date.${kind}` : name}`)}
      isRequired={name === 'date'}
      error={wrong(name)}
    >
      <DateInput id={`credit-${name}`} value={draft[name]} onChange={(value) => put({ [name]: value })} />
    </Field>
  );
  return (
    <DetailPane
      title={row === undefined ? t('credit.records.add') : row.number}
      isCode={row !== undefined}
      tags={row === undefined ? null : <ToneTag tone={toneOf(row)} label={t(`credit.state.${row.state}`)} />}
      foot={
        <>
          {row === undefined || isRemoved ? null : (
            <ConfirmInline
              label={t('credit.records.remove')}
              question={t('credit.records.removeAsk')}
              confirmLabel={t('credit.records.remove')}
              onConfirm={async () => {
                const done = await remove.run({ id: row.id, reason: t('credit.records.removeReason') });
                if (done === undefined) return;
                form.done();
                notify(t('credit.records.removed', { number: row.number }));
                onSaved(row.id);
              }}
            />
          )}
          <span className="spacer" />
          {isRemoved ? null : (
            <KeyButton
              kind="primary"
              label={t('common.save')}
              keys="Ctrl+Enter"
              isBusy={save.isRunning}
              onPress={() => void submit()}
            />
          )}
        </>
      }
    >
      <RestoredNote draft={form} />
      <ErrorNote error={save.error ?? remove.error} isInline />
      {row === undefined ? (
        <div className="panel-pad">
          <Chips<Kind>
            label={t('credit.records.kind')}
            value={kind}
            onChange={(value) => put({ kind: value })}
            chips={kinds.map((one) => ({ value: one, label: t(`credit.kind.${one}`) }))}
          />
        </div>
      ) : null}
      <div className="panel-pad form-grid">
        {kind === 'rating' ? (
          <>
            <Field id="credit-authority" label={t('credit.field.authority')} isRequired>
              <Select
                id="credit-authority"
                disabled={isRemoved}
                value={draft.authority}
                options={creditAuthorities.map((value) => ({ value, label: t(`credit.authority.${value}`) }))}
                onChange={(value) => put({ authority: value, level: '' })}
              />
            </Field>
            {named.length === 0 ? (
              text('level')
            ) : (
              <Field id="credit-level" label={t('credit.field.level')} isRequired error={wrong('level')}>
                <Select
                  id="credit-level"
                  disabled={isRemoved}
                  value={draft.level === '' ? null : draft.level}
                  options={named.map(({ code, name }) => ({ value: code, label: words(name) }))}
                  onChange={(level: string | null) => put({ level: level ?? '' })}
                />
              </Field>
            )}
          </>
        ) : null}
        {kind === 'mark' ? (
          <>
            <Field id="credit-form" label={t('credit.field.form')} isRequired>
              <Select
                id="credit-form"
                disabled={isRemoved}
                value={draft.form}
                options={(['certificate', 'e-mark', 'publication'] as const).map((value) => ({
                  value,
                  label: t(`credit.form.${value}`),
                }))}
                onChange={(form) => put({ form })}
              />
            </Field>
            {text('name')}
            {text('no')}
          </>
        ) : null}
        {kind === 'decision' ? (
          <>
            <Field id="credit-nature" label={t('credit.field.nature')} isRequired>
              <Select
                id="credit-nature"
                disabled={isRemoved}
                value={draft.nature}
                options={(['penalty', 'smuggling'] as const).map((value) => ({
                  value,
                  label: t(`credit.nature.${value}`),
                }))}
                onChange={(nature) => put({ nature })}
              />
            </Field>
            {text('no')}
            <Field id="credit-amount" label={t('credit.field.amount')}>
              <NumericInput
                id="credit-amount"
                value={draft.amount}
                decimals={2}
                onChange={(amount) => put({ amount })}
              />
            </Field>
          </>
        ) : null}
        {day('date')}
        {kind === 'decision' ? null : day('validTo')}
        {text('source', true)}
        {text('note', true)}
      </div>
      {kind === 'rating' && named.some(({ code }) => code === draft.level) ? (
        <DetailSection title={t('credit.records.means')}>
          <ul className="plain-list panel-pad">
            {(named.find(({ code }) => code === draft.level)?.effects ?? []).map((effect) => (
              <li key={effect.zh}>{words(effect)}</li>
            ))}
            {authority?.unknown == null ? null : <li className="muted">{words(authority.unknown)}</li>}
            <li className="muted">{t('credit.classes.source', { source: authority?.source ?? '' })}</li>
          </ul>
        </DetailSection>
      ) : null}
      {row === undefined ? (
        <p className="panel-pad muted">{t('credit.records.papersLater')}</p>
      ) : (
        <PapersOf subjectKind="credit-record" subjectId={row.number} />
      )}
    </DetailPane>
  );
}
