/** 等级说明: what each class is called and what follows from it, by date and source; reward, restriction and repair; what is not known. */
import { Button } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useKeys } from '../../app/keys.ts';
import { navigate, openTarget } from '../../app/route-store.ts';
import { DateInput } from '../../components/DateInput.tsx';
import { DetailSection } from '../../components/DetailPane.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { Page } from '../../components/Page.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { useQuery } from '../../core-client.ts';
import { localDate } from '../../i18n/format.ts';
import { useBilingual } from '../obligations/use-bilingual.ts';

const tones = { good: 'accepted', plain: 'draft', bad: 'action' } as const;

export function ClassesTab({ tabs }: { readonly tabs: ReactNode }) {
  const { t } = useTranslation();
  const words = useBilingual();
  const [on, setOn] = useState(localDate());
  const view = useQuery('credit.classes', /^\d{4}-\d{2}-\d{2}$/.test(on) ? { on } : {});
  useKeys([]);
  const { data } = view;
  const setOf = (authority: string) => data?.set.find((one) => one.authority === authority);
  return (
    <Page
      title={t('credit.title')}
      summary={
        data === undefined
          ? undefined
          : t('credit.classes.summary', { from: data.inForceFrom, to: data.inForceTo ?? t('credit.classes.open') })
      }
      filters={
        <>
          {tabs}
          <label className="credit-on" htmlFor="credit-on">
            {t('credit.classes.on')}
            <DateInput id="credit-on" value={on} onChange={setOn} />
          </label>
        </>
      }
      actions={<Button onClick={() => navigate('risk', { tab: 'hits' })}>{t('credit.screening')}</Button>}
    >
      <ErrorNote error={view.error} onRetry={view.reload} />
      <div className="credit-classes">
        {(data?.figures.authorities ?? []).map(({ id, title, classes, unknown, source, reliability }) => {
          const set = setOf(id);
          return (
            <DetailSection key={id} title={words(title)}>
              <ul className="plain-list panel-pad">
                {classes.map(({ code, name, standing, effects }) => (
                  <li key={code}>
                    <ToneTag tone={tones[standing]} label={words(name)} />
                    {set?.level === code ? (
                      <>
                        {' '}
                        <button type="button" className="link" onClick={() => openTarget(set.target)}>
                          {t('credit.classes.set')}
                        </button>
                      </>
                    ) : null}
                    {effects.length === 0 ? (
                      <span className="muted"> {t('credit.classes.noEffect')}</span>
                    ) : (
                      <ul className="credit-effects">
                        {effects.map((effect) => (
                          <li key={effect.zh}>{words(effect)}</li>
                        ))}
                      </ul>
                    )}
                  </li>
                ))}
                {unknown === null ? null : (
                  <li>
                    {t('credit.classes.unknown')}
                    {words(unknown)}
                  </li>
                )}
                <li className="muted">
                  {t('credit.classes.source', { source })} {t(`matters.reliability.${reliability}`)}
                </li>
              </ul>
            </DetailSection>
          );
        })}
        <DetailSection title={t('credit.classes.measures')}>
          <ul className="plain-list panel-pad">
            {(data?.figures.measures ?? []).map(({ kind, text, source, reliability }) => (
              <li key={text.zh}>
                {t(`credit.measure.${kind}`)} {words(text)}{' '}
                <span className="muted">
                  {source} {t(`matters.reliability.${reliability}`)}
                </span>
              </li>
            ))}
          </ul>
        </DetailSection>
      </div>
    </Page>
  );
}
