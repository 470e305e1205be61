/** A record item of a ledger: 备案序号, 料号, and the firm's own article it stands for. */
import { Input } from 'antd';
import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { Field } from '../../components/Field.tsx';
import { FormPane } from '../../components/FormPane.tsx';
import { RestoredNote, useFormDraft } from '../../components/form-draft.tsx';
import { LookupBox } from '../../components/LookupBox.tsx';
import { NumericInput } from '../../components/NumericInput.tsx';
import { useCommand } from '../../core-client.ts';
import { notify } from '../../stores/notice-store.ts';
import { useFieldErrors } from '../money/field-errors.ts';
import { SkuBox } from '../purchases/choices.tsx';
import '../purchases/purchases.css';

type Item = OutputOf<'bonded.item'>;

export function ItemForm({
  bookId,
  item,
  onSaved,
  onClose,
}: {
  readonly bookId: number;
  readonly item: Item | undefined;
  readonly onSaved: (id: number) => void;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const start = {
    seq: item === undefined ? '' : String(item.seq),
    itemNo: item?.itemNo ?? '',
    sku: item?.sku ?? '',
    name: item?.name ?? '',
    hsCode: item?.hsCode ?? '',
    unit: item?.unit ?? '',
    note: item?.note ?? '',
  };
  const form = useFormDraft(
    item === undefined ? `bonded item new ${bookId}` : `bonded item ${item.id}`,
    start,
    item === undefined ? '' : JSON.stringify(start),
  );
  const { value: draft, change } = form;
  const save = useCommand('bonded.saveItem');
  const refused = useFieldErrors(save.error);
  const hsProblem = draft.hsCode === '' || /^\d{8,13}$/.test(draft.hsCode) ? undefined : t('bonded.hsRule');
  const submit = async (): Promise<void> => {
    const done = await save.run({
      ...draft,
      bookId,
      seq: Number(draft.seq),
      ...(item === undefined ? {} : { id: item.id }),
    });
    if (done === undefined) return;
    form.done();
    notify(t('bonded.itemSaved', { no: draft.itemNo }));
    onSaved(done.id);
  };
  const text = (name: 'itemNo' | 'name' | 'note', max: number, hint?: string) => (
    <Field
      id={`bonded-${name}`}
      label={t(`bonded.${name}`)}
      isRequired={name !== 'note'}
      isWide={name === 'note'}
      error={refused(name)}
      {...(hint === undefined ? {} : { hint })}
    >
      <Input
        id={`bonded-${name}`}
        autoComplete="off"
        {...(name === 'name' || name === 'note' ? {} : { className: 'code' })}
        value={draft[name]}
        maxLength={max}
        onChange={(event) => change({ [name]: event.target.value })}
      />
    </Field>
  );
  return (
    <FormPane
      title={item?.itemNo ?? t('bonded.addItem')}
      isCode={item !== undefined}
      error={save.error}
      onClearError={save.clear}
      canSave={
        /^[1-9]\d{0,5}$/.test(draft.seq) &&
        [draft.itemNo, draft.name, draft.hsCode, draft.unit].every((one) => one.trim() !== '') &&
        hsProblem === undefined
      }
      isBusy={save.isRunning}
      onSave={submit}
      onClose={onClose}
    >
      <RestoredNote draft={form} />
      <div className="purchase-form">
        <Field id="bonded-seq" label={t('bonded.seq')} isRequired error={refused('seq')}>
          <NumericInput id="bonded-seq" decimals={0} value={draft.seq} onChange={(seq) => change({ seq })} />
        </Field>
        {text('itemNo', 30, t('bonded.itemNoHint'))}
        {text('name', 250)}
        <Field id="bonded-hsCode" label={t('bonded.hsCode')} isRequired error={refused('hsCode') ?? hsProblem}>
          <LookupBox
            id="bonded-hsCode"
            table="hs"
            isOpen
            value={draft.hsCode}
            onChange={(hsCode) => change({ hsCode })}
          />
        </Field>
        <Field id="bonded-unit" label={t('bonded.unit')} isRequired error={refused('unit')}>
          <LookupBox id="bonded-unit" table="unit" value={draft.unit} onChange={(unit) => change({ unit })} />
        </Field>
        <Field id="bonded-sku" label={t('bonded.sku')} hint={t('bonded.skuHint')} error={refused('sku')}>
          <SkuBox id="bonded-sku" value={draft.sku} onChange={(sku) => change({ sku })} />
        </Field>
        {text('note', 500)}
      </div>
    </FormPane>
  );
}
