/** 往来单位: suppliers, customers, platforms, carriers, banks and authorities. */
import { Button, Checkbox, Input, Select } from 'antd';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { partyKinds } from '../../../shared/contract/accounting.ts';
import { useKeys } from '../../app/keys.ts';
import { type RouteParams, replaceParams, textParam } from '../../app/route-store.ts';
import { Code } from '../../components/Amount.tsx';
import { Chips } from '../../components/Chips.tsx';
import { type Column, DataTable } from '../../components/DataTable.tsx';
import { DetailPane, DetailPlaceholder, focusDetail, focusList } from '../../components/DetailPane.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { Field } from '../../components/Field.tsx';
import { RestoredNote, useFormDraft } from '../../components/form-draft.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { LookupBox } from '../../components/LookupBox.tsx';
import { Split } from '../../components/Page.tsx';
import { SearchInput } from '../../components/SearchInput.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { useEnterNavigation } from '../../components/use-enter-navigation.ts';
import { type RowOf, useCommand, usePages } from '../../core-client.ts';
import { notify } from '../../stores/notice-store.ts';

type Party = RowOf<'parties.list'>;
const ALL = 'all';
const chips = [ALL, ...partyKinds] as const;

export function PartiesTab({ params }: { readonly params: RouteParams }) {
  const { t } = useTranslation();
  const kind = chips.find((one) => one === textParam(params, 'kind')) ?? ALL;
  const text = textParam(params, 'text') ?? '';
  const set = (change: RouteParams): void =>
    replaceParams(Object.fromEntries(Object.entries({ ...params, ...change }).filter(([, value]) => value !== '')));
  const pages = usePages(
    'parties.list',
    { ...(kind === ALL ? {} : { kind }), ...(text === '' ? {} : { text }) },
    { areas: ['ledger', 'purchases'] },
  );
  const [party, setParty] = useState<Party | 'new'>();
  const add = (): void => {
    setParty('new');
    focusDetail('#party-name');
  };
  const columns = useMemo(
    (): readonly Column<Party>[] => [
      { id: 'kind', title: t('ledger.column.kind'), width: 88, render: (row) => t(`ledger.partyKind.${row.kind}`) },
      { id: 'name', title: t('ledger.party.name'), render: (row) => <span title={row.name}>{row.name}</span> },
      {
        id: 'taxNo',
        title: t('ledger.party.taxNo'),
        width: 172,
        render: (row) => (row.taxNo === null ? '' : <Code>{row.taxNo}</Code>),
      },
      {
        id: 'customsCode',
        title: t('ledger.party.customsCode'),
        width: 108,
        render: (row) => (row.customsCode === null ? '' : <Code>{row.customsCode}</Code>),
      },
      { id: 'note', title: t('ledger.party.note'), width: 120, render: (row) => row.note },
      {
        id: 'state',
        title: t('ledger.column.state'),
        width: 76,
        render: (row) => (row.active ? null : <ToneTag tone="draft" label={t('ledger.account.inactive')} />),
      },
    ],
    [t],
  );
  return (
    <div className="ledger-tab">
      <div className="page-filters">
        <Chips
          label={t('ledger.column.kind')}
          value={kind}
          onChange={(value) => set({ kind: value === ALL ? '' : value })}
          chips={chips.map((value) => ({
            value,
            label: value === ALL ? t('common.all') : t(`ledger.partyKind.${value}`),
          }))}
        />
        <SearchInput
          value={text}
          onChange={(value) => set({ text: value })}
          placeholder={t('ledger.searchParties')}
          keyLabel={t('ledger.key.search')}
        />
        <span className="spacer" />
        <KeyButton label={t('ledger.party.add')} keys="Insert" bind onPress={add} />
      </div>
      <Split
        ratio="list"
        list={
          <DataTable
            label={t('ledger.tab.parties')}
            autoFocus
            pages={pages}
            columns={columns}
            rowKey={(row) => row.id}
            activeKey={party === undefined || party === 'new' ? undefined : party.id}
            rowTone={(row) => (row.active ? undefined : 'muted')}
            onActivate={setParty}
            onOpen={(row) => {
              setParty(row);
              focusDetail('#party-name');
            }}
            empty={
              text !== '' || kind !== ALL ? (
                <EmptyState title={t('ledger.noMatch')} hint={t('ledger.noMatchHint')} />
              ) : (
                <EmptyState
                  title={t('ledger.party.empty')}
                  hint={t('ledger.party.emptyHint')}
                  actions={<Button onClick={add}>{t('ledger.party.add')}</Button>}
                />
              )
            }
          />
        }
        detail={
          party === undefined ? (
            <DetailPlaceholder text={t('ledger.party.none')} />
          ) : (
            <PartyForm
              key={party === 'new' ? 'new' : party.id}
              party={party === 'new' ? undefined : party}
              onSaved={(row) => {
                setParty(row);
                pages.reload();
              }}
              onClose={() => setParty(undefined)}
            />
          )
        }
      />
    </div>
  );
}

