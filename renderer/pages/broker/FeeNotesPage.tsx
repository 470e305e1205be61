/** 代理费: notes drawn for a client and a period from the documents filed, by the tariff. */
import { Button, Input, Select } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { InputOf, OutputOf } from '../../../shared/contract/contract.ts';
import { documentKinds } from '../../../shared/contract/filing.ts';
import { useKeys } from '../../app/keys.ts';
import { Amount, Code } from '../../components/Amount.tsx';
import { type Column, DataTable, plainPages } from '../../components/DataTable.tsx';
import { DateInput } from '../../components/DateInput.tsx';
import { DetailPane, DetailPlaceholder, focusDetail, focusList } from '../../components/DetailPane.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { Field } from '../../components/Field.tsx';
import { RestoredNote, useFormDraft } from '../../components/form-draft.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { ListWithForm } from '../../components/ListWithForm.tsx';
import { NumericInput } from '../../components/NumericInput.tsx';
import { Page } from '../../components/Page.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { useCommand, useQuery } from '../../core-client.ts';
import { formatAmount, formatCount, formatRecent, localDate } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import { kindName } from '../declarations/field-text.ts';
import { useFile } from '../risk/use-file.tsx';
import { BrokerTabs } from './BrokerTabs.tsx';

type Note = OutputOf<'feeNotes.list'>['rows'][number];
type Line = OutputOf<'feeNotes.get'>['lines'][number];
type TariffRow = InputOf<'feeTariff.save'>['rows'][number];
type Chosen = { readonly id: number } | 'new' | 'tariff';

export function FeeNotesPage() {
  const { t } = useTranslation();
  const list = useQuery('feeNotes.list', {}, { areas: ['documents'] });
  const [chosen, setChosen] = useState<Chosen>();
  const rows = list.data?.rows;
  const id = typeof chosen === 'object' ? chosen.id : undefined;
  const show = (next: 'new' | 'tariff') => (): void => {
    setChosen(next);
    focusDetail();
  };
  useKeys([
    { key: 'Ctrl+N', label: t('broker.fees.add'), run: show('new'), isMain: true },
    { key: 'F4', label: t('broker.fees.tariff'), run: show('tariff'), isMain: true },
    { key: 'Enter', label: t('broker.open'), isMain: true },
    { key: 'Esc', label: t('common.close'), run: () => focusList() || setChosen(undefined) },
  ]);
  const columns: readonly Column<Note>[] = [
    { id: 'number', title: t('broker.fees.number'), width: 130, render: (one) => <Code>{one.number}</Code> },
    { id: 'client', title: t('broker.fees.client'), render: (one) => one.clientName },
    { id: 'days', title: t('broker.fees.days'), width: 176, render: (one) => `${one.from} – ${one.to}` },
    {
      id: 'documents',
      title: t('broker.fees.documents'),
      width: 70,
      align: 'right',
      render: (one) => formatCount(one.documents),
    },
    {
      id: 'total',
      title: t('broker.fees.total'),
      width: 110,
      align: 'right',
      render: (one) => <Amount value={one.total} currency="CNY" bare />,
    },
    {
      id: 'state',
      title: t('broker.state'),
      width: 96,
      render: (one) =>
        one.voidedAt === undefined ? (
          formatRecent(one.drawnAt)
        ) : (
          <ToneTag tone="draft" label={t('broker.fees.voided')} />
        ),
    },
  ];
  const detail = (): ReactNode => {
    if (chosen === 'tariff') return <Tariff />;
    if (chosen === 'new')
      return (
        <NewNote
          onDrawn={(made) => {
            setChosen({ id: made });
            list.reload();
          }}
        />
      );
    return id === undefined ? (
      <DetailPlaceholder text={t('broker.fees.choose')} />
    ) : (
      <NoteDetail key={id} id={id} onVoided={list.reload} />
    );
  };
  return (
    <Page
      title={t('broker.tab.fees')}
      summary={rows === undefined ? undefined : t('broker.fees.summary', { count: rows.length })}
      filters={<BrokerTabs active="fees" />}
      actions={
        <>
          <KeyButton label={t('broker.fees.tariff')} keys="F4" onPress={show('tariff')} />
          <KeyButton kind="primary" label={t('broker.fees.add')} keys="Ctrl+N" onPress={show('new')} />
        </>
      }
    >
      <ListWithForm
        label={t('broker.tab.fees')}
        rows={rows}
        error={list.error}
        onReload={list.reload}
        columns={columns}
        activeId={id}
        isOver={(one) => one.voidedAt !== undefined}
        onChoose={(one) => setChosen({ id: one })}
        empty={{ title: t('broker.fees.empty'), hint: t('broker.fees.emptyHint'), add: t('broker.fees.add') }}
        onAdd={show('new')}
        detail={detail()}
      />
    </Page>
  );
}

