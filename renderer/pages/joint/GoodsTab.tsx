/** 货物: whose goods, how heavy, how many cartons, worth what. Saving a line goes on to the next, so that values are typed in one run. */
import { Input } from 'antd';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { gramsOf, kilogramText } from '../../../shared/lots/mass.ts';
import { useKeys } from '../../app/keys.ts';
import { Code } from '../../components/Amount.tsx';
import { amountColumn, countColumn } from '../../components/columns.tsx';
import { type Column, DataTable, plainPages } from '../../components/DataTable.tsx';
import { DetailPlaceholder, focusDetail } from '../../components/DetailPane.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { Field } from '../../components/Field.tsx';
import { RestoredNote, useFormDraft } from '../../components/form-draft.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { isNumberText, NumericInput } from '../../components/NumericInput.tsx';
import { Split } from '../../components/Page.tsx';
import { useCommand, useQuery } from '../../core-client.ts';
import { kg, type NamedParty, PartyBox, useParty } from '../trace/parts.tsx';
import { LineForm } from './LineForm.tsx';

type Joint = OutputOf<'joint.get'>;
type Row = OutputOf<'joint.goods'>['rows'][number];

export function GoodsTab({ joint }: { readonly joint: Joint }) {
  const { t } = useTranslation();
  const got = useQuery('joint.goods', { id: joint.id }, { areas: ['lots'] });
  const rows = got.data?.rows;
  const [chosen, setChosen] = useState<number | 'new'>();
  /** New lines entered in a row are a form each. */
  const [turn, setTurn] = useState(0);
  const active = chosen === 'new' ? undefined : (rows?.find(({ id }) => id === chosen) ?? rows?.[0]);
  const add = (): void => {
    setChosen('new');
    setTurn((before) => before + 1);
    focusDetail('#goods-party');
  };
  useKeys([
    { key: 'Ctrl+N', label: t('joint.goods.add'), run: add, isMain: true },
    { key: 'Enter', label: t('common.edit'), isMain: true },
  ]);
  const columns = useMemo(
    (): readonly Column<Row>[] => [
      {
        id: 'party',
        title: t('joint.member'),
        render: (row) => (row.party === '' ? <span className="tone-action">{t('joint.noMember')}</span> : row.party),
      },
      { id: 'goods', title: t('joint.goods.name'), render: (row) => row.goods },
      { id: 'lot', title: t('joint.goods.lot'), width: 130, render: (row) => <Code>{row.lot}</Code> },
      { id: 'mass', title: t('joint.massKg'), width: 76, align: 'right', render: (row) => kg(row.massG) },
      countColumn('cartons', t('joint.cartons'), 72, (row) => row.cartons),
      amountColumn('value', t('joint.goods.value'), 92, (row) => row.value),
      amountColumn('sold', t('joint.goods.sold'), 92, (row) => row.sold),
    ],
    [t],
  );
  return (
    <Split
      ratio="list"
      list={
        <DataTable
          label={t('joint.tab.goods')}
          autoFocus
          pages={plainPages(rows, got.error, got.reload)}
          columns={columns}
          rowKey={(row) => row.id}
          activeKey={active?.id}
          rowTone={(row) => (row.party === '' ? 'action' : undefined)}
          onActivate={({ id }) => setChosen(id)}
          onOpen={({ id, party }) => {
            setChosen(id);
            focusDetail(party === '' ? '#goods-party' : '#goods-value');
          }}
          empty={
            <EmptyState
              title={t('joint.goods.empty')}
              hint={t('joint.goods.emptyHint')}
              actions={<KeyButton label={t('joint.goods.add')} keys="Ctrl+N" onPress={add} />}
            />
          }
        />
      }
      detail={
        chosen !== 'new' && active === undefined ? (
          <DetailPlaceholder text={t('joint.goods.choose')} />
        ) : (
          <GoodsForm
            // Read again, a line is another: an open form must not write back what the source has changed.
            key={active === undefined ? `new ${turn}` : `${active.id} ${active.massG} ${active.cartons}`}
            jointId={joint.id}
            row={active}
            onAdd={add}
            onSaved={(saved) => {
              const next = rows?.[rows.findIndex(({ id }) => id === saved) + 1];
              if (active === undefined) add();
              else if (next === undefined) document.querySelector<HTMLElement>('.split-list [role=grid]')?.focus();
              else {
                setChosen(next.id);
                focusDetail(next.party === '' ? '#goods-party' : '#goods-value');
              }
            }}
            onGone={() => setChosen(undefined)}
          />
        )
      }
    />
  );
}

