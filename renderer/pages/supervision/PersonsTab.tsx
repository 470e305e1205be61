import { Button, Input, Select } from 'antd';
import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { quotaHolders, quotaProofs } from '../../../shared/contract/supervision.ts';
import { useKeys } from '../../app/keys.ts';
import { navigate } from '../../app/route-store.ts';
import { Amount } from '../../components/Amount.tsx';
import { Chart } from '../../components/Chart.tsx';
import { type Column, DataTable, plainPages } from '../../components/DataTable.tsx';
import { DateInput } from '../../components/DateInput.tsx';
import { DetailPane, DetailPlaceholder, DetailSection, focusDetail } from '../../components/DetailPane.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { Field } from '../../components/Field.tsx';
import { chooseOpen } from '../../components/FilePicker.tsx';
import { RestoredNote, useFormDraft } from '../../components/form-draft.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { NumericInput } from '../../components/NumericInput.tsx';
import { Facts, Split } from '../../components/Page.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { captureCtrlEnter, useEnterNavigation } from '../../components/use-enter-navigation.ts';
import { useCommand, useQuery } from '../../core-client.ts';
import { formatAmount, formatBytes, localDate } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import type { Tone } from '../../theme/palette.ts';
import { useFieldErrors } from '../money/field-errors.ts';
import { gaugeOption } from './gauge-chart.ts';
import { PersonAccounts } from './PersonAccounts.tsx';
import { Unrated } from './Unrated.tsx';
import '../money/money.css';
import { useLook } from './use-look.ts';

type Person = OutputOf<'quota.list'>['rows'][number];
type Row = OutputOf<'quota.person'>['rows'][number];
type Proof = (typeof quotaProofs)[number];

const tones: Readonly<Record<Person['status'], Tone>> = {
  WITHIN: 'accepted',
  NOT_COUNTED: 'accepted',
  OVER_QUOTA: 'rejected',
  INSTITUTION_RULES: 'draft',
};

/** Sole traders go by the rules of institutions: there is no quota of which something could be used or left. */
const hasQuota = ({ holder }: Person): boolean => holder === 'individual';

/** Persons with a personal forex account: what of the yearly quota is used, and what proof takes out of it. */
export function PersonsTab({ person: wanted }: { readonly person: string | undefined }) {
  const { t } = useTranslation();
  const [year, setYear] = useState(localDate().slice(0, 4));
  const isYear = /^\d{4}$/.test(year);
  const persons = useQuery('quota.list', isYear ? { year } : null, { areas: ['money'] });
  const [name, setName] = useState(wanted);
  const rows = persons.data?.rows;
  const chosen = rows?.find((one) => one.name === name) ?? rows?.[0];
  const toAccounts = (): void => navigate('moneyAccounts', { add: '1', kind: 'personal' });
  const columns: readonly Column<Person>[] = [
    { id: 'name', title: t('supervision.person.name'), render: (row) => row.name },
    {
      id: 'holder',
      title: t('supervision.person.holder'),
      width: 100,
      render: (row) => t(`supervision.person.is.${row.holder}`),
    },
    {
      id: 'used',
      title: t('supervision.person.usedUsd'),
      width: 110,
      align: 'right',
      render: (row) => <Amount value={hasQuota(row) ? row.usedUsd : undefined} currency="USD" bare />,
    },
    {
      id: 'left',
      title: t('supervision.person.leftUsd'),
      width: 110,
      align: 'right',
      render: (row) => <Amount value={hasQuota(row) ? row.leftUsd : undefined} currency="USD" bare />,
    },
    {
      id: 'status',
      title: t('supervision.column.state'),
      width: 112,
      render: (row) => <ToneTag tone={tones[row.status]} label={t(`supervision.person.status.${row.status}`)} />,
    },
  ];
  return (
    <Split
      list={
        <div className="person-list">
          <div className="person-year">
            <Field
              id="quota-year"
              label={t('supervision.person.year')}
              error={isYear ? undefined : t('supervision.person.rule.year')}
            >
              <Input
                id="quota-year"
                value={year}
                maxLength={4}
                onChange={(event) => setYear(event.target.value.trim())}
              />
            </Field>
          </div>
          <DataTable
            label={t('supervision.monitor.tab.persons')}
            pages={plainPages(rows, persons.error, persons.reload)}
            columns={columns}
            rowKey={(row) => row.name}
            autoFocus
            activeKey={chosen?.name}
            onActivate={(row) => setName(row.name)}
            onOpen={() => focusDetail('.quota-rows [role=grid]')}
            empty={
              <EmptyState
                title={t('supervision.person.empty')}
                hint={t('supervision.person.emptyHint')}
                actions={<Button onClick={toAccounts}>{t('supervision.person.toAccounts')}</Button>}
              />
            }
          />
        </div>
      }
      detail={
        chosen === undefined ? (
          <DetailPlaceholder text={t('supervision.person.choose')} />
        ) : (
          <PersonDetail key={`${chosen.name} ${year}`} person={chosen} year={year} />
        )
      }
    />
  );
}

