/** How a figure came about: each step in words and in numbers, the pack it stands on, what is unclear. */
import { Button } from 'antd';
import type { CalculationView } from '../../../shared/contract/tax.ts';
import { Code } from '../../components/Amount.tsx';
import { DetailPane, DetailSection } from '../../components/DetailPane.tsx';
import { ToneMark } from '../../components/StateTag.tsx';
import { useQuery } from '../../core-client.ts';
import { notify } from '../../stores/notice-store.ts';
import { copyText } from './copy-text.ts';
import { Reliability } from './Reliability.tsx';
import {
  besideFormula,
  derivationText,
  formulaInNumbers,
  formulaInWords,
  inForceText,
  ruleText,
  stepLabel,
  termLabel,
  valueText,
  warningText,
} from './rule-text.ts';
import { useWords } from './use-words.ts';

/** Titles of packs, which a calculation names by their ids alone. */
function usePackTitles(calculator: string): (id: string) => string {
  const explained = useQuery('rules.explain', { id: calculator }, { areas: ['tax'] });
  const { say } = useWords();
  const titles = new Map(explained.data?.packs.map(({ id, title }) => [id, say(title)]));
  return (id) => titles.get(id) ?? id;
}

export function useCopyDerivation(calculation: CalculationView | undefined): () => void {
  const words = useWords();
  const titleOf = usePackTitles(calculation?.calculator ?? 'T01');
  return () => {
    if (calculation === undefined) return;
    if (copyText(derivationText(calculation, words, titleOf))) notify(words.t('tax.derivation.copied'));
  };
}

export function DerivationSteps({ calculation }: { readonly calculation: CalculationView }) {
  const words = useWords();
  const { t } = words;
  const { calculator } = calculation;
  const titleOf = usePackTitles(calculator);
  return (
    <>
      {calculation.warnings.length === 0 ? null : (
        <ul className="derivation-warnings">
          {calculation.warnings.map((warning, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the same warning may stand twice with other params
            <li key={`${warning.code} ${at}`}>
              <ToneMark tone="action" />
              <span>
                <span className="sr-only">{t('tax.level.warning')}</span> {warningText(warning, calculator, words)}
              </span>
            </li>
          ))}
        </ul>
      )}
      <ol className="derivation-steps" aria-label={t('tax.derivation.steps')}>
        {calculation.steps.map((step, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a step of a loop has the id of the one before
          <li key={`${step.id} ${at}`}>
            <div className="derivation-line">
              <span className="derivation-term">{stepLabel(step.id, calculator, words)}</span>
              <span className="derivation-value">{valueText(step.id, step.result, calculator, words)}</span>
            </div>
            {step.formula === '' ? null : (
              <>
                <div className="derivation-formula">= {formulaInWords(step, calculator, words)}</div>
                <div className="derivation-formula is-numbers">= {formulaInNumbers(step, calculator, words)}</div>
              </>
            )}
            {besideFormula(step).map(([name, value]) => (
              <div key={name} className="derivation-formula">
                {termLabel(name, calculator, words)} {valueText(name, value, calculator, words)}
              </div>
            ))}
            <div className="derivation-note">
              {t('tax.derivation.rule', { rule: step.rule })}
              {step.rounding === 'none' ? '' : ` · ${t(`tax.rounding.${step.rounding}`)}`}
            </div>
          </li>
        ))}
      </ol>
      <DetailSection title={t('tax.derivation.basis')}>
        <ul className="basis-list">
          {calculation.eventDate === null ? null : (
            <li>{t('tax.derivation.eventDate', { date: calculation.eventDate })}</li>
          )}
          {calculation.packs.map((pack) => (
            <li key={`${pack.pack} ${pack.inForceFrom}`}>
              <div className="basis-head">
                <strong>{titleOf(pack.pack)}</strong>
                <Reliability level={pack.reliability} />
              </div>
              <div>{inForceText(pack.inForceFrom, pack.inForceTo, t)}</div>
              <div className="muted">{pack.source}</div>
              <div className="muted">
                <Code>{pack.pack}</Code>
              </div>
            </li>
          ))}
          {calculation.packs.length === 0 ? <li className="muted">{t('tax.derivation.noPack')}</li> : null}
        </ul>
      </DetailSection>
      <p className="draft-note">{t('tax.authority')}</p>
    </>
  );
}

/** The pane beside a worksheet. */
export function DerivationPane({
  calculation,
  subject,
  onClose,
}: {
  readonly calculation: CalculationView;
  readonly subject: string;
  readonly onClose: () => void;
}) {
  const words = useWords();
  const { t } = words;
  const copy = useCopyDerivation(calculation);
  return (
    <DetailPane
      title={
        ruleText(`calculator.${calculation.calculator}`, words.language, calculation.calculator) ??
        calculation.calculator
      }
      extra={
        <>
          <Button size="small" onClick={copy}>
            {t('tax.copy')}
          </Button>
          <Button size="small" onClick={onClose}>
            {t('common.close')}
          </Button>
        </>
      }
    >
      {subject === '' ? null : <p className="muted">{t('tax.derivation.subject', { subject })}</p>}
      <DerivationSteps calculation={calculation} />
    </DetailPane>
  );
}
