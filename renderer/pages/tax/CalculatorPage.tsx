/** A calculator: what it asks, what comes out and how, why and since when. */
import { useEffect, useRef, useState } from 'react';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import type { ContractError } from '../../../shared/contract/operation.ts';
import type { CalculationView } from '../../../shared/contract/tax.ts';
import { useKeys } from '../../app/keys.ts';
import type { PageProps } from '../../app/page-route.ts';
import { navigate, textParam } from '../../app/route-store.ts';
import { DetailPane, DetailPlaceholder, DetailSection } from '../../components/DetailPane.tsx';
import { Skeleton } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { Page, Panel, Split } from '../../components/Page.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { captureCtrlEnter, useEnterNavigation } from '../../components/use-enter-navigation.ts';
import { call, errorOf, useQuery } from '../../core-client.ts';
import { CalculationResult } from './CalculationResult.tsx';
import {
  type FormValues,
  formPath,
  inputOf,
  nearestPlace,
  placesOf,
  refusalOf,
  startValues,
} from './calculator-form.ts';
import { DerivationSteps, useCopyDerivation } from './Derivation.tsx';
import { keepInputs, useLastInputs } from './last-inputs.ts';
import { Reliability } from './Reliability.tsx';
import { fieldId, RuleFields } from './RuleFields.tsx';
import { inForceText } from './rule-text.ts';
import { useWords } from './use-words.ts';
import './tax.css';

type Explained = OutputOf<'rules.explain'>;

export function CalculatorPage({ params }: PageProps) {
  const id = textParam(params, 'id') ?? 'T01';
  const explained = useQuery('rules.explain', { id }, { areas: ['tax'] });
  if (explained.status === 'failed') return <ErrorNote error={explained.error} onRetry={explained.reload} />;
  if (explained.data === undefined || explained.data.id !== id) return <Skeleton />;
  return <Calculator key={id} explained={explained.data} />;
}

function Calculator({ explained }: { readonly explained: Explained }) {
  const { t, say } = useWords();
  const { id, inputs } = explained;
  const kept = useLastInputs((state) => state.of[id]);
  const values = kept ?? startValues(inputs);
  const [calculation, setCalculation] = useState<CalculationView>();
  const [error, setError] = useState<ContractError>();
  const [isRunning, setRunning] = useState(false);
  const [isStale, setStale] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const copy = useCopyDerivation(calculation);

  useEffect(() => {
    form.current?.querySelector<HTMLElement>('input')?.focus();
  }, []);

  const change = (next: FormValues): void => {
    keepInputs(id, next);
    setStale(true);
    if (error?.code === 'RULE_INPUT') setError(undefined);
  };
  const refused = error === undefined ? undefined : refusedField(error);
  const placed =
    refused === undefined
      ? undefined
      : nearestPlace(formPath(refused.field, inputs, values), new Set(placesOf(inputs, values)));

  const run = async (): Promise<void> => {
    setRunning(true);
    setError(undefined);
    try {
      const current = useLastInputs.getState().of[id] ?? values;
      setCalculation(
        await call('rules.run', { calculator: id, input: inputOf(inputs, current) as Record<string, never> }),
      );
      setStale(false);
    } catch (thrown) {
      setError(errorOf(thrown));
      setCalculation(undefined);
    } finally {
      setRunning(false);
    }
  };
  useEffect(() => {
    if (placed !== undefined) document.getElementById(fieldId(placed))?.focus();
  }, [placed]);
  const start = (): void => {
    // A field settles what was typed when it is left; Ctrl+Enter leaves none.
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
    window.setTimeout(() => void run(), 0);
  };
  const onKeyDown = useEnterNavigation({ onSubmit: start });
  useKeys([{ key: 'Esc', label: t('tax.calculators.back'), run: () => navigate('calculators') }]);
  return (
    <Page
      title={
        <>
          <span className="code">{id}</span> {say(explained.title)}
        </>
      }
      summary={explained.off === undefined ? explained.source : t('tax.offBecause', { reason: explained.off.reason })}
      actions={
        <>
          <KeyButton label={t('tax.calculators.clear')} onPress={() => change(startValues(inputs))} />
          <KeyButton label={t('tax.copy')} keys="F6" bind isDisabled={calculation === undefined} onPress={copy} />
          <KeyButton
            label={t('common.print')}
            keys="F9"
            bind
            isDisabled={calculation === undefined}
            onPress={() => window.print()}
          />
          <KeyButton
            label={t('tax.calculators.run')}
            keys="Ctrl+Enter"
            isMain
            bind
            kind="primary"
            isBusy={isRunning}
            isDisabled={explained.off !== undefined}
            onPress={start}
          />
        </>
      }
      notice={<ErrorNote error={placed === undefined ? error : undefined} onClose={() => setError(undefined)} />}
    >
      <Split
        ratio="even"
        list={
          <Panel>
            <form
              ref={form}
              className="panel-pad"
              noValidate
              onKeyDown={onKeyDown}
              onKeyDownCapture={captureCtrlEnter(start)}
              onSubmit={(event) => {
                event.preventDefault();
                start();
              }}
            >
              <h3 className="form-section">{t('tax.calculators.inputs')}</h3>
              <p className="muted form-note">{t('tax.calculators.inputsHint')}</p>
              <div className="form-grid rule-form">
                <RuleFields
                  calculator={id}
                  fields={inputs}
                  values={values}
                  onChange={change}
                  refused={
                    placed === undefined || refused === undefined
                      ? undefined
                      : {
                          path: placed,
                          text: t(`tax.refused.${refusalOf(refused.reason)}`, { reason: refused.reason }),
                        }
                  }
                />
              </div>
              <RuleCard explained={explained} />
            </form>
          </Panel>
        }
        detail={
          calculation === undefined ? (
            <DetailPlaceholder text={t('tax.calculators.placeholder')} />
          ) : (
            <DetailPane
              title={t('tax.calculators.result')}
              tags={
                isStale ? (
                  <ToneTag tone="action" label={t('tax.calculators.stale')} />
                ) : (
                  <ToneTag tone="draft" label={t('tax.draft')} />
                )
              }
            >
              <div className="printable">
                <CalculationResult calculation={calculation} />
                <DerivationSteps calculation={calculation} />
              </div>
            </DetailPane>
          )
        }
      />
    </Page>
  );
}

