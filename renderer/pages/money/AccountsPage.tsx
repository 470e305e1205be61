/** 资金账户: bank, payment institution, wallet, free-trade and personal accounts, here and abroad; numbers masked until they are asked for. */
import { Button, Checkbox, Input } from 'antd';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import {
  type MoneyAccountView,
  moneyAccountKinds,
  moneyAccountOwners,
  moneyAccountPlaces,
} from '../../../shared/contract/money.ts';
import { useKeys } from '../../app/keys.ts';
import type { PageProps } from '../../app/page-route.ts';
import { navigate, numberParam, replaceParams, textParam } from '../../app/route-store.ts';
import { Amount, Code } from '../../components/Amount.tsx';
import { ChoiceBox } from '../../components/ChoiceBox.tsx';
import { type Column, DataTable, plainPages } from '../../components/DataTable.tsx';
import { DetailPane, DetailPlaceholder, focusDetail, focusList } from '../../components/DetailPane.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { Field } from '../../components/Field.tsx';
import { FormPane } from '../../components/FormPane.tsx';
import { RestoredNote, useFormDraft } from '../../components/form-draft.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { KeyHint } from '../../components/KeyHint.tsx';
import { Facts, Page, Split } from '../../components/Page.tsx';
import { useCommand, useQuery } from '../../core-client.ts';
import { formatCount } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import { useSession } from '../../stores/session-store.ts';
import { searchAccounts, useAccountName, useAccounts } from '../ledger/lookups.ts';
import { ValueBox } from '../purchases/choices.tsx';
import { CountryBox, CurrencyBox, useCountryName } from './boxes.tsx';
import { focusFirst, useFieldErrors } from './field-errors.ts';
import { MoneyTabs } from './MoneyTabs.tsx';
import '../purchases/purchases.css';
import './money.css';

export function AccountsPage({ params }: PageProps) {
  const { t } = useTranslation();
  const id = numberParam(params, 'id');
  const [editing, setEditing] = useState<'new' | number | undefined>(
    textParam(params, 'add') === '1' ? 'new' : undefined,
  );
  const list = useQuery('moneyAccounts.list', {}, { areas: ['money'] });
  const rows = list.data?.rows;
  const account = rows?.find((one) => one.id === id);
  const set = (next: number | undefined): void => replaceParams(next === undefined ? {} : { id: next });
  const add = (): void => {
    setEditing('new');
    focusDetail('input');
  };
  useKeys([{ key: 'Ctrl+N', label: t('money.account.add'), run: add, isMain: true }]);
  const isNarrow = editing !== undefined;
  const columns = useMemo((): Column<MoneyAccountView>[] => {
    const whole: Column<MoneyAccountView>[] = [
      { id: 'kind', title: t('money.account.kind'), width: 134, render: (one) => t(`money.accountKind.${one.kind}`) },
      { id: 'number', title: t('money.account.number'), width: 92, render: (one) => <Code>{one.number}</Code> },
    ];
    const open: Column<MoneyAccountView> = {
      id: 'open',
      title: t('money.account.open'),
      width: 66,
      align: 'right',
      render: (one) => (one.openEntries === 0 ? '' : formatCount(one.openEntries)),
    };
    return [
      { id: 'name', title: t('money.account.name'), render: (one) => one.name },
      // Beside a form there is room for what tells accounts apart.
      ...(isNarrow ? [] : whole),
      {
        id: 'balance',
        title: t('money.column.balance'),
        width: 140,
        align: 'right',
        render: (one) =>
          one.balance === undefined ? (
            <span className="amount-currency">{one.currency} –</span>
          ) : (
            <Amount value={one.balance} currency={one.currency} />
          ),
      },
      ...(isNarrow ? [] : [open]),
    ];
  }, [t, isNarrow]);
  const closeForm = (): void => setEditing(undefined);
  return (
    <Page
      title={t('money.account.title')}
      summary={rows === undefined ? undefined : t('money.account.summary', { n: formatCount(rows.length) })}
      actions={<KeyButton kind="primary" label={t('money.account.add')} keys="Ctrl+N" onPress={add} />}
      filters={<MoneyTabs active="moneyAccounts" />}
    >
      <Split
        ratio={editing === undefined ? 'even' : 'detail'}
        list={
          <DataTable
            label={t('money.account.title')}
            pages={plainPages(rows, list.error, list.reload)}
            rowKey={(one) => one.id}
            columns={columns}
            autoFocus
            activeKey={id}
            onActivate={(one) => {
              closeForm();
              set(one.id);
            }}
            onOpen={(one) => {
              closeForm();
              set(one.id);
              focusDetail();
            }}
            rowTone={(one) => (one.active ? undefined : 'muted')}
            empty={
              <EmptyState
                title={t('money.account.empty')}
                hint={t('money.account.emptyHint')}
                actions={<KeyButton label={t('money.account.add')} keys="Ctrl+N" onPress={add} />}
              />
            }
          />
        }
        detail={
          editing !== undefined ? (
            <AccountForm
              key={editing}
              account={editing === 'new' ? undefined : account}
              kind={moneyAccountKinds.find((one) => one === textParam(params, 'kind')) ?? 'bank'}
              onSaved={(saved) => {
                closeForm();
                set(saved);
              }}
              onClose={closeForm}
            />
          ) : account !== undefined ? (
            <AccountDetail
              key={account.id}
              account={account}
              onEdit={() => {
                setEditing(account.id);
                focusDetail('#account-name');
              }}
              onClose={() => set(undefined)}
            />
          ) : (
            <DetailPlaceholder text={t('money.account.choose')} />
          )
        }
      />
    </Page>
  );
}

