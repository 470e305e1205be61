import { Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { ConfirmInline } from '../../components/ConfirmInline.tsx';
import { type Column, DataTable, plainPages } from '../../components/DataTable.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { FilePicker } from '../../components/FilePicker.tsx';
import { Panel, Split } from '../../components/Page.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { useCommand, useQuery } from '../../core-client.ts';
import { notify } from '../../stores/notice-store.ts';

type Year = OutputOf<'calendar.years'>['years'][number];

/** The years whose holidays are known, and bringing in the next one. */
export function CalendarYears({ today }: { readonly today: string }) {
  const { t } = useTranslation();
  const years = useQuery('calendar.years', { today }, { areas: ['tax'] });
  const bring = useCommand('calendar.import');
  const remove = useCommand('calendar.remove');
  const [source, setSource] = useState('');
  const columns: readonly Column<Year>[] = [
    { id: 'year', title: t('obligations.calendar.year'), width: 80, render: (row) => row.year },
    {
      id: 'source',
      title: t('obligations.calendar.source'),
      render: (row) =>
        row.source === 'none' ? (
          <ToneTag tone="action" label={t('obligations.deadlines.unpublishedLong')} />
        ) : (
          `${t(`obligations.calendar.sources.${row.source}`)} ${row.detail}`
        ),
    },
    { id: 'off', title: t('obligations.calendar.off'), width: 90, align: 'right', render: (row) => row.off || '' },
    { id: 'work', title: t('obligations.calendar.work'), width: 90, align: 'right', render: (row) => row.work || '' },
    {
      id: 'act',
      title: '',
      width: 90,
      render: (row) =>
        row.source === 'imported' ? (
          <ConfirmInline
            isSmall
            isLink
            label={t('obligations.remove')}
            question={t('obligations.calendar.removeAsk', { year: row.year })}
            confirmLabel={t('obligations.remove')}
            onConfirm={async () => {
              await remove.run({ year: row.year });
            }}
          />
        ) : null,
    },
  ];
  return (
    <Split
      ratio="list"
      list={
        <DataTable
          label={t('obligations.deadlines.views.calendar')}
          pages={plainPages(years.data?.years, years.error, years.reload)}
          columns={columns}
          rowKey={(row) => row.year}
          empty={<EmptyState title={t('obligations.calendar.empty')} />}
        />
      }
      detail={
        <Panel isPlain title={t('obligations.calendar.bring')}>
          <div className="panel-pad card-form">
            <p className="muted">{t('obligations.calendar.hint')}</p>
            <Input
              value={source}
              aria-label={t('obligations.calendar.source')}
              placeholder={t('obligations.calendar.sourceHint')}
              onChange={(event) => setSource(event.target.value)}
            />
            <ErrorNote error={bring.error ?? remove.error} isInline />
            <FilePicker
              purpose={t('obligations.calendar.bring')}
              filters={[{ name: 'CSV, JSON, Excel', extensions: ['csv', 'json', 'xlsx'] }]}
              label={t('obligations.calendar.choose')}
              onFile={async ({ token }) => {
                const done = await bring.run({
                  file: token,
                  source: source.trim() === '' ? t('obligations.calendar.byHand') : source,
                });
                if (done !== undefined)
                  notify(t('obligations.calendar.brought', { year: done.year, off: done.off, work: done.work }));
              }}
            />
          </div>
        </Panel>
      }
    />
  );
}
