/** 费用与收入: each with its kind and the key it is shared by. */
import { Input, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { amountSides, costKinds, proceedsKinds } from '../../../shared/contract/joint.ts';
import { type ShareBasis, shareBases } from '../../../shared/joint/shares.ts';
import { useKeys } from '../../app/keys.ts';
import { amountColumn } from '../../components/columns.tsx';
import type { Column } from '../../components/DataTable.tsx';
import { DetailPlaceholder, focusDetail } from '../../components/DetailPane.tsx';
import { Field } from '../../components/Field.tsx';
import { RestoredNote, useFormDraft } from '../../components/form-draft.tsx';
import { ListWithForm } from '../../components/ListWithForm.tsx';
import { isNumberText, NumericInput } from '../../components/NumericInput.tsx';
import { useCommand, useQuery } from '../../core-client.ts';
import { formatAmount } from '../../i18n/format.ts';
import { LineForm } from './LineForm.tsx';

type Joint = OutputOf<'joint.get'>;
type Row = Joint['amounts'][number];
type Side = (typeof amountSides)[number];

const kindsOf: Readonly<Record<Side, readonly Row['kind'][]>> = { cost: costKinds, proceeds: proceedsKinds };
/** The key most agreements take: what is carried by weight, what is earned by what each one's goods brought. */
const usualKey: Readonly<Record<Side, ShareBasis>> = { cost: 'weight', proceeds: 'sold' };

export function AmountsTab({ joint }: { readonly joint: Joint }) {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState<number | 'new'>();
  const [turn, setTurn] = useState(0);
  const rows = joint.amounts;
  const active = chosen === 'new' ? undefined : (rows.find(({ id }) => id === chosen) ?? rows[0]);
  const add = (): void => {
    setChosen('new');
    setTurn((before) => before + 1);
    focusDetail('#amount-amount');
  };
  useKeys([{ key: 'Ctrl+N', label: t('joint.amount.add'), run: add, isMain: true }]);
  const columns: readonly Column<Row>[] = [
    { id: 'side', title: t('joint.amount.side'), width: 80, render: (row) => t(`joint.side.${row.side}`) },
    {
      id: 'kind',
      title: t('joint.amount.kind'),
      render: (row) => [t(`joint.kind.${row.kind}`), row.record, row.note].filter(Boolean).join(' '),
    },
    { id: 'by', title: t('joint.amount.by'), width: 120, render: (row) => row.party ?? t(`joint.by.${row.by}`) },
    amountColumn('amount', t('joint.amount.amount'), 130, (row) => row.amount),
  ];
  return (
    <ListWithForm
      label={t('joint.tab.amounts')}
      rows={rows}
      error={undefined}
      onReload={() => undefined}
      columns={columns}
      activeId={active?.id}
      isOver={() => false}
      onChoose={setChosen}
      formField="#amount-amount"
      empty={{ title: t('joint.amount.empty'), hint: t('joint.amount.emptyHint'), add: t('joint.amount.add') }}
      onAdd={add}
      detail={
        chosen !== 'new' && active === undefined ? (
          <DetailPlaceholder text={t('joint.amount.choose')} />
        ) : (
          <AmountForm
            key={active?.id ?? `new ${turn}`}
            joint={joint}
            row={active}
            onAdd={add}
            onSaved={(id) => setChosen(id)}
            onGone={() => setChosen(undefined)}
          />
        )
      }
    />
  );
}

type Receipt = OutputOf<'joint.receipts'>['rows'][number];
/** Stands for no receipt in the choice of receipts: the amount is typed. */
const TYPED = 0;
const receiptText = ({ date, payer, currency, amount, cny }: Receipt): string =>
  [
    date,
    payer,
    `${currency} ${formatAmount(amount, 2)}`,
    cny === undefined || currency === 'CNY' ? '' : `CNY ${formatAmount(cny, 2)}`,
  ]
    .filter((one) => one !== '')
    .join(' · ');
/** Stands for no member in the choice of members. */
const SHARED = 0;

function AmountForm({
  joint,
  row,
  onAdd,
  onSaved,
  onGone,
}: {
  readonly joint: Joint;
  readonly row: Row | undefined;
  readonly onAdd: () => void;
  readonly onSaved: (id: number) => void;
  readonly onGone: () => void;
}) {
  const { t } = useTranslation();
  const save = useCommand('joint.saveAmount');
  const remove = useCommand('joint.removeAmount');
  const { id: jointId, balances } = joint;
  const receipts = useQuery('joint.receipts', { id: jointId }, { areas: ['lots', 'money'] });
  const form = useFormDraft<Pick<Row, 'side' | 'kind' | 'by' | 'amount' | 'note' | 'partyId' | 'recordId'>>(
    `joint amount ${jointId} ${row?.id ?? 'new'}`,
    {
      side: row?.side ?? 'cost',
      kind: row?.kind ?? 'freight',
      by: row?.by ?? 'weight',
      amount: row?.amount ?? '',
      note: row?.note ?? '',
      partyId: row?.partyId,
      recordId: row?.recordId,
    },
    JSON.stringify(row ?? null),
  );
  const { side, kind, by, amount, note, partyId, recordId } = form.value;
  const { change } = form;
  const offered = receipts.data?.rows ?? [];
  const taken = offered.find((one) => one.recordId === recordId);
  const [isTried, setTried] = useState(false);
  const isWrong = amount === '' || !isNumberText(amount, 2, false);
  const submit = async (): Promise<void> => {
    setTried(true);
    if (isWrong) return;
    const done = await save.run({
      ...(row === undefined ? {} : { id: row.id }),
      jointId,
      ...form.value,
    });
    if (done === undefined) return;
    form.done();
    onSaved(done.id);
    document.querySelector<HTMLElement>('.split-list [role=grid]')?.focus();
  };
  return (
    <LineForm
      title={row === undefined ? t('joint.amount.add') : t(`joint.kind.${row.kind}`)}
      isNew={row === undefined}
      addLabel={t('joint.amount.add')}
      removeAsk={t('joint.amount.removeAsk')}
      note={<RestoredNote draft={form} />}
      error={save.error ?? remove.error}
      isBusy={save.isRunning}
      onAdd={onAdd}
      onSave={submit}
      onRemove={async () => {
        if (row === undefined || (await remove.run({ id: row.id })) === undefined) return;
        form.done();
        onGone();
      }}
    >
      <div className="form-grid">
        <Field
          id="amount-amount"
          label={t('joint.amount.amount')}
          isRequired
          error={isTried && isWrong ? t('joint.needed') : undefined}
        >
          <NumericInput
            id="amount-amount"
            decimals={2}
            unit="CNY"
            value={amount}
            onChange={(value) => change({ amount: value })}
          />
        </Field>
        <Field id="amount-side" label={t('joint.amount.side')}>
          <Select
            id="amount-side"
            value={side}
            options={amountSides.map((value) => ({ value, label: t(`joint.side.${value}`) }))}
            onChange={(next) => change({ side: next, kind: kindsOf[next][0] ?? 'other', by: usualKey[next] })}
          />
        </Field>
        <Field id="amount-kind" label={t('joint.amount.kind')}>
          <Select
            id="amount-kind"
            value={kind}
            options={kindsOf[side].map((value) => ({ value, label: t(`joint.kind.${value}`) }))}
            onChange={(value) => change({ kind: value })}
          />
        </Field>
        {side === 'proceeds' && offered.length > 0 ? (
          <Field
            id="amount-record"
            label={t('joint.amount.receipt')}
            hint={taken === undefined ? t('joint.amount.receiptHint') : receiptText(taken)}
            isWide
          >
            <Select<number>
              id="amount-record"
              value={recordId ?? TYPED}
              options={[
                { value: TYPED, label: t('joint.amount.typed') },
                ...offered
                  .filter((one) => one.taken === undefined || one.recordId === row?.recordId)
                  .map((one) => ({ value: one.recordId, label: `${one.number} ${receiptText(one)}` })),
              ]}
              onChange={(value) => {
                const found = offered.find((one) => one.recordId === value);
                change({ recordId: found?.recordId });
                if (found?.cny !== undefined) change({ kind: 'sale', amount: found.cny });
              }}
            />
          </Field>
        ) : null}
        <Field id="amount-party" label={t('joint.amount.only')} hint={t('joint.amount.onlyHint')}>
          <Select<number>
            id="amount-party"
            value={partyId ?? SHARED}
            options={[
              { value: SHARED, label: t('joint.amount.shared') },
              ...balances.map((one) => ({ value: one.partyId, label: one.name })),
            ]}
            onChange={(value) => change({ partyId: value === SHARED ? undefined : value })}
          />
        </Field>
        <Field id="amount-by" label={t('joint.amount.by')} hint={t('joint.amount.byHint')}>
          <Select
            id="amount-by"
            disabled={partyId !== undefined}
            value={by}
            options={shareBases.map((value) => ({ value, label: t(`joint.by.${value}`) }))}
            onChange={(value) => change({ by: value })}
          />
        </Field>
        <Field id="amount-note" label={t('joint.note')} isWide>
          <Input
            id="amount-note"
            value={note}
            maxLength={100}
            onChange={(event) => change({ note: event.target.value })}
          />
        </Field>
      </div>
    </LineForm>
  );
}
