/**
 * 卖一批货: five questions and a last look. What is answered is written at once into a draft declaration (报关单), the record a broker
 * opens in the clerk's desk; nothing is kept anywhere else.
 */
import { Button } from 'antd';
import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import type { ContractError } from '../../../shared/contract/operation.ts';
import {
  isAnswered,
  type SaleStep,
  saleOf,
  saleOperations,
  salePlace,
  saleStepAt,
  saleSteps,
} from '../../../shared/drafting/plain-sale.ts';
import { useKeys } from '../../app/keys.ts';
import type { PageProps } from '../../app/page-route.ts';
import { navigate, numberParam, replaceParams } from '../../app/route-store.ts';
import { useEnterNavigation } from '../../components/use-enter-navigation.ts';
import { call, errorOf, useCommand } from '../../core-client.ts';
import { useSession } from '../../stores/session-store.ts';
import { requireSpec } from '../declarations/document-model.ts';
import { EntrySession } from '../declarations/entry/entry-session.ts';
import { BigPage, PlainError } from './parts.tsx';
import { refusalsOf, SaleCheck, SentBack } from './SaleCheck.tsx';
import { SaleLots } from './SaleLots.tsx';
import { SaleCard, useSales } from './sales.tsx';
import { ManyStep, PriceStep, type StepProps, WhatStep, WhenStep, WhoStep } from './sell-steps.tsx';

type Reasons = ReturnType<typeof refusalsOf>;

export function SellPage({ params }: PageProps) {
  const id = numberParam(params, 'id');
  return id === undefined ? <Begin /> : <Opening key={id} id={id} />;
}

function Begin() {
  const { t } = useTranslation();
  const create = useCommand('documents.create');
  const { rows, error, reload } = useSales();
  const drafts = rows?.filter(({ isOpen }) => isOpen) ?? [];
  const begin = async (): Promise<void> => {
    const made = await create.run({ kind: 'DecMessage', reuse: true });
    if (made !== undefined) replaceParams({ id: made.id });
  };
  return (
    <BigPage title={t('simple.area.sell')} hint={t('simple.sell.hint')}>
      <PlainError error={create.error ?? error} onRetry={reload} />
      <div className="simple-begin">
        <Button id="sell-new" type="primary" autoFocus loading={create.isRunning} onClick={() => void begin()}>
          {t('simple.sell.new')}
        </Button>
      </div>
      {drafts.length === 0 ? null : (
        <section className="simple-section">
          <h2>{t('simple.today.drafts')}</h2>
          {drafts.map((sale) => (
            <SaleCard key={sale.id} sale={sale} />
          ))}
        </section>
      )}
    </BigPage>
  );
}

function Opening({ id }: { readonly id: number }) {
  const { t } = useTranslation();
  const [opened, setOpened] = useState<{ readonly session: EntrySession; readonly reasons: Reasons }>();
  const [error, setError] = useState<ContractError>();
  const [turn, setTurn] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `turn` asks for another read
  useEffect(() => {
    let isCurrent = true;
    let session: EntrySession | undefined;
    setError(undefined);
    call('entry.open', { id }).then(
      (data) => {
        if (!isCurrent) return;
        session = new EntrySession(data, requireSpec(data.kind), useSession.getState().profile?.bookId ?? '');
        const { sentBack } = data;
        setOpened({
          session,
          reasons: sentBack === undefined ? [] : refusalsOf(sentBack.statusCode, sentBack.statusInfo),
        });
      },
      (thrown: unknown) => {
        if (isCurrent) setError(errorOf(thrown));
      },
    );
    return () => {
      isCurrent = false;
      session?.dispose();
    };
  }, [id, turn]);
  if (opened === undefined)
    return (
      <BigPage title={t('simple.area.sell')}>
        <PlainError error={error} onRetry={() => setTurn(turn + 1)} />
      </BigPage>
    );
  return <Wizard {...opened} />;
}

const steps = [...saleSteps, 'check'] as const;

