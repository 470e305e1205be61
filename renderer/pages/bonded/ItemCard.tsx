/** One record item: its figures, the next entry or exit, lists that are to draw on it, and every step with the running balance. */
import { Button, Input, Select } from 'antd';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { bondedEntries, bondedExits, bondedPapers } from '../../../shared/contract/bonded.ts';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { navigate } from '../../app/route-store.ts';
import { Code } from '../../components/Amount.tsx';
import { useCodeNames } from '../../components/code-names.ts';
import { type Column, DataTable } from '../../components/DataTable.tsx';
import { DateInput } from '../../components/DateInput.tsx';
import { DetailPlaceholder, DetailSection } from '../../components/DetailPane.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { Field } from '../../components/Field.tsx';
import { FormPane } from '../../components/FormPane.tsx';
import { RestoredNote, useFormDraft } from '../../components/form-draft.tsx';
import { NumericInput } from '../../components/NumericInput.tsx';
import { Facts } from '../../components/Page.tsx';
import { StateTag, ToneTag } from '../../components/StateTag.tsx';
import { type RowOf, useCommand, usePages, useQuery } from '../../core-client.ts';
import { formatAmount, localDate } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import { useFieldErrors } from '../money/field-errors.ts';
import '../purchases/purchases.css';
import { ItemForm } from './ItemForm.tsx';

type Item = OutputOf<'bonded.item'>;
type Step = RowOf<'bonded.history'>;
const areas = ['documents', 'imports', 'tax'] as const;
const kinds = [...bondedEntries, ...bondedExits] as const;