/** The year of a person: the meter, and each settlement with its proof; Enter opens the proof. */
function PersonDetail({ person, year }: { readonly person: Person; readonly year: string }) {
  const { t } = useTranslation();
  const rows = useQuery('quota.person', { year, name: person.name }, { areas: ['money'] });
  const savePerson = useCommand('quota.savePerson');
  const [chosen, setChosen] = useState<Row | 'new'>();
  const [activeKey, setActiveKey] = useState<string>();
  const open = (row: Row | 'new'): void => {
    setChosen(row);
    focusDetail(row === 'new' ? '#quota-date' : '#quota-proof');
  };
  const close = (): void => {
    setChosen(undefined);
    focusDetail('.quota-rows [role=grid]');
  };
  useKeys([
    { key: 'Ctrl+N', label: t('supervision.person.add'), run: () => open('new'), isMain: true },
    { key: 'Enter', label: t('supervision.person.proof'), isMain: true },
    ...(chosen === undefined ? [] : [{ key: 'Esc', label: t('common.cancel'), run: close }]),
  ]);
  const columns: readonly Column<Row>[] = [
    { id: 'date', title: t('supervision.column.date'), width: 92, render: (row) => row.date },
    {
      id: 'number',
      title: t('supervision.column.number'),
      width: 108,
      render: ({ number, recordId }) =>
        recordId === undefined ? (
          t('supervision.person.outsideBook')
        ) : (
          <Button type="link" size="small" className="money-link" onClick={() => navigate('money', { at: recordId })}>
            {number}
          </Button>
        ),
    },
    {
      id: 'amount',
      title: t('supervision.column.amount'),
      width: 122,
      align: 'right',
      render: (row) => <Amount value={row.amount} currency={row.currency} />,
    },
    {
      id: 'proof',
      title: t('supervision.person.proof'),
      width: 102,
      render: (row) => [t(`supervision.proof.${row.proof}`), row.reference].filter((one) => one !== '').join(' · '),
    },
    {
      id: 'counted',
      title: t('supervision.person.counted'),
      width: 84,
      align: 'right',
      render: (row) => <Amount value={row.countedUsd} currency="USD" bare />,
    },
  ];
  return (
    <DetailPane
      title={person.name}
      tags={<ToneTag tone={tones[person.status]} label={t(`supervision.person.status.${person.status}`)} />}
      extra={
        <Select
          size="small"
          aria-label={t('supervision.person.holder')}
          value={person.holder}
          options={quotaHolders.map((value) => ({ value, label: t(`supervision.person.is.${value}`) }))}
          onChange={(holder) => void savePerson.run({ name: person.name, holder, note: person.note })}
        />
      }
      foot={
        <>
          {hasQuota(person) ? (
            <span className="muted">{t('supervision.person.rowsHint', { count: person.unproven })}</span>
          ) : null}
          <span className="spacer" />
          <KeyButton label={t('supervision.person.add')} keys="Ctrl+N" onPress={() => open('new')} />
        </>
      }
    >
      <ErrorNote error={savePerson.error ?? rows.error} />
      <Unrated amounts={person.unrated} />
      {hasQuota(person) ? (
        <Meter person={person} year={year} />
      ) : (
        <p className="panel-pad">
          {t('supervision.person.institution', {
            year,
            count: person.settlements,
            usd: formatAmount(person.outsideUsd, 2),
          })}
        </p>
      )}
      {chosen === undefined ? null : (
        <DetailSection
          title={
            chosen === 'new'
              ? t('supervision.person.add')
              : t('supervision.person.proofOf', { number: chosen.number, date: chosen.date })
          }
        >
          <EntryForm
            key={chosen === 'new' ? 'new' : keyOf(chosen)}
            person={person.name}
            row={chosen === 'new' ? undefined : chosen}
            onClose={close}
          />
        </DetailSection>
      )}
      <div className="quota-rows">
        <DataTable
          label={t('supervision.person.settlements', { year })}
          pages={plainPages(rows.data?.rows, rows.error, rows.reload)}
          columns={columns}
          rowKey={keyOf}
          activeKey={activeKey ?? (rows.data?.rows[0] === undefined ? undefined : keyOf(rows.data.rows[0]))}
          onActivate={(row) => setActiveKey(keyOf(row))}
          onOpen={open}
          rowTone={({ countedUsd, outsideUsd }) =>
            countedUsd !== undefined && countedUsd !== '0.00' && outsideUsd === '0.00' ? 'action' : undefined
          }
          empty={
            <EmptyState title={t('supervision.person.noRows')} hint={t('supervision.person.noRowsHint', { year })} />
          }
          fit
        />
      </div>
      <PersonAccounts name={person.name} year={year} />
    </DetailPane>
  );
}

