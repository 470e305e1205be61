/** 科目: the chart as a tree, with sub-accounts added beside it. */
import { Button, Checkbox, Input, Select } from 'antd';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type AccountView, accountKinds, dimensions } from '../../../shared/contract/accounting.ts';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { formatScaled, parseScaled } from '../../../shared/money/index.ts';
import { useKeys } from '../../app/keys.ts';
import { navigate } from '../../app/route-store.ts';
import { Amount, Code } from '../../components/Amount.tsx';
import { type Column, DataTable, plainPages } from '../../components/DataTable.tsx';
import { DetailPane, DetailPlaceholder, focusDetail, focusList } from '../../components/DetailPane.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { Field } from '../../components/Field.tsx';
import { RestoredNote, useFormDraft } from '../../components/form-draft.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { Split } from '../../components/Page.tsx';
import { SearchInput } from '../../components/SearchInput.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { useEnterNavigation } from '../../components/use-enter-navigation.ts';
import { useCommand, useQuery } from '../../core-client.ts';
import { notify } from '../../stores/notice-store.ts';
import { useAccounts } from './lookups.ts';
import { searchNamed } from './pinyin.ts';

/** The next free code two digits below an account, e.g. `100203`; undefined when it has four levels or 99 below it. */
function nextCode(parent: string, codes: readonly string[]): string | undefined {
  if (parent.length >= 10) return undefined;
  const below = codes.filter((code) => code.length === parent.length + 2 && code.startsWith(parent));
  const next = below.reduce((most, code) => Math.max(most, Number(code.slice(-2))), 0) + 1;
  return next > 99 ? undefined : `${parent}${String(next).padStart(2, '0')}`;
}

/** Debit less credit in fen of every account that was posted to and of those above it. */
function balancesOf(rows: OutputOf<'ledger.trialBalance'>['rows']): ReadonlyMap<string, bigint> {
  const sums = new Map<string, bigint>();
  for (const { account, debitCny, creditCny } of rows) {
    const fen = parseScaled(debitCny, 2) - parseScaled(creditCny, 2);
    for (let length = 4; length <= account.length; length += 2) {
      const code = account.slice(0, length);
      sums.set(code, (sums.get(code) ?? 0n) + fen);
    }
  }
  return sums;
}

/** A balance in CNY, positive on the account's own side. */
function balanceText(fen: bigint, side: AccountView['side']): string {
  return formatScaled(side === 'debit' ? fen : -fen, 2, 2);
}

function openPostings(account: string): void {
  navigate('reports', { report: 'accountLedger', account, from: '-' });
}

interface Editing {
  readonly account: AccountView;
  readonly isNew: boolean;
}

export function AccountsTab() {
  const { t } = useTranslation();
  const chart = useAccounts();
  const [text, setText] = useState('');
  const [editing, setEditing] = useState<Editing>();
  const rows = useMemo(() => {
    if (text === '') return chart.rows;
    const found = searchNamed(
      chart.rows.map((row) => ({ code: row.code, name: row.nameZh, nameEn: row.nameEn })),
      text,
      chart.rows.length,
    );
    return found.flatMap((one) => chart.byCode.get(one.code) ?? []);
  }, [chart, text]);
  const current = editing?.account;
  const under = current === undefined ? undefined : editing?.isNew === true ? current.parent : current.code;
  const code =
    under === undefined || under === null
      ? undefined
      : nextCode(
          under,
          chart.rows.map((row) => row.code),
        );
  const add = (): void => {
    const parent = under === undefined || under === null ? undefined : chart.byCode.get(under);
    if (parent === undefined || code === undefined) return;
    setEditing({
      account: { ...parent, code, nameZh: '', nameEn: '', parent: parent.code, active: true, group: false },
      isNew: true,
    });
    focusDetail('#account-nameZh');
  };
  const trial = useQuery('ledger.trialBalance', {}, { areas: ['ledger'] });
  const balances = useMemo(() => balancesOf(trial.data?.rows ?? []), [trial.data]);
  useKeys([{ key: 'Enter', label: t('ledger.key.edit'), isMain: true }]);
  const columns = useMemo(
    (): readonly Column<AccountView>[] => [
      {
        id: 'code',
        title: t('ledger.account.code'),
        width: 104,
        render: (row) => (
          <span style={{ paddingInlineStart: `${((row.code.length - 4) / 2) * 1.6}rem` }}>
            <Code>{row.code}</Code>
          </span>
        ),
      },
      { id: 'name', title: t('ledger.account.nameZh'), render: (row) => <span title={row.nameZh}>{row.nameZh}</span> },
      {
        id: 'nameEn',
        title: t('ledger.account.nameEn'),
        render: (row) => <span title={row.nameEn}>{row.nameEn}</span>,
      },
      { id: 'kind', title: t('ledger.account.kind'), width: 68, render: (row) => t(`ledger.accountKind.${row.kind}`) },
      { id: 'side', title: t('ledger.account.side'), width: 50, render: (row) => t(`ledger.side.${row.side}`) },
      {
        id: 'dimensions',
        title: t('ledger.entry.column.dimensions'),
        width: 116,
        render: (row) => row.dimensions.map((one) => t(`ledger.dimension.${one}`)).join(' · '),
      },
      {
        id: 'balance',
        title: t('ledger.account.balanceCny'),
        width: 132,
        align: 'right',
        render: (row) => {
          const balance = balances.get(row.code);
          return balance === undefined ? null : (
            <button
              type="button"
              className="link"
              tabIndex={-1}
              title={t('ledger.postings')}
              onClick={() => openPostings(row.code)}
            >
              <Amount value={balanceText(balance, row.side)} currency="CNY" bare />
            </button>
          );
        },
      },
      {
        id: 'state',
        title: t('ledger.column.state'),
        width: 76,
        render: (row) => (row.active ? null : <ToneTag tone="draft" label={t('ledger.account.inactive')} />),
      },
    ],
    [t, balances],
  );
  return (
    <div className="ledger-tab">
      <div className="page-filters">
        <SearchInput
          value={text}
          onChange={setText}
          placeholder={t('ledger.searchAccounts')}
          keyLabel={t('ledger.key.search')}
        />
        <span className="spacer" />
        <KeyButton
          label={code === undefined ? t('ledger.account.add') : t('ledger.account.addUnder', { code: under })}
          keys="Insert"
          bind
          isDisabled={code === undefined}
          onPress={add}
        />
      </div>
      <Split
        ratio="list"
        list={
          <DataTable
            label={t('ledger.tab.accounts')}
            autoFocus
            pages={plainPages(chart.isReady ? rows : undefined, chart.error, chart.reload)}
            columns={columns}
            rowKey={(row) => row.code}
            activeKey={editing?.isNew === true ? undefined : current?.code}
            rowTone={(row) => (row.active ? undefined : 'muted')}
            onActivate={(account) => setEditing({ account, isNew: false })}
            onOpen={(account) => {
              setEditing({ account, isNew: false });
              focusDetail('#account-nameZh');
            }}
            empty={<EmptyState title={t('ledger.noMatch')} hint={t('ledger.noMatchHint')} />}
          />
        }
        detail={
          editing === undefined ? (
            <DetailPlaceholder text={t('ledger.account.none')} />
          ) : (
            <AccountForm
              key={editing.account.code}
              editing={editing}
              onSaved={(account) => {
                setEditing({ account, isNew: false });
                chart.reload();
              }}
              onClose={() => setEditing(undefined)}
            />
          )
        }
      />
    </div>
  );
}

