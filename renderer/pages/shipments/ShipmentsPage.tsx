import { Button } from 'antd';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useKeys } from '../../app/keys.ts';
import type { PageProps } from '../../app/page-route.ts';
import { navigate, numberParam, replaceParams } from '../../app/route-store.ts';
import { Code } from '../../components/Amount.tsx';
import { useCodeNames } from '../../components/code-names.ts';
import { type Column, DataTable } from '../../components/DataTable.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { Page } from '../../components/Page.tsx';
import { StateTag } from '../../components/StateTag.tsx';
import { type RowOf, usePages } from '../../core-client.ts';
import { formatCount, formatInstant } from '../../i18n/format.ts';
import { useBilingual } from '../obligations/use-bilingual.ts';
import { AskedPlatforms } from './AskedPlatforms.tsx';
import { useAge } from './way-text.tsx';

type Row = RowOf<'shipments.list'>;

/** Every shipment; Enter opens one, Ctrl+N begins one. */
export function ShipmentsPage({ params }: PageProps) {
  const { t } = useTranslation();
  const pages = usePages('shipments.list', {}, { areas: ['shipments', 'documents'] });
  const customsName = useCodeNames(
    'customs_district',
    pages.rows.flatMap(({ body }) => [body.customsCode, body.portCode]),
  );
  const transportName = useCodeNames(
    'transport_mode',
    pages.rows.map(({ body }) => body.trafMode),
  );
  const countryName = useCodeNames(
    'country',
    pages.rows.map(({ body }) => body.filter.country),
  );
  const say = useBilingual();
  const age = useAge();
  const open = (row: Row): void => navigate('shipment', { id: row.id });
  const create = (): void => navigate('shipment', { new: 1 });
  useKeys([
    { key: 'Ctrl+N', label: t('shipments.new'), run: create, isMain: true },
    { key: 'Enter', label: t('shipments.key.open'), isMain: true },
  ]);
  const columns = useMemo((): Column<Row>[] => {
    const named = (code: string, name: (code: string) => string | undefined) =>
      code === '' ? (
        <span className="muted">–</span>
      ) : (
        <>
          <span className="code">{code}</span> {name(code) ?? ''}
        </>
      );
    return [
      {
        id: 'state',
        title: t('shipments.column.state'),
        width: 92,
        render: (row) => <StateTag kind="shipment" state={row.state} />,
      },
      {
        id: 'shipmentNo',
        title: t('shipments.column.shipmentNo'),
        width: 150,
        render: (row) => <Code>{row.shipmentNo}</Code>,
      },
      {
        id: 'ieDate',
        title: t('shipments.column.ieDate'),
        width: 104,
        render: (row) => row.body.ieDate || <span className="muted">–</span>,
      },
      {
        id: 'customs',
        title: t('shipments.field.customsCode'),
        render: (row) => named(row.body.customsCode, customsName),
      },
      {
        id: 'transport',
        title: t('shipments.column.transport'),
        width: 120,
        render: (row) => named(row.body.trafMode, transportName),
      },
      {
        id: 'billNo',
        title: t('shipments.column.billNo'),
        width: 140,
        render: (row) => <Code>{row.body.billNo}</Code>,
      },
      {
        id: 'filter',
        title: t('shipments.column.filter'),
        width: 180,
        render: ({ body: { filter } }) => {
          const dates =
            filter.from === '' && filter.to === '' ? t('shipments.allDates') : `${filter.from} – ${filter.to}`;
          return filter.country === '' ? dates : `${dates} · ${countryName(filter.country) ?? filter.country}`;
        },
      },
      {
        id: 'documents',
        title: t('shipments.column.documents'),
        width: 70,
        align: 'right',
        render: (row) => formatCount(row.documents),
      },
      {
        id: 'last',
        title: t('shipments.column.last'),
        width: 164,
        render: ({ last }) =>
          last === undefined ? (
            <span className="muted">–</span>
          ) : (
            <span title={`${formatInstant(last.at)} ${last.place} ${last.text}`}>
              {say(last.title)} <span className="shipment-age">{age(last.at)}</span>
            </span>
          ),
      },
    ];
  }, [t, say, age, customsName, transportName, countryName]);
  return (
    <Page
      title={t('shipments.title')}
      summary={
        pages.status === 'ready' ? (
          <span className="way-asked">
            {t('shipments.subtitle', { n: formatCount(pages.total) })} <AskedPlatforms />
          </span>
        ) : undefined
      }
      actions={<KeyButton kind="primary" label={t('shipments.new')} keys="Ctrl+N" onPress={create} />}
    >
      <DataTable
        label={t('shipments.title')}
        pages={pages}
        rowKey={(row) => row.id}
        columns={columns}
        autoFocus
        // Enter opens the newest at once, without an arrow first.
        activeKey={numberParam(params, 'at') ?? pages.rows[0]?.id}
        onActivate={(row) => replaceParams({ at: row.id })}
        onOpen={open}
        empty={
          <EmptyState
            title={t('shipments.empty.title')}
            hint={t('shipments.empty.hint')}
            actions={
              <Button type="primary" onClick={create}>
                {t('shipments.new')}
              </Button>
            }
          />
        }
      />
    </Page>
  );
}