function AccountDetail({
  account,
  onEdit,
  onClose,
}: {
  readonly account: MoneyAccountView;
  readonly onEdit: () => void;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const countryOf = useCountryName();
  const chart = useAccounts();
  const nameOf = useAccountName(chart);
  const reveal = useCommand('moneyAccounts.reveal');
  const [number, setNumber] = useState<string>();
  const canReveal = account.number !== '' && number === undefined && !reveal.isRunning;
  const show = async (): Promise<void> => {
    const found = await reveal.run({ id: account.id });
    if (found !== undefined) setNumber(found.number);
  };
  useKeys([
    { key: 'F3', label: t('money.edit'), run: onEdit, isMain: true },
    { key: 'F4', label: t('money.account.reveal'), run: () => void show(), isEnabled: canReveal },
    { key: 'Esc', label: t('common.close'), run: () => focusList() || onClose() },
  ]);
  return (
    <DetailPane
      title={account.name}
      tags={account.active ? null : <span className="muted">{t('money.account.inactive')}</span>}
      extra={
        <Button size="small" type="text" onClick={onClose}>
          {t('common.close')}
        </Button>
      }
      foot={
        <>
          <Button onClick={() => navigate('moneyEntries', { accountId: account.id, state: 'all' })}>
            {t('money.account.lines', { n: formatCount(account.entries) })}
          </Button>
          <Button onClick={() => navigate('money', { accountId: account.id })}>
            {t('money.account.records', { n: formatCount(account.records) })}
          </Button>
          {account.kind === 'personal' ? (
            <Button onClick={() => navigate('monitor', { tab: 'persons', person: account.owner })}>
              {t('money.account.quota')}
            </Button>
          ) : null}
          <span className="spacer" />
          <KeyButton kind="primary" label={t('money.edit')} keys="F3" onPress={onEdit} />
        </>
      }
    >
      <ErrorNote error={reveal.error} />
      <Facts
        columns={1}
        rows={[
          [t('money.account.kind'), t(`money.accountKind.${account.kind}`)],
          [t('money.account.place'), `${t(`money.place.${account.place}`)} · ${countryOf(account.country)}`],
          [t(`money.account.institutionOf.${account.kind}`), account.institution || '–'],
          ...(account.licenceNo === ''
            ? []
            : [[t('money.account.licenceNo'), <Code key="licence">{account.licenceNo}</Code>] as const]),
          [t('money.account.currency'), account.currency],
          [
            t('money.account.number'),
            <span key="number" className="money-number">
              <Code>{number ?? account.number}</Code>
              {account.number === '' || number !== undefined ? null : (
                <Button size="small" loading={reveal.isRunning} onClick={() => void show()}>
                  {t('money.account.reveal')} <KeyHint keys="F4" />
                </Button>
              )}
            </span>,
          ],
          [
            t('money.account.ownerKind'),
            [t(`money.owner.${account.ownerKind}`), account.owner].filter((part) => part !== '').join(' · '),
          ],
          [t('money.account.ledgerAccount'), nameOf(account.ledgerAccount)],
          ...(account.store === null ? [] : [[t('money.account.store'), account.store] as const]),
          [
            t('money.account.statement'),
            account.lastEntryOn === undefined
              ? t('money.account.noStatement')
              : t('money.account.upTo', { date: account.lastEntryOn }),
          ],
          [t('money.column.balance'), <Amount key="balance" value={account.balance} currency={account.currency} />],
          ...(account.note === '' ? [] : [[t('money.account.note'), account.note] as const]),
        ]}
      />
    </DetailPane>
  );
}

function AccountForm({
  account,
  kind: wanted,
  onSaved,
  onClose,
}: {
  readonly account: MoneyAccountView | undefined;
  /** Of a new one. */
  readonly kind: MoneyAccountView['kind'];
  readonly onSaved: (id: number) => void;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const chart = useAccounts();
  const nameOf = useAccountName(chart);
  const stores = useQuery('stores.list', {}, { areas: ['money'] });
  const save = useCommand('moneyAccounts.save');
  // In the book of a natural person the account is the keeper's own.
  const keeper = useSession(({ profile }) => (profile?.role === 'person' ? profile.name : ''));
  const form = useFormDraft(
    account === undefined ? 'account' : `account ${account.id}`,
    {
      kind: account?.kind ?? wanted,
      place: account?.place ?? ('home' as MoneyAccountView['place']),
      name: account?.name ?? '',
      institution: account?.institution ?? '',
      licenceNo: account?.licenceNo ?? '',
      country: account?.country ?? 'CN',
      currency: account?.currency ?? 'USD',
      number: '',
      ownerKind: account?.ownerKind ?? ((wanted === 'personal' ? 'person' : 'firm') as MoneyAccountView['ownerKind']),
      owner: account?.owner ?? (wanted === 'personal' ? keeper : ''),
      ledgerAccount: account?.ledgerAccount ?? '1002',
      store: account?.store ?? '',
      active: account?.active ?? true,
      note: account?.note ?? '',
    },
    JSON.stringify(account ?? null),
  );
  const { value: draft, change } = form;
  const [isTried, setTried] = useState(false);
  const refused = useFieldErrors(save.error);
  // Whose quota is at stake must be known by name.
  const needed = ['name', 'currency', 'ledgerAccount', ...(draft.ownerKind === 'person' ? ['owner'] : [])] as const;
  const isNeeded = (field: string): boolean => needed.some((one) => one === field);
  const isMissing = (field: keyof typeof draft): boolean =>
    isNeeded(field) && typeof draft[field] === 'string' && draft[field].trim() === '';
  const errorOf = (field: keyof typeof draft): string | undefined =>
    refused(field) ??
    (isTried && isMissing(field) ? t('money.rule.missing', { field: t(`money.account.${field}`) }) : undefined);
  const submit = async (): Promise<void> => {
    const missing = (Object.keys(draft) as (keyof typeof draft)[]).filter(isMissing);
    if (missing.length > 0) {
      setTried(true);
      focusFirst(missing.map((field) => `account-${field}`));
      return;
    }
    const { number, store, ...rest } = draft;
    const saved = await save.run({
      ...rest,
      ...(account === undefined ? {} : { id: account.id }),
      ...(number === '' ? {} : { number }),
      store: store === '' ? null : store,
      country: draft.country === '' ? 'CN' : draft.country,
    });
    if (saved === undefined) return;
    form.done();
    notify(t('money.account.saved', { name: saved.name }));
    onSaved(saved.id);
  };
  const text = (
    field: 'name' | 'institution' | 'licenceNo' | 'number' | 'owner' | 'note',
    more: { readonly label?: string; readonly isWide?: boolean; readonly hint?: string } = {},
  ) => (
    <Field
      id={`account-${field}`}
      label={t(`money.account.${field}`)}
      isRequired={isNeeded(field)}
      {...more}
      error={errorOf(field)}
    >
      <Input
        id={`account-${field}`}
        autoComplete="off"
        value={draft[field]}
        status={errorOf(field) === undefined ? '' : 'error'}
        onChange={(event) => change({ [field]: event.target.value })}
      />
    </Field>
  );
  const kept = account?.number ?? '';
  return (
    <FormPane
      title={account === undefined ? t('money.account.add') : account.name}
      error={save.error}
      onClearError={save.clear}
      canSave
      isBusy={save.isRunning}
      onSave={submit}
      onClose={onClose}
    >
      <RestoredNote draft={form} />
      <div className="purchase-form">
        {text('name', { hint: t('money.account.nameHint') })}
        <Field id="account-kind" label={t('money.account.kind')} isRequired>
          <ValueBox
            id="account-kind"
            value={draft.kind}
            values={moneyAccountKinds}
            textKey="money.accountKind"
            onChange={(kind) =>
              change({
                kind,
                ledgerAccount: kind === 'wallet' || kind === 'payment-institution' ? '1012' : '1002',
                ownerKind: kind === 'personal' ? 'person' : draft.ownerKind,
              })
            }
          />
        </Field>
        <Field id="account-currency" label={t('money.account.currency')} isRequired error={errorOf('currency')}>
          <CurrencyBox
            id="account-currency"
            value={draft.currency}
            isInvalid={errorOf('currency') !== undefined}
            onChange={(currency) => change({ currency })}
          />
        </Field>
        {text(
          'number',
          kept === ''
            ? { hint: t('money.account.numberHint') }
            : { hint: t('money.account.numberKept', { number: kept }) },
        )}
        <Field id="account-place" label={t('money.account.place')} isRequired>
          <ValueBox
            id="account-place"
            value={draft.place}
            values={moneyAccountPlaces}
            textKey="money.place"
            onChange={(place) => change({ place })}
          />
        </Field>
        <Field id="account-country" label={t('money.account.country')}>
          <CountryBox id="account-country" value={draft.country} onChange={(country) => change({ country })} />
        </Field>
        {text('institution', { label: t(`money.account.institutionOf.${draft.kind}`) })}
        {draft.kind === 'payment-institution' ? text('licenceNo', { hint: t('money.account.licenceHint') }) : null}
        <Field id="account-ownerKind" label={t('money.account.ownerKind')} isRequired>
          <ValueBox
            id="account-ownerKind"
            value={draft.ownerKind}
            values={moneyAccountOwners}
            textKey="money.owner"
            onChange={(ownerKind) => change({ ownerKind })}
          />
        </Field>
        {text('owner')}
        <Field
          id="account-ledgerAccount"
          label={t('money.account.ledgerAccount')}
          isRequired
          error={errorOf('ledgerAccount')}
        >
          <ChoiceBox
            id="account-ledgerAccount"
            shown={draft.ledgerAccount === '' ? '' : nameOf(draft.ledgerAccount)}
            search={(typed) => searchAccounts(chart, typed, ['1002', '1012', '1001'])}
            onTake={(choice) => change({ ledgerAccount: choice?.code ?? '' })}
          />
        </Field>
        <Field id="account-store" label={t('money.account.store')}>
          <ChoiceBox
            id="account-store"
            hidesCode
            shown={draft.store}
            search={(typed) =>
              (stores.data?.rows ?? [])
                .filter(({ name }) => name.toLowerCase().includes(typed.toLowerCase()))
                .map(({ name }) => ({ code: name, name }))
            }
            onTake={(choice) => change({ store: choice?.code ?? '' })}
          />
        </Field>
        {text('note', { isWide: true })}
        <Field id="account-active" label="">
          <Checkbox
            id="account-active"
            checked={draft.active}
            onChange={(event) => change({ active: event.target.checked })}
          >
            {t('money.account.active')}
          </Checkbox>
        </Field>
      </div>
    </FormPane>
  );
}
