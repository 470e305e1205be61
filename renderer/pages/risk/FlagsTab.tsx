/** 风险提示: what the rules found, the gravest first; who looks after it, what is done, why it was closed. */
import { AutoComplete, Button, Input } from 'antd';
import { type ReactNode, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type flagStates, severities } from '../../../shared/contract/risk.ts';
import { useKeys } from '../../app/keys.ts';
import { navigate, numberParam, type RouteParams, replaceParams, textParam } from '../../app/route-store.ts';
import { Code } from '../../components/Amount.tsx';
import { Chips } from '../../components/Chips.tsx';
import { type Column, DataTable } from '../../components/DataTable.tsx';
import { DateInput } from '../../components/DateInput.tsx';
import { DetailPane, DetailPlaceholder, DetailSection, focusDetail, focusList } from '../../components/DetailPane.tsx';
import { EmptyState, Skeleton } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { Field } from '../../components/Field.tsx';
import { RestoredNote, useFormDraft } from '../../components/form-draft.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { Facts, Page, Split } from '../../components/Page.tsx';
import { ProgressBar } from '../../components/ProgressBar.tsx';
import { SearchInput } from '../../components/SearchInput.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { useTicks } from '../../components/ticks.ts';
import { type RowOf, useCommand, useJob, usePages, useQuery } from '../../core-client.ts';
import { formatCount, formatInstant } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import type { Tone } from '../../theme/palette.ts';
import { RowList } from './RowList.tsx';
import { useFile } from './use-file.tsx';
import { useRiskText } from './use-risk-text.ts';

type Flag = RowOf<'redFlags.list'>;
const shownStates = ['all', 'standing', 'open', 'reviewing', 'closed', 'gone'] as const;
const monthFilters = ['seenIn', 'closedIn'] as const;
type Shown = (typeof shownStates)[number];

export const severityTone: Readonly<Record<(typeof severities)[number], Tone>> = {
  high: 'rejected',
  medium: 'action',
  low: 'draft',
};
const stateTone: Readonly<Record<(typeof flagStates)[number], Tone>> = {
  open: 'action',
  reviewing: 'waiting',
  closed: 'accepted',
};

/** Runs the rules and says what came of it. */
export function useRun() {
  const { t } = useTranslation();
  const job = useJob('redFlags.run');
  const start = async (): Promise<void> => {
    const done = await job.start({});
    if (done !== undefined)
      notify(
        t('risk.ran', {
          added: formatCount(done.added),
          standing: formatCount(done.standing),
          cannotTell: formatCount(done.cannotTell),
        }),
      );
  };
  const notice: ReactNode =
    job.status === 'running' ? (
      <ProgressBar title={t('risk.running')} progress={job.progress} onCancel={job.cancel} />
    ) : (
      <ErrorNote error={job.error} onClose={job.clear} />
    );
  return { start, isRunning: job.status === 'running', notice };
}