function GoodsForm({
  jointId,
  row,
  onAdd,
  onSaved,
  onGone,
}: {
  readonly jointId: number;
  readonly row: Row | undefined;
  readonly onAdd: () => void;
  readonly onSaved: (id: number) => void;
  readonly onGone: () => void;
}) {
  const { t } = useTranslation();
  const save = useCommand('joint.saveGoods');
  const remove = useCommand('joint.removeGoods');
  const party = useParty('supplier');
  const form = useFormDraft(
    `joint goods ${jointId} ${row?.id ?? 'new'}`,
    {
      // `null`, as a member that was taken out again has to be kept too.
      party: (row?.partyId === undefined ? null : { id: row.partyId, name: row.party }) as NamedParty | null,
      goods: row?.goods ?? '',
      place: row?.place ?? '',
      mass: row === undefined ? '' : kilogramText(row.massG),
      cartons: row === undefined ? '' : String(row.cartons),
      value: row === undefined || Number(row.value) === 0 ? '' : row.value,
      sold: row === undefined || Number(row.sold) === 0 ? '' : row.sold,
    },
    JSON.stringify(row ?? null),
  );
  const { value: draft, change } = form;
  const [isTried, setTried] = useState(false);
  const massG = gramsOf(draft.mass);
  const isCount = /^\d{1,7}$/.test(draft.cartons);
  const isWrong =
    draft.goods.trim() === '' ||
    massG === undefined ||
    !isCount ||
    !isNumberText(draft.value, 2, false) ||
    !isNumberText(draft.sold, 2, false);
  const submit = async (): Promise<void> => {
    setTried(true);
    if (isWrong || massG === undefined) return;
    const settled = await party.settle(draft.party ?? undefined);
    if (settled === undefined) return;
    const done = await save.run({
      ...(row === undefined ? {} : { id: row.id }),
      ...settled,
      jointId,
      goods: draft.goods,
      place: draft.place,
      massG,
      cartons: Number(draft.cartons),
      value: draft.value === '' ? '0' : draft.value,
      sold: draft.sold === '' ? '0' : draft.sold,
    });
    if (done === undefined) return;
    form.done();
    onSaved(done.id);
  };
  const error = (isOk: boolean): string | undefined => (isTried && !isOk ? t('joint.needed') : undefined);
  return (
    <LineForm
      title={row?.goods ?? t('joint.goods.add')}
      isNew={row === undefined}
      addLabel={t('joint.goods.add')}
      removeAsk={t('joint.goods.removeAsk')}
      note={<RestoredNote draft={form} />}
      error={party.error ?? save.error ?? remove.error}
      isBusy={save.isRunning}
      onAdd={onAdd}
      onSave={submit}
      onRemove={async () => {
        if (row === undefined || (await remove.run({ id: row.id })) === undefined) return;
        form.done();
        onGone();
      }}
    >
      {row?.isTaken === true ? <p className="muted">{t('joint.goods.isTaken')}</p> : null}
      <div className="form-grid">
        <Field id="goods-party" label={t('joint.member')} hint={t('joint.goods.memberHint')}>
          <PartyBox
            id="goods-party"
            value={draft.party ?? undefined}
            onChange={(value) => change({ party: value ?? null })}
          />
        </Field>
        <Field id="goods-goods" label={t('joint.goods.name')} isRequired error={error(draft.goods.trim() !== '')}>
          <Input
            id="goods-goods"
            value={draft.goods}
            maxLength={100}
            onChange={(event) => change({ goods: event.target.value })}
          />
        </Field>
        <Field id="goods-mass" label={t('joint.mass')} isRequired error={error(massG !== undefined)}>
          <NumericInput
            id="goods-mass"
            decimals={3}
            unit={t('trace.kg')}
            value={draft.mass}
            onChange={(mass) => change({ mass })}
          />
        </Field>
        <Field id="goods-cartons" label={t('joint.cartons')} isRequired error={error(isCount)}>
          <NumericInput
            id="goods-cartons"
            decimals={0}
            value={draft.cartons}
            onChange={(cartons) => change({ cartons })}
          />
        </Field>
        <Field id="goods-value" label={t('joint.goods.value')} hint={t('joint.goods.valueHint')}>
          <NumericInput
            id="goods-value"
            decimals={2}
            unit="CNY"
            value={draft.value}
            onChange={(value) => change({ value })}
          />
        </Field>
        <Field id="goods-sold" label={t('joint.goods.sold')} hint={t('joint.goods.soldHint')}>
          <NumericInput
            id="goods-sold"
            decimals={2}
            unit="CNY"
            value={draft.sold}
            onChange={(sold) => change({ sold })}
          />
        </Field>
        <Field id="goods-place" label={t('joint.goods.place')} isWide>
          <Input
            id="goods-place"
            value={draft.place}
            maxLength={100}
            onChange={(event) => change({ place: event.target.value })}
          />
        </Field>
      </div>
    </LineForm>
  );
}
