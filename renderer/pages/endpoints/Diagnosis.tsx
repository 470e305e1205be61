import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import type { DiagnosisStep } from '../../../shared/contract/endpoints.ts';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { ToneMark } from '../../components/StateTag.tsx';
import { useJob } from '../../core-client.ts';
import { codeText } from '../../i18n/catalogue.ts';
import type { Tone } from '../../theme/palette.ts';

const tones: Readonly<Record<DiagnosisStep['state'], Tone>> = {
  ok: 'accepted',
  failed: 'rejected',
  skipped: 'draft',
  none: 'draft',
};

/** Tries the way to an endpoint and shows how far it goes: each step with its state in words, a failure with what to do. */
export function Diagnosis({ id }: { readonly id: string }) {
  const { t } = useTranslation();
  const test = useJob('endpoints.test');
  const steps = test.result?.steps;
  return (
    <section className="endpoint-test" aria-live="polite">
      <Button loading={test.status === 'running'} onClick={() => void test.start({ id })}>
        {t('endpoints.test')}
      </Button>
      <ErrorNote error={test.error} onClose={test.clear} />
      {test.status === 'running' ? <p className="muted">{t('endpoints.testing')}</p> : null}
      {steps === undefined ? null : (
        <ol className="endpoint-steps">
          {steps.map((step) => {
            const failure = step.code === undefined ? undefined : codeText('error', step.code, { name: '' });
            return (
              <li key={step.step}>
                <ToneMark tone={tones[step.state]} />
                <div>
                  <strong>{t(`endpoints.step.${step.step}`)}</strong> {t(`endpoints.stepState.${step.state}`)}
                  {step.detail === undefined ? null : (
                    <div className="muted code">
                      {step.step === 'side'
                        ? t(`endpoints.side.${step.detail}`)
                        : step.step === 'proxy'
                          ? t(`endpoints.via.${step.detail}`, { defaultValue: step.detail })
                          : step.detail}
                    </div>
                  )}
                  {step.code === undefined ? null : (
                    <div>
                      {failure?.what ?? step.code}
                      {failure === undefined ? null : <div className="muted">{failure.remedy}</div>}
                    </div>
                  )}
                </div>
              </li>
            );
          })}
        </ol>
      )}
    </section>
  );
}
