/** The rules R01 to R18: what came of each, with which thresholds, what the book lacks; and a place to enter what no document has. */
import { Button, Input } from 'antd';
import { type ReactNode, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { type BookRow, flagRules } from '../../../shared/contract/risk.ts';
import { useKeys } from '../../app/keys.ts';
import { navigate, type RouteParams, replaceParams, textParam } from '../../app/route-store.ts';
import { Code } from '../../components/Amount.tsx';
import { Chips } from '../../components/Chips.tsx';
import { type Column, DataTable, plainPages } from '../../components/DataTable.tsx';
import { DateInput } from '../../components/DateInput.tsx';
import { DetailPane, DetailPlaceholder, DetailSection, focusDetail, focusList } from '../../components/DetailPane.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { Field } from '../../components/Field.tsx';
import { RestoredNote, useFormDraft } from '../../components/form-draft.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { NumericInput } from '../../components/NumericInput.tsx';
import { Facts, Page, Split } from '../../components/Page.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { useCommand, useQuery } from '../../core-client.ts';
import { formatCount, formatInstant } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import { useView } from '../../stores/view-store.ts';
import type { Tone } from '../../theme/palette.ts';
import { severityTone, useRun } from './FlagsTab.tsx';
import { RowList } from './RowList.tsx';
import { useRiskText } from './use-risk-text.ts';

type Rule = OutputOf<'redFlags.rules'>['rows'][number];
const outcomeTone: Readonly<Record<Rule['outcome'], Tone>> = {
  clear: 'accepted',
  tripped: 'rejected',
  'cannot-tell': 'action',
  off: 'draft',
  'never-ran': 'draft',
};
const pack = 'risk-red-flags';

export function RulesTab({ tabs, params }: { readonly tabs: ReactNode; readonly params: RouteParams }) {
  const { t } = useTranslation();
  const { say } = useRiskText();
  const language = useView((view) => view.language);
  const list = useQuery('redFlags.rules', {}, { areas: ['risk', 'tax'] });
  const isUnknownOnly = textParam(params, 'only') === 'unknown';
  const all = list.data?.rows;
  const rows = isUnknownOnly ? all?.filter(({ missing, outcome }) => missing.length > 0 && outcome !== 'off') : all;
  const wanted = flagRules.find((one) => one === textParam(params, 'rule'));
  const chosen = rows?.find(({ rule }) => rule === wanted) ?? rows?.[0];
  const set = (change: RouteParams): void =>
    replaceParams(Object.fromEntries(Object.entries({ ...params, ...change }).filter(([, value]) => value !== '')));
  const run = useRun();
  useKeys([
    { key: 'F8', label: t('risk.run'), run: () => void run.start(), isEnabled: !run.isRunning, isMain: true },
    { key: 'Enter', label: t('risk.open'), isMain: true },
    { key: 'Esc', label: t('risk.back'), run: () => void focusList() },
  ]);
  const columns = useMemo(
    (): readonly Column<Rule>[] => [
      { id: 'rule', title: t('risk.column.rule'), width: 52, render: (row) => <Code>{row.rule}</Code> },
      { id: 'title', title: t('risk.column.title'), render: (row) => row.title[language === 'en' ? 'en' : 'zh'] },
      {
        id: 'severity',
        title: t('risk.column.severity'),
        width: 96,
        render: (row) => <ToneTag tone={severityTone[row.severity]} label={say(`severity.${row.severity}`)} />,
      },
      {
        id: 'outcome',
        title: t('risk.column.outcome'),
        width: 132,
        render: (row) => <ToneTag tone={outcomeTone[row.outcome]} label={say(`outcome.${row.outcome}`)} />,
      },
      {
        id: 'standing',
        title: t('risk.column.standing'),
        width: 80,
        align: 'right',
        render: (row) => (row.standing === 0 ? '' : formatCount(row.standing)),
      },
      {
        id: 'checked',
        title: t('risk.column.checked'),
        width: 84,
        align: 'right',
        render: (row) => formatCount(row.checked),
      },
    ],
    [t, say, language],
  );
  return (
    <Page
      title={t('risk.title')}
      summary={t('risk.rulesSummary')}
      actions={
        <>
          <Button onClick={() => navigate('rules', { pack })}>{t('risk.thresholds')}</Button>
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
          <Chips<string>
            label={t('risk.column.outcome')}
            value={isUnknownOnly ? 'unknown' : ''}
            onChange={(value) => set({ only: value, rule: '' })}
            chips={[
              { value: '', label: t('common.all') },
              { value: 'unknown', label: t('risk.show.unknown') },
            ]}
          />
        </>
      }
      notice={run.notice}
    >
      <Split
        ratio="even"
        list={
          <DataTable<Rule>
            label={t('risk.tab.rules')}
            pages={plainPages(rows, list.error, list.reload)}
            columns={columns}
            rowKey={(row) => row.rule}
            autoFocus
            activeKey={chosen?.rule}
            onActivate={(row) => set({ rule: row.rule })}
            onOpen={() => focusDetail()}
            rowTone={(row) => (row.outcome === 'off' ? 'muted' : undefined)}
            empty={<EmptyState title={t('risk.nothingMissing')} hint={t('risk.nothingMissingHint')} />}
          />
        }
        detail={
          chosen === undefined ? (
            <DetailPlaceholder text={t('risk.chooseRule')} />
          ) : (
            <RuleDetail key={chosen.rule} rule={chosen} onChanged={list.reload} />
          )
        }
      />
    </Page>
  );
}

function RuleDetail({ rule, onChanged }: { readonly rule: Rule; readonly onChanged: () => void }) {
  const { t } = useTranslation();
  const { say } = useRiskText();
  const language = useView((view) => view.language) === 'en' ? 'en' : 'zh';
  const switched = useCommand('rules.switchOff');
  const [reason, setReason] = useState('');
  const isOff = rule.outcome === 'off';
  const toggle = async (): Promise<void> => {
    const done = await switched.run({ rule: rule.rule, off: !isOff, reason });
    if (done === undefined) return;
    setReason('');
    notify(t(isOff ? 'risk.switchedOn' : 'risk.switchedOff', { rule: rule.rule }));
    onChanged();
  };
  return (
    <DetailPane
      title={`${rule.rule} ${rule.title[language]}`}
      tags={<ToneTag tone={outcomeTone[rule.outcome]} label={say(`outcome.${rule.outcome}`)} />}
      extra={
        rule.standing === 0 ? null : (
          <button type="button" className="link" onClick={() => navigate('risk', { text: rule.rule })}>
            {t('risk.seeFlags', { shown: formatCount(rule.standing) })}
          </button>
        )
      }
    >
      {rule.missing.length === 0 ? null : (
        <DetailSection title={t('risk.missing')}>
          {rule.missing.map(({ code, params, rows }) => (
            <div key={code}>
              <p className="panel-pad tone-action">{say(`missing.${code}`, params)}</p>
              {code === 'supplierAge' ? <SupplierAges rows={rows} /> : <RowList rows={rows} />}
              {code === 'growthFacts' ? <StaffForm rows={rows} /> : null}
            </div>
          ))}
        </DetailSection>
      )}
      <Facts
        columns={1}
        rows={[
          [t('risk.remedy'), rule.remedy[language]],
          [t('risk.ranAt'), rule.ranAt === undefined ? t('risk.neverRan') : formatInstant(rule.ranAt)],
          [t('risk.source'), rule.source],
        ]}
      />
      <DetailSection
        title={t('risk.thresholds')}
        extra={
          <button type="button" className="link" onClick={() => navigate('rules', { pack })}>
            {t('risk.changeThresholds')}
          </button>
        }
      >
        <Facts
          columns={1}
          rows={Object.entries(rule.thresholds).map(([name, value]) => [t(`risk.threshold.${name}`), String(value)])}
        />
      </DetailSection>
      <DetailSection title={t(isOff ? 'risk.switchOn' : 'risk.switchOff')}>
        {rule.off === undefined ? null : <p className="panel-pad muted">{rule.off}</p>}
        <form
          className="panel-pad card-form"
          onSubmit={(event) => {
            event.preventDefault();
            void toggle();
          }}
        >
          <Field id="rule-reason" label={t('risk.reason')}>
            <Input id="rule-reason" value={reason} onChange={(event) => setReason(event.target.value)} />
          </Field>
          <ErrorNote error={switched.error} isInline />
          <div className="card-actions">
            <Button htmlType="submit" disabled={reason.trim() === ''} loading={switched.isRunning}>
              {t(isOff ? 'risk.switchOn' : 'risk.switchOff')}
            </Button>
          </div>
        </form>
      </DetailSection>
    </DetailPane>
  );
}

/** The day each supplier was founded, as its licence has it. */
function SupplierAges({ rows }: { readonly rows: readonly BookRow[] }) {
  const { t } = useTranslation();
  const put = useCommand('riskFacts.put');
  const form = useFormDraft<{ dates: Readonly<Record<string, string>> }>('suppliers founded', { dates: {} });
  const { dates } = form.value;
  const save = async (): Promise<void> => {
    for (const [subject, on] of Object.entries(dates)) {
      if (!/^\d{4}-\d{2}-\d{2}$/.test(on)) continue;
      const done = await put.run({
        fact: { name: 'supplier-founded', subject, value: { on } },
        source: t('risk.fact.licence'),
      });
      if (done === undefined) return;
    }
    form.done();
    notify(t('risk.fact.savedRun'));
  };
  return (
    <form
      className="panel-pad card-form"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <RestoredNote draft={form} />
      {rows.map(({ id, label }) => (
        <Field key={id} id={`founded-${id}`} label={label} hint={t('risk.fact.founded')}>
          <DateInput
            id={`founded-${id}`}
            value={dates[id] ?? ''}
            onChange={(on) => form.change({ dates: { ...dates, [id]: on } })}
          />
        </Field>
      ))}
      <ErrorNote error={put.error} isInline />
      <div className="card-actions">
        <Button
          type="primary"
          htmlType="submit"
          disabled={Object.values(dates).every((on) => on === '')}
          loading={put.isRunning}
        >
          {t('common.save')}
        </Button>
      </div>
    </form>
  );
}

/** People employed in the two months. */
function StaffForm({ rows }: { readonly rows: readonly BookRow[] }) {
  const { t } = useTranslation();
  const put = useCommand('riskFacts.put');
  const form = useFormDraft<{ people: Readonly<Record<string, string>> }>('people employed', { people: {} });
  const { people } = form.value;
  const save = async (): Promise<void> => {
    for (const [subject, count] of Object.entries(people)) {
      if (!/^\d+$/.test(count)) continue;
      if ((await put.run({ fact: { name: 'staff', subject, value: { people: Number(count) } } })) === undefined) return;
    }
    form.done();
    notify(t('risk.fact.savedRun'));
  };
  return (
    <form
      className="panel-pad card-form"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <RestoredNote draft={form} />
      <div className="form-grid">
        {rows.map(({ id }) => (
          <Field key={id} id={`staff-${id}`} label={t('risk.fact.staff', { month: id })}>
            <NumericInput
              id={`staff-${id}`}
              value={people[id] ?? ''}
              onChange={(count) => form.change({ people: { ...people, [id]: count } })}
            />
          </Field>
        ))}
      </div>
      <ErrorNote error={put.error} isInline />
      <div className="card-actions">
        <Button
          htmlType="submit"
          disabled={Object.values(people).every((count) => count === '')}
          loading={put.isRunning}
        >
          {t('common.save')}
        </Button>
      </div>
    </form>
  );
}
