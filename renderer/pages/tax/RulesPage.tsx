/** 规则: dated packs with the firm's own changes, rules switched off with a reason, points the law leaves unclear. */
import { useMemo, useState } from 'react';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import type { PageProps } from '../../app/page-route.ts';
import { navigate, replaceParams, textParam } from '../../app/route-store.ts';
import { Code } from '../../components/Amount.tsx';
import { Chips } from '../../components/Chips.tsx';
import { type Column, DataTable, plainPages } from '../../components/DataTable.tsx';
import { DetailPane, DetailPlaceholder, focusDetail } from '../../components/DetailPane.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { Page, Split } from '../../components/Page.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { useCommand, useQuery } from '../../core-client.ts';
import { formatInstant } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import type { RuleRow } from './CalculatorsPage.tsx';
import { PackPane } from './PackPane.tsx';
import { ReasonForm } from './ReasonForm.tsx';
import { inForceText } from './rule-text.ts';
import { useWords } from './use-words.ts';
import './tax.css';

const tabs = ['packs', 'rules', 'settings'] as const;
type Tab = (typeof tabs)[number];
type PackRow = OutputOf<'rules.list'>['packs'][number];
type Setting = OutputOf<'rules.settings'>['rows'][number];

export function RulesPage({ params }: PageProps) {
  const { t } = useWords();
  const tab: Tab = tabs.find((one) => one === textParam(params, 'tab')) ?? 'packs';
  const list = useQuery('rules.list', {}, { areas: ['tax'] });
  const settings = useQuery('rules.settings', {}, { areas: ['tax'] });
  const reload = (): void => {
    list.reload();
    settings.reload();
  };
  return (
    <Page
      title={t('tax.rules.title')}
      summary={t('tax.rules.summary')}
      actions={<KeyButton label={t('tax.calculators.title')} onPress={() => navigate('calculators')} />}
      filters={
        <Chips<Tab>
          label={t('tax.rules.title')}
          value={tab}
          onChange={(next) => replaceParams(next === 'packs' ? {} : { tab: next })}
          chips={tabs.map((one) => ({
            value: one,
            label: t(`tax.rules.tab.${one}`),
            ...(one === 'settings' ? { count: settings.data?.rows.length } : {}),
          }))}
        />
      }
    >
      {tab === 'packs' ? (
        <Packs packs={list.data?.packs} error={list.error} reload={reload} wanted={textParam(params, 'pack')} />
      ) : tab === 'rules' ? (
        <Switches rows={list.data?.rows} error={list.error} reload={reload} />
      ) : (
        <Settings
          rows={settings.data?.rows}
          error={settings.error}
          reload={reload}
          wanted={textParam(params, 'setting')}
        />
      )}
    </Page>
  );
}

type Failure = ReturnType<typeof useQuery<'rules.list'>>['error'];

function Packs({
  packs,
  error,
  reload,
  wanted,
}: {
  readonly packs: readonly PackRow[] | undefined;
  readonly error: Failure;
  readonly reload: () => void;
  readonly wanted: string | undefined;
}) {
  const { t, say } = useWords();
  const columns = useMemo(
    (): readonly Column<PackRow>[] => [
      { id: 'title', title: t('tax.rules.pack'), render: (row) => say(row.title) },
      {
        id: 'state',
        title: t('tax.rules.state'),
        width: 124,
        render: (row) =>
          row.changed ? (
            <ToneTag tone="action" label={t('tax.changedByFirm')} />
          ) : (
            <ToneTag tone="draft" label={t('tax.rules.shipped')} />
          ),
      },
      {
        id: 'force',
        title: t('tax.rules.newest'),
        width: 200,
        render: (row) => {
          const newest = row.versions.at(-1);
          return newest === undefined ? '–' : inForceText(newest.inForceFrom, newest.inForceTo, t);
        },
      },
    ],
    [t, say],
  );
  return (
    <Split
      ratio="even"
      list={
        <DataTable<PackRow>
          label={t('tax.rules.tab.packs')}
          pages={plainPages(packs, error, reload)}
          columns={columns}
          rowKey={(row) => row.id}
          activeKey={wanted}
          onActivate={(row) => replaceParams({ pack: row.id })}
          onOpen={() => focusDetail()}
          autoFocus={wanted === undefined}
          empty={<EmptyState title={t('tax.rules.none')} />}
        />
      }
      detail={
        wanted === undefined ? (
          <DetailPlaceholder text={t('tax.rules.placeholder')} />
        ) : (
          <PackPane key={wanted} id={wanted} onChanged={reload} />
        )
      }
    />
  );
}

