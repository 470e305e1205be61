/** 政务事项: what is to be done with authorities, with which papers, by when, where; what is not known is said. */
import { Button } from 'antd';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { useKeys } from '../../app/keys.ts';
import type { PageProps } from '../../app/page-route.ts';
import { navigate, replaceParams, textParam } from '../../app/route-store.ts';
import { type Column, DataTable, plainPages } from '../../components/DataTable.tsx';
import { DetailPane, DetailPlaceholder, DetailSection, focusDetail, focusList } from '../../components/DetailPane.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { Page, Split } from '../../components/Page.tsx';
import { SearchInput } from '../../components/SearchInput.tsx';
import { useQuery } from '../../core-client.ts';
import { useBilingual } from '../obligations/use-bilingual.ts';
import { MatterTabs } from './MatterTabs.tsx';

type Matter = OutputOf<'matters.list'>['rows'][number];

const textOf = ({ title, what, papers, where, source }: Matter): string =>
  [title, what, where, ...papers.map((paper) => paper.title)]
    .flatMap((one) => (one === null ? [] : [one.zh, one.en]))
    .concat(source)
    .join('\n')
    .toLowerCase();

export function MattersPage({ params }: PageProps) {
  const { t } = useTranslation();
  const words = useBilingual();
  const list = useQuery('matters.list', {});
  const [text, setText] = useState('');
  const rows = useMemo(() => {
    const wanted = text.toLowerCase().split(/\s+/).filter(Boolean);
    return list.data?.rows.filter((one) => wanted.every((word) => textOf(one).includes(word)));
  }, [list.data, text]);
  const chosen = rows?.find(({ id }) => id === textParam(params, 'id')) ?? rows?.[0];
  useKeys([
    { key: 'Enter', label: t('registrations.open'), isMain: true },
    { key: 'Esc', label: t('registrations.back'), run: () => focusList() || navigate('registrations') },
  ]);
  const columns: readonly Column<Matter>[] = [
    { id: 'area', title: '', width: 88, render: (row) => t(`matters.area.${row.area}`) },
    { id: 'title', title: t('matters.title'), render: (row) => words(row.title) },
  ];
  return (
    <Page
      title={t('matters.title')}
      summary={rows === undefined ? undefined : t('matters.summary', { n: rows.length })}
      filters={
        <>
          <MatterTabs active="matters" />
          <SearchInput
            value={text}
            onChange={setText}
            placeholder={t('matters.search')}
            keyLabel={t('matters.search')}
          />
        </>
      }
    >
      <Split
        ratio="even"
        list={
          <DataTable
            label={t('matters.title')}
            autoFocus
            pages={plainPages(rows, list.error, list.reload)}
            columns={columns}
            rowKey={(row) => row.id}
            activeKey={chosen?.id}
            onActivate={({ id }) => replaceParams({ id })}
            onOpen={() => focusDetail()}
            empty={<EmptyState title={t('matters.none')} hint={t('matters.noneHint')} />}
          />
        }
        detail={chosen === undefined ? <DetailPlaceholder text={t('matters.choose')} /> : <Shown matter={chosen} />}
      />
    </Page>
  );
}

function Shown({ matter }: { readonly matter: Matter }) {
  const { t } = useTranslation();
  const words = useBilingual();
  const { page } = matter;
  return (
    <DetailPane title={words(matter.title)} tags={t(`matters.area.${matter.area}`)}>
      <DetailSection title={t('matters.what')}>
        <p>{words(matter.what)}</p>
      </DetailSection>
      <DetailSection title={t('matters.papers')}>
        {matter.papers.length === 0 ? <p className="muted">{t('matters.noPapers')}</p> : null}
        <ul className="plain-list panel-pad">
          {matter.papers.map(({ code, title, required, note, operators }) => (
            <li key={code}>
              {words(title)}{' '}
              <span className="muted">
                {[
                  t(required ? 'registrations.required' : 'registrations.maybe'),
                  (operators ?? []).map((one) => t(`registrations.type.${one}`)).join(t('money.comma')),
                  note === null ? '' : words(note),
                ]
                  .filter((part) => part !== '')
                  .join(' · ')}
              </span>
            </li>
          ))}
        </ul>
      </DetailSection>
      <DetailSection title={t('matters.deadline')}>
        <p>{matter.deadline === null ? t('matters.notKnown') : words(matter.deadline)}</p>
      </DetailSection>
      <DetailSection title={t('matters.where')}>
        <p>{matter.where === null ? t('matters.notKnown') : words(matter.where)}</p>
        {page === null ? null : (
          <Button size="small" onClick={() => navigate(page)}>
            {t('matters.go')}
          </Button>
        )}
      </DetailSection>
      {matter.unknown === null ? null : (
        <DetailSection title={t('matters.unknown')}>
          <p>{words(matter.unknown)}</p>
        </DetailSection>
      )}
      <DetailSection title={t('matters.source')}>
        <p>
          {matter.source} <span className="muted">{t(`matters.reliability.${matter.reliability}`)}</span>
        </p>
      </DetailSection>
    </DetailPane>
  );
}
