/** 冷链: what temperature loggers wrote on the way, against the band of the product. */
import { Button, Checkbox, Input, Select } from 'antd';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { GrantedFile } from '../../../shared/contract/bridge.ts';
import type { InputOf, OutputOf } from '../../../shared/contract/contract.ts';
import type { DateOrder } from '../../../shared/lots/logger-file.ts';
import { useKeys } from '../../app/keys.ts';
import type { PageProps } from '../../app/page-route.ts';
import { navigate, numberParam } from '../../app/route-store.ts';
import { Chart, type ChartOption } from '../../components/Chart.tsx';
import { ChoiceBox } from '../../components/ChoiceBox.tsx';
import { ConfirmInline } from '../../components/ConfirmInline.tsx';
import { type Column, DataTable, plainPages } from '../../components/DataTable.tsx';
import { DetailPane, DetailPlaceholder, DetailSection, focusDetail, focusList } from '../../components/DetailPane.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { Field } from '../../components/Field.tsx';
import { DropZone } from '../../components/FilePicker.tsx';
import { RestoredNote, useFormDraft } from '../../components/form-draft.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { Facts, Page, Split } from '../../components/Page.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { call, useCommand, useQuery } from '../../core-client.ts';
import { formatCount } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import { usePalette } from '../../stores/use-palette.ts';
import { useView } from '../../stores/view-store.ts';
import { fontFamily } from '../../theme/palette.ts';
import { celsius, chinaTime, InTwoLanguages, type Named, ProductBox, TraceTabs, useTraceFile } from './parts.tsx';

type Row = OutputOf<'coldLogs.list'>['rows'][number];

const shown = (seconds: number): string => chinaTime(new Date(seconds * 1000).toISOString());
const minutes = (seconds: number): string => formatCount(Math.round(seconds / 60));
const tenths = (value: number): string => (value / 10).toFixed(1);

export function ColdTab({ params }: PageProps) {
  const { t } = useTranslation();
  const list = useQuery('coldLogs.list', {}, { areas: ['lots'] });
  const [chosen, setChosen] = useState<number | 'new' | undefined>(numberParam(params, 'at'));
  const add = (): void => {
    setChosen('new');
    focusDetail('.drop-zone button');
  };
  useKeys([
    { key: 'Ctrl+N', label: t('trace.cold.add'), run: add, isMain: true },
    { key: 'Esc', label: t('common.close'), run: () => focusList() || setChosen(undefined) },
  ]);
  const columns: readonly Column<Row>[] = [
    { id: 'dispatch', title: t('trace.dispatch.number'), width: 110, render: (row) => row.dispatch },
    { id: 'product', title: t('trace.product.title'), render: (row) => row.product },
    { id: 'logger', title: t('trace.cold.logger'), width: 96, render: (row) => row.logger },
    {
      id: 'outside',
      title: t('trace.cold.outside'),
      width: 104,
      align: 'right',
      render: (row) =>
        row.analysis.outside === 0 ? '' : t('trace.cold.minutes', { n: minutes(row.analysis.outside) }),
    },
    {
      id: 'state',
      title: t('trace.state'),
      width: 96,
      render: ({ analysis }) =>
        analysis.outside > 0 ? (
          <ToneTag tone="rejected" label={t('trace.cold.excursion')} />
        ) : analysis.findings.length > 0 ? (
          <ToneTag tone="action" label={t('trace.cold.odd')} />
        ) : (
          <ToneTag tone="accepted" label={t('trace.cold.fine')} />
        ),
    },
  ];
  const rows = list.data?.rows;
  return (
    <Page
      title={t('trace.tab.cold')}
      summary={rows === undefined ? undefined : t('trace.cold.summary', { count: rows.length })}
      filters={<TraceTabs active="cold" />}
      actions={<KeyButton kind="primary" label={t('trace.cold.add')} keys="Ctrl+N" onPress={add} />}
    >
      <Split
        ratio="detail"
        list={
          <DataTable
            label={t('trace.tab.cold')}
            autoFocus
            pages={plainPages(rows, list.error, list.reload)}
            columns={columns}
            rowKey={(row) => row.id}
            activeKey={typeof chosen === 'number' ? chosen : undefined}
            onActivate={({ id }) => setChosen(id)}
            onOpen={({ id }) => {
              setChosen(id);
              focusDetail();
            }}
            empty={
              <EmptyState
                title={t('trace.cold.empty')}
                hint={t('trace.cold.emptyHint')}
                actions={<Button onClick={add}>{t('trace.cold.add')}</Button>}
              />
            }
          />
        }
        detail={
          chosen === undefined ? (
            <DetailPlaceholder text={t('trace.cold.choose')} />
          ) : chosen === 'new' ? (
            <NewLog onSaved={setChosen} />
          ) : (
            <LogDetail key={chosen} id={chosen} onGone={() => setChosen(undefined)} />
          )
        }
      />
    </Page>
  );
}

