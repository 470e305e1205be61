import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { useKeys } from '../../app/keys.ts';
import { type Column, DataTable, plainPages } from '../../components/DataTable.tsx';
import { DateInput } from '../../components/DateInput.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { Page } from '../../components/Page.tsx';
import { useQuery } from '../../core-client.ts';
import { formatCount, localDate } from '../../i18n/format.ts';
import { useFile } from '../risk/use-file.tsx';
import { BrokerTabs } from './BrokerTabs.tsx';

type Row = OutputOf<'review.rates'>['rows'][number];
const counted = ['made', 'marked', 'marks', 'rejected', 'wrong'] as const;
const checked = ['approved', 'missed'] as const;

export function RatesTab() {
  const { t } = useTranslation();
  const today = localDate();
  const [from, setFrom] = useState(`${today.slice(0, 7)}-01`);
  const [until, setUntil] = useState(today);
  const days = { from, until };
  const rates = useQuery('review.rates', from === '' || until === '' ? null : days, { areas: ['documents', 'sync'] });
  const pdf = useFile('review.print');
  const xlsx = useFile('review.export');
  const title = t('broker.tab.rates');
  useKeys([
    { key: 'F9', label: t('common.print'), run: () => void pdf.write(title, days), isMain: true },
    { key: 'Ctrl+E', label: t('broker.export'), run: () => void xlsx.write(title, days), isMain: true },
  ]);
  const count = (id: (typeof counted)[number] | (typeof checked)[number]): Column<Row> => ({
    id,
    title: t(`broker.rates.${id}`),
    width: 104,
    align: 'right',
    render: (row) => formatCount(row[id]),
  });
  const columns: readonly Column<Row>[] = [
    { id: 'clerk', title: t('broker.clerk.name'), render: (row) => row.clerk },
    ...counted.map(count),
    {
      id: 'rate',
      title: t('broker.rates.rate'),
      width: 96,
      align: 'right',
      render: (row) => (row.rate === undefined ? '' : `${row.rate} %`),
    },
    ...checked.map(count),
  ];
  return (
    <Page
      title={title}
      summary={
        rates.data === undefined || rates.data.unclaimed === 0
          ? t('broker.rates.summary')
          : t('broker.rates.unclaimed', { n: formatCount(rates.data.unclaimed) })
      }
      filters={
        <>
          <BrokerTabs active="rates" />
          <DateInput label={t('broker.rates.from')} value={from} onChange={setFrom} />
          <DateInput label={t('broker.rates.until')} value={until} onChange={setUntil} />
        </>
      }
      actions={
        <>
          <KeyButton
            label={t('common.print')}
            keys="F9"
            isBusy={pdf.isRunning}
            onPress={() => void pdf.write(title, days)}
          />
          <KeyButton
            label={t('broker.export')}
            keys="Ctrl+E"
            isBusy={xlsx.isRunning}
            onPress={() => void xlsx.write(title, days)}
          />
        </>
      }
    >
      {pdf.notice}
      {xlsx.notice}
      <DataTable
        label={title}
        autoFocus
        pages={plainPages(rates.data?.rows, rates.error, rates.reload)}
        columns={columns}
        rowKey={(row) => row.clerk}
        empty={<EmptyState title={t('broker.rates.empty')} hint={t('broker.clerk.emptyHint')} />}
      />
    </Page>
  );
}
