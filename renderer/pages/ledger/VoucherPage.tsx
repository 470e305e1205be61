/** One voucher (记账凭证) as on paper, with what is behind it: sources, rule, rate, the vouchers it reverses or that reverse it. */
import { Button, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { uppercaseAmount } from '../../../shared/money/uppercase.ts';
import { useKeys } from '../../app/keys.ts';
import type { PageProps } from '../../app/page-route.ts';
import { goBack, navigate, numberParam, openTarget } from '../../app/route-store.ts';
import { Amount, Code } from '../../components/Amount.tsx';
import { DateInput } from '../../components/DateInput.tsx';
import { Skeleton } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { Field } from '../../components/Field.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { Facts, Page, Panel } from '../../components/Page.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { useEnterNavigation } from '../../components/use-enter-navigation.ts';
import { useCommand, useQuery } from '../../core-client.ts';
import { formatInstant, localDate } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import { useAccountName, useAccounts } from './lookups.ts';
import { useRuleName } from './rule-name.ts';
import { usePrint } from './use-print.tsx';
import './ledger.css';
import { RestoredNote, useFormDraft } from '../../components/form-draft.tsx';

type Voucher = OutputOf<'vouchers.get'>;
type Posting = Voucher['postings'][number];

/** The page that shows what a figure stands for: the line's own order or shipment, else the voucher's first paper. */
function targetOf(voucher: Voucher, line: Posting): string | undefined {
  if (line.order !== undefined) return `order/${line.order.id}`;
  if (line.shipment !== undefined) return `shipment/${line.shipment.id}`;
  return voucher.sources.find((source) => source.target !== undefined)?.target;
}

type Source = Voucher['sources'][number];

/** A receipt is shown by the page of the list it speaks of. */
function targetOfSource(voucher: Voucher, source: Source): string | undefined {
  if (source.target !== undefined || source.kind !== 'receipt') return source.target;
  const list = voucher.sources.find((one) => one.kind === 'document');
  return list === undefined ? undefined : `declaration?id=${list.id}&tab=receipts`;
}

function Dimensions({ line }: { readonly line: Posting }) {
  const { t } = useTranslation();
  const { order, shipment } = line;
  const plain = [
    line.party?.name,
    line.sku,
    line.store,
    line.quantity === undefined ? undefined : `× ${line.quantity}`,
  ];
  return (
    <>
      {order === undefined ? null : (
        <button type="button" className="link" onClick={() => navigate('order', { id: order.id })}>
          {t('ledger.toOrder', { no: order.no })}
        </button>
      )}
      {shipment === undefined ? null : (
        <button type="button" className="link" onClick={() => navigate('shipment', { id: shipment.id })}>
          {t('ledger.toShipment', { no: shipment.no })}
        </button>
      )}
      {plain.flatMap((text) => (text === undefined || text === '' ? [] : [<span key={text}>{text}</span>]))}
    </>
  );
}

/** Units of the foreign currency and what one was worth, e.g. `USD 100.00`. */
function Original({ line }: { readonly line: Posting }) {
  if (line.currency === 'CNY') return null;
  const value = line.debit === '' ? line.credit : line.debit;
  return value === '' ? <Code>{line.currency}</Code> : <Amount value={value} currency={line.currency} />;
}

export function VoucherPage({ params }: PageProps) {
  const { t } = useTranslation();
  const nameOf = useAccountName(useAccounts());
  const ruleName = useRuleName();
  const id = numberParam(params, 'id');
  const query = useQuery('vouchers.get', id === undefined ? null : { id }, { areas: ['ledger'] });
  const voucher = query.data;
  const [isReversing, setReversing] = useState(false);
  const source = voucher?.sources.find(({ target }) => target !== undefined);
  const print = usePrint();
  const printThis = (): void => {
    if (voucher !== undefined) void print.start({ id: voucher.id }, voucher.label);
  };
  const nameOfSource = (source: Source): string => {
    switch (source.kind) {
      case 'order':
        return t('ledger.toOrder', { no: source.label });
      case 'document':
        return `${t('ledger.toDocument')} ${source.label}`;
      case 'receipt':
        return `${t('ledger.toReceipt')} ${source.label}`;
      default:
        return `${t(`ledger.sourceKind.${source.kind}`, { defaultValue: source.kind })} ${source.label}`;
    }
  };
  const copy = (): void => {
    if (id !== undefined) navigate('ledger', { tab: 'entry', copy: id });
  };
  useKeys([
    { key: 'Ctrl+Shift+C', label: t('ledger.copyNew'), run: copy, isEnabled: voucher !== undefined, isMain: true },
    { key: 'F9', label: t('common.print'), run: printThis, isEnabled: voucher !== undefined },
    { key: 'Ctrl+P', label: t('common.print'), run: printThis, isEnabled: voucher !== undefined, isMain: true },
    {
      key: 'Esc',
      label: t('common.back'),
      run: () => (isReversing ? setReversing(false) : goBack()),
      isMain: true,
    },
  ]);
  const sum = (side: 'debitCny' | 'creditCny'): string => {
    let fen = 0n;
    for (const line of voucher?.postings ?? []) if (line[side] !== '') fen += BigInt(line[side].replace('.', ''));
    const text = (fen < 0n ? -fen : fen).toString().padStart(3, '0');
    return `${fen < 0n ? '-' : ''}${text.slice(0, -2)}.${text.slice(-2)}`;
  };
  return (
    <Page
      title={t('ledger.voucher')}
      summary={voucher === undefined ? '' : `${voucher.label} · ${voucher.text}`}
      actions={
        <>
          <KeyButton label={t('common.back')} keys="Esc" onPress={goBack} />
          <KeyButton
            label={t('ledger.copyNew')}
            keys="Ctrl+Shift+C"
            isDisabled={voucher === undefined}
            onPress={copy}
          />
          <KeyButton
            label={t('common.print')}
            keys="Ctrl+P"
            isBusy={print.isRunning}
            isDisabled={voucher === undefined}
            onPress={printThis}
          />
          <Button
            danger
            disabled={voucher === undefined || voucher.fixed !== undefined || isReversing}
            title={voucher?.fixed === undefined ? undefined : t(`ledger.fixed.${voucher.fixed}`)}
            aria-describedby={voucher?.fixed === 'source' ? 'voucher-fixed' : undefined}
            onClick={() => setReversing(true)}
          >
            {t('ledger.reverse')}
          </Button>
        </>
      }
      notice={
        <>
          <ErrorNote error={query.error} onRetry={query.reload} />
          {print.notice}
        </>
      }
    >
      {voucher === undefined ? (
        query.status === 'loading' ? (
          <Skeleton />
        ) : (
          <div />
        )
      ) : (
        <div className="voucher-view page-scroll">
          {voucher.fixed === 'source' ? (
            <p className="muted" id="voucher-fixed">
              {t('ledger.fixed.source')}{' '}
              {source?.target === undefined ? null : (
                <button type="button" className="link" onClick={() => openTarget(source.target ?? '')}>
                  {nameOfSource(source)}
                </button>
              )}
            </p>
          ) : null}
          {isReversing ? <ReverseForm voucher={voucher} onClose={() => setReversing(false)} /> : null}
          <section className="panel is-plain voucher-sheet">
            <header className="voucher-sheet-head">
              <span>
                <span className="muted">{t('ledger.column.date')} </span>
                {voucher.date}
              </span>
              <h2>{t('ledger.voucher')}</h2>
              <span>
                <Code>{voucher.label}</Code>
              </span>
            </header>
            <table className="voucher-table" data-testid="voucher-lines">
              <thead>
                <tr>
                  <th>{t('ledger.column.text')}</th>
                  <th>{t('ledger.column.account')}</th>
                  <th>{t('ledger.entry.column.dimensions')}</th>
                  <th className="is-number">{t('ledger.entry.column.original')}</th>
                  <th className="is-number">{t('ledger.column.debit')}</th>
                  <th className="is-number">{t('ledger.column.credit')}</th>
                </tr>
              </thead>
              <tbody>
                {voucher.postings.map((line) => {
                  const target = targetOf(voucher, line);
                  const figure = (value: string) =>
                    value === '' ? null : target === undefined ? (
                      <Amount value={value} currency="CNY" bare />
                    ) : (
                      <button
                        type="button"
                        className="link"
                        title={t('ledger.toSource')}
                        onClick={() => openTarget(target)}
                      >
                        <Amount value={value} currency="CNY" bare />
                      </button>
                    );
                  return (
                    <tr key={line.position}>
                      <td>{line.text === '' ? voucher.text : line.text}</td>
                      <td>
                        {nameOf(line.account)}
                        {line.clearing ? <span className="muted"> · {t('ledger.clearing')}</span> : null}
                      </td>
                      <td className="voucher-dims">
                        <Dimensions line={line} />
                      </td>
                      <td className="is-number">
                        <Original line={line} />
                      </td>
                      <td className="is-number">{figure(line.debitCny)}</td>
                      <td className="is-number">{figure(line.creditCny)}</td>
                    </tr>
                  );
                })}
              </tbody>
              <tfoot>
                <tr>
                  <th colSpan={4}>
                    {t('ledger.entry.total')}{' '}
                    <span className="voucher-capitals">{uppercaseAmount(sum('debitCny'))}</span>
                  </th>
                  <th className="is-number">
                    <Amount value={sum('debitCny')} currency="CNY" bare />
                  </th>
                  <th className="is-number">
                    <Amount value={sum('creditCny')} currency="CNY" bare />
                  </th>
                </tr>
              </tfoot>
            </table>
          </section>
          <div className="voucher-behind">
            <Panel isPlain title={t('ledger.why')}>
              <div className="panel-pad">
                <Facts
                  columns={1}
                  rows={[
                    [t('ledger.rule'), ruleName(voucher.rule)],
                    ...(voucher.rate === undefined
                      ? []
                      : [
                          [
                            t('ledger.rate'),
                            [voucher.rate, voucher.rateDate, voucher.rateSource].filter(Boolean).join(' · '),
                          ] as const,
                        ]),
                    [t('ledger.postedAt'), formatInstant(voucher.postedAt)],
                  ]}
                />
              </div>
            </Panel>
            <Panel isPlain title={t('ledger.chain')}>
              <ul className="panel-pad voucher-sources voucher-chain">
                {voucher.sources.length === 0 ? <li className="muted">{t('ledger.noSources')}</li> : null}
                {voucher.sources.map((source) => {
                  const target = targetOfSource(voucher, source);
                  const name = nameOfSource(source);
                  return (
                    <li key={`${source.kind} ${source.id}`}>
                      {target === undefined ? (
                        name
                      ) : (
                        <button type="button" className="link" onClick={() => openTarget(target)}>
                          {name}
                        </button>
                      )}
                    </li>
                  );
                })}
              </ul>
            </Panel>
            {voucher.reverses === undefined && voucher.reversedBy === undefined ? null : (
              <Panel isPlain title={t('ledger.reversal')}>
                <ul className="panel-pad voucher-sources">
                  {(['reverses', 'reversedBy'] as const).map((way) => {
                    const other = voucher[way];
                    return other === undefined ? null : (
                      <li key={way}>
                        <ToneTag tone="action" label={t(`ledger.${way}`)} />{' '}
                        <button type="button" className="link" onClick={() => navigate('voucher', { id: other.id })}>
                          {other.label}
                        </button>
                      </li>
                    );
                  })}
                </ul>
              </Panel>
            )}
          </div>
        </div>
      )}
    </Page>
  );
}

function ReverseForm({ voucher, onClose }: { readonly voucher: Voucher; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const reverse = useCommand('vouchers.reverse');
  const form = useFormDraft(`voucher reversal ${voucher.id}`, {
    date: localDate() < voucher.date ? voucher.date : localDate(),
    reason: '',
  });
  const { date, reason } = form.value;
  const { change } = form;
  const submit = async (): Promise<void> => {
    if (reason.trim() === '') {
      document.getElementById('reverse-reason')?.focus();
      return;
    }
    const done = await reverse.run({ id: voucher.id, date, reason: reason.trim() });
    if (done === undefined) return;
    form.done();
    notify(t('ledger.reversed', { label: done.label }));
    onClose();
    navigate('voucher', { id: done.id });
  };
  const onKeyDown = useEnterNavigation({ onSubmit: () => void submit() });
  return (
    <form
      className="panel is-plain ledger-form-row"
      onKeyDown={onKeyDown}
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <Field id="reverse-date" label={t('ledger.reverseDate')}>
        <DateInput id="reverse-date" value={date} onChange={(value) => change({ date: value })} />
      </Field>
      <Field id="reverse-reason" label={t('ledger.reason')} isRequired>
        <Input
          id="reverse-reason"
          autoFocus
          maxLength={200}
          value={reason}
          onChange={(event) => change({ reason: event.target.value })}
        />
      </Field>
      <div className="ledger-form-buttons">
        <Button onClick={onClose}>{t('common.cancel')}</Button>
        <Button type="primary" danger htmlType="submit" loading={reverse.isRunning} disabled={reason.trim() === ''}>
          {t('ledger.reverseNow')}
        </Button>
      </div>
      <p className="muted">{t('ledger.reverseHint')}</p>
      <RestoredNote draft={form} />
      <ErrorNote error={reverse.error} onClose={reverse.clear} />
    </form>
  );
}
