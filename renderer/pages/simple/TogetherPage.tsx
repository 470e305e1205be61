/** 合伙发货 (联合出海): goods of several families in one shipment, what each one's share is, its statement and what it was paid. */
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ContractError } from '../../../shared/contract/operation.ts';
import { useKeys } from '../../app/keys.ts';
import type { PageProps } from '../../app/page-route.ts';
import { navigate, numberParam } from '../../app/route-store.ts';
import { ToneTag } from '../../components/StateTag.tsx';
import { call, errorOf, usePages } from '../../core-client.ts';
import { formatCount } from '../../i18n/format.ts';
import { useCountryName } from '../money/boxes.tsx';
import { kg } from '../trace/parts.tsx';
import { BigPage, Choice, Choices, Money, MoreRows, PlainError } from './parts.tsx';
import { TogetherOne } from './TogetherOne.tsx';

export function TogetherPage({ params }: PageProps) {
  const { t } = useTranslation();
  const id = numberParam(params, 'id');
  const joints = usePages('joint.list', {}, { areas: ['lots'] });
  const [isNew, setNew] = useState(false);
  useKeys([{ key: 'Ctrl+N', label: t('simple.together.new'), run: () => setNew(true), isMain: true }]);
  if (id !== undefined) return <TogetherOne key={id} id={id} />;
  if (isNew) return <NewTogether onBack={() => setNew(false)} />;
  return (
    <BigPage title={t('simple.area.together')} hint={t('simple.together.hint')}>
      <PlainError error={joints.error} onRetry={joints.reload} />
      <div className="simple-begin">
        <Button id="together-new" type="primary" onClick={() => setNew(true)}>
          {t('simple.together.new')}
        </Button>
      </div>
      {joints.status === 'ready' && joints.rows.length === 0 ? (
        <p className="simple-nothing">{t('simple.together.none')}</p>
      ) : null}
      {joints.rows.map((row) => (
        <div key={row.id} className="simple-card">
          <span className="simple-card-text">
            <strong>{row.title}</strong>
            <small>
              {row.on} ·{' '}
              {t('simple.together.of', {
                members: formatCount(row.members),
                boxes: formatCount(row.cartons),
                mass: kg(row.massG),
              })}
            </small>
          </span>
          {row.version === 0 ? (
            <ToneTag tone="draft" label={t('simple.together.notStated')} />
          ) : /^0(\.0+)?$/.test(row.payable) ? (
            <ToneTag tone="accepted" label={t('simple.together.allPaid')} />
          ) : (
            <span>
              {t('simple.together.stillToPay')} <Money amount={row.payable} currency="CNY" />
            </span>
          )}
          <Button type="primary" onClick={() => navigate('together', { id: row.id })}>
            {t('simple.together.open')}
          </Button>
        </div>
      ))}
      <MoreRows pages={joints} />
    </BigPage>
  );
}

/** Chosen among what is loaded; goods and families are read from the lots. */
function NewTogether({ onBack }: { readonly onBack: () => void }) {
  const { t } = useTranslation();
  const countryName = useCountryName();
  const dispatches = usePages('dispatches.list', {}, { areas: ['lots'] });
  const [error, setError] = useState<ContractError>();
  useKeys([{ key: 'Esc', label: t('common.back'), run: onBack }]);
  const loaded = dispatches.rows.filter(({ cartons }) => cartons > 0);
  const nameOf = ({ buyer, country }: (typeof loaded)[number]): string => (buyer === '' ? countryName(country) : buyer);
  const begin = async (dispatch: (typeof loaded)[number]): Promise<void> => {
    setError(undefined);
    try {
      // One that is shared already is opened, not begun again.
      const { rows } = await call('joint.list', { text: dispatch.number, limit: 100 });
      const there = rows.find(({ source }) => source === dispatch.number);
      const { number: source, on } = dispatch;
      const title = t('simple.together.title', { to: nameOf(dispatch) }).slice(0, 100);
      const made = there ?? (await call('joint.save', { title, on, source }));
      navigate('together', { id: made.id });
    } catch (thrown) {
      setError(errorOf(thrown));
    }
  };
  return (
    <BigPage
      title={t('simple.together.new')}
      foot={<Button onClick={onBack}>{t('common.back')}</Button>}
      hint={t('simple.together.newHint')}
    >
      <PlainError error={error ?? dispatches.error} onRetry={dispatches.reload} />
      {dispatches.status === 'ready' && loaded.length === 0 && !dispatches.hasMore ? (
        <div className="simple-nothing">
          <p>{t('simple.together.nothingLoaded')}</p>
          <Button type="primary" onClick={() => navigate('sell')}>
            {t('simple.area.sell')}
          </Button>
        </div>
      ) : (
        <Choices label={t('simple.together.which')} term={t('simple.term.dispatch')}>
          {loaded.map((one) => (
            <Choice
              key={one.id}
              title={nameOf(one)}
              note={t('simple.together.loaded', {
                date: one.on,
                boxes: formatCount(one.cartons),
                mass: kg(one.massG),
              })}
              onPress={() => void begin(one)}
            />
          ))}
        </Choices>
      )}
      <MoreRows pages={dispatches} />
    </BigPage>
  );
}