function PartyForm({
  party,
  onSaved,
  onClose,
}: {
  readonly party: Party | undefined;
  readonly onSaved: (party: Party) => void;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const form = useFormDraft<Omit<Party, 'id'>>(
    `party ${party?.id ?? 'new'}`,
    party ?? { kind: 'supplier', name: '', taxNo: null, customsCode: null, country: null, note: '', active: true },
    JSON.stringify(party ?? null),
  );
  const { value: draft, change } = form;
  const [isTried, setTried] = useState(false);
  const save = useCommand('parties.save');
  const put = change;
  const submit = async (): Promise<void> => {
    setTried(true);
    if (draft.name.trim() === '') {
      document.getElementById('party-name')?.focus();
      return;
    }
    const done = await save.run({
      ...draft,
      name: draft.name.trim(),
      ...(party === undefined ? {} : { id: party.id }),
    });
    if (done === undefined) return;
    form.done();
    notify(t('ledger.party.saved', { name: done.name }));
    onSaved(done);
  };
  const onKeyDown = useEnterNavigation({ onSubmit: () => void submit() });
  useKeys([
    { key: 'Ctrl+Enter', label: t('common.save'), run: () => void submit(), isMain: true },
    { key: 'Esc', label: t('common.close'), run: () => focusList() || onClose() },
  ]);
  return (
    <DetailPane
      title={party?.name ?? t('ledger.party.add')}
      foot={
        <>
          <span className="spacer" />
          <KeyButton
            kind="primary"
            label={t('common.save')}
            keys="Ctrl+Enter"
            isBusy={save.isRunning}
            onPress={() => void submit()}
          />
        </>
      }
    >
      <RestoredNote draft={form} />
      <ErrorNote error={save.error} onClose={save.clear} />
      <form className="form-grid ledger-form" onKeyDown={onKeyDown} onSubmit={(event) => event.preventDefault()}>
        <Field
          id="party-name"
          label={t('ledger.party.name')}
          isWide
          error={isTried && draft.name.trim() === '' ? t('ledger.wrong.text') : undefined}
        >
          <Input
            id="party-name"
            value={draft.name}
            maxLength={200}
            onChange={(event) => put({ name: event.target.value })}
          />
        </Field>
        <Field id="party-kind" label={t('ledger.column.kind')}>
          <Select
            id="party-kind"
            value={draft.kind}
            onChange={(kind) => put({ kind })}
            options={partyKinds.map((kind) => ({ value: kind, label: t(`ledger.partyKind.${kind}`) }))}
          />
        </Field>
        <Field id="party-country" label={t('ledger.party.country')}>
          <LookupBox
            id="party-country"
            table="country"
            value={draft.country ?? ''}
            onChange={(country) => put({ country: country === '' ? null : country })}
          />
        </Field>
        <Field id="party-customsCode" label={t('ledger.party.customsCode')}>
          <Input
            id="party-customsCode"
            className="code"
            value={draft.customsCode ?? ''}
            maxLength={10}
            onChange={(event) => put({ customsCode: event.target.value === '' ? null : event.target.value.trim() })}
          />
        </Field>
        <Field id="party-taxNo" label={t('ledger.party.taxNo')}>
          <Input
            id="party-taxNo"
            className="code"
            value={draft.taxNo ?? ''}
            maxLength={30}
            onChange={(event) => put({ taxNo: event.target.value === '' ? null : event.target.value })}
          />
        </Field>
        <Field id="party-note" label={t('ledger.party.note')} isWide>
          <Input
            id="party-note"
            value={draft.note}
            maxLength={500}
            onChange={(event) => put({ note: event.target.value })}
          />
        </Field>
        <div className="field is-wide">
          <Checkbox checked={draft.active} onChange={(event) => put({ active: event.target.checked })}>
            {t('ledger.party.active')}
          </Checkbox>
        </div>
      </form>
    </DetailPane>
  );
}