/** Why, since when, how surely: the card of the rule. */
function RuleCard({ explained }: { readonly explained: Explained }) {
  const { t, say } = useWords();
  return (
    <div className="rule-card">
      <DetailSection title={t('tax.card.title')}>
        <ul className="basis-list">
          <li>
            {t('tax.derivation.rule', { rule: explained.rule })} · {explained.source}
            {explained.inForceFrom === null ? '' : ` · ${inForceText(explained.inForceFrom, null, t)}`}
          </li>
          {explained.packDetails.map((pack) => (
            <li key={pack.id}>
              <div className="basis-head">
                <strong>{say(pack.title)}</strong>
                {pack.changed === undefined ? null : <ToneTag tone="action" label={t('tax.changedByFirm')} />}
                <button type="button" className="link" onClick={() => navigate('rules', { pack: pack.id })}>
                  {t('tax.card.openPack')}
                </button>
              </div>
              {pack.changed === undefined ? null : <div className="tone-action">{pack.changed.reason}</div>}
              {pack.versions.map((version) => (
                <div key={version.inForceFrom} className="basis-version">
                  <span>{inForceText(version.inForceFrom, version.inForceTo, t)}</span>
                  <Reliability level={version.reliability} />
                  <span className="muted">
                    {version.source === '' ? pack.source : version.source} ·{' '}
                    {t('tax.card.verified', {
                      name: version.verifiedBy.name,
                      on: version.verifiedBy.on,
                      how: version.verifiedBy.how,
                    })}
                  </span>
                </div>
              ))}
            </li>
          ))}
          {explained.settingDetails.map((setting) => (
            <li key={setting.id}>
              <div className="basis-head">
                <ToneTag tone="action" label={t('tax.unclear')} />
                <strong>{say(setting.title)}</strong>
              </div>
              <div>
                {t('tax.card.chosen', {
                  option: setting.options
                    .filter(({ id }) => id === setting.chosen)
                    .map(({ title }) => say(title))
                    .join(''),
                })}{' '}
                <button
                  type="button"
                  className="link"
                  onClick={() => navigate('rules', { tab: 'settings', setting: setting.id })}
                >
                  {t('tax.card.choose')}
                </button>
              </div>
            </li>
          ))}
        </ul>
        <p className="draft-note">{t('tax.authority')}</p>
      </DetailSection>
    </div>
  );
}

/** The field a refusal of `rules.run` speaks of, and its reason. */
function refusedField(error: ContractError): { readonly field: string; readonly reason: string } | undefined {
  if (error.code !== 'RULE_INPUT') return undefined;
  const field = String(error.params['field'] ?? '');
  return field === '' ? undefined : { field, reason: String(error.params['reason'] ?? '') };
}
