/** 店铺: stores on marketplaces, who owns them and who is paid; what does not fit the firm that declares stands beside them. */
import { Button, Checkbox, Input, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { InputOf, OutputOf } from '../../../shared/contract/contract.ts';
import { useKeys } from '../../app/keys.ts';
import { Code } from '../../components/Amount.tsx';
import { type Column, DataTable, plainPages } from '../../components/DataTable.tsx';
import { DetailPane, DetailPlaceholder, focusDetail, focusList } from '../../components/DetailPane.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { Field } from '../../components/Field.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { Page, Split } from '../../components/Page.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { useEnterNavigation } from '../../components/use-enter-navigation.ts';
import { useCommand, useQuery } from '../../core-client.ts';
import { formatCount } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import { MoneyTabs } from '../money/MoneyTabs.tsx';
import './stores.css';

type Store = OutputOf<'stores.list'>['rows'][number];
type Draft = Omit<InputOf<'stores.save'>, 'id'>;
type Chosen = { readonly id: number } | { readonly draft: Draft };

const areas = ['money', 'orders', 'imports'] as const;

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
    { key: 'Esc', label: t('common.close'), run: () => focusList() || setChosen(undefined) },
  ]);
  const columns: readonly Column<Store>[] = [
    { id: 'platform', title: t('stores.platform'), width: 110, render: (row) => row.platform },
    { id: 'name', title: t('stores.name'), render: (row) => <span title={row.name}>{row.name}</span> },
    { id: 'entity', title: t('stores.entity'), render: (row) => <span title={row.entity}>{row.entity}</span> },
    { id: 'currency', title: t('stores.currency'), width: 64, render: (row) => <Code>{row.currency}</Code> },
    { id: 'account', title: t('stores.account'), width: 130, render: (row) => row.account ?? '' },
    { id: 'orders', title: t('stores.orders'), width: 72, align: 'right', render: (row) => formatCount(row.orders) },
    {
      id: 'state',
      title: t('stores.state'),
      width: 112,
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
            {unregistered.slice(0, 12).map(({ name, orders, currency }) => (
              <Button key={name} size="small" onClick={() => add({ name, currency })}>
                {t('stores.register', { name, orders: formatCount(orders) })}
              </Button>
            ))}
          </div>
        )
      }
    >
      <Split
        ratio="list"
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
                actions={<Button onClick={() => add()}>{t('stores.add')}</Button>}
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
            />
          )
        }
      />
    </Page>
  );
}

interface StoreFormProps {
  readonly store: Store | undefined;
  readonly start: Draft | undefined;
  readonly onSaved: (id: number) => void;
}

function StoreForm({ store, start, onSaved }: StoreFormProps) {
  const { t } = useTranslation();
  const accounts = useQuery('moneyAccounts.list', {}, { areas: ['money'] });
  const [draft, setDraft] = useState<Draft>(() => ({
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
  }));
  const [isTried, setTried] = useState(false);
  const save = useCommand('stores.save');
  const put = (change: Partial<Draft>): void => setDraft((before) => ({ ...before, ...change }));
  const needed = ['platform', 'name', 'entity'] as const;
  const submit = async (): Promise<void> => {
    setTried(true);
    const empty = needed.find((field) => draft[field].trim() === '');
    if (empty !== undefined || !/^[A-Z]{3}$/.test(draft.currency)) {
      document.getElementById(`store-${empty ?? 'currency'}`)?.focus();
      return;
    }
    const done = await save.run({ ...draft, ...(store === undefined ? {} : { id: store.id }) });
    if (done === undefined) return;
    notify(t('stores.saved', { name: draft.name }));
    onSaved(done.id);
  };
  const onKeyDown = useEnterNavigation({ onSubmit: () => void submit() });
  useKeys([{ key: 'Ctrl+Enter', label: t('common.save'), run: () => void submit(), isMain: true }]);
  const text = (name: 'platform' | 'name' | 'entity' | 'entityCode' | 'relation' | 'note', isWide = false) => (
    <Field
      id={`store-${name}`}
      label={t(`stores.${name}`)}
      isWide={isWide}
      error={
        isTried && needed.some((one) => one === name) && (draft[name] ?? '').trim() === ''
          ? t('stores.needed')
          : undefined
      }
    >
      <Input
        id={`store-${name}`}
        value={draft[name]}
        maxLength={name === 'relation' || name === 'note' ? 500 : 200}
        onChange={(event) => put({ [name]: event.target.value })}
      />
    </Field>
  );
  return (
    <DetailPane
      title={store?.name ?? t('stores.add')}
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
      <ErrorNote error={save.error} onClose={save.clear} />
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
      <form className="form-grid" onKeyDown={onKeyDown} onSubmit={(event) => event.preventDefault()}>
        {text('platform')}
        {text('name')}
        {text('entity', true)}
        {text('entityCode')}
        <Field id="store-country" label={t('stores.country')}>
          <Input
            id="store-country"
            className="code"
            value={draft.country}
            maxLength={2}
            onChange={(event) => put({ country: event.target.value.toUpperCase() })}
          />
        </Field>
        <Field
          id="store-currency"
          label={t('stores.currency')}
          error={isTried && !/^[A-Z]{3}$/.test(draft.currency) ? t('stores.currencyForm') : undefined}
        >
          <Input
            id="store-currency"
            className="code"
            value={draft.currency}
            maxLength={3}
            onChange={(event) => put({ currency: event.target.value.toUpperCase() })}
          />
        </Field>
        <Field id="store-account" label={t('stores.account')}>
          <Select
            id="store-account"
            value={draft.accountId ?? 0}
            onChange={(id) => put({ accountId: id === 0 ? null : id })}
            options={[
              { value: 0, label: t('stores.noAccount') },
              ...(accounts.data?.rows ?? []).map(({ id, name, currency }) => ({
                value: id,
                label: `${name} ${currency}`,
              })),
            ]}
          />
        </Field>
        {text('relation', true)}
        {text('note', true)}
        <div className="field is-wide">
          <Checkbox checked={draft.active ?? true} onChange={(event) => put({ active: event.target.checked })}>
            {t('stores.active')}
          </Checkbox>
        </div>
      </form>
    </DetailPane>
  );
}