/** `reasons`: what the version before was sent back for. */
function Wizard({ session, reasons }: { readonly session: EntrySession; readonly reasons: Reasons }) {
  const { t } = useTranslation();
  const { body, checked, error } = useSyncExternalStore(session.subscribe, session.snapshot);
  const saving = useSyncExternalStore(session.subscribeSaving, session.saving);
  const sale = saleOf(body);
  const isOpen = checked.state === 'draft' || checked.state === 'checked';
  const [step, setStep] = useState<SaleStep | 'check'>(() => {
    if (!isOpen) return 'check';
    // One that is filed again begins where it was refused.
    if (session.start === undefined && reasons.length > 0)
      return reasons.find((one) => one.step !== undefined)?.step ?? 'check';
    return saleStepAt(session.start?.path, sale, checked.state === 'checked');
  });
  const box = useRef<HTMLDivElement>(null);
  // The place is kept from the first question on: a window that ends opens again here.
  useEffect(() => {
    if (isOpen) session.keep({ path: salePlace(step) });
  }, [session, step, isOpen]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another question begins in its first field
  useEffect(() => {
    const first = ['[data-first] input', 'input', '.simple-choice'].flatMap((one) => [
      ...(box.current?.querySelectorAll<HTMLElement>(one) ?? []),
    ]);
    first[0]?.focus();
    box.current?.scrollTo(0, 0);
  }, [step]);
  const apply: StepProps['apply'] = (operations) => session.apply(operations(session.snapshot().body), salePlace(step));
  const change: StepProps['change'] = (answer) => apply((of) => saleOperations(of, answer));
  const at = steps.indexOf(step);
  const go = (by: -1 | 1): void => {
    const next = steps[at + by];
    if (next !== undefined) setStep(next);
  };
  const leave = async (): Promise<void> => {
    if (!(await session.flush())) return;
    await call('entry.close', { id: session.id });
    navigate('progress');
  };
  const onKeyDown = useEnterNavigation({ onSubmit: () => go(1) });
  useKeys([
    { key: 'Ctrl+Enter', label: t('simple.next'), run: () => go(1), isMain: true },
    { key: 'Ctrl+PageDown', label: t('simple.next'), run: () => go(1) },
    { key: 'Ctrl+PageUp', label: t('simple.previous'), run: () => go(-1) },
    { key: 'Esc', label: t('simple.later'), run: () => void leave(), isMain: true },
  ]);
  const given: StepProps = { sale, change, apply };
  return (
    <section className="simple-page" data-step={step} data-sale={session.id}>
      <nav className="simple-steps" aria-label={t('simple.sell.steps')}>
        {steps.map((one, index) => (
          <button
            key={one}
            type="button"
            className={one === step ? 'is-active' : undefined}
            aria-current={one === step ? 'step' : undefined}
            disabled={!isOpen && one !== 'check'}
            onClick={() => setStep(one)}
          >
            <span className="simple-step-no" aria-hidden="true">
              {one !== 'check' && isAnswered(sale, one) ? '✓' : index + 1}
            </span>
            {t(`simple.step.${one}.short`)}
          </button>
        ))}
      </nav>
      <header className="simple-head">
        <h1>{t(`simple.step.${step}.title`)}</h1>
      </header>
      <PlainError error={error ?? (saving.kind === 'failed' ? errorOf(saving.error) : undefined)} />
      {/* biome-ignore lint/a11y/noStaticElementInteractions: Enter in its fields goes to the next one */}
      <div ref={box} className="simple-body" onKeyDown={onKeyDown}>
        {isOpen && reasons.length > 0 ? <SentBack reasons={reasons} at={step} onStep={setStep} /> : null}
        {step === 'who' ? <WhoStep {...given} ownId={session.id} /> : null}
        {step === 'what' ? <WhatStep {...given} /> : null}
        {step === 'many' ? <ManyStep {...given} /> : null}
        {step === 'price' ? <PriceStep {...given} /> : null}
        {step === 'when' ? (
          <>
            <WhenStep {...given} ownId={session.id} />
            <SaleLots sale={sale} number={checked.businessKey} />
          </>
        ) : null}
        {step === 'check' ? (
          <SaleCheck sale={sale} session={session} checked={checked} isOpen={isOpen} onStep={setStep} />
        ) : null}
      </div>
      {step === 'check' ? null : (
        <footer className="simple-foot">
          <Button onClick={() => void leave()}>{t('simple.later')}</Button>
          <span className="simple-saved" role="status">
            {t(saving.kind === 'failed' ? 'simple.notSaved' : 'simple.saved')}
          </span>
          <Button disabled={at === 0} onClick={() => go(-1)}>
            {t('simple.previous')}
          </Button>
          <Button id="sell-next" type="primary" onClick={() => go(1)}>
            {t('simple.next')}
          </Button>
        </footer>
      )}
    </section>
  );
}
