/**
 * VAT regime of exports (退、免、征): the router's proposal, a person's decision with a reason, the exempt
 * declaration, a producer's claim.
 */
import { Button, Input } from 'antd';
import { useId, useState } from 'react';
import { regimes } from '../../../shared/contract/tax.ts';
import { isComposing } from '../../app/keys.ts';
import { ChoiceBox } from '../../components/ChoiceBox.tsx';
import { ConfirmInline } from '../../components/ConfirmInline.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { ProgressBar } from '../../components/ProgressBar.tsx';
import { useEnterNavigation } from '../../components/use-enter-navigation.ts';
import { useCommand, useJob } from '../../core-client.ts';
import { formatAmount, formatCount, localDate } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import { useWords } from './use-words.ts';

/** Runs the router over a period and says what came of it. */
export function RouteRegimes({ period, onDone }: { readonly period: string; readonly onDone: () => void }) {
  const { t } = useWords();
  const job = useJob('regimes.route');
  const run = async (): Promise<void> => {
    const done = await job.start({ period });
    if (done === undefined) return;
    notify(
      t('tax.regime.routed', {
        refund: formatCount(done.refund),
        exempt: formatCount(done.exempt),
        taxed: formatCount(done.taxed),
        kept: formatCount(done.kept),
        undecided: formatCount(done.undecided),
      }),
    );
    onDone();
  };
  return (
    <div className="inline-actions">
      {job.status === 'running' ? (
        <ProgressBar title={t('tax.regime.routing')} progress={job.progress} onCancel={job.cancel} />
      ) : (
        <KeyButton label={t('tax.regime.route')} keys="F7" bind onPress={() => void run()} />
      )}
      <span className="muted">{t('tax.regime.routeHint')}</span>
      <ErrorNote error={job.error} isInline onClose={job.clear} />
    </div>
  );
}

/** A person decides, with a reason; an empty regime gives the lines back to the router. */
export function RegimeDecision({ ids, onDone }: { readonly ids: readonly number[]; readonly onDone: () => void }) {
  const { t } = useWords();
  const id = useId();
  const [regime, setRegime] = useState<(typeof regimes)[number]>();
  const [reason, setReason] = useState('');
  const set = useCommand('regimes.set');
  const isReady = ids.length > 0 && reason.trim() !== '' && !set.isRunning;
  const save = async (): Promise<void> => {
    if (!isReady) return;
    const done = await set.run({ exportLineIds: [...ids], regime: regime ?? null, reason: reason.trim() });
    if (done === undefined) return;
    notify(t('tax.regime.changed', { count: done.changed, shown: formatCount(done.changed) }));
    setReason('');
    onDone();
  };
  const onKeyDown = useEnterNavigation({ onSubmit: () => void save() });
  const choices = regimes.map((one) => ({ code: one, name: t(`tax.regime.of.${one}`) }));
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Enter goes from field to field
    <div className="inline-actions" onKeyDown={onKeyDown}>
      <label htmlFor={`${id}-regime`}>
        {t('tax.regime.decide', { count: ids.length, shown: formatCount(ids.length) })}
      </label>
      <div className="inline-choice">
        <ChoiceBox
          id={`${id}-regime`}
          shown={regime === undefined ? '' : t(`tax.regime.of.${regime}`)}
          placeholder={t('tax.regime.router')}
          hidesCode
          search={(text) =>
            choices.filter(({ name, code }) => name.includes(text) || code.startsWith(text.toLowerCase()))
          }
          onTake={(choice) => setRegime(regimes.find((one) => one === choice?.code))}
        />
      </div>
      <Input
        className="inline-reason"
        aria-label={t('tax.reason')}
        placeholder={t('tax.reasonNeeded')}
        value={reason}
        maxLength={200}
        onChange={(event) => setReason(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || isComposing(event)) return;
          event.preventDefault();
          void save();
        }}
      />
      <Button size="small" type="primary" disabled={!isReady} loading={set.isRunning} onClick={() => void save()}>
        {t('common.save')}
      </Button>
      <ErrorNote error={set.error} isInline onClose={set.clear} />
    </div>
  );
}

/** Marks the exempt lines up to the end of the month as declared in it (免税申报). */
export function DeclareExempt({ period, onDone }: { readonly period: string; readonly onDone: () => void }) {
  const { t } = useWords();
  const [batch, setBatch] = useState('001');
  const declare = useCommand('regimes.declareExempt');
  return (
    <div className="inline-actions">
      <label htmlFor="exempt-batch">{t('tax.exempt.batch')}</label>
      <Input
        id="exempt-batch"
        className="inline-batch"
        value={batch}
        maxLength={20}
        onChange={(event) => setBatch(event.target.value)}
      />
      <ConfirmInline
        label={t('tax.exempt.declare')}
        question={t('tax.exempt.ask', { period, batch })}
        confirmLabel={t('tax.exempt.declare')}
        isDanger={false}
        isSmall
        isDisabled={batch.trim() === ''}
        onConfirm={async () => {
          const done = await declare.run({ period, batch: batch.trim() });
          if (done === undefined) return;
          notify(t('tax.exempt.done', { lines: formatCount(done.lines), amount: formatAmount(done.exemptSales, 2) }));
          onDone();
        }}
      />
      <span className="muted">{t('tax.exempt.hint')}</span>
      <ErrorNote error={declare.error} isInline onClose={declare.clear} />
    </div>
  );
}

/** Claims a producer's month as the worksheet computes it (免抵退税申报). */
export function ClaimProducer({ period, onDone }: { readonly period: string; readonly onDone: () => void }) {
  const { t } = useWords();
  const [batch, setBatch] = useState('001');
  const claim = useCommand('refunds.claimProducer');
  return (
    <div className="inline-actions">
      <label htmlFor="producer-batch">{t('tax.producer.batch')}</label>
      <Input
        id="producer-batch"
        className="inline-batch"
        value={batch}
        maxLength={3}
        onChange={(event) => setBatch(event.target.value.trim())}
      />
      <ConfirmInline
        label={t('tax.producer.claim')}
        question={t('tax.producer.ask', { period, batch })}
        confirmLabel={t('tax.producer.claim')}
        isDanger={false}
        isSmall
        isDisabled={!/^\d{1,3}$/.test(batch)}
        onConfirm={async () => {
          const done = await claim.run({ period, batch, date: localDate() });
          if (done === undefined) return;
          notify(
            t('tax.producer.done', {
              lines: formatCount(done.lines),
              refund: formatAmount(done.refund, 2),
              credit: formatAmount(done.exemptCredit, 2),
              toCost: formatAmount(done.toCost, 2),
            }),
          );
          onDone();
        }}
      />
      <span className="muted">{t('tax.producer.hint')}</span>
      <ErrorNote error={claim.error} isInline onClose={claim.clear} />
    </div>
  );
}
