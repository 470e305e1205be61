/** 店铺: stores on marketplaces, who owns them and who is paid; what does not fit the firm that declares stands beside them. */
import { Button, Checkbox, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { InputOf, OutputOf } from '../../../shared/contract/contract.ts';
import { useKeys } from '../../app/keys.ts';
import { Code } from '../../components/Amount.tsx';
import { type Column, DataTable, plainPages } from '../../components/DataTable.tsx';
import { DetailPlaceholder, focusDetail } from '../../components/DetailPane.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { Field } from '../../components/Field.tsx';
import { FormPane } from '../../components/FormPane.tsx';
import { RestoredNote, useFormDraft } from '../../components/form-draft.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { Page, Split } from '../../components/Page.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { useCommand, useQuery } from '../../core-client.ts';
import { formatCount } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import { AccountBox, CountryBox, CurrencyBox, useMoneyAccounts } from '../money/boxes.tsx';
import { focusFirst, useFieldErrors } from '../money/field-errors.ts';
import { MoneyTabs } from '../money/MoneyTabs.tsx';
import '../purchases/purchases.css';
import './stores.css';

type Store = OutputOf<'stores.list'>['rows'][number];
type Draft = Omit<InputOf<'stores.save'>, 'id'>;
/** What a store cannot be kept without. */
const needed = ['platform', 'name', 'entity', 'currency'] as const;
type Chosen = { readonly id: number } | { readonly draft: Draft };

const areas = ['money', 'orders', 'imports'] as const;
/** Stores nobody registered that are named; how many are beyond is said. */
const MOST_NEW = 12;

export function StoresPage() {
  const { t } = useTranslation();
  const list = useQuery('stores.list', {}, { areas: [...areas] });
  const [chosen, setChosen] = useState<Chosen>();
  const rows = list.data?.rows;
  const unregistered = list.data?.unregistered ?? [];
  const store = chosen !== undefined && 'id' in chosen ? rows?.find(({ id }) => id === chosen.id) : undefined;
  const add = (known: Partial<Draft> = {}): void => {
    const entity = list.data?.firm ?? '';
    setChosen({ draft: { platform: '', name: '', entity, currency: 'USD', ...known } });
    focusDetail('#store-platform');
  };
  useKeys([
    { key: 'Ctrl+N', label: t('stores.add'), run: () => add(), isMain: true },
    { key: 'Enter', label: t('stores.open'), isMain: true },
  ]);
  const columns: readonly Column<Store>[] = [
    { id: 'platform', title: t('stores.platform'), width: 104, render: (row) => row.platform },
    { id: 'name', title: t('stores.name'), render: (row) => <span title={row.name}>{row.name}</span> },
    { id: 'entity', title: t('stores.entity'), render: (row) => <span title={row.entity}>{row.entity}</span> },
    { id: 'currency', title: t('stores.currency'), width: 78, render: (row) => <Code>{row.currency}</Code> },
    { id: 'orders', title: t('stores.orders'), width: 60, align: 'right', render: (row) => formatCount(row.orders) },
    {
      id: 'state',
      title: t('stores.state'),
      width: 124,
      render: (row) => {
        if (!row.active) return <ToneTag tone="draft" label={t('stores.inactive')} />;
        const doubts = row.findings.filter(({ level }) => level === 'doubt').length;
        return doubts === 0 ? (
          <ToneTag tone="accepted" label={t('stores.fits')} />
        ) : (
          <ToneTag tone="action" label={t('stores.doubts', { count: doubts })} />
        );
      },
    },
  ];
  return (
    <Page
      title={t('stores.title')}
      summary={
        rows === undefined ? undefined : t('stores.summary', { count: rows.length, firm: list.data?.firm ?? '' })
      }
      filters={<MoneyTabs active="stores" />}
      actions={<KeyButton kind="primary" label={t('stores.add')} keys="Ctrl+N" onPress={() => add()} />}
      dock={
        unregistered.length === 0 ? undefined : (
          <div className="stores-unregistered">
            <span>{t('stores.unregistered')}</span>
            {unregistered.slice(0, MOST_NEW).map(({ name, orders, currency }) => (
              <Button key={name} size="small" onClick={() => add({ name, currency })}>
                {t('stores.register', { name, orders: formatCount(orders) })}
              </Button>
            ))}
            {unregistered.length <= MOST_NEW ? null : (
              <span className="muted">{t('stores.moreNew', { n: formatCount(unregistered.length - MOST_NEW) })}</span>
            )}
          </div>
        )
      }
    >
      <Split
        ratio="even"
        list={
          <DataTable
            label={t('stores.title')}
            autoFocus
            pages={plainPages(rows, list.error, list.reload)}
            columns={columns}
            rowKey={(row) => row.id}
            activeKey={store?.id}
            rowTone={(row) => (row.active ? undefined : 'muted')}
            onActivate={({ id }) => setChosen({ id })}
            onOpen={({ id }) => {
              setChosen({ id });
              focusDetail('#store-platform');
            }}
            empty={
              <EmptyState
                title={t('stores.empty')}
                hint={t('stores.emptyHint')}
                actions={<KeyButton label={t('stores.add')} keys="Ctrl+N" onPress={() => add()} />}
              />
            }
          />
        }
        detail={
          chosen === undefined || ('id' in chosen && store === undefined) ? (
            <DetailPlaceholder text={t('stores.choose')} />
          ) : (
            <StoreForm
              key={store?.id ?? JSON.stringify(chosen)}
              store={store}
              start={store ?? ('draft' in chosen ? chosen.draft : undefined)}
              onSaved={(id) => {
                setChosen({ id });
                list.reload();
              }}
              onClose={() => setChosen(undefined)}
            />
          )
        }
      />
    </Page>
  );
}

function StoreForm({
  store,
  start,
  onSaved,
  onClose,
}: {
  readonly store: Store | undefined;
  readonly start: Draft | undefined;
  readonly onSaved: (id: number) => void;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const accounts = useMoneyAccounts();
  const form = useFormDraft(
    store === undefined ? `store ${start?.name ?? ''}` : `store ${store.id}`,
    {
      platform: start?.platform ?? '',
      name: start?.name ?? '',
      entity: start?.entity ?? '',
      entityCode: start?.entityCode ?? '',
      country: start?.country ?? '',
      currency: start?.currency ?? 'USD',
      accountId: start?.accountId ?? null,
      relation: start?.relation ?? '',
      active: start?.active ?? true,
      note: start?.note ?? '',
    },
    store === undefined ? '' : JSON.stringify(start),
  );
  const { value: draft, change } = form;
  const [isTried, setTried] = useState(false);
  const save = useCommand('stores.save');
  const refused = useFieldErrors(save.error);
  const errorOf = (field: keyof typeof draft): string | undefined =>
    refused(field) ??
    (isTried && needed.some((one) => one === field && draft[one].trim() === '')
      ? t('money.rule.missing', { field: t(`stores.${field}`) })
      : undefined);
  const submit = async (): Promise<void> => {
    const missing = needed.filter((field) => draft[field].trim() === '');
    if (missing.length > 0) {
      setTried(true);
      focusFirst(missing.map((field) => `store-${field}`));
      return;
    }
    const done = await save.run({ ...draft, ...(store === undefined ? {} : { id: store.id }) });
    if (done === undefined) return;
    form.done();
    notify(t('stores.saved', { name: draft.name }));
    onSaved(done.id);
  };
  const text = (name: 'platform' | 'name' | 'entity' | 'entityCode' | 'relation' | 'note', isWide = false) => (
    <Field
      id={`store-${name}`}
      label={t(`stores.${name}`)}
      isWide={isWide}
      isRequired={needed.some((one) => one === name)}
      error={errorOf(name)}
    >
      <Input
        id={`store-${name}`}
        autoComplete="off"
        value={draft[name]}
        status={errorOf(name) === undefined ? '' : 'error'}
        maxLength={name === 'relation' || name === 'note' ? 500 : 200}
        onChange={(event) => change({ [name]: event.target.value })}
      />
    </Field>
  );
  return (
    <FormPane
      title={store?.name ?? t('stores.add')}
      error={save.error}
      onClearError={save.clear}
      canSave
      isBusy={save.isRunning}
      onSave={submit}
      onClose={onClose}
    >
      <RestoredNote draft={form} />
      {store === undefined || store.findings.length === 0 ? null : (
        <ul className="stores-findings">
          {store.findings.map(({ code, level, params }) => (
            <li key={code}>
              <ToneTag tone={level === 'doubt' ? 'action' : 'draft'} label={t(`stores.level.${level}`)} />{' '}
              {t(`stores.finding.${code}`, params)}
            </li>
          ))}
        </ul>
      )}
      <div className="purchase-form">
        {text('platform')}
        {text('name')}
        {text('entity', true)}
        {text('entityCode', true)}
        <Field id="store-country" label={t('stores.country')} error={errorOf('country')}>
          <CountryBox id="store-country" value={draft.country} onChange={(country) => change({ country })} />
        </Field>
        <Field id="store-currency" label={t('stores.currency')} isRequired error={errorOf('currency')}>
          <CurrencyBox
            id="store-currency"
            value={draft.currency}
            isInvalid={errorOf('currency') !== undefined}
            onChange={(currency) => change({ currency })}
          />
        </Field>
        <Field id="store-account" label={t('stores.account')} error={errorOf('accountId')}>
          <AccountBox
            id="store-account"
            accounts={accounts}
            value={draft.accountId === null ? '' : String(draft.accountId)}
            onChange={(id) => change({ accountId: id === '' ? null : Number(id) })}
          />
        </Field>
        {text('relation', true)}
        {text('note', true)}
        <Field id="store-active" label="">
          <Checkbox
            id="store-active"
            checked={draft.active}
            onChange={(event) => change({ active: event.target.checked })}
          >
            {t('stores.active')}
          </Checkbox>
        </Field>
      </div>
    </FormPane>
  );
}
