/** 流水: lines of statements, worked off with the keyboard. Enter takes the proposal, a digit another kind, F4 ignores with a reason. */
import { Button, Checkbox, Input } from 'antd';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { entryStates, type MoneyRecordKind, moneyRecordKinds, twoSidedKinds } from '../../../shared/contract/money.ts';
import { isComposing, useKeys } from '../../app/keys.ts';
import type { PageProps } from '../../app/page-route.ts';
import { navigate, numberParam, replaceParams, textParam } from '../../app/route-store.ts';
import { Amount, Code } from '../../components/Amount.tsx';
import { Chips } from '../../components/Chips.tsx';
import { type Column, DataTable } from '../../components/DataTable.tsx';
import { DetailPane, DetailPlaceholder, DetailSection, focusList } from '../../components/DetailPane.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { Field } from '../../components/Field.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { KeyHint } from '../../components/KeyHint.tsx';
import { NumericInput } from '../../components/NumericInput.tsx';
import { Facts, Page, Split } from '../../components/Page.tsx';
import { SearchInput } from '../../components/SearchInput.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { useTicks } from '../../components/ticks.ts';
import { type RowOf, useCommand, usePages } from '../../core-client.ts';
import { formatCount } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import type { Tone } from '../../theme/palette.ts';
import { AccountBox, CountryBox, useMoneyAccounts } from './boxes.tsx';
import { MoneyTabs } from './MoneyTabs.tsx';
import '../purchases/purchases.css';
import './money.css';

type Row = RowOf<'moneyEntries.list'>;
const stateTones: Readonly<Record<(typeof entryStates)[number], Tone>> = {
  open: 'action',
  recorded: 'accepted',
  ignored: 'draft',
};
const incomingKinds: readonly MoneyRecordKind[] = ['receipt', 'refund-in', 'interest'];

/** Kinds that a line may be of: those that move its way, and those with two accounts. */
function kindsOf(row: Row): readonly MoneyRecordKind[] {
  const isIn = !row.amount.startsWith('-');
  return moneyRecordKinds.filter((kind) => twoSidedKinds.includes(kind) || incomingKinds.includes(kind) === isIn);
}

/** What a person says of a line besides its kind. */
interface Said {
  readonly country: string;
  readonly isAdvance: boolean;
  readonly toAccountId: string;
  readonly toAmount: string;
}
const nothingSaid: Said = { country: '', isAdvance: false, toAccountId: '', toAmount: '' };

