/** 批次: harvests and what was made of them. */
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useKeys } from '../../app/keys.ts';
import type { PageProps } from '../../app/page-route.ts';
import { numberParam } from '../../app/route-store.ts';
import { Code } from '../../components/Amount.tsx';
import { Chips } from '../../components/Chips.tsx';
import { type Column, DataTable } from '../../components/DataTable.tsx';
import { DetailPlaceholder, focusDetail, focusList } from '../../components/DetailPane.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { Page, Split } from '../../components/Page.tsx';
import { SearchInput } from '../../components/SearchInput.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { useTicks } from '../../components/ticks.ts';
import { type RowOf, usePages } from '../../core-client.ts';
import { formatCount } from '../../i18n/format.ts';
import { LotDetail } from './LotDetail.tsx';
import { HarvestForm, StepForm } from './LotForms.tsx';
import { kg, TraceTabs } from './parts.tsx';

type Row = RowOf<'lots.list'>;
const states = ['all', 'free', 'held', 'failed'] as const;

export function LotsTab({ params }: PageProps) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const [state, setState] = useState<(typeof states)[number]>('all');
  const [chosen, setChosen] = useState<number | 'harvest' | 'step' | undefined>(numberParam(params, 'at'));
  const pages = usePages('lots.list', { text, state }, { areas: ['lots'] });
  const [selected, setSelected] = useTicks(pages, (row) => row.id);
  const taken = pages.rows.filter(({ id }) => selected.includes(id));
  const harvest = (): void => {
    setChosen('harvest');
    focusDetail('#harvest-site');
  };
  const step = (): void => {
    setChosen('step');
    focusDetail('#step-kind');
  };
  useKeys([
    { key: 'Ctrl+N', label: t('trace.lot.harvest'), run: harvest, isMain: true },
    { key: 'F8', label: t('trace.lot.step'), run: step, isEnabled: taken.length > 0, isMain: true },
    { key: 'Esc', label: t('common.close'), run: () => focusList() || setChosen(undefined) },
  ]);
  const columns: readonly Column<Row>[] = [
    { id: 'code', title: t('trace.lot.code'), width: 124, render: (row) => <Code>{row.code}</Code> },
    {
      id: 'product',
      title: t('trace.product.title'),
      render: (row) => [row.product, row.variety, row.grade].filter((one) => one !== '').join(' '),
    },
    { id: 'made', title: t('trace.lot.made'), width: 86, render: (row) => t(`trace.lot.mades.${row.made}`) },
    { id: 'on', title: t('trace.lot.madeOn'), width: 94, render: (row) => row.madeOn },
    { id: 'mass', title: t('trace.lot.massShort'), width: 80, align: 'right', render: (row) => kg(row.massG) },
    { id: 'free', title: t('trace.lot.freeShort'), width: 80, align: 'right', render: (row) => kg(row.freeG) },
    {
      id: 'cartons',
      title: t('trace.lot.sent'),
      width: 84,
      align: 'right',
      render: (row) => (row.cartons === 0 ? '' : `${formatCount(row.dispatched)}/${formatCount(row.cartons)}`),
    },
    {
      id: 'held',
      title: t('trace.state'),
      width: 66,
      render: (row) => (row.isHeld ? <ToneTag tone="rejected" label={t('trace.lot.held')} /> : null),
    },
  ];
  const done = (id: number): void => {
    setSelected([]);
    setChosen(id);
  };
  return (
    <Page
      title={t('trace.tab.lots')}
      summary={t('trace.lot.summary', { count: pages.total, shown: formatCount(pages.total) })}
      filters={
        <>
          <TraceTabs active="lots" />
          <Chips
            label={t('trace.state')}
            value={state}
            onChange={setState}
            chips={states.map((one) => ({ value: one, label: t(`trace.lot.states.${one}`) }))}
          />
          <SearchInput
            value={text}
            onChange={setText}
            placeholder={t('trace.lot.search')}
            keyLabel={t('trace.search')}
          />
        </>
      }
      actions={
        <>
          <KeyButton label={t('trace.lot.step')} keys="F8" isDisabled={taken.length === 0} onPress={step} />
          <KeyButton kind="primary" label={t('trace.lot.harvest')} keys="Ctrl+N" onPress={harvest} />
        </>
      }
    >
      <Split
        ratio="list"
        list={
          <DataTable
            label={t('trace.tab.lots')}
            autoFocus
            pages={pages}
            columns={columns}
            rowKey={(row) => row.id}
            activeKey={typeof chosen === 'number' ? chosen : undefined}
            selectedKeys={selected}
            onSelect={setSelected}
            rowTone={(row) => (row.isHeld ? 'rejected' : row.freeG === 0 ? 'muted' : undefined)}
            onActivate={({ id }) => setChosen(id)}
            onOpen={({ id }) => {
              setChosen(id);
              focusDetail();
            }}
            empty={
              <EmptyState
                title={t('trace.lot.empty')}
                hint={t('trace.lot.emptyHint')}
                actions={<Button onClick={harvest}>{t('trace.lot.harvest')}</Button>}
              />
            }
          />
        }
        detail={
          chosen === undefined ? (
            <DetailPlaceholder text={t('trace.lot.choose')} />
          ) : chosen === 'harvest' ? (
            <HarvestForm onSaved={done} />
          ) : chosen === 'step' ? (
            <StepForm key={selected.join(' ')} lots={taken} onSaved={done} />
          ) : (
            <LotDetail key={chosen} id={chosen} onGo={setChosen} />
          )
        }
      />
    </Page>
  );
}
