/** 名单筛查: names of the book that are like an entry of a list. Each is looked at by a person; nothing is blocked. */
import { Button, Input } from 'antd';
import { type ReactNode, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { hitStates } from '../../../shared/contract/risk.ts';
import { useKeys } from '../../app/keys.ts';
import { numberParam, type RouteParams, replaceParams, textParam } from '../../app/route-store.ts';
import { Chips } from '../../components/Chips.tsx';
import { type Column, DataTable } from '../../components/DataTable.tsx';
import { DetailPane, DetailPlaceholder, DetailSection, focusDetail, focusList } from '../../components/DetailPane.tsx';
import { EmptyState, NoMatch } from '../../components/EmptyState.tsx';
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
import { useFile } from './use-file.tsx';
import { useRiskText } from './use-risk-text.ts';

type Hit = RowOf<'screening.list'>;
const shownStates = [...hitStates, 'gone'] as const;
type Shown = (typeof shownStates)[number];
const hitTone: Readonly<Record<Hit['state'], Tone>> = { review: 'action', cleared: 'accepted', confirmed: 'rejected' };

export function HitsTab({ tabs, params }: { readonly tabs: ReactNode; readonly params: RouteParams }) {
  const { t } = useTranslation();
  const { say } = useRiskText();
  const state = shownStates.find((one) => one === textParam(params, 'state')) ?? 'review';
  const text = textParam(params, 'text') ?? '';
  const set = (change: RouteParams): void =>
    replaceParams(Object.fromEntries(Object.entries({ ...params, ...change }).filter(([, value]) => value !== '')));
  const at = numberParam(params, 'at');
  const pages = usePages(
    'screening.list',
    { state, ...(text === '' ? {} : { text }) },
    { areas: ['risk'], sought: at === undefined ? undefined : ({ id }) => id === at },
  );
  const [selected, setSelected] = useTicks(pages, (row) => row.id);
  const lists = useQuery('watchLists.list', {}, { areas: ['risk'] });
  const chosen = pages.rows.find(({ id }) => id === at) ?? pages.rows[0];
  const job = useJob('screening.run');
  const pdf = useFile('screening.print');
  const xlsx = useFile('screening.export');
  const counts = pages.first?.counts;
  const hasLists = (lists.data?.rows.length ?? 0) > 0;
  const run = async (): Promise<void> => {
    const done = await job.start({ all: true });
    if (done !== undefined)
      notify(
        t('risk.screened', {
          names: formatCount(done.names),
          added: formatCount(done.added),
          review: formatCount(done.review),
        }) + (done.isRegisterBehind ? t('risk.hit.registerBehind') : ''),
      );
  };
  useKeys([
    {
      key: 'F8',
      label: t('risk.screen'),
      run: () => void run(),
      isEnabled: hasLists && job.status !== 'running',
      isMain: true,
    },
    { key: 'F9', label: t('risk.print'), run: () => void pdf.write(t('risk.hitsFile'), { state }) },
    { key: 'Ctrl+E', label: t('risk.workbook'), run: () => void xlsx.write(t('risk.hitsFile'), { state }) },
    { key: 'Enter', label: t('risk.open'), isMain: true },
    { key: 'Esc', label: t('risk.back'), run: () => void focusList() },
  ]);
  const columns = useMemo(
    (): readonly Column<Hit>[] => [
      { id: 'kind', title: t('risk.hit.kind'), width: 116, render: (row) => say(`kind.${row.subjectKind}`) },
      {
        id: 'name',
        title: t('risk.hit.name'),
        render: (row) => <span title={row.subjectName}>{row.subjectName}</span>,
      },
      { id: 'watch', title: t('risk.hit.entry'), render: (row) => <span title={row.watchName}>{row.watchName}</span> },
      { id: 'score', title: t('risk.hit.score'), width: 80, align: 'right', render: (row) => formatCount(row.score) },
      { id: 'reason', title: t('risk.hit.reason'), width: 116, render: (row) => say(`likeness.${row.reason}`) },
      {
        id: 'state',
        title: t('risk.column.state'),
        width: 104,
        render: (row) => <ToneTag tone={hitTone[row.state]} label={say(`hitState.${row.state}`)} />,
      },
    ],
    [t, say],
  );
  return (
    <Page
      title={t('risk.title')}
      summary={
        lists.data === undefined || counts === undefined
          ? undefined
          : t('risk.hitSummary', {
              names: formatCount(lists.data.screenedNames),
              lists: formatCount(lists.data.rows.length),
              review: formatCount(counts.review),
            })
      }
      actions={
        <>
          <KeyButton
            label={t('risk.print')}
            keys="F9"
            isDisabled={pages.total === 0}
            isBusy={pdf.isRunning}
            onPress={() => void pdf.write(t('risk.hitsFile'), { state })}
          />
          <KeyButton
            label={t('risk.workbook')}
            keys="Ctrl+E"
            isDisabled={pages.total === 0}
            isBusy={xlsx.isRunning}
            onPress={() => void xlsx.write(t('risk.hitsFile'), { state })}
          />
          <KeyButton
            kind="primary"
            label={t('risk.screen')}
            keys="F8"
            isDisabled={!hasLists}
            isBusy={job.status === 'running'}
            onPress={() => void run()}
          />
        </>
      }
      filters={
        <>
          {tabs}
          <Chips<Shown>
            label={t('risk.column.state')}
            value={state}
            onChange={(value) => set({ state: value === 'review' ? '' : value, at: '' })}
            chips={shownStates.map((value) => ({
              value,
              label: value === 'gone' ? t('risk.show.gone') : say(`hitState.${value}`),
              count: counts?.[value],
            }))}
          />
          <SearchInput
            value={text}
            onChange={(value) => set({ text: value, at: '' })}
            placeholder={t('risk.hit.search')}
            keyLabel={t('risk.hit.search')}
          />
        </>
      }
      notice={
        <>
          {job.status === 'running' ? (
            <ProgressBar title={t('risk.screening')} progress={job.progress} onCancel={job.cancel} />
          ) : (
            <ErrorNote error={job.error} onClose={job.clear} />
          )}
          {pdf.notice}
          {xlsx.notice}
        </>
      }
    >
      <Split
        ratio="list"
        list={
          <DataTable<Hit>
            label={t('risk.tab.hits')}
            pages={pages}
            columns={columns}
            rowKey={(row) => row.id}
            autoFocus
            activeKey={chosen?.id}
            onActivate={(row) => set({ at: row.id })}
            onOpen={() => focusDetail('#hit-note')}
            selectedKeys={selected}
            onSelect={setSelected}
            empty={
              text !== '' ? (
                <NoMatch onClear={() => set({ text: '' })} />
              ) : hasLists ? (
                <EmptyState title={t('risk.hit.empty')} hint={t('risk.hit.emptyHint')} />
              ) : (
                <EmptyState
                  title={t('risk.list.empty')}
                  hint={t('risk.list.emptyHint')}
                  actions={<Button onClick={() => replaceParams({ tab: 'lists' })}>{t('risk.tab.lists')}</Button>}
                />
              )
            }
          />
        }
        detail={
          selected.length > 1 ? (
            <DetailPane title={t('risk.chosen', { count: selected.length, shown: formatCount(selected.length) })}>
              <DecideForm key={selected.join(' ')} ids={selected} onDone={() => setSelected([])} />
            </DetailPane>
          ) : chosen === undefined ? (
            <DetailPlaceholder text={t('risk.hit.choose')} />
          ) : (
            <HitDetail key={chosen.id} hit={chosen} />
          )
        }
      />
    </Page>
  );
}

function HitDetail({ hit }: { readonly hit: Hit }) {
  const { t } = useTranslation();
  const { say } = useRiskText();
  return (
    <DetailPane
      title={hit.subjectName}
      tags={<ToneTag tone={hitTone[hit.state]} label={say(`hitState.${hit.state}`)} />}
    >
      <p className="risk-finding">
        {t('risk.hit.sentence', {
          score: hit.score,
          reason: say(`likeness.${hit.reason}`),
          name: hit.watchName,
          list: hit.listName,
        })}
      </p>
      <Facts
        columns={1}
        rows={[
          [t('risk.hit.kind'), say(`kind.${hit.subjectKind}`)],
          [t('risk.hit.matched'), hit.matched],
          [t('risk.hit.country'), hit.country === '' ? '–' : hit.country],
          [t('risk.hit.number'), hit.number === '' ? '–' : hit.number],
          [t('risk.hit.entryKind'), hit.watchKind === undefined ? '–' : t(`risk.watchKind.${hit.watchKind}`)],
          [t('risk.firstSeen'), formatInstant(hit.firstSeen)],
        ]}
      />
      {hit.entryNote === '' ? null : (
        <DetailSection title={t('risk.hit.entryNote')}>
          <p className="panel-pad">{hit.entryNote}</p>
        </DetailSection>
      )}
      {hit.note === '' ? null : (
        <DetailSection title={t('risk.note')}>
          <p className="panel-pad">
            {hit.note}
            {hit.decidedAt === undefined ? '' : ` · ${hit.who} ${formatInstant(hit.decidedAt)}`}
          </p>
        </DetailSection>
      )}
      <DetailSection title={t('risk.hit.decide')}>
        <DecideForm ids={[hit.id]} />
      </DetailSection>
    </DetailPane>
  );
}

/** Not the same, or the same after all; with who looked and why. */
function DecideForm({ ids, onDone }: { readonly ids: readonly number[]; readonly onDone?: () => void }) {
  const { t } = useTranslation();
  const decide = useCommand('screening.decide');
  const form = useFormDraft(`screening hits ${ids.join(' ')}`, { note: '', who: '' });
  const { note, who } = form.value;
  const { change } = form;
  const isReady = note.trim().length >= 2;
  const put = async (state: 'cleared' | 'confirmed'): Promise<void> => {
    const done = await decide.run({ ids: [...ids], state, note, who });
    if (done === undefined) return;
    form.done();
    notify(t(`risk.hit.done.${state}`) + (done.isRegisterBehind ? t('risk.hit.registerBehind') : ''));
    onDone?.();
    focusList();
  };
  useKeys([
    {
      key: 'Ctrl+Enter',
      label: t('risk.hit.clear'),
      run: () => void put('cleared'),
      isEnabled: isReady && !decide.isRunning,
      isMain: true,
    },
  ]);
  return (
    <form
      className="panel-pad card-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (isReady) void put('cleared');
      }}
    >
      <Field id="hit-note" label={t('risk.hit.note')} hint={t('risk.hit.noteHint')} isWide>
        <Input.TextArea
          id="hit-note"
          autoSize={{ minRows: 2, maxRows: 6 }}
          maxLength={500}
          value={note}
          onChange={(event) => change({ note: event.target.value })}
        />
      </Field>
      <Field id="hit-who" label={t('risk.hit.who')}>
        <Input id="hit-who" maxLength={60} value={who} onChange={(event) => change({ who: event.target.value })} />
      </Field>
      <RestoredNote draft={form} />
      <ErrorNote error={decide.error} isInline />
      <div className="card-actions">
        <Button danger disabled={!isReady} loading={decide.isRunning} onClick={() => void put('confirmed')}>
          {t('risk.hit.confirm')}
        </Button>
        <KeyButton
          kind="primary"
          label={t('risk.hit.clear')}
          keys="Ctrl+Enter"
          isDisabled={!isReady}
          isBusy={decide.isRunning}
          onPress={() => void put('cleared')}
        />
      </div>
    </form>
  );
}