export function ItemCard({ id, onClose }: { readonly id: number; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const { data, error, reload } = useQuery('bonded.item', { id }, { areas: [...areas] });
  const [isEdited, setEdited] = useState(false);
  if (data === undefined)
    return error === undefined ? (
      <DetailPlaceholder text={t('bonded.choose')} />
    ) : (
      <ErrorNote error={error} onRetry={reload} />
    );
  const leave = (): void => setEdited(false);
  return isEdited ? (
    <ItemForm bookId={data.bookId} item={data} onSaved={leave} onClose={leave} />
  ) : (
    <Moves item={data} onEdit={() => setEdited(true)} onClose={onClose} />
  );
}

function Moves({
  item,
  onEdit,
  onClose,
}: {
  readonly item: Item;
  readonly onEdit: () => void;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const unit = useCodeNames('unit', [item.unit])(item.unit) ?? item.unit;
  const form = useFormDraft(`bonded move ${item.id}`, {
    kind: 'domestic' as (typeof kinds)[number],
    on: localDate(),
    paperKind: 'checklist' as (typeof bondedPapers)[number],
    paperNo: '',
    paperLine: '1',
    qty: '',
    note: '',
  });
  const { value: draft, change } = form;
  const save = useCommand('bonded.move');
  const refused = useFieldErrors(save.error);
  const submit = async (): Promise<void> => {
    const done = await save.run({ ...draft, itemId: item.id, paperLine: Number(draft.paperLine) });
    if (done === undefined) return;
    notify(t('bonded.moved', { no: draft.paperNo, free: formatAmount(done.free) }));
    change({ paperNo: '', paperLine: '1', qty: '', note: '' });
    // Last: what stands in the form from now on is not a draft.
    form.done();
  };
  const figure = (name: 'entered' | 'left' | 'listed' | 'balance' | 'proposed' | 'onShow' | 'free') =>
    [t(`bonded.${name}`), formatAmount(item[name])] as const;
  return (
    <FormPane
      title={item.itemNo}
      isCode
      tags={
        item.short === '0' ? null : (
          <ToneTag tone="rejected" label={t('bonded.short', { qty: formatAmount(item.short) })} />
        )
      }
      error={save.error}
      onClearError={save.clear}
      saveLabel={t('bonded.enter')}
      canSave={
        item.isOpen &&
        draft.paperNo.trim() !== '' &&
        /^[1-9]\d{0,3}$/.test(draft.paperLine) &&
        /^(?=.*[1-9])\d{1,10}(\.\d{1,5})?$/.test(draft.qty)
      }
      isBusy={save.isRunning}
      onSave={submit}
      onClose={onClose}
      foot={<Button onClick={onEdit}>{t('bonded.editItem')}</Button>}
      below={
        <>
          {item.draws.length === 0 ? null : <Draws draws={item.draws} />}
          <History id={item.id} />
        </>
      }
    >
      <Facts
        rows={[
          [t('bonded.seq'), String(item.seq)],
          [t('bonded.hsCode'), <Code key="hs">{item.hsCode}</Code>],
          [t('bonded.name'), item.name],
          [t('bonded.sku'), <Code key="sku">{item.sku === '' ? undefined : item.sku}</Code>],
          [t('bonded.unit'), unit],
          figure('entered'),
          figure('left'),
          figure('listed'),
          figure('balance'),
          figure('proposed'),
          ...(item.onShow === '0' ? [] : [figure('onShow')]),
          figure('free'),
        ]}
      />
      <RestoredNote draft={form} />
      <div className="purchase-form">
        <Field id="bonded-qty" label={t('bonded.qty')} isRequired error={refused('qty')}>
          <NumericInput id="bonded-qty" unit={unit} value={draft.qty} onChange={(qty) => change({ qty })} />
        </Field>
        <Field id="bonded-kind" label={t('bonded.kind')} isRequired>
          <Select
            id="bonded-kind"
            value={draft.kind}
            options={kinds.map((value) => ({ value, label: t(`bonded.kinds.${value}`) }))}
            onChange={(kind) => change({ kind })}
          />
        </Field>
        <Field id="bonded-on" label={t('bonded.on')} isRequired error={refused('on')}>
          <DateInput id="bonded-on" value={draft.on} onChange={(on) => change({ on })} />
        </Field>
        <Field id="bonded-paperKind" label={t('bonded.paperKind')}>
          <Select
            id="bonded-paperKind"
            value={draft.paperKind}
            options={bondedPapers.map((value) => ({ value, label: t(`bonded.papers.${value}`) }))}
            onChange={(paperKind) => change({ paperKind })}
          />
        </Field>
        <Field id="bonded-paperNo" label={t('bonded.paperNo')} isRequired error={refused('paperNo')}>
          <Input
            id="bonded-paperNo"
            className="code"
            autoComplete="off"
            value={draft.paperNo}
            maxLength={60}
            onChange={(event) => change({ paperNo: event.target.value })}
          />
        </Field>
        <Field id="bonded-paperLine" label={t('bonded.paperLine')} isRequired>
          <NumericInput
            id="bonded-paperLine"
            decimals={0}
            value={draft.paperLine}
            onChange={(paperLine) => change({ paperLine })}
          />
        </Field>
        <Field id="bonded-move-note" label={t('bonded.note')} isWide>
          <Input
            id="bonded-move-note"
            value={draft.note}
            maxLength={300}
            onChange={(event) => change({ note: event.target.value })}
          />
        </Field>
      </div>
    </FormPane>
  );
}

/** Lists that take of the item and are not booked yet. */
function Draws({ draws }: { readonly draws: Item['draws'] }) {
  const { t } = useTranslation();
  return (
    <DetailSection title={t('bonded.draws')}>
      <ul className="plain-list panel-pad bonded-draws">
        {draws.map((draw) => (
          <li key={draw.documentId}>
            <button
              type="button"
              className="link code"
              onClick={() => navigate('document', { id: draw.documentId, kind: 'CEB603Message' })}
            >
              {draw.number}
            </button>
            <StateTag kind="document" state={draw.state} />
            <span>{formatAmount(draw.qty)}</span>
          </li>
        ))}
      </ul>
    </DetailSection>
  );
}

/** Every step with the running balance; the one under the cursor can be made void with a reason. */
function History({ id }: { readonly id: number }) {
  const { t } = useTranslation();
  const pages = usePages('bonded.history', { id }, { areas: [...areas] });
  const undo = useCommand('bonded.void');
  const [at, setAt] = useState<string>();
  const [reason, setReason] = useState('');
  const marked = pages.rows.find(({ key }) => key === at);
  const columns = useMemo(
    (): Column<Step>[] => [
      { id: 'on', title: t('bonded.on'), width: 92, render: (row) => row.on },
      { id: 'kind', title: t('bonded.kind'), width: 108, render: (row) => t(`bonded.kinds.${row.kind}`) },
      {
        id: 'paper',
        title: t('bonded.paperNo'),
        render: (row) => (
          <span title={`${t(`bonded.papers.${row.paperKind}`)} ${row.paperNo}-${row.paperLine}`}>
            <Code>{row.paperNo}</Code>
          </span>
        ),
      },
      {
        id: 'qty',
        title: t('bonded.qty'),
        width: 88,
        align: 'right',
        render: (row) =>
          bondedEntries.some((one) => one === row.kind) ? formatAmount(row.qty) : `−${formatAmount(row.qty)}`,
      },
      {
        id: 'balance',
        title: t('bonded.balance'),
        width: 88,
        align: 'right',
        render: (row) => formatAmount(row.balance),
      },
    ],
    [t],
  );
  const run = async (): Promise<void> => {
    if (marked?.moveId == null || (await undo.run({ id: marked.moveId, reason: reason.trim() })) === undefined) return;
    notify(t('bonded.voided', { no: marked.paperNo }));
    setReason('');
    setAt(undefined);
  };
  return (
    <DetailSection title={t('bonded.history')}>
      <ErrorNote error={undo.error} onClose={undo.clear} />
      <DataTable
        label={t('bonded.history')}
        pages={pages}
        rowKey={(row) => row.key}
        columns={columns}
        activeKey={at}
        onActivate={(row) => {
          undo.clear();
          setReason('');
          setAt(row.key);
        }}
        onOpen={(row) => {
          if (row.documentId !== null) navigate('document', { id: row.documentId, kind: 'CEB603Message' });
        }}
        rowTone={(row) => (row.voidReason === '' ? undefined : 'muted')}
        empty={<EmptyState title={t('bonded.noSteps')} />}
        fit
      />
      {marked === undefined ? null : (
        <div className="bonded-void">
          {marked.documentId !== null ? (
            <Button
              size="small"
              onClick={() => navigate('document', { id: marked.documentId ?? 0, kind: 'CEB603Message' })}
            >
              {t('bonded.openList')}
            </Button>
          ) : marked.voidReason !== '' ? (
            <span className="muted">{t('bonded.voidedFor', { reason: marked.voidReason })}</span>
          ) : (
            <>
              <Input
                aria-label={t('bonded.voidReason')}
                placeholder={t('bonded.voidReason')}
                value={reason}
                maxLength={300}
                onChange={(event) => setReason(event.target.value)}
              />
              <Button disabled={reason.trim() === ''} loading={undo.isRunning} onClick={() => void run()}>
                {t('bonded.void', { no: marked.paperNo })}
              </Button>
            </>
          )}
          {marked.note === '' ? null : <span className="muted">{marked.note}</span>}
        </div>
      )}
    </DetailSection>
  );
}