export function EntriesPage({ params }: PageProps) {
  const { t } = useTranslation();
  const accounts = useMoneyAccounts();
  const state = entryStates.find((one) => one === textParam(params, 'state'));
  const isAll = textParam(params, 'state') === 'all';
  const text = textParam(params, 'text') ?? '';
  const accountId = numberParam(params, 'accountId');
  const id = numberParam(params, 'id');
  /** Lines of one day only: where a record leads to its line. */
  const date = /^\d{4}-\d{2}-\d{2}$/.test(textParam(params, 'date') ?? '') ? textParam(params, 'date') : undefined;
  const [said, setSaid] = useState<Said>(nothingSaid);
  const [reason, setReason] = useState('');
  const record = useCommand('moneyEntries.record');
  const ignore = useCommand('moneyEntries.ignore');
  const reopen = useCommand('moneyEntries.reopen');
  const shownState = isAll ? undefined : (state ?? 'open');
  const pages = usePages(
    'moneyEntries.list',
    {
      ...(shownState === undefined ? {} : { state: shownState }),
      ...(text === '' ? {} : { text }),
      ...(accountId === undefined ? {} : { accountId }),
      ...(date === undefined ? {} : { from: date, to: date }),
    },
    { areas: ['money'] },
  );
  const [selected, setSelected] = useTicks(pages, (row) => row.id);
  const set = (change: Readonly<Record<string, string | number>>): void =>
    replaceParams(Object.fromEntries(Object.entries({ ...params, ...change }).filter(([, value]) => value !== '')));
  const at = pages.rows.findIndex((row) => row.id === id);
  const row = at < 0 ? undefined : pages.rows[at];
  const isBusy = record.isRunning || ignore.isRunning || reopen.isRunning;
  /** The line after those that go; the one before where they were the last. */
  const goOn = (gone: readonly number[]): void => {
    const after = pages.rows.slice(at + 1).find((one) => !gone.includes(one.id));
    const before = [...pages.rows.slice(0, Math.max(at, 0))].reverse().find((one) => !gone.includes(one.id));
    setSelected([]);
    setSaid(nothingSaid);
    setReason('');
    set({ id: (after ?? before)?.id ?? '' });
    focusList();
  };
  const take = async (entry: Row | undefined, kind?: MoneyRecordKind): Promise<void> => {
    if (entry === undefined || entry.state !== 'open' || isBusy) return;
    const own = entry.suggestion?.kind === kind ? entry.suggestion : undefined;
    const done = await record.run({
      id: entry.id,
      ...(kind === undefined ? {} : { kind }),
      ...(own?.pairId === undefined ? {} : { pairId: own.pairId }),
      record: {
        ...(said.country === '' ? {} : { counterpartyCountry: said.country }),
        ...(said.isAdvance ? { nature: 'advance' } : {}),
        ...(said.toAccountId === '' ? {} : { toAccountId: Number(said.toAccountId) }),
        ...(said.toAmount === '' ? {} : { toAmount: said.toAmount }),
      },
    });
    if (done === undefined) return;
    notify(t(done.joined ? 'money.entry.joined' : 'money.entry.recorded', { number: done.number }));
    goOn([entry.id, ...(entry.suggestion?.pairId === undefined ? [] : [entry.suggestion.pairId])]);
  };
  const ids = selected.length > 0 ? selected : row === undefined ? [] : [row.id];
  const ignoreThem = async (): Promise<void> => {
    if (reason.trim() === '' || ids.length === 0) return;
    const done = await ignore.run({ ids: [...ids], reason: reason.trim() });
    if (done === undefined) return;
    notify(t('money.entry.ignoredN', { n: done.ignored }));
    goOn(ids);
  };
  const reopenThem = async (): Promise<void> => {
    const done = await reopen.run({ ids: [...ids] });
    if (done === undefined) return;
    notify(t('money.entry.reopenedN', { n: done.reopened }));
    if (shownState !== undefined) goOn(ids);
  };
  const isOpen = row?.state === 'open';
  const kinds = row === undefined ? [] : kindsOf(row);
  useKeys([
    ...kinds.map((kind, index) => ({
      key: String(index + 1),
      label: t(`money.kindShort.${kind}`),
      run: () => void take(row, kind),
      isEnabled: isOpen,
    })),
    {
      key: 'F4',
      label: t('money.entry.ignore'),
      // At once, not in the next frame: what is typed right after the key belongs here.
      run: () => document.querySelector<HTMLElement>('.money-reason input')?.focus(),
      isEnabled: isOpen,
      isMain: true,
    },
    {
      key: 'F6',
      label: t('money.entry.reopen'),
      run: () => void reopenThem(),
      isEnabled: row !== undefined && !isOpen,
    },
    { key: 'Ctrl+I', label: t('money.importStatement'), run: () => navigate('import', { kind: 'statement' }) },
    { key: 'Esc', label: t('common.close'), run: () => focusList() || set({ id: '' }) },
  ]);
  const isOneAccount = accountId !== undefined || accounts.rows.filter(({ entries }) => entries > 0).length < 2;
  const columns = useMemo((): Column<Row>[] => {
    const withAccount: Column<Row>[] = [
      { id: 'account', title: t('money.column.account'), width: 104, render: (one) => one.account.name },
    ];
    const rest: Column<Row>[] = [
      { id: 'date', title: t('money.column.date'), width: 96, render: (one) => one.date },
      {
        id: 'amount',
        title: t('money.column.amount'),
        width: 130,
        align: 'right',
        render: (one) => <Amount value={one.amount} currency={one.account.currency} />,
      },
      {
        id: 'text',
        title: t('money.column.text'),
        render: (one) => [one.text, one.counterparty].filter(Boolean).join(' · '),
      },
      {
        id: 'suggestion',
        title: t('money.column.suggestion'),
        width: 108,
        render: (one) =>
          one.state === 'open' && one.suggestion !== undefined ? (
            <span className="money-suggestion">
              {one.suggestion.recordNumber === undefined
                ? t(`money.kindShort.${one.suggestion.kind}`)
                : t('money.entry.joinTo', { number: one.suggestion.recordNumber })}
              <span className="muted" title={t('money.entry.score', { score: one.suggestion.score })}>
                {one.suggestion.score}
              </span>
            </span>
          ) : one.record !== undefined ? (
            <Code>{one.record.number}</Code>
          ) : (
            <span className="muted">{one.reason}</span>
          ),
      },
    ];
    return isOneAccount ? rest : [...withAccount, ...rest];
  }, [t, isOneAccount]);
  return (
    <Page
      title={t('money.entry.title')}
      summary={
        <>
          {t('money.entry.summary', { n: formatCount(pages.total) })}
          {(pages.first?.totals ?? []).map((one) => (
            <span key={one.currency} className="money-flow">
              {t('money.entry.in')} <Amount value={one.in} currency={one.currency} /> {t('money.entry.out')}{' '}
              <Amount value={one.out} currency={one.currency} />
            </span>
          ))}
        </>
      }
      actions={
        <KeyButton
          kind="primary"
          label={t('money.importStatement')}
          keys="Ctrl+I"
          onPress={() => navigate('import', { kind: 'statement' })}
        />
      }
      filters={
        <>
          <MoneyTabs active="moneyEntries" />
          <Chips
            label={t('money.column.state')}
            value={shownState ?? 'all'}
            onChange={(value) => set({ state: value, id: '' })}
            chips={([...entryStates, 'all'] as const).map((value) => ({
              value,
              label: value === 'all' ? t('money.all') : t(`money.entryState.${value}`),
            }))}
          />
          <Chips
            label={t('money.column.account')}
            value={accountId === undefined ? 'all' : String(accountId)}
            onChange={(value) => set({ accountId: value === 'all' ? '' : value, id: '' })}
            chips={[
              { value: 'all', label: t('money.allAccounts') },
              ...accounts.rows
                .filter((account) => account.entries > 0)
                .map((account) => ({ value: String(account.id), label: account.name, count: account.openEntries })),
            ]}
          />
          <SearchInput
            value={text}
            onChange={(value) => set({ text: value, id: '' })}
            placeholder={t('money.entry.search')}
            keyLabel={t('money.searchKey')}
          />
          {date === undefined ? null : (
            <Button size="small" onClick={() => set({ date: '' })}>
              {t('money.ofDay', { date })} ×
            </Button>
          )}
        </>
      }
      notice={
        <ErrorNote
          error={record.error ?? ignore.error ?? reopen.error}
          onClose={() => {
            record.clear();
            ignore.clear();
            reopen.clear();
          }}
        />
      }
    >
      <Split
        list={
          <DataTable
            label={t('money.entry.title')}
            pages={pages}
            rowKey={(one) => one.id}
            columns={columns}
            autoFocus
            activeKey={id}
            onActivate={(one) => {
              setSaid(nothingSaid);
              set({ id: one.id });
            }}
            onOpen={(one) => void take(one)}
            selectedKeys={selected}
            onSelect={setSelected}
            rowTone={(one) => (one.state === 'ignored' ? 'muted' : undefined)}
            empty={
              <EmptyState
                title={t(shownState === 'open' ? 'money.entry.none' : 'money.entry.empty')}
                hint={t('money.entry.emptyHint')}
                actions={
                  <Button onClick={() => navigate('import', { kind: 'statement' })}>
                    {t('money.importStatement')}
                  </Button>
                }
              />
            }
          />
        }
        detail={
          row === undefined ? (
            <DetailPlaceholder text={t('money.entry.choose')} />
          ) : (
            <DetailPane
              title={`${row.date} ${row.time}`.trim()}
              tags={<ToneTag tone={stateTones[row.state]} label={t(`money.entryState.${row.state}`)} />}
              foot={
                isOpen ? (
                  <>
                    <span className="muted">{t('money.entry.enterHint')}</span>
                    <span className="spacer" />
                    <KeyButton
                      kind="primary"
                      label={t('money.entry.take')}
                      keys="Enter"
                      isBusy={isBusy}
                      onPress={() => void take(row)}
                    />
                  </>
                ) : (
                  <>
                    {row.record === undefined ? null : (
                      <Button onClick={() => navigate('money', { at: row.record?.id ?? 0 })}>
                        {row.record.number}
                      </Button>
                    )}
                    <span className="spacer" />
                    <KeyButton
                      label={t('money.entry.reopen')}
                      keys="F6"
                      isBusy={isBusy}
                      onPress={() => void reopenThem()}
                    />
                  </>
                )
              }
            >
              <Facts
                rows={[
                  [t('money.column.account'), row.account.name],
                  [
                    t('money.column.amount'),
                    <Amount key="amount" value={row.amount} currency={row.account.currency} />,
                  ],
                  [
                    t('money.column.balance'),
                    <Amount key="balance" value={row.balance} currency={row.account.currency} />,
                  ],
                  [t('money.field.fee'), <Amount key="fee" value={row.fee} currency={row.account.currency} />],
                  [
                    t('money.column.counterparty'),
                    [row.counterparty, row.counterpartyAccount].filter(Boolean).join(' · ') || '–',
                  ],
                  [t('money.field.reference'), <Code key="reference">{row.reference}</Code>],
                  [t('money.column.text'), row.text || '–'],
                ]}
              />
              {isOpen ? (
                <>
                  {row.suggestion === undefined ? null : (
                    <DetailSection title={t('money.column.suggestion')}>
                      <p data-testid="entry-suggestion">
                        {t(`money.kindShort.${row.suggestion.kind}`)}
                        {row.suggestion.pairAccount === undefined
                          ? null
                          : ` · ${t('money.entry.pair', { account: row.suggestion.pairAccount, amount: row.suggestion.pairAmount })}`}
                        {row.suggestion.otherAccount === undefined
                          ? null
                          : ` · ${t('money.entry.other', { account: row.suggestion.otherAccount })}`}
                        {row.suggestion.recordNumber === undefined ? null : ` · ${row.suggestion.recordNumber}`}
                        {row.suggestion.refundsNumber === undefined ? null : ` · ${row.suggestion.refundsNumber}`}
                        {' · '}
                        {row.suggestion.reasons.map((one) => t(`money.reason.${one}`)).join(t('money.comma'))}
                      </p>
                    </DetailSection>
                  )}
                  <DetailSection title={t('money.entry.otherwise')}>
                    <div className="money-kinds">
                      {kinds.map((kind, index) => (
                        <Button key={kind} size="small" onClick={() => void take(row, kind)} disabled={isBusy}>
                          {t(`money.kind.${kind}`)} <KeyHint keys={String(index + 1)} />
                        </Button>
                      ))}
                    </div>
                  </DetailSection>
                  <DetailSection title={t('money.entry.besides')}>
                    <div className="purchase-form">
                      <Field id="entry-country" label={t('money.field.counterpartyCountry')}>
                        <CountryBox
                          id="entry-country"
                          value={said.country}
                          onChange={(country) => setSaid({ ...said, country })}
                        />
                      </Field>
                      <Field id="entry-advance" label="">
                        <Checkbox
                          id="entry-advance"
                          checked={said.isAdvance}
                          onChange={(event) => setSaid({ ...said, isAdvance: event.target.checked })}
                        >
                          {t('money.choice.nature.advance')}
                        </Checkbox>
                      </Field>
                      {row.suggestion?.pairId !== undefined ? null : (
                        <>
                          <Field
                            id="entry-toAccount"
                            label={t(
                              row.amount.startsWith('-') ? 'money.field.toAccountId' : 'money.entry.fromAccount',
                            )}
                            hint={t('money.entry.toHint')}
                          >
                            <AccountBox
                              id="entry-toAccount"
                              accounts={accounts}
                              value={said.toAccountId}
                              onChange={(toAccountId) => setSaid({ ...said, toAccountId })}
                            />
                          </Field>
                          <Field
                            id="entry-toAmount"
                            label={t(row.amount.startsWith('-') ? 'money.field.toAmount' : 'money.entry.fromAmount')}
                          >
                            <NumericInput
                              id="entry-toAmount"
                              decimals={4}
                              value={said.toAmount}
                              onChange={(toAmount) => setSaid({ ...said, toAmount })}
                            />
                          </Field>
                        </>
                      )}
                    </div>
                  </DetailSection>
                  <DetailSection title={t('money.entry.ignore')}>
                    <div className="money-void money-reason">
                      <Input
                        aria-label={t('money.entry.reason')}
                        placeholder={
                          ids.length > 1 ? t('money.entry.reasonOf', { n: ids.length }) : t('money.entry.reason')
                        }
                        value={reason}
                        maxLength={200}
                        onChange={(event) => setReason(event.target.value)}
                        onKeyDown={(event) => {
                          if (event.key === 'Enter' && !isComposing(event)) void ignoreThem();
                        }}
                      />
                      <Button disabled={reason.trim() === '' || isBusy} onClick={() => void ignoreThem()}>
                        {t('money.entry.ignore')}
                      </Button>
                    </div>
                  </DetailSection>
                </>
              ) : row.reason === '' ? null : (
                <p className="muted">{t('money.entry.ignoredFor', { reason: row.reason })}</p>
              )}
            </DetailPane>
          )
        }
      />
    </Page>
  );
}
