/** 维修单: fault, work, parts with their cost; the cost is their sum and the work's. */
import { Button, Input } from 'antd';
import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { tryParseScaled } from '../../../shared/money/decimal.ts';
import { repairCost } from '../../../shared/returns/states.ts';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { Field } from '../../components/Field.tsx';
import { RestoredNote, useFormDraft } from '../../components/form-draft.tsx';
import { NumericInput } from '../../components/NumericInput.tsx';
import { useCommand } from '../../core-client.ts';
import { formatAmount } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';

type Repair = OutputOf<'returns.get'>['repairs'][number];
const fen = (text: string): bigint => tryParseScaled(text, 2) ?? 0n;
const fenText = (value: bigint): string => `${value / 100n}.${String(value % 100n).padStart(2, '0')}`;

export function RepairForm({ returnId, repair }: { readonly returnId: number; readonly repair: Repair | undefined }) {
  const { t } = useTranslation();
  const save = useCommand('repairs.save');
  const form = useFormDraft(
    `repair ${returnId}`,
    {
      fault: repair?.fault ?? '',
      work: repair?.work ?? '',
      labourCny: repair?.labourCny ?? '0.00',
      parts: repair?.parts ?? [],
    },
    JSON.stringify(repair ?? null),
  );
  const { fault, work, labourCny, parts } = form.value;
  const { change } = form;
  const put = (at: number, patch: Partial<(typeof parts)[number]>): void =>
    change({ parts: parts.map((part, index) => (index === at ? { ...part, ...patch } : part)) });
  const cost = repairCost(
    parts.map(({ costCny }) => fen(costCny)),
    fen(labourCny),
  );
  const submit = async (): Promise<void> => {
    if ((await save.run({ returnId, fault, work, labourCny: labourCny === '' ? '0' : labourCny, parts })) === undefined)
      return;
    form.done();
    notify(t('goodsReturns.repairSaved'));
  };
  return (
    <form
      className="panel-pad card-form"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <div className="form-grid">
        <Field id="repair-fault" label={t('goodsReturns.fault')} isWide>
          <Input
            id="repair-fault"
            value={fault}
            maxLength={500}
            onChange={(event) => change({ fault: event.target.value })}
          />
        </Field>
        <Field id="repair-work" label={t('goodsReturns.work')} isWide>
          <Input
            id="repair-work"
            value={work}
            maxLength={500}
            onChange={(event) => change({ work: event.target.value })}
          />
        </Field>
        <Field id="repair-labour" label={t('goodsReturns.labour')}>
          <NumericInput
            id="repair-labour"
            value={labourCny}
            decimals={2}
            onChange={(value) => change({ labourCny: value })}
          />
        </Field>
        <Field id="repair-cost" label={t('goodsReturns.cost')}>
          <output id="repair-cost" className="code">
            {formatAmount(fenText(cost), 2)}
          </output>
        </Field>
      </div>
      {parts.map((part, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: parts are known by their place alone
        <div className="repair-part" key={at}>
          <Input
            aria-label={t('goodsReturns.part')}
            placeholder={t('goodsReturns.part')}
            value={part.name}
            maxLength={200}
            onChange={(event) => put(at, { name: event.target.value })}
          />
          <NumericInput label={t('goodsReturns.qty')} value={part.qty} onChange={(qty) => put(at, { qty })} />
          <NumericInput
            label={t('goodsReturns.partCost')}
            value={part.costCny}
            decimals={2}
            unit="CNY"
            onChange={(costCny) => put(at, { costCny })}
          />
          <Button
            aria-label={t('common.delete')}
            onClick={() => change({ parts: parts.filter((_, index) => index !== at) })}
          >
            ×
          </Button>
        </div>
      ))}
      <RestoredNote draft={form} />
      <ErrorNote error={save.error} isInline />
      <div className="card-actions">
        <Button onClick={() => change({ parts: [...parts, { name: '', qty: '1', costCny: '0' }] })}>
          {t('goodsReturns.addPart')}
        </Button>
        <Button htmlType="submit" loading={save.isRunning}>
          {t('goodsReturns.saveRepair')}
        </Button>
      </div>
    </form>
  );
}