function Lines({ lines }: { readonly lines: readonly Line[] | undefined }) {
  const { t, i18n } = useTranslation();
  const columns: readonly Column<Line>[] = [
    { id: 'kind', title: t('broker.review.kind'), width: 130, render: (one) => kindName(one.kind, i18n.language) },
    { id: 'mode', title: t('broker.delegation.modes'), width: 70, render: (one) => <Code>{one.mode}</Code> },
    { id: 'number', title: t('broker.review.number'), render: (one) => <Code>{one.number}</Code> },
    { id: 'filedOn', title: t('broker.fees.filedOn'), width: 92, render: (one) => one.filedOn },
    {
      id: 'fee',
      title: t('broker.fees.fee'),
      width: 90,
      align: 'right',
      render: (one) => <Amount value={one.fee} currency="CNY" bare />,
    },
  ];
  return (
    <DataTable
      label={t('broker.fees.lines')}
      pages={plainPages(lines)}
      columns={columns}
      rowKey={(one) => one.documentId}
      empty={<EmptyState title={t('broker.fees.nothing')} hint={t('broker.fees.nothingHint')} />}
    />
  );
}

function NewNote({ onDrawn }: { readonly onDrawn: (id: number) => void }) {
  const { t, i18n } = useTranslation();
  const today = localDate();
  const [from, setFrom] = useState(`${today.slice(0, 7)}-01`);
  const [until, setUntil] = useState(today);
  const [wanted, setWanted] = useState<string>();
  const isReady = from !== '' && until !== '';
  const clients = useQuery('feeNotes.plan', isReady ? { from, until } : null, { areas: ['documents', 'sync'] });
  const client = wanted ?? clients.data?.clients[0]?.code ?? '';
  const plan = useQuery('feeNotes.plan', isReady ? { from, until, clientCode: client } : null, {
    areas: ['documents', 'sync'],
  });
  const draw = useCommand('feeNotes.draw');
  const { lines = [], unpriced = [], total = '0.00' } = plan.data ?? {};
  const canDraw = lines.length > 0 && unpriced.length === 0;
  const submit = async (): Promise<void> => {
    if (!canDraw || draw.isRunning) return;
    const done = await draw.run({ from, until, clientCode: client });
    if (done === undefined) return;
    notify(t('broker.fees.drawn', { number: done.number }));
    onDrawn(done.id);
  };
  return (
    <DetailPane
      title={t('broker.fees.add')}
      foot={
        <>
          <span>{t('broker.fees.planned', { count: lines.length, shown: formatCount(lines.length) })}</span>
          <strong>{formatAmount(total)}</strong>
          <span className="spacer" />
          <KeyButton
            kind="primary"
            label={t('broker.fees.draw')}
            keys="Ctrl+Enter"
            isBusy={draw.isRunning}
            isDisabled={!canDraw}
            onPress={() => void submit()}
          />
        </>
      }
    >
      <ErrorNote error={draw.error ?? plan.error} onClose={draw.clear} />
      <div className="panel-pad form-grid">
        <Field id="fee-from" label={t('broker.fees.from')}>
          <DateInput id="fee-from" value={from} onChange={setFrom} />
        </Field>
        <Field id="fee-until" label={t('broker.fees.until')}>
          <DateInput id="fee-until" value={until} onChange={setUntil} />
        </Field>
        <Field id="fee-client" label={t('broker.fees.client')} isWide>
          <Select
            id="fee-client"
            showSearch
            optionFilterProp="label"
            {...(client === '' ? {} : { value: client })}
            onChange={setWanted}
            options={(clients.data?.clients ?? []).map(({ code, name, documents }) => ({
              value: code,
              label: `${name} ${code} · ${formatCount(documents)}`,
            }))}
          />
        </Field>
      </div>
      {unpriced.length === 0 ? null : (
        <p className="page-note" role="status">
          <ToneTag tone="action" label={t('broker.fees.unpriced')} />
          {unpriced
            .map(({ kind, mode, documents }) => `${kindName(kind, i18n.language)} ${mode} × ${formatCount(documents)}`)
            .join(t('money.semicolon'))}
        </p>
      )}
      <Lines lines={plan.data?.lines} />
    </DetailPane>
  );
}

