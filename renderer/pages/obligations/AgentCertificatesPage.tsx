/** 代理出口货物证明: agent exports with what each certificate waits for, the draft of the request, number and day of what was got. */
import { Input } from 'antd';
import { useTranslation } from 'react-i18next';
import { agentCertificateStates } from '../../../shared/contract/agent-certificates.ts';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { useKeys } from '../../app/keys.ts';
import { navigate, type RouteParams, replaceParams, textParam } from '../../app/route-store.ts';
import { Amount, Code } from '../../components/Amount.tsx';
import { Chips } from '../../components/Chips.tsx';
import { type Column, DataTable, plainPages } from '../../components/DataTable.tsx';
import { DateInput } from '../../components/DateInput.tsx';
import { DetailPlaceholder, DetailSection, focusDetail, focusList } from '../../components/DetailPane.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { Field } from '../../components/Field.tsx';
import { FormPane } from '../../components/FormPane.tsx';
import { RestoredNote, useFormDraft } from '../../components/form-draft.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { Page, Split } from '../../components/Page.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { useCommand, useQuery } from '../../core-client.ts';
import { formatCount } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import { useFieldErrors } from '../money/field-errors.ts';
import '../purchases/purchases.css';
import { useFile } from '../risk/use-file.tsx';
import { useBilingual } from './use-bilingual.ts';
import './obligations.css';

type Row = OutputOf<'agentCertificates.list'>['rows'][number];
const areas = ['tax', 'purchases', 'documents'] as const;
const ALL = 'all';
const chips = [ALL, ...agentCertificateStates] as const;
const tones = { needed: 'action', requested: 'waiting', obtained: 'ready', handed: 'accepted', none: 'draft' } as const;