const keyOf = (row: Row): string => `${row.recordId ?? ''} ${row.entryId ?? ''}`;

/** How much of the quota is used, and what proof keeps out of it. */
function Meter({ person, year }: { readonly person: Person; readonly year: string }) {
  const { t } = useTranslation();
  const look = useLook();
  const { quotaUsd, usedUsd, outsideUsd, leftUsd } = person;
  const option = useMemo(
    () => gaugeOption(usedUsd, { limit: quotaUsd, warnFrom: quotaUsd }, look),
    [usedUsd, quotaUsd, look],
  );
  return (
    <div className="quota-meter">
      <Chart
        option={option}
        summary={t('supervision.person.meter', {
          used: formatAmount(usedUsd, 2),
          quota: formatAmount(quotaUsd, 0),
          outside: formatAmount(outsideUsd, 2),
        })}
      />
      <Facts
        columns={1}
        rows={[
          [t('supervision.person.quotaOf', { year }), <Amount key="quota" value={quotaUsd} currency="USD" />],
          [t('supervision.person.used'), <Amount key="used" value={usedUsd} currency="USD" />],
          [t('supervision.person.outside'), <Amount key="outside" value={outsideUsd} currency="USD" />],
          [t('supervision.person.left'), <Amount key="left" value={leftUsd} currency="USD" />],
        ]}
      />
    </div>
  );
}