function NoteDetail({ id, onVoided }: { readonly id: number; readonly onVoided: () => void }) {
  const { t } = useTranslation();
  const note = useQuery('feeNotes.get', { id }, { areas: ['documents'] });
  const pdf = useFile('feeNotes.print');
  const xlsx = useFile('feeNotes.export');
  const cancel = useCommand('feeNotes.void');
  const [reason, setReason] = useState('');
  const data = note.data;
  const title = `${t('broker.tab.fees')} ${data?.number ?? ''}`;
  useKeys([
    { key: 'F9', label: t('common.print'), run: () => void pdf.write(title, { id }), isMain: true },
    { key: 'Ctrl+E', label: t('broker.export'), run: () => void xlsx.write(title, { id }), isMain: true },
  ]);
  if (data === undefined) return <ErrorNote error={note.error} onRetry={note.reload} />;
  const isVoid = data.voidedAt !== undefined;
  const run = async (): Promise<void> => {
    if (reason.trim() === '' || (await cancel.run({ id, reason })) === undefined) return;
    notify(t('broker.fees.voidedDone', { number: data.number }));
    note.reload();
    onVoided();
  };
  return (
    <DetailPane
      title={data.number}
      isCode
      tags={isVoid ? <ToneTag tone="draft" label={t('broker.fees.voided')} /> : null}
      extra={
        <>
          <Button size="small" loading={pdf.isRunning} onClick={() => void pdf.write(title, { id })}>
            {t('common.print')} F9
          </Button>
          <Button size="small" loading={xlsx.isRunning} onClick={() => void xlsx.write(title, { id })}>
            {t('broker.export')}
          </Button>
        </>
      }
      foot={
        <>
          <span>{data.clientName}</span>
          <span className="spacer" />
          <strong>{formatAmount(data.total)}</strong>
        </>
      }
    >
      {pdf.notice}
      {xlsx.notice}
      <ErrorNote error={cancel.error} onClose={cancel.clear} />
      {isVoid ? <p className="page-note">{t('broker.fees.voidNote', { reason: data.voidReason })}</p> : null}
      <Lines lines={data.lines} />
      {isVoid ? null : (
        <div className="clerk-setting">
          <Input
            aria-label={t('broker.reason')}
            placeholder={t('broker.reason')}
            style={{ width: 240 }}
            value={reason}
            maxLength={500}
            onChange={(event) => setReason(event.target.value)}
          />
          <Button danger disabled={reason.trim() === ''} loading={cancel.isRunning} onClick={() => void run()}>
            {t('broker.fees.void')}
          </Button>
        </div>
      )}
    </DetailPane>
  );
}

interface DraftRow extends TariffRow {
  readonly key: number;
}

function Tariff() {
  const tariff = useQuery('feeTariff.get', {});
  if (tariff.data === undefined) return <ErrorNote error={tariff.error} onRetry={tariff.reload} />;
  return <TariffForm start={tariff.data.rows} />;
}

function TariffForm({ start }: { readonly start: readonly TariffRow[] }) {
  const { t, i18n } = useTranslation();
  const form = useFormDraft<{ rows: readonly DraftRow[] }>(
    'fee tariff',
    { rows: start.map((row, key) => ({ ...row, key })) },
    JSON.stringify(start),
  );
  const { rows } = form.value;
  const setRows = (next: (before: readonly DraftRow[]) => readonly DraftRow[]): void =>
    form.change((before) => ({ rows: next(before.rows) }));
  const save = useCommand('feeTariff.save');
  const put = (key: number, change: Partial<TariffRow>): void =>
    setRows((before) => before.map((row) => (row.key === key ? { ...row, ...change } : row)));
  const add = (): void =>
    setRows((before) => [
      ...before,
      { kind: '', mode: '', fee: '', key: 1 + Math.max(-1, ...before.map((r) => r.key)) },
    ]);
  const isReady = rows.every(({ fee, mode }) => /^\d{1,10}(\.\d{1,2})?$/.test(fee) && /^(\d{4})?$/.test(mode));
  const submit = async (): Promise<void> => {
    if (!isReady) return;
    const done = await save.run({ rows: rows.map(({ kind, mode, fee }) => ({ kind, mode, fee })) });
    if (done === undefined) return;
    form.done();
    notify(t('broker.fees.tariffSaved'));
  };
  return (
    <DetailPane
      title={t('broker.fees.tariff')}
      foot={
        <>
          <Button size="small" onClick={add}>
            {t('broker.fees.addLine')}
          </Button>
          <span className="spacer" />
          <KeyButton
            kind="primary"
            label={t('common.save')}
            keys="Ctrl+Enter"
            isBusy={save.isRunning}
            isDisabled={!isReady}
            onPress={() => void submit()}
          />
        </>
      }
    >
      <ErrorNote error={save.error} onClose={save.clear} />
      <RestoredNote draft={form} />
      <p className="panel-pad muted">{t('broker.fees.tariffHint')}</p>
      <ul className="fee-tariff">
        {rows.map((row) => (
          <li key={row.key}>
            <Select
              aria-label={t('broker.review.kind')}
              showSearch
              optionFilterProp="label"
              value={row.kind}
              onChange={(kind) => put(row.key, { kind })}
              options={[
                { value: '' as const, label: t('broker.fees.anyKind') },
                ...documentKinds.map((kind) => ({ value: kind, label: kindName(kind, i18n.language) })),
              ]}
            />
            <Input
              className="code"
              aria-label={t('broker.delegation.modes')}
              placeholder={t('broker.fees.anyMode')}
              value={row.mode}
              maxLength={4}
              onChange={(event) => put(row.key, { mode: event.target.value })}
            />
            <NumericInput
              id={`fee-${row.key}`}
              value={row.fee}
              decimals={2}
              unit={t('broker.fees.yuan')}
              onChange={(fee) => put(row.key, { fee })}
            />
            <Button
              size="small"
              type="text"
              onClick={() => setRows((before) => before.filter(({ key }) => key !== row.key))}
            >
              {t('common.delete')}
            </Button>
          </li>
        ))}
      </ul>
    </DetailPane>
  );
}