export function AgentCertificatesPage({ params }: { readonly params: RouteParams }) {
  const { t } = useTranslation();
  const words = useBilingual();
  const { data, error, reload } = useQuery('agentCertificates.list', {}, { areas: [...areas] });
  const file = useFile('agentCertificates.print');
  const chip = chips.find((one) => one === textParam(params, 'state')) ?? ALL;
  const all = data?.rows;
  const rows = all?.filter(({ state }) => chip === ALL || state === chip);
  const chosen = rows?.find(({ declarationNo }) => declarationNo === textParam(params, 'at')) ?? rows?.[0];
  const set = (change: RouteParams): void =>
    replaceParams(Object.fromEntries(Object.entries({ ...params, ...change }).filter(([, value]) => value !== '')));
  // One request lists what waits of the principal of the row under the cursor.
  const together = (all ?? []).filter(
    (one) =>
      chosen !== undefined &&
      one.principalName === chosen.principalName &&
      one.principalCode === chosen.principalCode &&
      (one.declarationNo === chosen.declarationNo || one.state === 'needed'),
  );
  const print = (): void => {
    if (chosen === undefined) return;
    const declarations = together.slice(0, 100).map(({ declarationNo }) => declarationNo);
    void file.write(`${t('agentCertificates.draft')} ${chosen.principalName}`, { declarations });
  };
  useKeys([
    { key: 'Enter', label: t('agentCertificates.look'), isMain: true },
    { key: 'F9', label: t('agentCertificates.print'), run: print, isEnabled: chosen !== undefined, isMain: true },
    { key: 'Esc', label: t('obligations.back'), run: () => navigate('tax') },
  ]);
  const columns: readonly Column<Row>[] = [
    {
      id: 'declarationNo',
      title: t('obligations.declarationNo'),
      width: 172,
      render: (row) => <Code>{row.declarationNo}</Code>,
    },
    { id: 'exportDate', title: t('agentCertificates.exportDate'), width: 96, render: (row) => row.exportDate },
    {
      id: 'principal',
      title: t('agentCertificates.principal'),
      render: (row) => (row.principalName === '' ? <Code>{undefined}</Code> : row.principalName),
    },
    {
      id: 'amount',
      title: t('agentCertificates.amount'),
      width: 104,
      align: 'right',
      render: (row) =>
        row.amountCny === null ? (
          <span className="muted">{t('agentCertificates.unvalued')}</span>
        ) : (
          <Amount value={row.amountCny} currency="CNY" bare />
        ),
    },
    {
      id: 'due',
      title: t('agentCertificates.due'),
      width: 96,
      render: (row) => (row.dueBy === 'former' ? t('agentCertificates.unknown') : row.dueOn),
    },
    {
      id: 'state',
      title: t('agentCertificates.state'),
      width: 92,
      render: (row) =>
        row.isLate ? (
          <ToneTag tone="rejected" label={t('agentCertificates.late')} />
        ) : (
          <ToneTag tone={tones[row.state]} label={t(`agentCertificates.states.${row.state}`)} />
        ),
    },
  ];
  const open = all?.filter(({ state }) => state === 'needed' || state === 'requested').length;
  const law = data?.law;
  return (
    <Page
      title={t('agentCertificates.title')}
      summary={open === undefined ? undefined : t('agentCertificates.summary', { n: formatCount(open) })}
      filters={
        <Chips
          label={t('agentCertificates.state')}
          value={chip}
          onChange={(value) => set({ state: value === ALL ? '' : value, at: '' })}
          chips={chips.map((value) => ({
            value,
            label: value === ALL ? t('obligations.all') : t(`agentCertificates.states.${value}`),
            ...(all === undefined || value === ALL ? {} : { count: all.filter(({ state }) => state === value).length }),
          }))}
        />
      }
      actions={
        <KeyButton
          label={t('agentCertificates.print')}
          keys="F9"
          isDisabled={chosen === undefined}
          isBusy={file.isRunning}
          onPress={print}
        />
      }
      notice={
        law === undefined ? null : (
          <p className="agent-law">
            {law.isKnown ? null : <ToneTag tone="action" label={t('agentCertificates.lawUnknown')} />} {words(law.note)}{' '}
            <span className="muted">{law.source}</span>
          </p>
        )
      }
    >
      {file.notice}
      <Split
        ratio="list"
        list={
          <DataTable
            label={t('agentCertificates.title')}
            autoFocus
            pages={plainPages(rows, error, reload)}
            columns={columns}
            rowKey={(row) => row.declarationNo}
            activeKey={chosen?.declarationNo}
            rowTone={(row) => (row.state === 'handed' || row.state === 'none' ? 'muted' : undefined)}
            onActivate={(row) => set({ at: row.declarationNo })}
            onOpen={(row) => {
              set({ at: row.declarationNo });
              focusDetail('#agent-contractNo');
            }}
            empty={
              <EmptyState
                title={t(chip === ALL ? 'agentCertificates.empty' : 'agentCertificates.noMatch')}
                hint={t('agentCertificates.emptyHint')}
              />
            }
          />
        }
        detail={
          chosen === undefined ? (
            <DetailPlaceholder text={t('agentCertificates.choose')} />
          ) : (
            <CertificateForm key={chosen.declarationNo} row={chosen} />
          )
        }
      />
    </Page>
  );
}

const days = ['requestedOn', 'toldDueOn', 'obtainedOn', 'handedOn'] as const;

