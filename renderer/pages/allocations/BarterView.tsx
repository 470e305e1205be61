/** 对销贸易（易货）: contracts of goods against goods, what they settle in kind, what remains in money, and what has to be asked. */
import { Button, Input, Select } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { useKeys } from '../../app/keys.ts';
import { Amount, Code } from '../../components/Amount.tsx';
import type { Column } from '../../components/DataTable.tsx';
import { DateInput } from '../../components/DateInput.tsx';
import { DetailPane, DetailPlaceholder, DetailSection, focusDetail, focusList } from '../../components/DetailPane.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { Field } from '../../components/Field.tsx';
import { RestoredNote, useFormDraft } from '../../components/form-draft.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { ListWithForm } from '../../components/ListWithForm.tsx';
import { NumericInput } from '../../components/NumericInput.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { useEnterNavigation } from '../../components/use-enter-navigation.ts';
import { useCommand, useQuery } from '../../core-client.ts';
import { formatAmount, localDate } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import { useFile } from '../risk/use-file.tsx';
import { openTarget } from './targets.tsx';

type Barter = OutputOf<'barter.list'>['rows'][number];
type Chosen = { readonly id: number } | 'new';

const fields = [
  ...(['counterparty', 'country', 'signedOn', 'outContract', 'outCurrency', 'outAmount'] as const),
  ...(['inContract', 'inCurrency', 'inAmount', 'inOn', 'inDeclaration', 'note'] as const),
] as const;
type Draft = Readonly<Record<(typeof fields)[number], string>>;
const optional: ReadonlySet<string> = new Set(['country', 'inOn', 'inDeclaration', 'note']);
const forms: Partial<Record<keyof Draft, RegExp>> = {
  country: /^([A-Z]{2})?$/,
  outCurrency: /^[A-Z]{3}$/,
  inCurrency: /^[A-Z]{3}$/,
  signedOn: /^\d{4}-\d{2}-\d{2}$/,
  inOn: /^(\d{4}-\d{2}-\d{2})?$/,
};
const cashTones = { none: 'accepted', receive: 'waiting', pay: 'waiting', unknown: 'action' } as const;

export function BarterView() {
  const { t } = useTranslation();
  const list = useQuery('barter.list', {}, { areas: ['money', 'matching', 'orders'] });
  const file = useFile('barter.export');
  const [chosen, setChosen] = useState<Chosen>();
  const rows = list.data?.rows;
  const barter = typeof chosen === 'object' ? rows?.find(({ id }) => id === chosen.id) : undefined;
  const add = (): void => {
    setChosen('new');
    focusDetail('#barter-counterparty');
  };
  const write = (): void => void file.write(t('barter.report'), {});
  useKeys([
    { key: 'Ctrl+N', label: t('barter.add'), run: add, isMain: true },
    { key: 'Enter', label: t('barter.look'), isMain: true },
    { key: 'Ctrl+E', label: t('barter.export'), run: write },
    { key: 'Esc', label: t('common.close'), run: () => focusList() || setChosen(undefined) },
  ]);
  const columns: readonly Column<Barter>[] = [
    { id: 'number', title: t('barter.number'), width: 140, render: (row) => <Code>{row.number}</Code> },
    { id: 'counterparty', title: t('barter.counterparty'), render: (row) => row.counterparty },
    {
      id: 'out',
      title: t('barter.outAmount'),
      width: 130,
      align: 'right',
      render: (row) => <Amount value={row.outAmount} currency={row.outCurrency} />,
    },
    {
      id: 'in',
      title: t('barter.inAmount'),
      width: 130,
      align: 'right',
      render: (row) => <Amount value={row.inAmount} currency={row.inCurrency} />,
    },
    {
      id: 'cash',
      title: t('barter.cash'),
      width: 120,
      render: (row) =>
        row.state === 'void' ? (
          <ToneTag tone="draft" label={t('barter.void')} />
        ) : (
          <ToneTag tone={cashTones[row.cash.side]} label={t(`barter.side.${row.cash.side}`)} />
        ),
    },
  ];
  return (
    <div className="barter-view">
      <p className="barter-actions">
        <KeyButton label={t('barter.export')} keys="Ctrl+E" isBusy={file.isRunning} onPress={write} />
        <KeyButton kind="primary" label={t('barter.add')} keys="Ctrl+N" onPress={add} />
      </p>
      {file.notice}
      <ListWithForm
        label={t('barter.title')}
        rows={rows}
        error={list.error}
        onReload={list.reload}
        columns={columns}
        activeId={barter?.id}
        isOver={(row) => row.state === 'void'}
        onChoose={(id) => setChosen({ id })}
        formField="#barter-counterparty"
        empty={{ title: t('barter.empty'), hint: t('barter.emptyHint'), add: t('barter.add') }}
        onAdd={add}
        detail={
          chosen === undefined || (chosen !== 'new' && barter === undefined) ? (
            <DetailPlaceholder text={t('barter.choose')} />
          ) : (
            <BarterForm
              key={barter?.id ?? 'new'}
              barter={barter}
              onSaved={(id) => {
                setChosen({ id });
                list.reload();
              }}
            />
          )
        }
      />
    </div>
  );
}