/** One row a rule (several calculators may be of one). */
function Switches({
  rows,
  error,
  reload,
}: {
  readonly rows: readonly RuleRow[] | undefined;
  readonly error: Failure;
  readonly reload: () => void;
}) {
  const { t, say } = useWords();
  const [rule, setRule] = useState<string>();
  const rules = useMemo(
    () =>
      rows === undefined ? undefined : rows.filter((row, at) => rows.findIndex(({ rule }) => rule === row.rule) === at),
    [rows],
  );
  const columns = useMemo(
    (): readonly Column<RuleRow>[] => [
      { id: 'rule', title: t('tax.rules.rule'), width: 72, render: (row) => <Code>{row.rule}</Code> },
      { id: 'title', title: t('tax.calculators.name'), render: (row) => say(row.title) },
      {
        id: 'state',
        title: t('tax.rules.state'),
        width: 112,
        render: (row) =>
          row.off === undefined ? (
            <ToneTag tone="accepted" label={t('tax.on')} />
          ) : (
            <ToneTag tone="rejected" label={t('tax.off')} />
          ),
      },
      { id: 'reason', title: t('tax.reason'), render: (row) => row.off?.reason ?? '' },
      {
        id: 'at',
        title: t('tax.rules.changedAt'),
        width: 150,
        render: (row) => (row.off === undefined ? '' : formatInstant(row.off.changedAt)),
      },
    ],
    [t, say],
  );
  const active = rules?.find((row) => row.rule === rule);
  return (
    <Split
      ratio="list"
      list={
        <DataTable<RuleRow>
          label={t('tax.rules.tab.rules')}
          pages={plainPages(rules, error, reload)}
          columns={columns}
          rowKey={(row) => row.rule}
          activeKey={rule}
          onActivate={(row) => setRule(row.rule)}
          onOpen={() => focusDetail('input')}
          autoFocus
          empty={<EmptyState title={t('tax.rules.none')} />}
        />
      }
      detail={
        active === undefined ? (
          <DetailPlaceholder text={t('tax.rules.switchPlaceholder')} />
        ) : (
          <SwitchPane key={active.rule} row={active} onDone={reload} />
        )
      }
    />
  );
}

function SwitchPane({ row, onDone }: { readonly row: RuleRow; readonly onDone: () => void }) {
  const { t, say } = useWords();
  const command = useCommand('rules.switchOff');
  const isOff = row.off !== undefined;
  return (
    <DetailPane title={`${row.rule} ${say(row.title)}`}>
      <p>{row.source}</p>
      <p className="muted">{isOff ? t('tax.rules.onHint') : t('tax.rules.offHint')}</p>
      <ErrorNote error={command.error} onClose={command.clear} />
      <div className="panel-pad">
        <ReasonForm
          label={isOff ? t('tax.rules.switchOn') : t('tax.rules.switchOff')}
          isDanger={!isOff}
          isRunning={command.isRunning}
          onSave={(reason) =>
            void command.run({ rule: row.rule, off: !isOff, reason }).then((done) => {
              if (done === undefined) return;
              notify(t(isOff ? 'tax.rules.switchedOn' : 'tax.rules.switchedOff', { rule: row.rule }));
              onDone();
            })
          }
        />
      </div>
    </DetailPane>
  );
}

function Settings({
  rows,
  error,
  reload,
  wanted,
}: {
  readonly rows: readonly Setting[] | undefined;
  readonly error: Failure;
  readonly reload: () => void;
  readonly wanted: string | undefined;
}) {
  const { t, say } = useWords();
  const columns = useMemo(
    (): readonly Column<Setting>[] => [
      { id: 'rule', title: t('tax.rules.rule'), width: 64, render: (row) => <Code>{row.rule}</Code> },
      { id: 'title', title: t('tax.rules.point'), render: (row) => say(row.title) },
      {
        id: 'chosen',
        title: t('tax.rules.chosen'),
        width: 230,
        render: (row) =>
          row.options
            .filter(({ id }) => id === row.chosen)
            .map(({ title }) => say(title))
            .join(''),
      },
      {
        id: 'by',
        title: t('tax.rules.state'),
        width: 112,
        render: (row) =>
          row.reason === '' ? (
            <ToneTag tone="draft" label={t('tax.rules.default')} />
          ) : (
            <ToneTag tone="action" label={t('tax.rules.byFirm')} />
          ),
      },
    ],
    [t, say],
  );
  const active = rows?.find((row) => row.id === wanted);
  return (
    <Split
      ratio="even"
      list={
        <DataTable<Setting>
          label={t('tax.rules.tab.settings')}
          pages={plainPages(rows, error, reload)}
          columns={columns}
          rowKey={(row) => row.id}
          activeKey={wanted}
          onActivate={(row) => replaceParams({ tab: 'settings', setting: row.id })}
          onOpen={() => focusDetail('[role=radio][aria-checked=true]')}
          autoFocus
          empty={<EmptyState title={t('tax.rules.noSettings')} />}
        />
      }
      detail={
        active === undefined ? (
          <DetailPlaceholder text={t('tax.rules.settingPlaceholder')} />
        ) : (
          <SettingPane key={`${active.id} ${active.chosen}`} setting={active} onDone={reload} />
        )
      }
    />
  );
}

function SettingPane({ setting, onDone }: { readonly setting: Setting; readonly onDone: () => void }) {
  const { t, say } = useWords();
  const [option, setOption] = useState(setting.chosen);
  const command = useCommand('rules.set');
  const [first] = setting.options;
  return (
    <DetailPane title={say(setting.title)} tags={<ToneTag tone="action" label={t('tax.unclear')} />}>
      <p className="muted">{t('tax.rules.settingHint')}</p>
      <div className="panel-pad setting-options">
        <Chips
          label={say(setting.title)}
          value={option}
          onChange={setOption}
          chips={setting.options.map((one) => ({
            value: one.id,
            label: one.id === first?.id ? t('tax.rules.defaultOption', { option: say(one.title) }) : say(one.title),
          }))}
        />
        {setting.reason === '' ? null : <p>{t('tax.rules.reasonGiven', { reason: setting.reason })}</p>}
        <ErrorNote error={command.error} onClose={command.clear} />
        <ReasonForm
          label={t('common.save')}
          isRunning={command.isRunning}
          isDisabled={option === setting.chosen}
          onSave={(reason) =>
            void command.run({ id: setting.id, option: option === first?.id ? null : option, reason }).then((done) => {
              if (done === undefined) return;
              notify(t('tax.rules.settingSaved'));
              onDone();
            })
          }
        />
        <p className="draft-note">{t('tax.authority')}</p>
      </div>
    </DetailPane>
  );
}
