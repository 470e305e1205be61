/** 核对: the sale in one look, and in plain words what is still missing: what the clerk answers, and what the broker fills in. */
import { Button } from 'antd';
import { type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { FindingView } from '../../../shared/contract/common.ts';
import type { EntryState } from '../../../shared/contract/entry.ts';
import type { ContractError } from '../../../shared/contract/operation.ts';
import {
  isAnswered,
  type Sale,
  type SaleStep,
  saleModes,
  saleSteps,
  saleUnits,
  stepOfPath,
} from '../../../shared/drafting/plain-sale.ts';
import { declaredGap, gramsIn } from '../../../shared/lots/mass.ts';
import { groupThousands } from '../../../shared/money/decimal.ts';
import { rejectionReasons } from '../../../shared/sync/rejections.ts';
import { navigate } from '../../app/route-store.ts';
import { ConfirmInline } from '../../components/ConfirmInline.tsx';
import { useCodeNames } from '../../components/code-names.ts';
import { useFormDraft } from '../../components/form-draft.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { call, errorOf, useCommand, useJob, useQuery } from '../../core-client.ts';
import { formatCount } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import { useView } from '../../stores/view-store.ts';
import { fieldAt } from '../declarations/document-model.ts';
import type { EntrySession } from '../declarations/entry/entry-session.ts';
import { fieldLabel } from '../declarations/field-text.ts';
import { pathOfReason } from '../declarations/rejection.ts';
import { kg } from '../trace/parts.tsx';
import { Money, PlainError, PlainReason, usePlainName } from './parts.tsx';
import { dispatchOf, type LotFinding, settleSale } from './sale-records.ts';
import { openForBroker } from './sales.tsx';

const fieldName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

function useOwnText(): (finding: FindingView) => string {
  const { t } = useTranslation();
  return ({ rule, path }) => {
    const field = t(`simple.field.${fieldName(path)}`, { defaultValue: t('simple.field.other') });
    if (rule === 'DOC-REQUIRED') return t('simple.check.missing', { field });
    return t(`simple.rule.${rule}`, { defaultValue: t('simple.check.wrong', { field }) });
  };
}

export function SaleCheck({
  sale,
  session,
  checked,
  isOpen,
  onStep,
}: {
  readonly sale: Sale;
  readonly session: EntrySession;
  readonly checked: EntryState;
  readonly isOpen: boolean;
  readonly onStep: (step: SaleStep) => void;
}) {
  const { t } = useTranslation();
  const language = useView((view) => view.language);
  const ownText = useOwnText();
  const queue = useJob('documents.queue');
  const [error, setError] = useState<ContractError>();
  const [findings, setFindings] = useState<readonly LotFinding[]>([]);
  const form = useFormDraft(`simple settle ${session.id}`, { reason: '' });
  const { reason } = form.value;
  const [isChecked, setChecked] = useState(!isOpen);
  // A draft that was only opened has not been looked at yet.
  useEffect(() => {
    if (isOpen) void session.check().then(() => setChecked(true));
  }, [session, isOpen]);
  const labelOf = (path: string): string => {
    const spec = fieldAt('DecMessage', path);
    return spec === undefined ? t('simple.field.other') : fieldLabel(spec, language);
  };
  const shown = checked.findings.filter(({ level }) => level !== 'note');
  const mine = (step: SaleStep): readonly FindingView[] =>
    shown.filter(({ path, level }) => stepOfPath(path) === step && level === 'reject');
  // What is unanswered is said once by its question; a platform's or a weight's own trouble besides.
  const lines = saleSteps.map((step) => ({
    step,
    isDone: isAnswered(sale, step) && mine(step).length === 0,
    texts: [...new Set(mine(step).map(ownText))],
  }));
  const forBroker = shown.filter(({ path }) => stepOfPath(path) === undefined);
  const must = [...new Set(forBroker.filter(({ level }) => level === 'reject').map(({ path }) => labelOf(path)))];
  const look = [...new Set(shown.filter(({ level }) => level === 'doubt').map(({ path }) => labelOf(path)))];
  const isMineDone = lines.every(({ isDone }) => isDone);
  const canQueue = isChecked && isMineDone && must.length === 0;
  const settle = async (): Promise<boolean> => {
    setError(undefined);
    try {
      if (!(await session.flush())) return false;
      const wanted = await settleSale(sale, checked.businessKey, reason.trim());
      setFindings(wanted);
      if (wanted.length > 0) return false;
      form.reset();
      await call('entry.close', { id: session.id });
      return true;
    } catch (thrown) {
      setError(errorOf(thrown));
      return false;
    }
  };
  const done = async (): Promise<void> => {
    if (!(await settle())) return;
    notify(t('simple.check.kept'));
    navigate('progress');
  };
  const send = async (): Promise<void> => {
    if (!(await settle())) return;
    const answer = await queue.start({ caseOf: session.id });
    if (answer === undefined || answer.documents === 0) return;
    notify(t('simple.check.queued'));
    navigate('progress');
  };
  return (
    <>
      <PlainError error={error ?? queue.error} />
      <Summary sale={sale} onStep={isOpen ? onStep : undefined} />
      {checked.state === 'rejected' ? (
        <Refused id={session.id} />
      ) : !isOpen ? (
        <p className="simple-nothing">{t(`simple.state.${checked.state}`)}</p>
      ) : null}
      {isOpen && isChecked ? (
        <section className="simple-section" data-testid="sale-problems">
          {isMineDone ? (
            <p className="simple-good">
              <ToneTag tone="accepted" label={t('simple.check.mineDone')} />
            </p>
          ) : (
            <>
              <h2>{t('simple.check.mine')}</h2>
              {lines
                .filter(({ isDone }) => !isDone)
                .map(({ step, texts }) => (
                  <div key={step} className="simple-card">
                    <span className="simple-card-text">
                      <strong>{t(`simple.step.${step}.title`)}</strong>
                      {texts.length === 0 ? (
                        <small>{t('simple.check.unanswered')}</small>
                      ) : (
                        texts.map((text) => <small key={text}>{text}</small>)
                      )}
                    </span>
                    <Button type="primary" onClick={() => onStep(step)}>
                      {t('simple.check.answer')}
                    </Button>
                  </div>
                ))}
            </>
          )}
          {must.length === 0 ? null : (
            <div className="simple-broker">
              <h2>{t('simple.check.broker')}</h2>
              <p className="muted">{t('simple.check.brokerNote')}</p>
              <ul>
                {must.map((label) => (
                  <li key={label}>{label}</li>
                ))}
              </ul>
            </div>
          )}
          {look.length === 0 ? null : (
            <p className="muted">{t('simple.check.look', { fields: look.join(t('simple.comma')) })}</p>
          )}
        </section>
      ) : null}
      {queue.result !== undefined && queue.result.documents === 0 ? (
        <p className="simple-error" role="alert">
          {t(
            queue.result.reviewHeld > 0
              ? 'simple.check.reviewHeld'
              : queue.result.riskHeld > 0
                ? 'simple.check.riskHeld'
                : 'simple.check.held',
          )}
        </p>
      ) : null}
      <LoadedGap sale={sale} number={checked.businessKey} onStep={isOpen ? onStep : undefined} />
      <SalePapers sale={sale} session={session} />
      <PlainReason
        id="sale-reason"
        findings={findings}
        reason={reason}
        onReason={(next) => form.change({ reason: next })}
      />
      <div className="simple-begin is-foot">
        <Button
          id="sale-whole"
          onClick={() => void session.flush().then((isSaved) => (isSaved ? openForBroker(session.id) : undefined))}
        >
          {t('simple.openWhole')}
        </Button>
        {isOpen ? <GiveUp session={session} number={checked.businessKey} /> : null}
        {isOpen ? (
          <Button id="sale-done" type={canQueue ? 'default' : 'primary'} onClick={() => void done()}>
            {t('simple.check.leave')}
          </Button>
        ) : null}
        {isOpen && canQueue ? (
          <Button id="sale-queue" type="primary" loading={queue.status === 'running'} onClick={() => void send()}>
            {t('simple.check.queue')}
          </Button>
        ) : null}
      </div>
    </>
  );
}

/** Why it was sent back, in the words it came with, and the next version of it to be mended. */
function Refused({ id }: { readonly id: number }) {
  const { t } = useTranslation();
  const got = useQuery('documents.get', { id }, { areas: ['documents', 'sync'] });
  const revise = useCommand('documents.revise');
  const again = async (): Promise<void> => {
    const made = await revise.run({ id });
    if (made !== undefined) navigate('sell', { id: made.id });
  };
  return (
    <div className="simple-card" data-testid="sale-refused" role="alert">
      <span className="simple-card-text">
        <strong>{t('simple.state.rejected')}</strong>
        {got.data === undefined
          ? null
          : refusalsOf(got.data.statusCode ?? '', got.data.statusInfo ?? '').map((reason) => (
              <Reason key={`${reason.code} ${reason.text}`} {...reason} />
            ))}
      </span>
      <PlainError error={got.error ?? revise.error} onRetry={got.reload} />
      <Button id="sale-again" type="primary" loading={revise.isRunning} onClick={() => void again()}>
        {t('simple.check.again')}
      </Button>
    </div>
  );
}

/** What a declaration was sent back for, each reason with the question it is about where that can be told. */
export const refusalsOf = (statusCode: string, info: string) =>
  rejectionReasons(statusCode, info).map(({ code, text }) => {
    const path = pathOfReason('DecMessage', text, code);
    return { code, text, step: path === undefined ? undefined : stepOfPath(path) };
  });

/** What stood against it before, kept in sight while it is mended, each with the way to its question. */
export function SentBack({
  reasons,
  at,
  onStep,
}: {
  readonly reasons: ReturnType<typeof refusalsOf>;
  /** The question that is shown. */
  readonly at: SaleStep | 'check';
  readonly onStep: (step: SaleStep) => void;
}) {
  const { t } = useTranslation();
  const elsewhere = [...new Set(reasons.flatMap(({ step }) => (step === undefined || step === at ? [] : [step])))];
  return (
    <div className="simple-card" data-testid="sale-sent-back" role="status">
      <span className="simple-card-text">
        <strong>
          <ToneTag tone="rejected" label={t('simple.check.sentBack')} />
        </strong>
        {reasons.map((reason) => (
          <Reason key={`${reason.code} ${reason.text}`} {...reason} />
        ))}
      </span>
      {elsewhere.map((step) => (
        <Button key={step} onClick={() => onStep(step)}>
          {t('simple.check.changeOf', { step: t(`simple.step.${step}.short`) })}
        </Button>
      ))}
    </div>
  );
}

/** A remark without words is told by the name of its code; the code itself says nothing to this user. */
export function Reason({ code, text }: { readonly code: string; readonly text: string }) {
  const { t } = useTranslation();
  const official = usePlainName('error_code', text === '' ? code : '');
  const observed = usePlainName('return_info_code', text === '' ? code : '');
  const said = [text, official, observed].find((one) => one !== '');
  return <small>{said === undefined ? t('simple.check.refusedNone') : t('simple.check.refused', { why: said })}</small>;
}

/** Takes away a sale that was begun by mistake or came to nothing; what goes along with it is taken off first, by hand. */
function GiveUp({ session, number }: { readonly session: EntrySession; readonly number: string }) {
  const { t } = useTranslation();
  const discard = useCommand('documents.discard');
  const [isLoaded, setLoaded] = useState(false);
  const [error, setError] = useState<ContractError>();
  const run = async (): Promise<void> => {
    setError(undefined);
    try {
      const isOnItsWay = ((await dispatchOf(number))?.cartons ?? 0) > 0;
      setLoaded(isOnItsWay);
      if (isOnItsWay || !(await session.flush())) return;
      await call('entry.close', { id: session.id });
      if ((await discard.run({ id: session.id })) === undefined) return;
      notify(t('simple.check.givenUp'));
      navigate('progress');
    } catch (thrown) {
      setError(errorOf(thrown));
    }
  };
  return (
    <>
      <PlainError error={error ?? discard.error} />
      {isLoaded ? <span role="alert">{t('simple.check.unloadFirst')}</span> : null}
      <ConfirmInline
        label={t('simple.check.giveUp')}
        question={t('simple.check.giveUpAsk')}
        confirmLabel={t('simple.check.giveUp')}
        onConfirm={run}
      />
    </>
  );
}

/** Where the boxes that go along do not weigh or number what the sale says. */
function LoadedGap({
  sale,
  number,
  onStep,
}: {
  readonly sale: Sale;
  readonly number: string;
  readonly onStep: ((step: SaleStep) => void) | undefined;
}) {
  const { t } = useTranslation();
  const found = useQuery('dispatches.list', { text: number, limit: 10 }, { areas: ['lots'] });
  const dispatch = found.data?.rows.find((row) => row.number === number);
  if (dispatch === undefined || dispatch.cartons === 0) return null;
  const gap = declaredGap(dispatch, {
    massG: gramsIn(sale.net),
    cartons: /^\d{1,9}$/.test(sale.packages) ? Number(sale.packages) : undefined,
  });
  if (gap.massG === undefined && gap.cartons === undefined) return null;
  return (
    <div className="simple-card" role="alert">
      <span className="simple-card-text">
        <strong>{t('simple.check.gap')}</strong>
        {gap.massG === undefined ? null : (
          <small>{t('simple.check.gapMass', { loaded: kg(dispatch.massG), said: groupThousands(sale.net) })}</small>
        )}
        {gap.cartons === undefined ? null : (
          <small>{t('simple.check.gapBoxes', { loaded: formatCount(dispatch.cartons), said: sale.packages })}</small>
        )}
      </span>
      {onStep === undefined ? null : <Button onClick={() => onStep('many')}>{t('simple.check.answer')}</Button>}
    </div>
  );
}

/** What a buyer by contract is sent: invoice, packing list and contract of the sale, into a folder of the clerk's choice. */
function SalePapers({ sale, session }: { readonly sale: Sale; readonly session: EntrySession }) {
  const { t } = useTranslation();
  const write = useJob('papers.export');
  const [files, setFiles] = useState(0);
  const run = async (): Promise<void> => {
    if (!(await session.flush())) return;
    const to = await window.portbook.chooseDirectory({ purpose: t('simple.papers.where') });
    if (to === null) return;
    const done = await write.start({
      subject: { documentId: session.id },
      kinds: ['invoice', 'packing', 'contract'],
      language: 'both',
      to: to.token,
    });
    if (done !== undefined) setFiles(done.files.length);
  };
  return (
    <section className="simple-section">
      <h2>{t('simple.papers.title')}</h2>
      <PlainError error={write.error} />
      <div className="simple-begin">
        <Button
          id="sale-papers"
          disabled={sale.goods.length === 0}
          loading={write.status === 'running'}
          onClick={() => void run()}
        >
          {t('simple.papers.write')}
        </Button>
        <span className="muted" role="status">
          {files > 0 ? t('simple.papers.written', { count: files }) : t('simple.papers.hint')}
        </span>
      </div>
    </section>
  );
}

const unitName = (unit: string): 'box' | 'kilogram' | 'other' =>
  unit === saleUnits.box ? 'box' : unit === saleUnits.kilogram ? 'kilogram' : 'other';
/** The word for a unit: the two this desk offers in plain words, one that a broker entered by its name in the table. */
export function useUnitWord(sale: Sale): (unit: string) => string {
  const { t } = useTranslation();
  const nameOf = useCodeNames(
    'unit',
    sale.goods.flatMap(({ unit }) => (unit === '' || unitName(unit) !== 'other' ? [] : [unit])),
  );
  return (unit) => {
    const known = unitName(unit);
    return (known === 'other' ? nameOf(unit) : undefined) ?? t(`simple.unit.${known}`);
  };
}
const transportName: Readonly<Record<string, string>> = { '2': 'sea', '4': 'road', '5': 'air', '3': 'rail' };

/** What was answered, line by line, each with the way back to its question. */
function Summary({ sale, onStep }: { readonly sale: Sale; readonly onStep: ((step: SaleStep) => void) | undefined }) {
  const { t } = useTranslation();
  const unitWord = useUnitWord(sale);
  const country = usePlainName('country_alpha3', sale.country);
  const exitPort = usePlainName('domestic_port', sale.exitPort);
  const arrival = usePlainName('port_alpha', sale.arrivalPort);
  const figure = (text: string): string => (/^\d+(\.\d+)?$/.test(text) ? groupThousands(text) : text);
  const weight = (text: string): string =>
    text === '' ? t('simple.sale.unsaid') : `${figure(text)} ${t('simple.unit.kilogram')}`;
  const joined = (...texts: readonly string[]): string =>
    texts.filter((text) => text !== '').join(' · ') || t('simple.sale.unsaid');
  const transport = transportName[sale.transport];
  const rows: Readonly<Record<SaleStep, ReactNode>> = {
    who: joined(
      sale.buyer,
      country,
      sale.mode === saleModes.platform ? t('simple.who.platform') : '',
      sale.mode === saleModes.platform ? sale.platformOrder : '',
    ),
    what: joined(...sale.goods.map(({ name }) => name)),
    many: joined(
      ...sale.goods.map(({ qty, unit }) => (qty === '' ? '' : `${figure(qty)} ${unitWord(unit)}`)),
      sale.packages === '' ? '' : t('simple.sale.packages', { n: figure(sale.packages) }),
      t('simple.sale.weights', { net: weight(sale.net), gross: weight(sale.gross) }),
    ),
    price:
      sale.total === '' || sale.currency === '' ? (
        t('simple.sale.unsaid')
      ) : (
        <Money amount={sale.total} currency={sale.currency} />
      ),
    when: joined(
      sale.leaveOn,
      transport === undefined ? '' : t(`simple.when.${transport}`),
      exitPort === '' && arrival === '' ? '' : `${exitPort} → ${arrival}`,
    ),
  };
  return (
    <dl className="simple-summary">
      {saleSteps.map((step) => (
        <div key={step} data-summary={step}>
          <dt>{t(`simple.step.${step}.short`)}</dt>
          <dd>{rows[step]}</dd>
          {onStep === undefined ? null : (
            <Button
              aria-label={t('simple.check.changeOf', { step: t(`simple.step.${step}.short`) })}
              onClick={() => onStep(step)}
            >
              {t('simple.check.change')}
            </Button>
          )}
        </div>
      ))}
    </dl>
  );
}