const draftOf = (barter: Barter | undefined): Draft => ({
  counterparty: barter?.counterparty ?? '',
  country: barter?.country ?? '',
  signedOn: barter?.signedOn ?? localDate(),
  outContract: barter?.outContract ?? '',
  outCurrency: barter?.outCurrency ?? 'USD',
  outAmount: barter?.outAmount ?? '',
  inContract: barter?.inContract ?? '',
  inCurrency: barter?.inCurrency ?? 'USD',
  inAmount: barter?.inAmount ?? '',
  inOn: barter?.inOn ?? '',
  inDeclaration: barter?.inDeclaration ?? '',
  note: barter?.note ?? '',
});

function BarterForm({
  barter,
  onSaved,
}: {
  readonly barter: Barter | undefined;
  readonly onSaved: (id: number) => void;
}) {
  const { t } = useTranslation();
  const form = useFormDraft<Draft>(`barter ${barter?.id ?? 'new'}`, draftOf(barter), JSON.stringify(draftOf(barter)));
  const { value: draft, change } = form;
  const [isTried, setTried] = useState(false);
  const save = useCommand('barter.save');
  const isVoid = barter?.state === 'void';
  const wrong = (name: keyof Draft): string | undefined => {
    const value = draft[name].trim();
    if (value === '' && !optional.has(name)) return t('barter.needed');
    return forms[name]?.test(value) === false ? t(`barter.form.${name}`) : undefined;
  };
  const submit = async (): Promise<void> => {
    if (isVoid) return;
    setTried(true);
    const first = fields.find((name) => wrong(name) !== undefined);
    if (first !== undefined) {
      document.getElementById(`barter-${first}`)?.focus();
      return;
    }
    const done = await save.run({
      ...draft,
      inOn: draft.inOn === '' ? null : draft.inOn,
      ...(barter === undefined ? {} : { id: barter.id }),
    });
    if (done === undefined) return;
    form.done();
    notify(t('barter.saved', { number: done.number }));
    onSaved(done.id);
  };
  const onKeyDown = useEnterNavigation({ onSubmit: () => void submit() });
  useKeys([{ key: 'Ctrl+Enter', label: t('common.save'), run: () => void submit(), isMain: true }]);
  const field = (name: keyof Draft, input: ReactNode, isWide = false) => (
    <Field id={`barter-${name}`} label={t(`barter.${name}`)} isWide={isWide} error={isTried ? wrong(name) : undefined}>
      {input}
    </Field>
  );
  const text = (name: keyof Draft, most: number, isWide = false) =>
    field(
      name,
      <Input
        id={`barter-${name}`}
        maxLength={most}
        value={draft[name]}
        onChange={(event) => change({ [name]: event.target.value })}
      />,
      isWide,
    );
  const code = (name: 'country' | 'outCurrency' | 'inCurrency', length: number) =>
    field(
      name,
      <Input
        id={`barter-${name}`}
        className="code"
        maxLength={length}
        value={draft[name]}
        onChange={(event) => change({ [name]: event.target.value.toUpperCase() })}
      />,
    );
  const amount = (name: 'outAmount' | 'inAmount') =>
    field(
      name,
      <NumericInput
        id={`barter-${name}`}
        value={draft[name]}
        decimals={4}
        onChange={(value) => change({ [name]: value })}
      />,
    );
  const day = (name: 'signedOn' | 'inOn') =>
    field(
      name,
      <DateInput id={`barter-${name}`} value={draft[name]} onChange={(value) => change({ [name]: value })} />,
    );
  return (
    <DetailPane
      title={barter?.number ?? t('barter.add')}
      isCode={barter !== undefined}
      tags={isVoid ? <ToneTag tone="draft" label={t('barter.voided', { reason: barter.reason })} /> : undefined}
      foot={
        isVoid ? undefined : (
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
        )
      }
    >
      <RestoredNote draft={form} />
      <ErrorNote error={save.error} isInline />
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the keys belong to the inputs inside */}
      <div className="panel-pad card-form" onKeyDown={onKeyDown}>
        {text('counterparty', 200, true)}
        {code('country', 2)}
        {day('signedOn')}
        {text('outContract', 60)}
        {code('outCurrency', 3)}
        {amount('outAmount')}
        {text('inContract', 60)}
        {code('inCurrency', 3)}
        {amount('inAmount')}
        {day('inOn')}
        {text('inDeclaration', 40)}
        {text('note', 500, true)}
      </div>
      {barter === undefined ? null : <Settled barter={barter} />}
    </DetailPane>
  );
}

