/** 政策: every policy card with its days, found by a word, by the field it concerns, and by what changed since a day. */
import { Button } from 'antd';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { parseIsoDate } from '../../../shared/calendar/dates.ts';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { changeSince, isInForce } from '../../../shared/rules/policies/pack.ts';
import { useKeys } from '../../app/keys.ts';
import type { PageProps } from '../../app/page-route.ts';
import { navigate, replaceParams, textParam } from '../../app/route-store.ts';
import { Chips } from '../../components/Chips.tsx';
import { type Column, DataTable, plainPages } from '../../components/DataTable.tsx';
import { DateInput } from '../../components/DateInput.tsx';
import { DetailPane, DetailPlaceholder, DetailSection, focusDetail, focusList } from '../../components/DetailPane.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { CheckNames } from '../../components/FieldHelp.tsx';
import { Page, Split } from '../../components/Page.tsx';
import { PolicyState, useForceText } from '../../components/PolicyCards.tsx';
import { SearchInput } from '../../components/SearchInput.tsx';
import { useQuery } from '../../core-client.ts';
import { useBilingual } from '../obligations/use-bilingual.ts';
import { MatterTabs } from './MatterTabs.tsx';
import { policyFieldName } from './policy-field.ts';

type Card = OutputOf<'policies.list'>['rows'][number];
const shows = ['all', 'inForce', 'ended'] as const;
type Show = (typeof shows)[number];

const textOf = ({ title, means, unknown, document, article }: Card): string =>
  [title, means, unknown]
    .flatMap((one) => (one === null ? [] : [one.zh, one.en]))
    .concat(document, article ?? '')
    .join('\n')
    .toLowerCase();

export function PoliciesPage({ params }: PageProps) {
  const { t, i18n } = useTranslation();
  const words = useBilingual();
  const list = useQuery('policies.list', {}, { areas: ['tax'] });
  const [text, setText] = useState('');
  const [since, setSince] = useState('');
  const show: Show = shows.find((one) => one === textParam(params, 'show')) ?? 'all';
  const field = textParam(params, 'field');
  const today = list.data?.today ?? '';
  const from = parseIsoDate(since);
  const rows = useMemo(() => {
    const wanted = text.toLowerCase().split(/\s+/).filter(Boolean);
    return list.data?.rows.filter(
      (one) =>
        (show === 'all' || isInForce(one, today) === (show === 'inForce')) &&
        (field === undefined || one.fields.includes(field)) &&
        (from === undefined || changeSince(one, from, today) !== undefined) &&
        wanted.every((word) => textOf(one).includes(word)),
    );
  }, [list.data, text, show, field, from, today]);
  const chosen = rows?.find(({ id }) => id === textParam(params, 'id')) ?? rows?.[0];
  const set = (change: Readonly<Record<string, string>>): void =>
    replaceParams(Object.fromEntries(Object.entries({ ...params, ...change }).filter(([, value]) => value !== '')));
  useKeys([
    { key: 'Enter', label: t('registrations.open'), isMain: true },
    { key: 'Esc', label: t('registrations.back'), run: () => focusList() || navigate('matters') },
  ]);
  const columns: readonly Column<Card>[] = [
    { id: 'area', title: t('policies.column.area'), width: 80, render: (row) => t(`policies.area.${row.area}`) },
    { id: 'title', title: t('policies.column.title'), render: (row) => words(row.title) },
    { id: 'from', title: t('policies.column.from'), width: 94, render: (row) => row.from ?? '–' },
    { id: 'to', title: t('policies.column.to'), width: 94, render: (row) => row.to ?? '' },
    {
      id: 'state',
      title: t('policies.column.state'),
      width: 96,
      render: (row) => {
        const change = from === undefined ? undefined : changeSince(row, from, today);
        return change === undefined ? <PolicyState card={row} today={today} /> : t(`policies.change.${change}`);
      },
    },
  ];
  return (
    <Page
      title={t('policies.title')}
      summary={
        rows === undefined
          ? undefined
          : t('policies.summary', { n: rows.length, inForce: rows.filter((one) => isInForce(one, today)).length })
      }
      filters={
        <>
          <MatterTabs active="policies" />
          <Chips<Show>
            label={t('policies.show')}
            value={show}
            onChange={(next) => set({ show: next === 'all' ? '' : next })}
            chips={shows.map((one) => ({ value: one, label: t(`policies.state.${one}`) }))}
          />
          <SearchInput
            value={text}
            onChange={setText}
            placeholder={t('policies.search')}
            keyLabel={t('policies.search')}
          />
          <label htmlFor="policies-since" className="muted">
            {t('policies.changedSince')}
          </label>
          <DateInput id="policies-since" value={since} onChange={setSince} />
          {field === undefined ? null : (
            <Button size="small" onClick={() => set({ field: '' })}>
              {t('policies.ofField', { field: policyFieldName(field, i18n.language, t) })} · {t('policies.allFields')}
            </Button>
          )}
        </>
      }
    >
      <Split
        ratio="even"
        list={
          <DataTable
            label={t('policies.title')}
            autoFocus
            pages={plainPages(rows, list.error, list.reload)}
            columns={columns}
            rowKey={(row) => row.id}
            activeKey={chosen?.id}
            rowTone={(row) => (isInForce(row, today) ? undefined : 'muted')}
            onActivate={({ id }) => set({ id })}
            onOpen={() => focusDetail()}
            empty={<EmptyState title={t('policies.none')} hint={t('policies.noneHint')} />}
          />
        }
        detail={
          chosen === undefined ? (
            <DetailPlaceholder text={t('policies.choose')} />
          ) : (
            <Shown card={chosen} today={today} all={list.data?.rows ?? []} onOpen={(id) => replaceParams({ id })} />
          )
        }
      />
    </Page>
  );
}

