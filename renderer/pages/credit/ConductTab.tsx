/** 自评: what the book says of the firm's conduct, what it takes off, and the row behind each deduction. */
import { Button } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { useKeys } from '../../app/keys.ts';
import { navigate, openTarget, type RouteParams, replaceParams, textParam } from '../../app/route-store.ts';
import { type Column, DataTable, plainPages } from '../../components/DataTable.tsx';
import { DetailPane, DetailPlaceholder, focusDetail, focusList } from '../../components/DetailPane.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { Page, Split } from '../../components/Page.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { useQuery } from '../../core-client.ts';
import { formatCount } from '../../i18n/format.ts';
import { useBilingual } from '../obligations/use-bilingual.ts';
import { useFile } from '../risk/use-file.tsx';

type Item = OutputOf<'credit.score'>['items'][number];

const areas = ['documents', 'tax', 'money', 'matching', 'risk', 'purchases', 'ledger'] as const;

export function ConductTab({ tabs, params }: { readonly tabs: ReactNode; readonly params: RouteParams }) {
  const { t } = useTranslation();
  const words = useBilingual();
  const view = useQuery('credit.score', {}, { areas: [...areas, 'sync'] });
  const pdf = useFile('credit.print');
  const xlsx = useFile('credit.export');
  const { data } = view;
  const chosen = data?.items.find(({ code }) => code === textParam(params, 'code')) ?? data?.items[0];
  const title = t('credit.report');
  useKeys([
    { key: 'Enter', label: t('credit.look'), isMain: true },
    { key: 'F9', label: t('credit.print'), run: () => void pdf.write(title, {}) },
    { key: 'Ctrl+E', label: t('credit.export'), run: () => void xlsx.write(title, {}) },
    { key: 'Esc', label: t('credit.back'), run: () => focusList() },
  ]);
  const columns: readonly Column<Item>[] = [
    { id: 'code', title: t('credit.conduct.column.code'), render: ({ code }) => t(`credit.behaviour.${code}`) },
    {
      id: 'count',
      title: t('credit.conduct.column.count'),
      width: 62,
      align: 'right',
      render: ({ count }) => (count === 0 ? '–' : formatCount(count)),
    },
    {
      id: 'deducted',
      title: t('credit.conduct.column.deducted'),
      width: 76,
      align: 'right',
      render: ({ deducted }) => (deducted === 0 ? '–' : `−${formatCount(deducted)}`),
    },
    {
      id: 'rule',
      title: t('credit.conduct.column.rule'),
      width: 168,
      render: ({ points, per, cap }) =>
        points === 0
          ? t('credit.conduct.free')
          : [
              t(`credit.conduct.${per}`, { points }),
              cap === null || per === 'once' ? '' : t('credit.conduct.cap', { cap }),
            ]
              .filter((one) => one !== '')
              .join(t('credit.conduct.join')),
    },
  ];
  return (
    <Page
      title={t('credit.title')}
      summary={
        data === undefined
          ? undefined
          : t('credit.conduct.summary', { score: data.score, level: words(data.level), from: data.from })
      }
      filters={tabs}
      actions={
        <>
          <Button onClick={() => navigate('risk', { tab: 'hits' })}>{t('credit.screening')}</Button>
          <KeyButton
            label={t('credit.print')}
            keys="F9"
            isBusy={pdf.isRunning}
            onPress={() => void pdf.write(title, {})}
          />
          <KeyButton
            label={t('credit.export')}
            keys="Ctrl+E"
            isBusy={xlsx.isRunning}
            onPress={() => void xlsx.write(title, {})}
          />
        </>
      }
      dock={
        data === undefined ? undefined : (
          <div className="credit-score">
            <strong>
              {t('credit.conduct.sum', {
                start: data.start,
                deducted: formatCount(data.deducted),
                score: data.score,
                level: words(data.level),
              })}
            </strong>
            {data.isComplete ? null : <ToneTag tone="action" label={t('credit.conduct.incomplete')} />}
            <span className="muted">{t('credit.conduct.own', { source: data.source })}</span>
          </div>
        )
      }
    >
      {pdf.notice}
      {xlsx.notice}
      <Split
        ratio="even"
        list={
          <DataTable
            label={t('credit.tab.conduct')}
            autoFocus
            pages={plainPages(data?.items, view.error, view.reload)}
            columns={columns}
            rowKey={({ code }) => code}
            activeKey={chosen?.code}
            rowTone={({ count, cannotTell }) => (count === 0 && !cannotTell ? 'muted' : undefined)}
            onActivate={({ code }) => replaceParams({ code })}
            onOpen={() => focusDetail('.credit-rows button')}
            empty={<EmptyState title={t('credit.conduct.none')} />}
          />
        }
        detail={
          chosen === undefined || data === undefined ? (
            <DetailPlaceholder text={t('credit.conduct.choose')} />
          ) : (
            <Rows item={chosen} figures={data.figures} />
          )
        }
      />
    </Page>
  );
}

function Rows({ item, figures }: { readonly item: Item; readonly figures: OutputOf<'credit.score'>['figures'] }) {
  const { t } = useTranslation();
  const words = useBilingual();
  const { code, rows, count, deducted, cannotTell } = item;
  return (
    <DetailPane
      title={t(`credit.behaviour.${code}`)}
      tags={deducted === 0 ? null : <ToneTag tone="action" label={t('credit.conduct.minus', { deducted })} />}
    >
      <p className="panel-pad muted">{t(`credit.explain.${code}`, { ...figures })}</p>
      {cannotTell ? (
        <p className="panel-pad">
          <ToneTag tone="action" label={t('credit.conduct.cannotTell')} />
        </p>
      ) : null}
      {count === 0 ? <p className="panel-pad">{t('credit.conduct.nothing')}</p> : null}
      <table className="credit-rows">
        <tbody>
          {rows.map((row) => (
            <tr key={row.key}>
              <td className="credit-date">{row.date}</td>
              <td>
                <button type="button" className="link" onClick={() => openTarget(row.target)}>
                  {words(row.label)}
                </button>
                <div className="muted">{words(row.detail)}</div>
              </td>
              <td className="is-number">{row.deducted === 0 ? '' : `−${row.deducted}`}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {count > rows.length ? (
        <p className="panel-pad muted">{t('credit.conduct.beyond', { n: formatCount(count - rows.length) })}</p>
      ) : null}
    </DetailPane>
  );
}
