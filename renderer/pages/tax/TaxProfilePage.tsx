/** 税务资料: the choices tax follows, and the facts no document has, by period. */
import { Select } from 'antd';
import type { PageProps } from '../../app/page-route.ts';
import { replaceParams, textParam } from '../../app/route-store.ts';
import { Chips } from '../../components/Chips.tsx';
import { Skeleton } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { Page, Panel } from '../../components/Page.tsx';
import { useQuery } from '../../core-client.ts';
import { formatInstant, localDate } from '../../i18n/format.ts';
import { FactsGrid } from './FactsGrid.tsx';
import { ProfileForm } from './ProfileForm.tsx';
import { periodChoices } from './period.ts';
import { useWords } from './use-words.ts';
import './tax.css';

const tabs = ['profile', 'facts'] as const;
type Tab = (typeof tabs)[number];

export function TaxProfilePage({ params }: PageProps) {
  const { t } = useWords();
  const tab: Tab = tabs.find((one) => one === textParam(params, 'tab')) ?? 'profile';
  const period = textParam(params, 'period');
  const year = textParam(params, 'year') ?? period?.slice(0, 4) ?? localDate().slice(0, 4);
  const profile = useQuery('tax.profile', {}, { areas: ['tax'] });
  return (
    <Page
      title={t('tax.profile.title')}
      summary={
        tab === 'facts'
          ? t('tax.facts.summary')
          : profile.data?.changedAt === undefined
            ? t('tax.profile.never')
            : t('tax.profile.changedAt', { at: formatInstant(profile.data.changedAt) })
      }
      filters={
        <>
          <Chips<Tab>
            label={t('tax.profile.title')}
            value={tab}
            onChange={(next) => replaceParams(next === 'profile' ? {} : { tab: next })}
            chips={tabs.map((one) => ({ value: one, label: t(`tax.profile.tab.${one}`) }))}
          />
          {tab === 'facts' ? (
            <Select
              className="filter-select period-select"
              aria-label={t('tax.facts.year')}
              value={year}
              onChange={(next) => replaceParams({ tab: 'facts', year: next })}
              options={periodChoices('year', ['2020-01'], localDate(), year).map((one) => ({ value: one, label: one }))}
            />
          ) : null}
        </>
      }
    >
      {tab === 'facts' ? (
        <FactsGrid
          key={year}
          year={year}
          wanted={{ name: textParam(params, 'name'), period, subject: textParam(params, 'subject') }}
        />
      ) : profile.data === undefined ? (
        profile.status === 'failed' ? (
          <ErrorNote error={profile.error} onRetry={profile.reload} />
        ) : (
          <Panel>
            <Skeleton rows={8} />
          </Panel>
        )
      ) : (
        <ProfileForm
          key={profile.data.changedAt ?? ''}
          profile={profile.data.profile}
          wanted={textParam(params, 'field')}
        />
      )}
    </Page>
  );
}