function Shown({
  card,
  today,
  all,
  onOpen,
}: {
  readonly card: Card;
  readonly today: string;
  readonly all: readonly Card[];
  readonly onOpen: (id: string) => void;
}) {
  const { t, i18n } = useTranslation();
  const words = useBilingual();
  const forceText = useForceText();
  const next = all.find(({ id }) => id === card.replacedBy);
  return (
    <DetailPane title={words(card.title)} tags={<PolicyState card={card} today={today} />}>
      <DetailSection title={t('policies.means')}>
        <p>{words(card.means)}</p>
      </DetailSection>
      {card.unknown === null ? null : (
        <DetailSection title={t('policies.unknown')}>
          <p>{words(card.unknown)}</p>
        </DetailSection>
      )}
      <DetailSection title={t('policies.document')}>
        <p>
          {[card.document, card.article].filter((part) => part !== null).join(' ')}{' '}
          <span className="muted">{`${forceText(card)} · ${t(`matters.reliability.${card.reliability}`)}`}</span>
        </p>
      </DetailSection>
      {next === undefined ? null : (
        <DetailSection title={t('policies.replacedBy')}>
          <p>
            <Button type="link" size="small" onClick={() => onOpen(next.id)}>
              {words(next.title)}
            </Button>
          </p>
        </DetailSection>
      )}
      {card.fields.length === 0 ? null : (
        <DetailSection title={t('policies.concerns')}>
          <p>{card.fields.map((one) => policyFieldName(one, i18n.language, t)).join(t('policies.comma'))}</p>
        </DetailSection>
      )}
      {card.checks.length === 0 ? null : (
        <DetailSection title={t('policies.checks')}>
          <div className="panel-pad">
            <CheckNames ids={card.checks} />
          </div>
        </DetailSection>
      )}
      {card.packs.length === 0 ? null : (
        <DetailSection title={t('policies.packs')}>
          <p>
            {card.packs.map((pack) => (
              <Button key={pack} type="link" size="small" onClick={() => navigate('rules', { pack })}>
                {pack}
              </Button>
            ))}
          </p>
        </DetailSection>
      )}
    </DetailPane>
  );
}
