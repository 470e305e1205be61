import { Button, Input, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { quotaHolders, quotaProofs } from '../../../shared/contract/supervision.ts';
import { Amount, Code } from '../../components/Amount.tsx';
import { type Column, DataTable, plainPages } from '../../components/DataTable.tsx';
import { DateInput } from '../../components/DateInput.tsx';
import { DetailPane, DetailPlaceholder, DetailSection, focusDetail } from '../../components/DetailPane.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { Field } from '../../components/Field.tsx';
import { chooseOpen } from '../../components/FilePicker.tsx';
import { NumericInput } from '../../components/NumericInput.tsx';
import { Split } from '../../components/Page.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { useEnterNavigation } from '../../components/use-enter-navigation.ts';
import { useCommand, useQuery } from '../../core-client.ts';
import { localDate } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import type { Tone } from '../../theme/palette.ts';
import { Unrated } from './Unrated.tsx';

type Person = OutputOf<'quota.list'>['rows'][number];
type Row = OutputOf<'quota.person'>['rows'][number];
type Proof = (typeof quotaProofs)[number];

const tones: Readonly<Record<Person['status'], Tone>> = {
  WITHIN: 'accepted',
  NOT_COUNTED: 'accepted',
  OVER_QUOTA: 'rejected',
  INSTITUTION_RULES: 'draft',
};

/** Persons with a personal forex account: what of the yearly quota is used, and what proof takes out of it. */
export function PersonsTab() {
  const { t } = useTranslation();
  const [year, setYear] = useState(localDate().slice(0, 4));
  const isYear = /^\d{4}$/.test(year);
  const persons = useQuery('quota.list', isYear ? { year } : null, { areas: ['money'] });
  const [name, setName] = useState<string>();
  const rows = persons.data?.rows;
  const chosen = rows?.find((one) => one.name === name) ?? rows?.[0];
  const columns: readonly Column<Person>[] = [
    { id: 'name', title: t('supervision.person.name'), render: (row) => row.name },
    {
      id: 'holder',
      title: t('supervision.person.holder'),
      width: 96,
      render: (row) => t(`supervision.person.is.${row.holder}`),
    },
    {
      id: 'used',
      title: t('supervision.person.used'),
      width: 110,
      align: 'right',
      render: (row) => <Amount value={row.usedUsd} currency="USD" bare />,
    },
    {
      id: 'left',
      title: t('supervision.person.left'),
      width: 110,
      align: 'right',
      render: (row) => <Amount value={row.leftUsd} currency="USD" bare />,
    },
    {
      id: 'status',
      title: t('supervision.column.state'),
      width: 130,
      render: (row) => <ToneTag tone={tones[row.status]} label={t(`supervision.person.status.${row.status}`)} />,
    },
  ];
  return (
    <Split
      list={
        <div className="person-list">
          <div className="adjust-line is-year">
            <Field id="quota-year" label={t('supervision.person.year')}>
              <Input id="quota-year" value={year} onChange={(event) => setYear(event.target.value.trim())} />
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
            onOpen={() => focusDetail()}
            empty={<EmptyState title={t('supervision.person.empty')} hint={t('supervision.person.emptyHint')} />}
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

function PersonDetail({ person, year }: { readonly person: Person; readonly year: string }) {
  const { t } = useTranslation();
  const rows = useQuery('quota.person', { year, name: person.name }, { areas: ['money'] });
  const savePerson = useCommand('quota.savePerson');
  const [chosen, setChosen] = useState<Row | 'new'>();
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
          <span>
            {t('supervision.person.quota')} <Amount value={person.quotaUsd} currency="USD" /> ·{' '}
            {t('supervision.person.outside')} <Amount value={person.outsideUsd} currency="USD" />
          </span>
          <span className="spacer" />
          <Button onClick={() => setChosen('new')}>{t('supervision.person.add')}</Button>
        </>
      }
    >
      <ErrorNote error={savePerson.error ?? rows.error} />
      <Unrated amounts={person.unrated} />
      <table className="leg-table">
        <thead>
          <tr>
            <th>{t('supervision.column.date')}</th>
            <th>{t('supervision.column.number')}</th>
            <th className="is-number">{t('supervision.column.amount')}</th>
            <th>{t('supervision.person.proof')}</th>
            <th className="is-number">{t('supervision.person.counted')}</th>
            <th className="is-number">{t('supervision.person.usedAfter')}</th>
          </tr>
        </thead>
        <tbody>
          {(rows.data?.rows ?? []).map((row) => (
            <tr key={`${row.recordId ?? ''} ${row.entryId ?? ''}`}>
              <td>
                <Button type="link" onClick={() => setChosen(row)}>
                  {row.date}
                </Button>
              </td>
              <td>{row.number === '' ? t('supervision.person.outsideBook') : <Code>{row.number}</Code>}</td>
              <td className="is-number">
                <Amount value={row.amount} currency={row.currency} />
              </td>
              <td>
                {t(`supervision.proof.${row.proof}`)} <span className="muted">{row.reference}</span>
              </td>
              <td className="is-number">
                <Amount value={row.countedUsd} currency="USD" bare />
              </td>
              <td className="is-number">
                <Amount value={row.usedAfterUsd} currency="USD" bare />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {chosen === undefined ? null : (
        <DetailSection
          title={
            chosen === 'new'
              ? t('supervision.person.add')
              : t('supervision.person.proofOf', { number: chosen.number, date: chosen.date })
          }
        >
          <EntryForm
            key={chosen === 'new' ? 'new' : `${chosen.recordId ?? ''} ${chosen.entryId ?? ''}`}
            person={person.name}
            row={chosen === 'new' ? undefined : chosen}
            onClose={() => setChosen(undefined)}
          />
        </DetailSection>
      )}
    </DetailPane>
  );
}

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
  const isRecord = row?.recordId !== undefined;
  const [draft, setDraft] = useState({
    date: row?.date ?? localDate(),
    usd: row?.usd ?? '',
    proof: row?.proof ?? ('none' as Proof),
    provenUsd: '',
    reference: row?.reference ?? '',
    note: row?.note ?? '',
  });
  const [file, setFile] = useState<{ token: string; name: string }>();
  const submit = async (): Promise<void> => {
    const done = await save.run({
      person,
      ...(row?.entryId === undefined ? {} : { id: row.entryId }),
      ...(row?.recordId === undefined ? { date: draft.date, usd: draft.usd } : { recordId: row.recordId }),
      proof: draft.proof,
      ...(draft.provenUsd === '' || draft.proof === 'none' ? {} : { provenUsd: draft.provenUsd }),
      reference: draft.reference,
      note: draft.note,
      ...(file === undefined ? {} : { file: file.token }),
    });
    if (done === undefined) return;
    notify(t('supervision.person.saved'));
    onClose();
  };
  const onKeyDown = useEnterNavigation({ onSubmit: () => void submit() });
  return (
    <form className="panel-pad card-form" onKeyDown={onKeyDown} onSubmit={(event) => event.preventDefault()}>
      <div className="form-grid">
        {isRecord ? null : (
          <>
            <Field id="quota-date" label={t('supervision.column.date')} isRequired>
              <DateInput id="quota-date" value={draft.date} onChange={(date) => setDraft({ ...draft, date })} />
            </Field>
            <Field id="quota-usd" label={t('supervision.person.usd')} isRequired>
              <NumericInput
                id="quota-usd"
                decimals={2}
                value={draft.usd}
                onChange={(usd) => setDraft({ ...draft, usd })}
              />
            </Field>
          </>
        )}
        <Field id="quota-proof" label={t('supervision.person.proof')}>
          <Select
            id="quota-proof"
            value={draft.proof}
            options={quotaProofs.map((value) => ({ value, label: t(`supervision.proof.${value}`) }))}
            onChange={(proof) => setDraft({ ...draft, proof })}
          />
        </Field>
        {draft.proof === 'none' ? null : (
          <>
            <Field
              id="quota-reference"
              label={t('supervision.person.reference')}
              hint={t('supervision.person.referenceHint')}
            >
              <Input
                id="quota-reference"
                value={draft.reference}
                onChange={(event) => setDraft({ ...draft, reference: event.target.value })}
              />
            </Field>
            <Field id="quota-proven" label={t('supervision.person.proven')} hint={t('supervision.person.provenHint')}>
              <NumericInput
                id="quota-proven"
                decimals={2}
                value={draft.provenUsd}
                onChange={(provenUsd) => setDraft({ ...draft, provenUsd })}
              />
            </Field>
          </>
        )}
        <Field id="quota-note" label={t('supervision.netting.note')}>
          <Input
            id="quota-note"
            value={draft.note}
            onChange={(event) => setDraft({ ...draft, note: event.target.value })}
          />
        </Field>
      </div>
      <ErrorNote error={save.error ?? remove.error} isInline />
      <div className="card-actions">
        {draft.proof === 'none' ? null : (
          <Button
            onClick={async () => {
              const taken = await chooseOpen(t('supervision.person.proof'));
              if (taken !== null) setFile({ token: taken.token, name: taken.name });
            }}
          >
            {file?.name ?? t('supervision.netting.attach')}
          </Button>
        )}
        <Button type="primary" loading={save.isRunning} onClick={() => void submit()}>
          {t('supervision.save')}
        </Button>
        {row?.entryId === undefined ? null : (
          <Button
            danger
            onClick={async () => {
              if ((await remove.run({ id: row.entryId ?? 0, reason: t('supervision.person.removed') })) !== undefined)
                onClose();
            }}
          >
            {t('supervision.person.remove')}
          </Button>
        )}
        <Button onClick={onClose}>{t('common.cancel')}</Button>
      </div>
    </form>
  );
}