function LogDetail({ id, onGone }: { readonly id: number; readonly onGone: () => void }) {
  const { t } = useTranslation();
  const palette = usePalette();
  const scale = useView((view) => view.textSize) / 100;
  const log = useQuery('coldLogs.get', { id }, { areas: ['lots'] });
  const page = useTraceFile('coldLogs.print');
  const remove = useCommand('coldLogs.remove');
  const data = log.data;
  const option = useMemo((): ChartOption => {
    const text = { color: palette.muted, fontFamily, fontSize: Math.round(12 * scale) };
    if (data === undefined) return {};
    return {
      animation: false,
      textStyle: { fontFamily },
      grid: { left: 4, right: 8, top: 12, bottom: 0, containLabel: true },
      tooltip: {
        trigger: 'axis',
        renderMode: 'richText',
        backgroundColor: palette.panel,
        borderColor: palette.lineStrong,
        textStyle: { color: palette.text, fontFamily, fontSize: Math.round(12 * scale) },
        valueFormatter: (value) => (value === null || value === undefined ? '–' : `${String(value)} °C`),
      },
      xAxis: {
        type: 'time',
        axisLine: { lineStyle: { color: palette.lineStrong } },
        axisLabel: { ...text, hideOverlap: true },
      },
      yAxis: {
        type: 'value',
        // The whole band is in sight, whatever was measured.
        min: Math.floor(Math.min(data.lowC100, data.analysis.minC100 ?? data.lowC100) / 100) - 1,
        max: Math.ceil(Math.max(data.highC100, data.analysis.maxC100 ?? data.highC100) / 100) + 1,
        splitLine: { lineStyle: { color: palette.line } },
        axisLabel: { ...text, formatter: '{value} °C' },
      },
      series: [
        {
          type: 'line',
          showSymbol: false,
          connectNulls: false,
          lineStyle: { width: 1.5, color: palette.tone.ready.mark },
          itemStyle: { color: palette.tone.ready.mark },
          data: data.points.map(([at, c100]) => [at * 1000, c100 === null ? null : c100 / 100]),
          markArea: {
            silent: true,
            itemStyle: { color: palette.tone.accepted.mark, opacity: 0.12 },
            data: [[{ yAxis: data.lowC100 / 100 }, { yAxis: data.highC100 / 100 }]],
          },
        },
      ],
    };
  }, [data, palette, scale]);
  if (data === undefined) return log.error === undefined ? null : <ErrorNote error={log.error} onRetry={log.reload} />;
  const { analysis } = data;
  const words = t('trace.cold.words', {
    product: data.product,
    minutes: minutes(analysis.outside),
    times: analysis.excursions.length,
  });
  return (
    <DetailPane
      title={data.logger === '' ? data.fileName : data.logger}
      extra={
        <InTwoLanguages
          label={t('trace.cold.page')}
          isBusy={page.isRunning}
          onPress={(language) => void page.write(`${t('trace.cold.page')} ${data.dispatch}`, { id, language })}
        />
      }
      foot={
        <>
          <Button onClick={() => navigate('trace', { tab: 'dispatches', at: data.dispatchId })}>{data.dispatch}</Button>
          <span className="spacer" />
          <ConfirmInline
            label={t('common.delete')}
            question={t('trace.cold.removeAsk')}
            confirmLabel={t('common.delete')}
            onConfirm={async () => {
              if ((await remove.run({ id })) !== undefined) onGone();
            }}
          />
        </>
      }
    >
      <ErrorNote error={remove.error} onClose={remove.clear} />
      {page.notice}
      <div className="trace-chart">
        <Chart option={option} summary={words} />
      </div>
      <div className="panel-pad">
        <Facts
          rows={[
            [t('trace.cold.band'), `${celsius(data.lowC100)} – ${celsius(data.highC100)}`],
            [
              t('trace.cold.extremes'),
              analysis.minC100 === undefined || analysis.maxC100 === undefined
                ? ''
                : `${celsius(analysis.minC100)} / ${celsius(analysis.maxC100)}`,
            ],
            [
              t('trace.cold.span'),
              analysis.from === undefined || analysis.until === undefined
                ? ''
                : `${shown(analysis.from)} – ${shown(analysis.until)}`,
            ],
            [
              t('trace.cold.readings'),
              t('trace.cold.every', { n: formatCount(analysis.readings), minutes: minutes(analysis.interval) }),
            ],
            [t('trace.cold.outside'), t('trace.cold.minutes', { n: minutes(analysis.outside) })],
            [t('trace.cold.degreeMinutes'), tenths(analysis.degreeMinutes10)],
          ]}
        />
      </div>
      {analysis.findings.length + data.failed.length === 0 ? null : (
        <DetailSection title={t('trace.cold.oddities')}>
          <ul className="trace-findings">
            {analysis.findings.map((one) => (
              <li key={one.code}>
                <ToneTag tone="action" label={t('trace.cold.odd')} />
                <span>
                  {t(`trace.cold.finding.${one.code}`, { n: one.n, minutes: minutes(one.seconds), at: shown(one.at) })}
                </span>
              </li>
            ))}
            {data.failed.length === 0 ? null : (
              <li>
                <ToneTag tone="action" label={t('trace.cold.odd')} />
                <span>
                  {t('trace.cold.failedRows', {
                    n: formatCount(data.failed.length),
                    rows: data.failed
                      .slice(0, 8)
                      .map(({ no }) => no)
                      .join(', '),
                  })}
                </span>
              </li>
            )}
          </ul>
        </DetailSection>
      )}
      <DetailSection title={t('trace.cold.excursions')}>
        {analysis.excursions.length === 0 ? (
          <p className="muted">{t('trace.cold.within')}</p>
        ) : (
          <table className="trace-grid">
            <thead>
              <tr>
                <th>{t('trace.cold.from')}</th>
                <th>{t('trace.cold.until')}</th>
                <th className="is-figure">{t('trace.cold.duration')}</th>
                <th>{t('trace.cold.side')}</th>
                <th className="is-figure">{t('trace.cold.peak')}</th>
                <th className="is-figure">{t('trace.cold.degreeMinutes')}</th>
              </tr>
            </thead>
            <tbody>
              {analysis.excursions.slice(0, 200).map((one) => (
                <tr key={one.from}>
                  <td>{shown(one.from)}</td>
                  <td>{shown(one.until)}</td>
                  <td className="is-figure">{t('trace.cold.minutes', { n: minutes(one.seconds) })}</td>
                  <td>{t(`trace.cold.sides.${one.side}`)}</td>
                  <td className="is-figure">{celsius(one.peakC100)}</td>
                  <td className="is-figure">{tenths(one.degreeMinutes10)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </DetailSection>
    </DetailPane>
  );
}

type Layout = NonNullable<InputOf<'coldLogs.read'>['layout']>;
const NONE = -1;

/** Offsets from UTC that clocks on land have: every half hour, and the three with three quarters. */
const zones = [...Array.from({ length: 53 }, (_, at) => at * 30 - 720), 345, 525, 765].sort((a, b) => a - b);
function zoneText(minutesOff: number): string {
  const size = Math.abs(minutesOff);
  const clock = `${String(Math.floor(size / 60)).padStart(2, '0')}:${String(size % 60).padStart(2, '0')}`;
  return `UTC${minutesOff < 0 ? '−' : '+'}${clock}`;
}

function NewLog({ onSaved }: { readonly onSaved: (id: number) => void }) {
  const { t } = useTranslation();
  const [file, setFile] = useState<GrantedFile>();
  const [layout, setLayout] = useState<Layout>({});
  // The file is chosen anew after a break: the way to it ends with the window.
  const form = useFormDraft('cold log', {
    dispatch: undefined as Named | undefined,
    productId: undefined as number | undefined,
    logger: '',
  });
  const { dispatch, productId, logger } = form.value;
  const { change } = form;
  const read = useQuery('coldLogs.read', file === undefined ? null : { file: file.token, layout });
  const add = useCommand('coldLogs.add');
  const data = file === undefined ? undefined : read.data;
  const at = data?.mapping.at;
  const temperature = data?.mapping.temperature;
  const time = data?.mapping.time;
  const order = layout.order ?? (data?.orders.length === 1 ? data.orders[0] : undefined);
  const orderError =
    data === undefined || at === undefined || order !== undefined
      ? undefined
      : t(data.orders.length === 0 ? 'trace.cold.orderNone' : 'trace.cold.orderAsk');
  const isReady =
    file !== undefined &&
    data !== undefined &&
    dispatch !== undefined &&
    productId !== undefined &&
    order !== undefined &&
    data.readings > 0;
  const map = (name: 'at' | 'time' | 'temperature', column: number): void => {
    if (data === undefined) return;
    const { [name]: _before, ...others } = data.mapping;
    // One column after the other: what is chosen stays while the next is missing.
    setLayout({
      ...layout,
      headerRow: data.headerRow,
      mapping: { ...others, ...(column === NONE ? {} : { [name]: column }) },
    });
  };
  /** Another header has other columns: they are looked for anew. */
  const headAt = (headerRow: number): void => {
    const { mapping: _columns, order: _order, ...kept } = layout;
    setLayout({ ...kept, headerRow });
  };
  const submit = async (): Promise<void> => {
    if (!isReady || at === undefined || temperature === undefined) return;
    const done = await add.run({
      dispatchId: dispatch.id,
      productId,
      logger,
      file: file.token,
      layout: {
        headerRow: data.headerRow,
        mapping: { at, temperature, ...(time === undefined ? {} : { time }) },
        order,
        isFahrenheit: data.isFahrenheit,
        offsetMinutes: data.offsetMinutes,
      },
    });
    if (done === undefined) return;
    form.done();
    notify(t('trace.cold.added', { n: formatCount(done.readings), failed: formatCount(done.failed) }));
    onSaved(done.id);
  };
  useKeys([{ key: 'Ctrl+Enter', label: t('common.save'), run: () => void submit(), isMain: true }]);
  const searchDispatches = async (text: string) => {
    const { rows } = await call('dispatches.list', { text, limit: 9 });
    return rows.map((row) => ({ code: String(row.id), name: `${row.number} ${row.on} ${row.buyer}`.trim() }));
  };
  const columns = [
    { value: NONE, label: t('trace.cold.noColumn') },
    ...(data?.headers ?? []).map((header, column) => ({
      value: column,
      label: header === '' ? t('trace.cold.column', { n: column + 1 }) : header,
    })),
  ];
  const column = (name: 'at' | 'time' | 'temperature') => (
    <Field id={`cold-${name}`} label={t(`trace.cold.columns.${name}`)} isRequired={name !== 'time'}>
      <Select
        id={`cold-${name}`}
        value={data?.mapping[name] ?? NONE}
        onChange={(value) => map(name, value)}
        options={columns}
      />
    </Field>
  );
  return (
    <DetailPane
      title={t('trace.cold.add')}
      foot={
        <>
          <span className="spacer" />
          <KeyButton
            kind="primary"
            label={t('common.save')}
            keys="Ctrl+Enter"
            isDisabled={!isReady}
            isBusy={add.isRunning}
            onPress={() => void submit()}
          />
        </>
      }
    >
      <RestoredNote draft={form} />
      <ErrorNote error={add.error ?? (file === undefined ? undefined : read.error)} />
      <div className="panel-pad">
        <DropZone
          purpose={t('trace.cold.file')}
          title={file?.name ?? t('trace.cold.file')}
          hint={t('trace.cold.fileHint')}
          onFile={(chosen) => {
            setFile(chosen);
            setLayout({});
          }}
        />
      </div>
      <div className="panel-pad form-grid">
        <Field id="cold-dispatch" label={t('trace.dispatch.number')} isRequired>
          <ChoiceBox
            id="cold-dispatch"
            hidesCode
            shown={dispatch?.name ?? ''}
            search={searchDispatches}
            onTake={(choice) =>
              change({ dispatch: choice === undefined ? undefined : { id: Number(choice.code), name: choice.name } })
            }
          />
        </Field>
        <Field id="cold-product" label={t('trace.product.title')} hint={t('trace.cold.bandHint')} isRequired>
          <ProductBox id="cold-product" value={productId} onChange={(value) => change({ productId: value })} />
        </Field>
        <Field id="cold-logger" label={t('trace.cold.logger')}>
          <Input
            id="cold-logger"
            value={logger}
            maxLength={100}
            onChange={(event) => change({ logger: event.target.value })}
          />
        </Field>
      </div>
      {data === undefined ? null : (
        <>
          <DetailSection title={t('trace.cold.layout')}>
            <div className="form-grid">
              <Field id="cold-header" label={t('trace.cold.header')} isWide>
                <Select
                  id="cold-header"
                  value={data.headerRow}
                  onChange={headAt}
                  options={[
                    { value: 0, label: t('trace.cold.noHeader') },
                    ...data.top.map(({ no, text }) => ({ value: no, label: t('trace.cold.row', { n: no, text }) })),
                  ]}
                />
              </Field>
              {column('at')}
              {column('time')}
              {column('temperature')}
              <Field id="cold-order" label={t('trace.cold.order')} isRequired error={orderError}>
                <Select<DateOrder>
                  id="cold-order"
                  {...(order === undefined ? {} : { value: order })}
                  onChange={(value) => setLayout({ ...layout, order: value })}
                  options={data.orders.map((one) => ({ value: one, label: t(`trace.cold.orders.${one}`) }))}
                />
              </Field>
              <Field id="cold-zone" label={t('trace.cold.zone')} hint={t('trace.cold.zoneHint')}>
                <Select
                  id="cold-zone"
                  showSearch
                  optionFilterProp="label"
                  value={data.offsetMinutes}
                  onChange={(offsetMinutes) => setLayout({ ...layout, offsetMinutes })}
                  options={zones.map((value) => ({ value, label: zoneText(value) }))}
                />
              </Field>
              <Checkbox
                className="is-wide"
                checked={data.isFahrenheit}
                onChange={(event) => setLayout({ ...layout, isFahrenheit: event.target.checked })}
              >
                {t('trace.cold.fahrenheit')}
              </Checkbox>
              <span className="muted">
                {at === undefined || temperature === undefined
                  ? t('trace.cold.chooseColumns')
                  : t(`trace.cold.from_${data.mappingFrom}`)}
              </span>
            </div>
            <table className="trace-grid" aria-label={t('trace.cold.sample')}>
              <thead>
                <tr>
                  {columns.slice(1).map(({ value, label }) => (
                    <th key={value}>{label}</th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {data.sample.slice(0, 4).map((texts, row) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: two rows may be the same
                  <tr key={row}>
                    {columns.slice(1).map(({ value }) => (
                      <td key={value}>{texts[value] ?? ''}</td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </DetailSection>
          <DetailSection title={t('trace.cold.preview', { n: formatCount(data.readings) })}>
            <table className="trace-grid">
              <tbody>
                {data.preview.map(([second, c100], row) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: two readings may be the same
                  <tr key={row}>
                    <td className="code">{shown(second)}</td>
                    <td className="is-figure">{celsius(c100)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
            {data.failed.length === 0 ? null : (
              <p className="muted">
                {t('trace.cold.failedRows', {
                  n: formatCount(data.failedTotal),
                  rows: data.failed
                    .slice(0, 8)
                    .map(({ no }) => no)
                    .join(', '),
                })}
              </p>
            )}
          </DetailSection>
        </>
      )}
    </DetailPane>
  );
}
