/** 计算器: every calculator of the rules, found by its number or name. */
import { useMemo } from 'react';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { isComposing } from '../../app/keys.ts';
import type { PageProps } from '../../app/page-route.ts';
import { navigate, replaceParams, textParam } from '../../app/route-store.ts';
import { Code } from '../../components/Amount.tsx';
import { Chips } from '../../components/Chips.tsx';
import { type Column, DataTable, plainPages } from '../../components/DataTable.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { Page } from '../../components/Page.tsx';
import { SearchInput } from '../../components/SearchInput.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { useQuery } from '../../core-client.ts';
import { formatCount } from '../../i18n/format.ts';
import { matchesRule, ruleAreas } from './rule-list.ts';
import { inForceText } from './rule-text.ts';
import { useWords } from './use-words.ts';
import './tax.css';

export type RuleRow = OutputOf<'rules.list'>['rows'][number];
type Area = 'all' | (typeof ruleAreas)[number];

export function CalculatorsPage({ params }: PageProps) {
  const { t, say } = useWords();
  const text = textParam(params, 'text') ?? '';
  const area: Area = ruleAreas.find((one) => one === textParam(params, 'area')) ?? 'all';
  const list = useQuery('rules.list', {}, { areas: ['tax'] });
  const rows = useMemo(
    () => list.data?.rows.filter((row) => matchesRule(row, text) && (area === 'all' || row.area === area)),
    [list.data, text, area],
  );
  const put = (next: { readonly text?: string; readonly area?: Area }): void => {
    const wanted = { text, area, ...next };
    replaceParams({
      ...(wanted.text === '' ? {} : { text: wanted.text }),
      ...(wanted.area === 'all' ? {} : { area: wanted.area }),
    });
  };
  const columns = useMemo(
    (): readonly Column<RuleRow>[] => [
      { id: 'id', title: t('tax.calculators.id'), width: 110, render: (row) => <Code>{row.id}</Code> },
      { id: 'title', title: t('tax.calculators.name'), render: (row) => say(row.title) },
      {
        id: 'state',
        title: t('tax.calculators.state'),
        width: 150,
        render: (row) =>
          row.off !== undefined ? (
            <ToneTag tone="rejected" label={t('tax.off')} />
          ) : row.packs.some(({ changed }) => changed) ? (
            <ToneTag tone="action" label={t('tax.changedByFirm')} />
          ) : row.settings.length > 0 ? (
            <ToneTag tone="draft" label={t('tax.hasUnclear')} />
          ) : null,
      },
      {
        id: 'force',
        title: t('tax.calculators.inForce'),
        width: 210,
        render: (row) => {
          const newest = row.packs.flatMap(({ versions }) => versions).at(-1);
          return newest === undefined
            ? inForceText(row.inForceFrom, null, t)
            : inForceText(newest.inForceFrom, newest.inForceTo, t);
        },
      },
      { id: 'source', title: t('tax.source'), render: (row) => <span className="muted">{row.source}</span> },
    ],
    [t, say],
  );
  const open = (row: RuleRow): void => navigate('calculator', { id: row.id });
  return (
    <Page
      title={t('tax.calculators.title')}
      summary={
        rows === undefined ? '' : t('tax.calculators.count', { count: rows.length, shown: formatCount(rows.length) })
      }
      actions={<KeyButton label={t('tax.rules.title')} onPress={() => navigate('rules')} />}
      filters={
        <>
          <Chips<Area>
            label={t('tax.calculators.area')}
            value={area}
            onChange={(next) => put({ area: next })}
            chips={(['all', ...ruleAreas] as const).map((one) => ({
              value: one,
              label: one === 'all' ? t('common.all') : t(`tax.calculators.areaOf.${one}`),
            }))}
          />
          {/* biome-ignore lint/a11y/noStaticElementInteractions: Down and Enter go on to the list */}
          <span
            onKeyDown={(event) => {
              if (isComposing(event) || (event.key !== 'ArrowDown' && event.key !== 'Enter')) return;
              event.preventDefault();
              document.querySelector<HTMLElement>('.page-body [role=grid]')?.focus();
            }}
          >
            <SearchInput
              value={text}
              onChange={(next) => put({ text: next })}
              placeholder={t('tax.calculators.search')}
              keyLabel={t('tax.calculators.search')}
            />
          </span>
        </>
      }
    >
      <DataTable<RuleRow>
        label={t('tax.calculators.title')}
        pages={plainPages(rows, list.error, list.reload)}
        columns={columns}
        rowKey={(row) => row.id}
        onOpen={open}
        autoFocus
        empty={<EmptyState title={t('tax.calculators.none')} hint={t('tax.calculators.noneHint')} />}
      />
    </Page>
  );
}
