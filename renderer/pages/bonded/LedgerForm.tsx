/** A ledger: its record number, where it is, and the enterprise in the zone that lists name. */
import { Input, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { bondedPlaces } from '../../../shared/contract/bonded.ts';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { Field } from '../../components/Field.tsx';
import { FormPane } from '../../components/FormPane.tsx';
import { RestoredNote, useFormDraft } from '../../components/form-draft.tsx';
import { LookupBox } from '../../components/LookupBox.tsx';
import { useCommand } from '../../core-client.ts';
import { notify } from '../../stores/notice-store.ts';
import { useFieldErrors } from '../money/field-errors.ts';
import '../purchases/purchases.css';

type Ledger = OutputOf<'bonded.books'>['rows'][number];

export function LedgerForm({
  ledger,
  onSaved,
  onClose,
}: {
  readonly ledger: Ledger | undefined;
  readonly onSaved: (id: number) => void;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const start = {
    recordNo: ledger?.recordNo ?? '',
    placeKind: ledger?.placeKind ?? bondedPlaces[0],
    place: ledger?.place ?? '',
    customs: ledger?.customs ?? '',
    firmCode: ledger?.firmCode ?? '',
    firmName: ledger?.firmName ?? '',
    state: ledger?.state ?? ('open' as Ledger['state']),
    note: ledger?.note ?? '',
  };
  const form = useFormDraft(
    `bonded ledger ${ledger?.id ?? 'new'}`,
    start,
    ledger === undefined ? '' : JSON.stringify(start),
  );
  const { value: draft, change } = form;
  const save = useCommand('bonded.saveBook');
  const refused = useFieldErrors(save.error);
  const submit = async (): Promise<void> => {
    const done = await save.run({ ...draft, ...(ledger === undefined ? {} : { id: ledger.id }) });
    if (done === undefined) return;
    form.done();
    notify(t('bonded.ledgerSaved', { no: draft.recordNo }));
    onSaved(done.id);
  };
  const text = (name: 'recordNo' | 'place' | 'firmCode' | 'firmName' | 'note', max: number, isCode = false) => (
    <Field
      id={`bonded-${name}`}
      label={t(`bonded.${name}`)}
      isRequired={name === 'recordNo' || name === 'firmCode' || name === 'firmName'}
      isWide={name === 'note'}
      error={refused(name)}
      {...(name === 'recordNo' ? { hint: t('bonded.recordNoHint') } : {})}
    >
      <Input
        id={`bonded-${name}`}
        autoComplete="off"
        {...(isCode ? { className: 'code' } : {})}
        value={draft[name]}
        maxLength={max}
        onChange={(event) => change({ [name]: event.target.value })}
      />
    </Field>
  );
  return (
    <FormPane
      title={ledger?.recordNo ?? t('bonded.addLedger')}
      isCode={ledger !== undefined}
      error={save.error}
      onClearError={save.clear}
      canSave={[draft.recordNo, draft.firmCode, draft.firmName].every((one) => one.trim() !== '')}
      isBusy={save.isRunning}
      onSave={submit}
      onClose={onClose}
    >
      <RestoredNote draft={form} />
      <div className="purchase-form">
        {text('recordNo', 30, true)}
        <Field id="bonded-placeKind" label={t('bonded.placeKind')} isRequired>
          <Select
            id="bonded-placeKind"
            value={draft.placeKind}
            options={bondedPlaces.map((value) => ({ value, label: t(`bonded.places.${value}`) }))}
            onChange={(placeKind) => change({ placeKind })}
          />
        </Field>
        {text('place', 100)}
        <Field id="bonded-customs" label={t('bonded.customs')} error={refused('customs')}>
          <LookupBox
            id="bonded-customs"
            table="customs_district"
            value={draft.customs}
            onChange={(customs) => change({ customs })}
          />
        </Field>
        {text('firmCode', 18, true)}
        {text('firmName', 100)}
        <Field id="bonded-state" label={t('bonded.state')}>
          <Select
            id="bonded-state"
            value={draft.state}
            options={(['open', 'closed'] as const).map((value) => ({ value, label: t(`bonded.states.${value}`) }))}
            onChange={(state) => change({ state })}
          />
        </Field>
        {text('note', 500)}
      </div>
    </FormPane>
  );
}
