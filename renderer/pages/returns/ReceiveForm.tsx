/** 收货: goods of one line that went out come back; what may still come back of it is said before it is kept. */
import { Input, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { useKeys } from '../../app/keys.ts';
import { ChoiceBox } from '../../components/ChoiceBox.tsx';
import { DateInput } from '../../components/DateInput.tsx';
import { DetailPane } from '../../components/DetailPane.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { Field } from '../../components/Field.tsx';
import { RestoredNote, useFormDraft } from '../../components/form-draft.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { NumericInput } from '../../components/NumericInput.tsx';
import { useEnterNavigation } from '../../components/use-enter-navigation.ts';
import { call, useCommand } from '../../core-client.ts';
import { localDate } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';

type Line = OutputOf<'returns.lines'>['rows'][number];
const reasons = ['returned', 'unsold', 'other'] as const;
const keyOf = (line: Line): string => (line.copyId === undefined ? `e${line.exportLineId}` : `c${line.copyId}`);
const labelOf = (line: Line): string => `${line.declarationNo}-${line.lineNo} ${line.name}`;

export function ReceiveForm({ onReceived }: { readonly onReceived: (id: number) => void }) {
  const { t } = useTranslation();
  const [found, setFound] = useState<readonly Line[]>([]);
  const form = useFormDraft('goods return', {
    line: undefined as Line | undefined,
    qty: '',
    receivedOn: localDate(),
    reason: 'returned' as (typeof reasons)[number],
    place: '',
    note: '',
  });
  const { line, qty, receivedOn, reason, place, note } = form.value;
  const { change } = form;
  const receive = useCommand('returns.receive');
  const isReady =
    line !== undefined && /^(?=.*[1-9])\d{1,10}(\.\d{1,5})?$/.test(qty) && /^\d{4}-\d{2}-\d{2}$/.test(receivedOn);
  const submit = async (): Promise<void> => {
    if (line === undefined || !isReady) return;
    const of = line.copyId === undefined ? { exportLineId: line.exportLineId ?? 0 } : { copyId: line.copyId };
    const made = await receive.run({ line: of, qty, receivedOn, reason, place, note });
    if (made === undefined) return;
    form.done();
    notify(t('goodsReturns.received', { number: made.number }));
    onReceived(made.id);
  };
  const onKeyDown = useEnterNavigation({ onSubmit: () => void submit() });
  useKeys([{ key: 'Ctrl+Enter', label: t('common.save'), run: () => void submit(), isEnabled: isReady, isMain: true }]);
  const search = async (text: string) => {
    const { rows } = await call('returns.lines', { text });
    setFound(rows);
    return rows.map((row) => ({
      code: keyOf(row),
      name: `${labelOf(row)} · ${row.exportDate}${row.exporter === undefined ? '' : ` · ${row.exporter}`}`,
    }));
  };
  return (
    <DetailPane
      title={t('goodsReturns.receive')}
      foot={
        <>
          <span className="spacer" />
          <KeyButton
            kind="primary"
            label={t('common.save')}
            keys="Ctrl+Enter"
            isDisabled={!isReady}
            isBusy={receive.isRunning}
            onPress={() => void submit()}
          />
        </>
      }
    >
      <RestoredNote draft={form} />
      <ErrorNote error={receive.error} onClose={receive.clear} />
      <form className="panel-pad" onKeyDown={onKeyDown} onSubmit={(event) => event.preventDefault()}>
        <div className="form-grid">
          <Field
            id="return-line"
            label={t('goodsReturns.exportedLine')}
            hint={t('goodsReturns.lineHint')}
            isRequired
            isWide
          >
            <ChoiceBox
              id="return-line"
              hidesCode
              shown={line === undefined ? '' : labelOf(line)}
              search={search}
              onTake={(choice) => {
                const taken = found.find((one) => keyOf(one) === choice?.code);
                change({ line: taken });
                if (taken !== undefined && qty === '') change({ qty: taken.left });
              }}
            />
          </Field>
          <Field
            id="return-qty"
            label={t('goodsReturns.qty')}
            isRequired
            {...(line === undefined ? {} : { hint: t('goodsReturns.leftOf', { left: line.left, out: line.out }) })}
          >
            <NumericInput id="return-qty" value={qty} onChange={(value) => change({ qty: value })} />
          </Field>
          <Field id="return-received" label={t('goodsReturns.receivedOn')} isRequired>
            <DateInput id="return-received" value={receivedOn} onChange={(value) => change({ receivedOn: value })} />
          </Field>
          <Field id="return-reason" label={t('goodsReturns.reason')}>
            <Select
              id="return-reason"
              value={reason}
              options={reasons.map((value) => ({ value, label: t(`returns.reasonOf.${value}`) }))}
              onChange={(value) => change({ reason: value })}
            />
          </Field>
          <Field id="return-place" label={t('goodsReturns.place')}>
            <Input
              id="return-place"
              value={place}
              maxLength={60}
              onChange={(event) => change({ place: event.target.value })}
            />
          </Field>
          <Field id="return-note" label={t('goodsReturns.note')} isWide>
            <Input
              id="return-note"
              value={note}
              maxLength={500}
              onChange={(event) => change({ note: event.target.value })}
            />
          </Field>
        </div>
      </form>
    </DetailPane>
  );
}