function CertificateForm({ row }: { readonly row: Row }) {
  const { t } = useTranslation();
  const start = {
    contractNo: row.contractNo,
    requestedOn: row.requestedOn ?? '',
    toldDueOn: row.toldDueOn ?? '',
    certificateNo: row.certificateNo,
    obtainedOn: row.obtainedOn ?? '',
    handedOn: row.handedOn ?? '',
    notNeeded: row.notNeeded,
    note: row.note,
  };
  const form = useFormDraft(`agent certificate ${row.declarationNo}`, start, JSON.stringify(start));
  const { value: draft, change } = form;
  const save = useCommand('agentCertificates.save');
  const errorOf = useFieldErrors(save.error);
  const submit = async (): Promise<void> => {
    const dates = Object.fromEntries(days.map((name) => [name, draft[name] === '' ? null : draft[name]])) as Record<
      (typeof days)[number],
      string | null
    >;
    const { contractNo, certificateNo, notNeeded, note } = draft;
    const { declarationNo } = row;
    if ((await save.run({ declarationNo, contractNo, certificateNo, notNeeded, note, ...dates })) === undefined) return;
    form.done();
    notify(t('agentCertificates.saved', { no: declarationNo }));
  };
  const text = (name: 'contractNo' | 'certificateNo' | 'notNeeded' | 'note', isWide = false) => (
    <Field
      id={`agent-${name}`}
      label={t(`agentCertificates.${name}`)}
      isWide={isWide}
      error={errorOf(name)}
      {...(name === 'notNeeded' ? { hint: t('agentCertificates.notNeededHint') } : {})}
    >
      <Input
        id={`agent-${name}`}
        autoComplete="off"
        value={draft[name]}
        maxLength={isWide ? 300 : 60}
        onChange={(event) => change({ [name]: event.target.value })}
      />
    </Field>
  );
  const day = (name: (typeof days)[number]) => (
    <Field
      id={`agent-${name}`}
      label={t(`agentCertificates.${name}`)}
      error={errorOf(name)}
      {...(name === 'toldDueOn' ? { hint: t('agentCertificates.toldHint') } : {})}
    >
      <DateInput id={`agent-${name}`} value={draft[name]} onChange={(value) => change({ [name]: value })} />
    </Field>
  );
  return (
    <FormPane
      title={row.declarationNo}
      isCode
      tags={<ToneTag tone={tones[row.state]} label={t(`agentCertificates.states.${row.state}`)} />}
      error={save.error}
      onClearError={save.clear}
      canSave
      isBusy={save.isRunning}
      onSave={submit}
      onClose={() => focusList()}
    >
      <RestoredNote draft={form} />
      <p className="purchase-note">
        {t(`agentCertificates.from.${row.from}`, {
          name: row.principalName === '' ? '–' : row.principalName,
          code: row.principalCode === '' ? '–' : row.principalCode,
        })}{' '}
        {row.dueBy === 'former' ? <ToneTag tone="action" label={t('agentCertificates.lawUnknown')} /> : null}
        {row.isLate ? <ToneTag tone="rejected" label={t('agentCertificates.late')} /> : null}{' '}
        {t(`agentCertificates.dueBy.${row.dueBy}`, { date: row.dueOn })}{' '}
        {row.documentId === undefined ? (
          <button
            type="button"
            className="link"
            onClick={() => navigate('taxProfile', { tab: 'facts', name: 'agent-export', subject: row.declarationNo })}
          >
            {t('agentCertificates.openFact')}
          </button>
        ) : (
          <button
            type="button"
            className="link"
            onClick={() => navigate('document', { id: row.documentId ?? 0, kind: 'DecMessage' })}
          >
            {t('agentCertificates.openDocument')}
          </button>
        )}
      </p>
      <div className="purchase-form">
        {text('contractNo')}
        {day('toldDueOn')}
        {day('requestedOn')}
        {text('certificateNo')}
        {day('obtainedOn')}
        {day('handedOn')}
        {text('notNeeded', true)}
        {text('note', true)}
      </div>
      <Goods declarationNo={row.declarationNo} />
    </FormPane>
  );
}

/** What the request will list. */
function Goods({ declarationNo }: { readonly declarationNo: string }) {
  const { t } = useTranslation();
  const { data, error, reload } = useQuery('agentCertificates.goods', { declarationNo }, { areas: [...areas] });
  return (
    <DetailSection title={t('agentCertificates.goods')}>
      <ErrorNote error={error} onRetry={reload} isInline />
      {data?.rows.length === 0 ? <p className="muted">{t('agentCertificates.noGoods')}</p> : null}
      <ul className="plain-list">
        {(data?.rows ?? []).map((one) => (
          <li key={one.lineNo}>
            {one.lineNo}. <Code>{one.hsCode}</Code> {one.name} × {one.qty} ·{' '}
            <Amount value={one.fob} currency={one.currency} />
          </li>
        ))}
      </ul>
    </DetailSection>
  );
}