export function FlagsTab({ tabs, params }: { readonly tabs: ReactNode; readonly params: RouteParams }) {
  const { t } = useTranslation();
  const { say, sayHit } = useRiskText();
  /** A month the trend leads to: what was found or closed in it, whatever became of it. */
  const ofMonth = monthFilters.flatMap((name) => {
    const month = textParam(params, name);
    return month === undefined || !/^\d{4}-\d{2}$/.test(month) ? [] : [{ name, month }];
  })[0];
  const usual: Shown = ofMonth === undefined ? 'standing' : 'all';
  const state = shownStates.find((one) => one === textParam(params, 'state')) ?? usual;
  const severity = severities.find((one) => one === textParam(params, 'severity'));
  const text = textParam(params, 'text') ?? '';
  const set = (change: RouteParams): void =>
    replaceParams(Object.fromEntries(Object.entries({ ...params, ...change }).filter(([, value]) => value !== '')));
  const filter = {
    ...(state === 'all' ? {} : { state }),
    ...(ofMonth === undefined ? {} : { [ofMonth.name]: ofMonth.month }),
    ...(severity === undefined ? {} : { severity }),
    ...(text === '' ? {} : { text }),
  };
  const at = numberParam(params, 'at');
  const pages = usePages('redFlags.list', filter, {
    areas: ['risk'],
    sought: at === undefined ? undefined : ({ id }) => id === at,
  });
  const [selected, setSelected] = useTicks(pages, (row) => row.id);
  const rules = useQuery('redFlags.rules', {}, { areas: ['risk', 'imports', 'money', 'purchases', 'orders'] });
  const chosen = pages.rows.find(({ id }) => id === at) ?? pages.rows[0];
  const run = useRun();
  const pdf = useFile('redFlags.print');
  const xlsx = useFile('redFlags.export');
  const counts = pages.first?.counts;
  const unknown = (rules.data?.rows ?? []).filter(({ missing, outcome }) => missing.length > 0 && outcome !== 'off');
  useKeys([
    { key: 'F8', label: t('risk.run'), run: () => void run.start(), isEnabled: !run.isRunning, isMain: true },
    { key: 'F9', label: t('risk.print'), run: () => void pdf.write(t('risk.inboxFile'), filter) },
    { key: 'Ctrl+E', label: t('risk.workbook'), run: () => void xlsx.write(t('risk.inboxFile'), filter) },
    { key: 'Enter', label: t('risk.open'), isMain: true },
    { key: 'Esc', label: t('risk.back'), run: () => void focusList() },
  ]);
  const columns = useMemo(
    (): readonly Column<Flag>[] => [
      {
        id: 'severity',
        title: t('risk.column.severity'),
        width: 88,
        render: (row) => <ToneTag tone={severityTone[row.severity]} label={say(`severity.${row.severity}`)} />,
      },
      {
        id: 'rule',
        title: t('risk.column.rule'),
        width: 164,
        render: (row) => (
          <span title={say(`title.${row.rule}`)}>
            <Code>{row.rule}</Code> {say(`title.${row.rule}`)}
          </span>
        ),
      },
      {
        id: 'subject',
        title: t('risk.column.subject'),
        width: 122,
        render: (row) => <span title={row.subject}>{row.subject}</span>,
      },
      {
        id: 'finding',
        title: t('risk.column.finding'),
        render: (row) => <span title={sayHit(row.rule, row.params)}>{sayHit(row.rule, row.params)}</span>,
      },
      { id: 'owner', title: t('risk.column.owner'), width: 72, render: (row) => row.owner },
      {
        id: 'state',
        title: t('risk.column.state'),
        width: 92,
        render: (row) =>
          row.gone && row.state !== 'closed' ? (
            <ToneTag tone="draft" label={say('gone')} />
          ) : (
            <ToneTag tone={stateTone[row.state]} label={say(`state.${row.state}`)} />
          ),
      },
    ],
    [t, say, sayHit],
  );
  return (
    <Page
      title={t('risk.title')}
      summary={
        counts === undefined
          ? undefined
          : t('risk.summary', {
              open: formatCount(counts.open),
              reviewing: formatCount(counts.reviewing),
              high: formatCount(counts.high),
              ran: rules.data?.ranAt === undefined ? t('risk.neverRan') : formatInstant(rules.data.ranAt),
            })
      }
      actions={
        <>
          <KeyButton
            label={t('risk.print')}
            keys="F9"
            isDisabled={pages.total === 0}
            isBusy={pdf.isRunning}
            onPress={() => void pdf.write(t('risk.inboxFile'), filter)}
          />
          <KeyButton
            label={t('risk.workbook')}
            keys="Ctrl+E"
            isDisabled={pages.total === 0}
            isBusy={xlsx.isRunning}
            onPress={() => void xlsx.write(t('risk.inboxFile'), filter)}
          />
          <KeyButton
            kind="primary"
            label={t('risk.run')}
            keys="F8"
            isBusy={run.isRunning}
            onPress={() => void run.start()}
          />
        </>
      }
      filters={
        <>
          {tabs}
          <Chips<Shown>
            label={t('risk.column.state')}
            value={state}
            onChange={(value) => set({ state: value === usual ? '' : value, at: '' })}
            chips={shownStates
              .filter((value) => value !== 'all' || ofMonth !== undefined)
              .map((value) => ({
                value,
                label:
                  value === 'all'
                    ? t('common.all')
                    : value === 'standing' || value === 'gone'
                      ? t(`risk.show.${value}`)
                      : say(`state.${value}`),
                // The counts are those of the whole book.
                ...(value === 'all' || value === 'standing' || ofMonth !== undefined ? {} : { count: counts?.[value] }),
              }))}
          />
          <Chips<string>
            label={t('risk.column.severity')}
            value={severity ?? ''}
            onChange={(value) => set({ severity: value, at: '' })}
            chips={[
              { value: '', label: t('common.all') },
              ...severities.map((value) => ({ value, label: say(`severity.${value}`) })),
            ]}
          />
          <SearchInput
            value={text}
            onChange={(value) => set({ text: value, at: '' })}
            placeholder={t('risk.search')}
            keyLabel={t('risk.search')}
          />
          {ofMonth === undefined ? null : (
            <Button size="small" onClick={() => set({ seenIn: '', closedIn: '', state: '', at: '' })}>
              {t(`risk.trend.only.${ofMonth.name}`, { month: ofMonth.month })} ×
            </Button>
          )}
        </>
      }
      notice={
        <>
          {run.notice}
          {pdf.notice}
          {xlsx.notice}
          <div className="risk-notes">
            {rules.data?.isStale === true && rules.data.ranAt !== undefined && !run.isRunning ? (
              <p className="risk-note">
                <ToneTag tone="waiting" label={t('risk.stale')} />
              </p>
            ) : null}
            {unknown.length === 0 ? null : (
              <p className="risk-note">
                <ToneTag
                  tone="action"
                  label={t('risk.cannotTell', { rules: unknown.map(({ rule }) => rule).join(' ') })}
                />{' '}
                <button type="button" className="link" onClick={() => replaceParams({ tab: 'rules', only: 'unknown' })}>
                  {t('risk.seeMissing')}
                </button>
              </p>
            )}
          </div>
        </>
      }
    >
      <Split
        ratio="list"
        list={
          <DataTable<Flag>
            label={t('risk.tab.flags')}
            pages={pages}
            columns={columns}
            rowKey={(row) => row.id}
            autoFocus
            activeKey={chosen?.id}
            onActivate={(row) => set({ at: row.id })}
            onOpen={() => focusDetail('#flag-owner')}
            selectedKeys={selected}
            onSelect={setSelected}
            rowTone={(row) => (row.state === 'closed' || row.gone ? 'muted' : undefined)}
            empty={
              rules.data !== undefined && rules.data.ranAt === undefined ? (
                <EmptyState
                  title={t('risk.emptyNeverRan')}
                  hint={t('risk.emptyNeverRanHint', { n: rules.data.rows.length })}
                  actions={<Button onClick={() => void run.start()}>{t('risk.run')}</Button>}
                />
              ) : (
                <EmptyState
                  title={t(state === 'standing' ? 'risk.emptyClear' : 'risk.emptyFilter')}
                  hint={unknown.length === 0 ? t('risk.emptyHint') : t('risk.emptyUnknown', { count: unknown.length })}
                  actions={<Button onClick={() => navigate('risk', { tab: 'rules' })}>{t('risk.tab.rules')}</Button>}
                />
              )
            }
          />
        }
        detail={
          selected.length > 1 ? (
            <DetailPane title={t('risk.chosen', { count: selected.length, shown: formatCount(selected.length) })}>
              <WorkForm key={selected.join(' ')} ids={selected} onDone={() => setSelected([])} />
            </DetailPane>
          ) : chosen === undefined ? (
            <DetailPlaceholder text={t('risk.choose')} />
          ) : (
            <FlagDetail key={chosen.id} flag={chosen} />
          )
        }
      />
    </Page>
  );
}