/** What is settled in kind, and what that leaves open: in money, and with authorities. */
function Settled({ barter }: { readonly barter: Barter }) {
  const { t } = useTranslation();
  const settle = useCommand('barter.settle');
  const release = useCommand('barter.release');
  const [kind, setKind] = useState<'order' | 'declaration'>('order');
  const [no, setNo] = useState('');
  const [amount, setAmount] = useState('');
  const isVoid = barter.state === 'void';
  const shown = (value: string): string => `${barter.outCurrency} ${formatAmount(value)}`;
  const add = async (): Promise<void> => {
    if ((await settle.run({ id: barter.id, kind, no: no.trim(), amount })) === undefined) return;
    notify(t('barter.settledNow', { no: no.trim(), amount: shown(amount) }));
    setNo('');
    setAmount('');
  };
  return (
    <>
      <DetailSection title={t('barter.targets')}>
        <p className="panel-pad">
          {t('barter.sum', { settled: shown(barter.settled), left: shown(barter.left) })}{' '}
          {isVoid ? null : (
            <ToneTag
              tone={cashTones[barter.cash.side]}
              label={t(`barter.cashOf.${barter.cash.side}`, {
                amount: barter.cash.amount === '' ? '' : shown(barter.cash.amount),
              })}
            />
          )}
        </p>
        <ErrorNote error={release.error} isInline />
        <ul className="detail-list">
          {barter.targets.map((one) => (
            <li key={one.id}>
              <button type="button" className="link" onClick={() => openTarget(one.kind, one.orderId, one.no)}>
                {t(`allocations.kind.${one.kind}`)} {one.no}
              </button>
              <Amount value={one.amount} currency={one.currency} />
              <span className="muted">
                {t('barter.stillOpen', { open: `${one.currency} ${formatAmount(one.open)}` })}
              </span>
              <Button size="small" type="text" onClick={() => void release.run({ targetId: one.id })}>
                {t('barter.release')}
              </Button>
            </li>
          ))}
        </ul>
        {isVoid ? null : (
          <form
            className="panel-pad card-form"
            onSubmit={(event) => {
              event.preventDefault();
              void add();
            }}
          >
            <Field id="barter-kind" label={t('allocations.column.kind')}>
              <Select
                id="barter-kind"
                value={kind}
                onChange={setKind}
                options={(['order', 'declaration'] as const).map((value) => ({
                  value,
                  label: t(`allocations.kind.${value}`),
                }))}
              />
            </Field>
            <Field id="barter-no" label={t('allocations.column.no')}>
              <Input id="barter-no" maxLength={64} value={no} onChange={(event) => setNo(event.target.value)} />
            </Field>
            <Field id="barter-amount" label={t('barter.amount', { currency: barter.outCurrency })}>
              <NumericInput id="barter-amount" value={amount} decimals={4} onChange={setAmount} />
            </Field>
            <ErrorNote error={settle.error} isInline />
            <div className="card-actions">
              <Button htmlType="submit" disabled={no.trim() === '' || amount === ''} loading={settle.isRunning}>
                {t('barter.settle')}
              </Button>
            </div>
          </form>
        )}
      </DetailSection>
      {barter.advice.length === 0 ? null : (
        <DetailSection title={t('barter.advice')}>
          <ul className="plain-list panel-pad">
            {barter.advice.map((code) => (
              <li key={code}>{t(`barter.ask.${code}`)}</li>
            ))}
          </ul>
        </DetailSection>
      )}
      {isVoid ? null : <VoidForm id={barter.id} />}
    </>
  );
}

function VoidForm({ id }: { readonly id: number }) {
  const { t } = useTranslation();
  const take = useCommand('barter.void');
  const [reason, setReason] = useState('');
  const run = async (): Promise<void> => {
    if ((await take.run({ id, reason })) !== undefined) notify(t('barter.voidedNow'));
  };
  return (
    <DetailSection title={t('barter.voidTitle')}>
      <form
        className="panel-pad card-form"
        onSubmit={(event) => {
          event.preventDefault();
          void run();
        }}
      >
        <Field id="barter-reason" label={t('barter.reason')} isWide>
          <Input
            id="barter-reason"
            maxLength={300}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
        </Field>
        <ErrorNote error={take.error} isInline />
        <div className="card-actions">
          <Button danger htmlType="submit" disabled={reason.trim().length < 2} loading={take.isRunning}>
            {t('barter.voidNow')}
          </Button>
        </div>
      </form>
    </DetailSection>
  );
}
