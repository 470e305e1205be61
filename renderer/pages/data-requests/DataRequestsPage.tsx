/** 实时获取: what customs asks about orders, what would be answered and what is missing for it. */
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useKeys } from '../../app/keys.ts';
import type { PageProps } from '../../app/page-route.ts';
import { navigate, replaceParams, textParam } from '../../app/route-store.ts';
import { Code } from '../../components/Amount.tsx';
import { Chips } from '../../components/Chips.tsx';
import { type Column, DataTable } from '../../components/DataTable.tsx';
import { DetailPlaceholder, focusList } from '../../components/DetailPane.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { Page, Split } from '../../components/Page.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { type RowOf, usePages } from '../../core-client.ts';
import { formatInstant } from '../../i18n/format.ts';
import { AnswerPane, requestTones } from './AnswerPane.tsx';
import { GeneralValues } from './GeneralValues.tsx';

type Request = RowOf<'dataRequests.list'>;
const states = ['open', 'ready', 'answered', 'declined'] as const;

export function DataRequestsPage({ params }: PageProps) {
  const { t } = useTranslation();
  const state = states.find((one) => one === textParam(params, 'state'));
  const [isGeneral, setGeneral] = useState(false);
  const pages = usePages('dataRequests.list', state === undefined ? {} : { state }, { areas: ['sync'] });
  const at = textParam(params, 'at');
  const chosen = pages.rows.find(({ sessionId }) => sessionId === at) ?? pages.rows[0];
  useKeys([
    {
      key: 'Esc',
      label: t('dataRequests.back'),
      run: () => {
        if (isGeneral) setGeneral(false);
        else if (!focusList()) navigate('outbox');
      },
    },
  ]);
  const columns = useMemo(
    (): readonly Column<Request>[] => [
      {
        id: 'state',
        title: t('dataRequests.column.state'),
        width: 120,
        render: (row) => <ToneTag tone={requestTones[row.state]} label={t(`dataRequests.state.${row.state}`)} />,
      },
      { id: 'order', title: t('dataRequests.column.order'), render: (row) => <Code>{row.orderNo}</Code> },
      {
        id: 'asked',
        title: t('dataRequests.column.asked'),
        width: 168,
        render: (row) => formatInstant(row.askedAt, true),
      },
      {
        id: 'answered',
        title: t('dataRequests.column.answered'),
        width: 168,
        render: (row) => (row.answeredAt === undefined ? '' : formatInstant(row.answeredAt, true)),
      },
    ],
    [t],
  );
  return (
    <Page
      title={t('dataRequests.title')}
      summary={t('dataRequests.summary')}
      actions={
        <KeyButton label={t('dataRequests.general')} keys="F4" bind onPress={() => setGeneral((before) => !before)} />
      }
      filters={
        <Chips
          label={t('dataRequests.column.state')}
          value={state ?? 'all'}
          onChange={(next) => replaceParams(next === 'all' ? {} : { state: next })}
          chips={[
            { value: 'all' as const, label: t('common.all') },
            ...states.map((value) => ({ value, label: t(`dataRequests.state.${value}`) })),
          ]}
        />
      }
    >
      <Split
        list={
          <DataTable
            label={t('dataRequests.title')}
            autoFocus
            pages={pages}
            columns={columns}
            rowKey={(row) => row.sessionId}
            activeKey={chosen?.sessionId}
            onActivate={(row) => replaceParams({ ...(state === undefined ? {} : { state }), at: row.sessionId })}
            empty={<EmptyState title={t('dataRequests.empty.title')} hint={t('dataRequests.empty.hint')} />}
          />
        }
        detail={
          isGeneral ? (
            <GeneralValues onDone={() => setGeneral(false)} />
          ) : chosen === undefined ? (
            <DetailPlaceholder text={t('dataRequests.choose')} />
          ) : (
            <AnswerPane key={chosen.sessionId} sessionId={chosen.sessionId} />
          )
        }
      />
    </Page>
  );
}