function FlagDetail({ flag }: { readonly flag: Flag }) {
  const { t } = useTranslation();
  const { say, sayHit } = useRiskText();
  const view = useQuery('redFlags.get', { id: flag.id }, { areas: ['risk'] });
  const reopen = useCommand('redFlags.reopen');
  const [note, setNote] = useState('');
  const again = async (): Promise<void> => {
    if ((await reopen.run({ id: flag.id, note })) !== undefined) notify(t('risk.reopened'));
  };
  return (
    <DetailPane
      title={say(`title.${flag.rule}`)}
      tags={<ToneTag tone={severityTone[flag.severity]} label={say(`severity.${flag.severity}`)} />}
      extra={
        <button type="button" className="link" onClick={() => navigate('risk', { tab: 'rules', rule: flag.rule })}>
          {t('risk.ruleOf', { rule: flag.rule })}
        </button>
      }
    >
      <p className="risk-finding">{sayHit(flag.rule, flag.params)}</p>
      <Facts
        columns={1}
        rows={[
          [t('risk.column.subject'), flag.subject],
          [t('risk.firstSeen'), formatInstant(flag.firstSeen)],
          [t('risk.lastSeen'), formatInstant(flag.lastSeen)],
          [t('risk.reopenedTimes'), flag.reopened === 0 ? t('common.none') : formatCount(flag.reopened)],
        ]}
      />
      <DetailSection title={t('risk.remedy')}>
        <p className="panel-pad">{say(`remedy.${flag.rule}`)}</p>
      </DetailSection>
      <DetailSection title={t('risk.rows', { shown: formatCount(flag.rowCount) })}>
        {view.status === 'failed' ? <ErrorNote error={view.error} onRetry={view.reload} /> : null}
        {view.status === 'loading' ? <Skeleton rows={4} /> : null}
        {view.data === undefined ? null : <RowList rows={view.data.rows} total={flag.rowCount} rule={flag.rule} />}
      </DetailSection>
      {flag.note === '' ? null : (
        <DetailSection title={t('risk.note')}>
          <p className="panel-pad">
            {flag.note}
            {flag.closedAt === undefined
              ? ''
              : ` · ${flag.closedBy === '' ? flag.owner : t('risk.closedBy', { owner: flag.owner, clerk: flag.closedBy })} ${formatInstant(flag.closedAt)}`}
          </p>
        </DetailSection>
      )}
      {view.data === undefined || view.data.steps.length === 0 ? null : (
        <DetailSection title={t('risk.steps')}>
          <ol className="risk-steps">
            {view.data.steps.map((step) => (
              <li key={`${step.at} ${step.event} ${step.owner}`}>
                {formatInstant(step.at)} ·{' '}
                {t(`risk.step.${step.event}`, { owner: step.owner === '' ? '–' : step.owner })}
                {step.note === '' ? '' : ` · ${step.note}`}
                {step.dueOn === undefined ? '' : ` · ${t('risk.dueOn')} ${step.dueOn}`}
                {step.by === '' || step.by === step.owner ? '' : ` · ${step.by}`}
              </li>
            ))}
          </ol>
        </DetailSection>
      )}
      {flag.state === 'closed' ? (
        <DetailSection title={t('risk.reopen')}>
          <form
            className="panel-pad card-form"
            onSubmit={(event) => {
              event.preventDefault();
              void again();
            }}
          >
            <Field id="flag-reopen" label={t('risk.reopenWhy')}>
              <Input id="flag-reopen" value={note} onChange={(event) => setNote(event.target.value)} />
            </Field>
            <ErrorNote error={reopen.error} isInline />
            <div className="card-actions">
              <Button htmlType="submit" disabled={note.trim().length < 2} loading={reopen.isRunning}>
                {t('risk.reopen')}
              </Button>
            </div>
          </form>
        </DetailSection>
      ) : (
        <DetailSection title={t('risk.handle')}>
          <WorkForm ids={[flag.id]} flag={flag} />
        </DetailSection>
      )}
    </DetailPane>
  );
}