function AccountForm({
  editing,
  onSaved,
  onClose,
}: {
  readonly editing: Editing;
  readonly onSaved: (account: AccountView) => void;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const form = useFormDraft(
    `account ${editing.account.code} ${editing.isNew}`,
    editing.account,
    JSON.stringify(editing.account),
  );
  const { value: account, change } = form;
  const save = useCommand('accounts.save');
  const put = change;
  const [isTried, setTried] = useState(false);
  const submit = async (): Promise<void> => {
    setTried(true);
    if (account.nameZh.trim() === '') {
      document.getElementById('account-nameZh')?.focus();
      return;
    }
    const { code, nameEn, kind, side, active, dimensions: own, monetary, quantity } = account;
    const done = await save.run({
      code,
      nameZh: account.nameZh.trim(),
      nameEn,
      kind,
      side,
      active,
      dimensions: own,
      monetary,
      quantity,
    });
    if (done === undefined) return;
    form.done();
    notify(t('ledger.account.saved', { code: done.code }));
    onSaved(done);
  };
  const onKeyDown = useEnterNavigation({ onSubmit: () => void submit() });
  useKeys([
    { key: 'Ctrl+Enter', label: t('common.save'), run: () => void submit(), isMain: true },
    { key: 'Esc', label: t('common.close'), run: () => focusList() || onClose() },
  ]);
  const flag = (name: 'active' | 'monetary' | 'quantity') => (
    <Checkbox key={name} checked={account[name]} onChange={(event) => put({ [name]: event.target.checked })}>
      {t(`ledger.account.${name}`)}
    </Checkbox>
  );
  return (
    <DetailPane
      title={account.code}
      isCode
      tags={
        editing.isNew ? (
          <ToneTag tone="action" label={t('ledger.account.new')} />
        ) : account.group ? (
          <span className="muted">{t('ledger.account.group')}</span>
        ) : null
      }
      extra={
        <Button size="small" type="link" onClick={() => openPostings(account.code)}>
          {t('ledger.postings')}
        </Button>
      }
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
          id="account-nameZh"
          label={t('ledger.account.nameZh')}
          isWide
          error={isTried && account.nameZh.trim() === '' ? t('ledger.wrong.text') : undefined}
        >
          <Input
            id="account-nameZh"
            value={account.nameZh}
            maxLength={60}
            onChange={(event) => put({ nameZh: event.target.value })}
          />
        </Field>
        <Field id="account-nameEn" label={t('ledger.account.nameEn')} isWide>
          <Input
            id="account-nameEn"
            value={account.nameEn}
            maxLength={100}
            onChange={(event) => put({ nameEn: event.target.value })}
          />
        </Field>
        <Field id="account-kind" label={t('ledger.account.kind')}>
          <Select
            id="account-kind"
            disabled={account.parent !== null}
            value={account.kind}
            onChange={(kind) => put({ kind })}
            options={accountKinds.map((kind) => ({ value: kind, label: t(`ledger.accountKind.${kind}`) }))}
          />
        </Field>
        <Field id="account-side" label={t('ledger.account.side')}>
          <Select
            id="account-side"
            value={account.side}
            onChange={(side) => put({ side })}
            options={(['debit', 'credit'] as const).map((side) => ({ value: side, label: t(`ledger.side.${side}`) }))}
          />
        </Field>
        <Field
          id="account-dimensions"
          label={t('ledger.entry.column.dimensions')}
          isWide
          hint={t('ledger.account.dimensionsHint')}
        >
          <Select
            id="account-dimensions"
            mode="multiple"
            value={account.dimensions}
            onChange={(own) => put({ dimensions: own })}
            options={dimensions.map((one) => ({ value: one, label: t(`ledger.dimension.${one}`) }))}
          />
        </Field>
        <div className="field is-wide ticks">{(['monetary', 'quantity', 'active'] as const).map(flag)}</div>
      </form>
    </DetailPane>
  );
}