/** The proof of a settlement of the book, or a whole settlement from outside it, with the papers on file. */
function EntryForm({
  person,
  row,
  onClose,
}: {
  readonly person: string;
  readonly row: Row | undefined;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const save = useCommand('quota.saveEntry');
  const remove = useCommand('quota.removeEntry');
  const refused = useFieldErrors(save.error);
  const wrong = save.error?.path;
  useEffect(() => {
    if (wrong !== undefined) document.getElementById(`quota-${wrong}`)?.focus();
  }, [wrong]);
  const isRecord = row?.recordId !== undefined;
  const isInPart = row?.outsideUsd !== undefined && row.outsideUsd !== row.usd;
  const form = useFormDraft(
    `quota ${person} ${row === undefined ? 'new' : keyOf(row)}`,
    {
      date: row?.date ?? localDate(),
      usd: row?.usd ?? '',
      proof: row?.proof ?? ('none' as Proof),
      provenUsd: row !== undefined && row.proof !== 'none' && isInPart ? (row.outsideUsd ?? '') : '',
      reference: row?.reference ?? '',
      note: row?.note ?? '',
    },
    row === undefined ? '' : JSON.stringify(row),
  );
  const { value: draft, change } = form;
  const [file, setFile] = useState<{ token: string; name: string }>();
  const attach = async (): Promise<void> => {
    const taken = await chooseOpen(t('supervision.person.proof'));
    if (taken !== null) setFile({ token: taken.token, name: taken.name });
  };
  const submit = async (): Promise<void> => {
    const done = await save.run({
      person,
      ...(row?.entryId === undefined ? {} : { id: row.entryId }),
      ...(row?.recordId === undefined
        ? { ...(draft.date === '' ? {} : { date: draft.date }), ...(draft.usd === '' ? {} : { usd: draft.usd }) }
        : { recordId: row.recordId }),
      proof: draft.proof,
      ...(draft.provenUsd === '' || draft.proof === 'none' ? {} : { provenUsd: draft.provenUsd }),
      reference: draft.reference,
      note: draft.note,
      ...(file === undefined ? {} : { file: file.token }),
    });
    if (done === undefined) return;
    form.done();
    notify(t('supervision.person.saved'));
    onClose();
  };
  useKeys([{ key: 'Ctrl+Enter', label: t('supervision.save'), run: () => void submit(), isMain: true }]);
  const onKeyDown = useEnterNavigation({ onSubmit: () => void submit() });
  return (
    <form
      className="panel-pad card-form"
      onKeyDownCapture={captureCtrlEnter(() => void submit())}
      onKeyDown={onKeyDown}
      onSubmit={(event) => event.preventDefault()}
    >
      <RestoredNote draft={form} />
      <div className="form-grid">
        {isRecord ? null : (
          <>
            <Field id="quota-date" label={t('supervision.column.date')} isRequired error={refused('date')}>
              <DateInput id="quota-date" value={draft.date} onChange={(date) => change({ date })} />
            </Field>
            <Field id="quota-usd" label={t('supervision.person.usd')} isRequired error={refused('usd')}>
              <NumericInput
                id="quota-usd"
                decimals={2}
                isInvalid={refused('usd') !== undefined}
                value={draft.usd}
                onChange={(usd) => change({ usd })}
              />
            </Field>
          </>
        )}
        <Field id="quota-proof" label={t('supervision.person.proof')}>
          <Select
            id="quota-proof"
            value={draft.proof}
            options={quotaProofs.map((value) => ({ value, label: t(`supervision.proof.${value}`) }))}
            onChange={(proof) => change({ proof })}
          />
        </Field>
        {draft.proof === 'none' ? null : (
          <>
            <Field
              id="quota-reference"
              label={t('supervision.person.reference')}
              hint={t('supervision.person.referenceHint')}
              error={refused('reference')}
            >
              <Input
                id="quota-reference"
                value={draft.reference}
                maxLength={200}
                onChange={(event) => change({ reference: event.target.value })}
              />
            </Field>
            <Field
              id="quota-provenUsd"
              label={t('supervision.person.proven')}
              hint={t('supervision.person.provenHint')}
              error={refused('provenUsd')}
            >
              <NumericInput
                id="quota-provenUsd"
                decimals={2}
                isInvalid={refused('provenUsd') !== undefined}
                value={draft.provenUsd}
                onChange={(provenUsd) => change({ provenUsd })}
              />
            </Field>
          </>
        )}
        <Field id="quota-note" label={t('supervision.netting.note')}>
          <Input
            id="quota-note"
            value={draft.note}
            maxLength={200}
            onChange={(event) => change({ note: event.target.value })}
          />
        </Field>
      </div>
      {row?.entryId === undefined ? null : <Papers entryId={row.entryId} />}
      <ErrorNote error={save.error ?? remove.error} isInline />
      <div className="card-actions">
        {draft.proof === 'none' ? null : (
          <Button onClick={() => void attach()}>{file?.name ?? t('supervision.netting.attach')}</Button>
        )}
        {row?.entryId === undefined ? null : (
          <Button
            danger
            onClick={async () => {
              if ((await remove.run({ id: row.entryId ?? 0, reason: t('supervision.person.removed') })) !== undefined)
                onClose();
            }}
          >
            {t(isRecord ? 'supervision.person.removeProof' : 'supervision.person.remove')}
          </Button>
        )}
        <Button onClick={onClose}>{t('common.cancel')}</Button>
        <KeyButton
          kind="primary"
          label={t('supervision.save')}
          keys="Ctrl+Enter"
          isBusy={save.isRunning}
          onPress={() => void submit()}
        />
      </div>
    </form>
  );
}

/** Papers on file for an entry. */
function Papers({ entryId }: { readonly entryId: number }) {
  const { t } = useTranslation();
  const { data } = useQuery('archive.get', { subjectKind: 'quota', subjectId: String(entryId) }, { areas: ['tax'] });
  const papers = (data?.papers ?? []).filter(({ removedAt }) => removedAt === null);
  return (
    <p className="field-hint">
      {t('supervision.netting.paper')}{' '}
      {papers.length === 0
        ? t('supervision.person.noPaper')
        : papers.map(({ fileName, size }) => `${fileName} · ${formatBytes(size)}`).join(t('money.comma'))}
    </p>
  );
}
