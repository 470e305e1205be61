/** 交易电子信息: which transactions may be settled on it, what stands in the way of the others, and the files for the bank. */
import { Button } from 'antd';
import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { useKeys } from '../../app/keys.ts';
import type { PageProps } from '../../app/page-route.ts';
import { goBack, navigate, numberParam, replaceParams, textParam } from '../../app/route-store.ts';
import { Amount, Code } from '../../components/Amount.tsx';
import { Chips } from '../../components/Chips.tsx';
import { type Column, DataTable, plainPages } from '../../components/DataTable.tsx';
import { DateInput } from '../../components/DateInput.tsx';
import { focusList } from '../../components/DetailPane.tsx';
import { EmptyState, Skeleton } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { Page } from '../../components/Page.tsx';
import { ProgressBar } from '../../components/ProgressBar.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { useCommand, useJob, useQuery } from '../../core-client.ts';
import { codeText } from '../../i18n/catalogue.ts';
import { formatAmount, formatCount } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import { MoneyTabs } from '../money/MoneyTabs.tsx';
import './evidence.css';

type Data = OutputOf<'electronicData.preview'>;
type Row = Data['rows'][number];
type Out = Data['out'][number];

/** `record=ID`, `from`, `to`; what is shown is read again when they change. */
export function ElectronicDataPage({ params }: PageProps) {
  const { t } = useTranslation();
  const recordId = numberParam(params, 'record');
  const from = textParam(params, 'from') ?? '';
  const to = textParam(params, 'to') ?? '';
  const isComplete = recordId !== undefined || (from !== '' && to !== '');
  const scope = {
    ...(recordId === undefined ? {} : { recordId }),
    ...(from === '' ? {} : { from }),
    ...(to === '' ? {} : { to }),
  };
  const key = JSON.stringify(scope);
  const record = useQuery('moneyRecords.get', recordId === undefined ? null : { id: recordId }, { areas: ['money'] });
  const preview = useCommand('electronicData.preview');
  const files = useJob('electronicData.export');
  const [data, setData] = useState<Data>();
  const [tab, setTab] = useState<'rows' | 'out'>('rows');
  const { run } = preview;
  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` is the scope
  useEffect(() => {
    setData(undefined);
    if (!isComplete) return;
    let isCurrent = true;
    void run(scope).then((answer) => {
      if (isCurrent) setData(answer);
    });
    return () => {
      isCurrent = false;
    };
  }, [key, isComplete, run]);

  const write = async (): Promise<void> => {
    const folder = await window.portbook.chooseDirectory({ purpose: t('evidence.electronic.export') });
    if (folder === null) return;
    const done = await files.start({ scope, to: folder.token });
    if (done !== undefined)
      notify(t('evidence.electronic.exported', { files: done.files.length, hash: `${done.sha256.slice(0, 16)}…` }));
  };
  const isBusy = files.status === 'running';
  const canWrite = data !== undefined && data.rows.length > 0 && !isBusy;
  useKeys([
    {
      key: 'Ctrl+E',
      label: t('evidence.electronic.export'),
      run: () => void write(),
      isEnabled: canWrite,
      isMain: true,
    },
    {
      key: 'Esc',
      label: t('evidence.back'),
      run: () => {
        if (!focusList()) goBack();
      },
    },
  ]);
  const columns = useColumns();
  const outColumns = useOutColumns();

  return (
    <Page
      title={t('evidence.electronic.title')}
      summary={
        data === undefined ? (
          t('evidence.electronic.hint')
        ) : (
          <>
            {t('evidence.electronic.summary', {
              transactions: formatCount(data.transactions),
              usd: formatAmount(data.totalUsd),
            })}{' '}
            {data.overLimit === 0 ? null : (
              <ToneTag
                tone="action"
                label={t('evidence.electronic.limit', { limit: formatAmount(data.limitUsd), n: data.overLimit })}
              />
            )}{' '}
            {data.unrated === 0 ? null : (
              <ToneTag tone="action" label={t('evidence.electronic.unrated', { n: data.unrated })} />
            )}
          </>
        )
      }
      actions={
        <KeyButton
          kind="primary"
          keys="Ctrl+E"
          label={t('evidence.electronic.export')}
          isBusy={isBusy}
          isDisabled={!canWrite}
          onPress={() => void write()}
        />
      }
      filters={
        <>
          <MoneyTabs active="money" />
          <div className="electronic-scope">
            {recordId === undefined ? null : (
              <span>
                {t('evidence.electronic.receipt')} <Code>{record.data?.number ?? ''}</Code>
              </span>
            )}
            <DateInput
              label={t('evidence.electronic.from')}
              placeholder={t('evidence.electronic.from')}
              value={from}
              onChange={(value) => replaceParams(withText(params, 'from', value))}
            />
            <DateInput
              label={t('evidence.electronic.to')}
              placeholder={t('evidence.electronic.to')}
              value={to}
              onChange={(value) => replaceParams(withText(params, 'to', value))}
            />
            {recordId !== undefined && from === '' && to === '' ? (
              <span className="muted">{t('evidence.electronic.whole')}</span>
            ) : null}
          </div>
          {data === undefined ? null : (
            <Chips
              label={t('evidence.electronic.title')}
              value={tab}
              onChange={setTab}
              chips={[
                { value: 'rows', label: t('evidence.electronic.tab.rows', { n: formatCount(data.rows.length) }) },
                { value: 'out', label: t('evidence.electronic.tab.out', { n: formatCount(data.out.length) }) },
              ]}
            />
          )}
          {data?.totals.map(({ currency, amount, transactions }) => (
            <span key={currency} className="muted">
              {t('evidence.electronic.total', {
                currency,
                amount: formatAmount(amount, 2),
                n: formatCount(transactions),
              })}
            </span>
          ))}
        </>
      }
      notice={
        isBusy ? (
          <ProgressBar title={t('evidence.electronic.export')} progress={files.progress} onCancel={files.cancel} />
        ) : (
          <ErrorNote error={files.error ?? preview.error} onClose={files.clear} />
        )
      }
    >
      {!isComplete ? (
        <EmptyState title={t('evidence.electronic.choose')} />
      ) : data === undefined ? (
        preview.error === undefined ? (
          <Skeleton />
        ) : null
      ) : tab === 'rows' ? (
        <DataTable
          label={t('evidence.electronic.title')}
          pages={plainPages(data.rows)}
          columns={columns}
          rowKey={(row) => row.orderNo}
          autoFocus
          onOpen={(row) => navigate('orders', { text: row.orderNo })}
          rowTone={(row) => (row.overLimit ? 'action' : undefined)}
          empty={<EmptyState title={t('evidence.electronic.empty')} hint={t('evidence.electronic.emptyHint')} />}
        />
      ) : (
        <DataTable
          label={t('evidence.electronic.tab.out', { n: data.out.length })}
          pages={plainPages(data.out)}
          columns={outColumns}
          rowKey={(row) => row.orderNo}
          autoFocus
          onOpen={(row) => navigate('recordMatch', { text: row.orderNo })}
          empty={<EmptyState title={t('evidence.noGaps')} />}
        />
      )}
      {data !== undefined && tab === 'out' && data.out.length > 0 ? (
        <p className="muted evidence-more">
          <Button size="small" onClick={() => navigate('recordMatch')}>
            {t('evidence.electronic.open')}
          </Button>
        </p>
      ) : null}
    </Page>
  );
}

function withText(params: PageProps['params'], name: string, value: string): PageProps['params'] {
  const { [name]: _, ...rest } = params;
  return value === '' ? rest : { ...rest, [name]: value };
}

function useColumns(): readonly Column<Row>[] {
  const { t } = useTranslation();
  return useMemo((): readonly Column<Row>[] => {
    const title = (name: string): string => t(`evidence.electronic.column.${name}`);
    return [
      { id: 'orderNo', title: title('orderNo'), width: 116, render: (row) => <Code>{row.orderNo}</Code> },
      { id: 'orderedOn', title: title('orderedOn'), width: 96, render: (row) => row.orderedOn },
      { id: 'payer', title: title('payer'), render: (row) => row.payer },
      { id: 'country', title: title('country'), width: 60, render: (row) => row.country },
      {
        id: 'amount',
        title: title('amount'),
        width: 128,
        align: 'right',
        render: (row) => <Amount value={row.amount} currency={row.currency} />,
      },
      {
        id: 'usd',
        title: title('usd'),
        width: 96,
        align: 'right',
        render: (row) => formatAmount(row.amountUsd ?? '', 2),
      },
      { id: 'goods', title: title('goods'), render: (row) => row.goods },
      { id: 'waybillNo', title: title('waybillNo'), width: 124, render: (row) => <Code>{row.waybillNo}</Code> },
      { id: 'listNo', title: title('listNo'), width: 172, render: (row) => <Code>{row.listNo}</Code> },
      {
        id: 'flags',
        title: title('flags'),
        width: 150,
        render: (row) => (
          <>
            {row.overLimit ? <ToneTag tone="action" label={t('evidence.electronic.over')} /> : null}
            {row.exception === '' ? null : (
              <span title={row.exception}>
                <ToneTag tone="waiting" label={t('evidence.electronic.excepted')} />
              </span>
            )}
          </>
        ),
      },
    ];
  }, [t]);
}

function useOutColumns(): readonly Column<Out>[] {
  const { t } = useTranslation();
  return useMemo((): readonly Column<Out>[] => {
    const why = ({ orderNo, codes }: Out): string =>
      codes
        .map(
          (code) =>
            codeText('finding', `MATCH-${code}`, { orderNo })?.what ??
            t(`evidence.electronic.code.${code}`, { defaultValue: code }),
        )
        .join('；');
    return [
      {
        id: 'orderNo',
        title: t('evidence.electronic.column.orderNo'),
        width: 160,
        render: (row) => <Code>{row.orderNo}</Code>,
      },
      { id: 'why', title: t('evidence.electronic.column.why'), render: why },
    ];
  }, [t]);
}
