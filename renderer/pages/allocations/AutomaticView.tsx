/** 批量核对: what would be confirmed from a score on, seen before it is done; the rest with the reason it is left to a person. */
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { useKeys } from '../../app/keys.ts';
import { Amount, Code } from '../../components/Amount.tsx';
import { Chips } from '../../components/Chips.tsx';
import { type Column, DataTable, plainPages } from '../../components/DataTable.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { Field } from '../../components/Field.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { NumericInput } from '../../components/NumericInput.tsx';
import { Panel } from '../../components/Page.tsx';
import { ProgressBar } from '../../components/ProgressBar.tsx';
import { useJob, useQuery } from '../../core-client.ts';
import { formatCount } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';

type Outcome = OutputOf<'allocations.autoConfirm'>;
type Accepted = Outcome['accepted'][number];
type Withheld = Outcome['withheld'][number];

const lists = ['accepted', 'withheld'] as const;

export function AutomaticView({ onShow }: { readonly onShow: (recordId: number) => void }) {
  const { t } = useTranslation();
  const rules = useQuery('allocations.rules', {});
  const [typed, setTyped] = useState<string>();
  const [list, setList] = useState<(typeof lists)[number]>('accepted');
  const job = useJob('allocations.autoConfirm');
  const minimum = Number(typed ?? rules.data?.confirmFrom ?? Number.NaN);
  const isFit = Number.isInteger(minimum) && minimum >= 1 && minimum <= 100;
  const result = job.result;
  const isPlanned = result?.dryRun === true;
  const run = async (dryRun: boolean): Promise<void> => {
    if (!isFit || job.status === 'running') return;
    const done = await job.start({ minimum, dryRun });
    if (done !== undefined && !dryRun) notify(t('allocations.automatic.done', { count: done.accepted.length }));
  };
  const canConfirm = isPlanned && result.accepted.length > 0;
  useKeys([
    { key: 'F8', label: t('allocations.automatic.try'), run: () => void run(true), isMain: true },
    {
      key: 'Ctrl+Enter',
      label: t('allocations.automatic.confirm', { count: result?.accepted.length ?? 0 }),
      run: () => void run(false),
      isEnabled: canConfirm,
      isMain: true,
    },
  ]);
  const accepted = useMemo(
    (): Column<Accepted>[] => [
      { id: 'number', title: t('allocations.column.receipt'), width: 130, render: (row) => <Code>{row.number}</Code> },
      { id: 'score', title: t('allocations.column.score'), width: 60, align: 'right', render: (row) => row.score },
      {
        id: 'amount',
        title: t('allocations.column.amount'),
        width: 130,
        align: 'right',
        render: (row) => <Amount value={row.amount} currency={row.currency} />,
      },
      {
        id: 'targets',
        title: t('allocations.column.no'),
        width: 220,
        render: (row) => <Code>{row.targets.map(({ no }) => no).join(t('money.comma'))}</Code>,
      },
      {
        id: 'why',
        title: t('allocations.column.why'),
        render: (row) => row.reasons.map((code) => t(`allocations.short.${code}`)).join(t('money.comma')),
      },
    ],
    [t],
  );
  const withheld = useMemo(
    (): Column<Withheld>[] => [
      { id: 'number', title: t('allocations.column.receipt'), width: 130, render: (row) => <Code>{row.number}</Code> },
      { id: 'score', title: t('allocations.column.score'), width: 60, align: 'right', render: (row) => row.score },
      {
        id: 'why',
        title: t('allocations.column.withheld'),
        render: (row) => t(`allocations.withheld.${row.why}`, { defaultValue: row.why }),
      },
    ],
    [t],
  );
  return (
    <div className="allocation-automatic">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void run(true);
        }}
      >
        <Field id="allocation-minimum" label={t('allocations.automatic.minimum')}>
          <NumericInput
            id="allocation-minimum"
            decimals={0}
            value={typed ?? String(rules.data?.confirmFrom ?? '')}
            isInvalid={!isFit && rules.data !== undefined}
            onChange={setTyped}
          />
        </Field>
        <KeyButton
          label={t('allocations.automatic.try')}
          keys="F8"
          isDisabled={!isFit}
          isBusy={job.status === 'running'}
          onPress={() => void run(true)}
        />
        <KeyButton
          kind="primary"
          label={t('allocations.automatic.confirm', { count: isPlanned ? result.accepted.length : 0 })}
          keys="Ctrl+Enter"
          isDisabled={!canConfirm}
          isBusy={job.status === 'running'}
          onPress={() => void run(false)}
        />
      </form>
      <p className="muted">{t('allocations.automatic.hint')}</p>
      <ErrorNote error={rules.error ?? job.error} />
      {job.status === 'running' ? (
        <ProgressBar title={t('allocations.automatic.running')} progress={job.progress} onCancel={job.cancel} />
      ) : null}
      {result === undefined ? (
        <Panel isPlain>
          <EmptyState title={t('allocations.automatic.empty')} hint={t('allocations.automatic.emptyHint')} />
        </Panel>
      ) : (
        <>
          <div className="allocation-automatic-head">
            <Chips
              label={t('allocations.view.automatic')}
              value={list}
              onChange={setList}
              chips={lists.map((value) => ({
                value,
                label: t(`allocations.automatic.${value}.${result.dryRun ? 'planned' : 'done'}`),
                count: result[value].length,
              }))}
            />
            <span className="muted">{t('allocations.automatic.looked', { rows: formatCount(result.receipts) })}</span>
            {result.payoutOrders === 0 ? null : (
              <span className="muted">{t('allocations.automatic.payoutOrders', { count: result.payoutOrders })}</span>
            )}
          </div>
          {list === 'accepted' ? (
            <DataTable
              label={t('allocations.view.automatic')}
              pages={plainPages(result.accepted)}
              rowKey={(row) => row.recordId}
              columns={accepted}
              onOpen={(row) => onShow(row.recordId)}
              empty={<EmptyState title={t('allocations.automatic.none')} hint={t('allocations.automatic.noneHint')} />}
            />
          ) : (
            <DataTable
              label={t('allocations.column.withheld')}
              pages={plainPages(result.withheld)}
              rowKey={(row) => row.recordId}
              columns={withheld}
              onOpen={(row) => onShow(row.recordId)}
              empty={<EmptyState title={t('allocations.automatic.noneWithheld')} />}
            />
          )}
        </>
      )}
    </div>
  );
}