/** Who looks after it and what is done; or the closing note. */
function WorkForm({
  ids,
  flag,
  onDone,
}: {
  readonly ids: readonly number[];
  readonly flag?: Flag;
  readonly onDone?: () => void;
}) {
  const { t } = useTranslation();
  const assign = useCommand('redFlags.assign');
  const close = useCommand('redFlags.close');
  const form = useFormDraft(
    `risk flags ${ids.join(' ')}`,
    {
      owner: flag?.owner ?? '',
      action: flag?.action ?? '',
      dueOn: flag?.dueOn ?? '',
      note: '',
    },
    JSON.stringify(flag ?? null),
  );
  const { owner, action, dueOn, note } = form.value;
  const clerks = useQuery('clerks.list', {}, { areas: ['documents'] });
  const names = (clerks.data?.rows ?? []).filter(({ isActive }) => isActive).map(({ name }) => name);
  const { change } = form;
  const doAssign = async (): Promise<void> => {
    const done = await assign.run({ ids: [...ids], owner, action, ...(dueOn === '' ? {} : { dueOn }) });
    if (done === undefined) return;
    form.done();
    notify(t('risk.assigned'));
    onDone?.();
  };
  const canClose = note.trim().length >= 2;
  const doClose = async (): Promise<void> => {
    const done = await close.run({ ids: [...ids], note, owner });
    if (done === undefined) return;
    notify(t('risk.closed'));
    onDone?.();
    focusList();
  };
  useKeys([
    {
      key: 'Ctrl+Enter',
      label: t('risk.close'),
      run: () => void doClose(),
      isEnabled: canClose && !close.isRunning,
      isMain: true,
    },
  ]);
  return (
    <form
      className="panel-pad card-form"
      onSubmit={(event) => {
        event.preventDefault();
        void doAssign();
      }}
    >
      <div className="form-grid">
        <Field id="flag-owner" label={t('risk.column.owner')}>
          {/* Of several clerks one handles it and another closes it; a book without clerks knows names only. */}
          <AutoComplete
            id="flag-owner"
            value={owner}
            options={names.map((value) => ({ value }))}
            onChange={(value: string) => change({ owner: value })}
          >
            <Input maxLength={60} />
          </AutoComplete>
        </Field>
        <Field id="flag-due" label={t('risk.dueOn')}>
          <DateInput id="flag-due" value={dueOn} onChange={(value) => change({ dueOn: value })} />
        </Field>
        <Field id="flag-action" label={t('risk.action')} isWide>
          <Input
            id="flag-action"
            maxLength={500}
            value={action}
            onChange={(event) => change({ action: event.target.value })}
          />
        </Field>
      </div>
      <div className="card-actions">
        <Button htmlType="submit" disabled={owner.trim() === ''} loading={assign.isRunning}>
          {t('risk.assign')}
        </Button>
      </div>
      <Field id="flag-note" label={t('risk.closingNote')} hint={t('risk.closingHint')} isWide>
        <Input.TextArea
          id="flag-note"
          autoSize={{ minRows: 2, maxRows: 6 }}
          maxLength={500}
          value={note}
          onChange={(event) => change({ note: event.target.value })}
        />
      </Field>
      <RestoredNote draft={form} />
      <ErrorNote error={assign.error ?? close.error} isInline />
      <div className="card-actions">
        <KeyButton
          kind="primary"
          label={t('risk.close')}
          keys="Ctrl+Enter"
          isDisabled={!canClose}
          isBusy={close.isRunning}
          onPress={() => void doClose()}
        />
      </div>
    </form>
  );
}
