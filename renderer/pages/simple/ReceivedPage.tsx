/** 收到的钱: what came in, from whom, on which day; and writing down what the bank has told. */
import { Button, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ContractError } from '../../../shared/contract/operation.ts';
import { saleOf } from '../../../shared/drafting/plain-sale.ts';
import { format5, parse5, sum5 } from '../../../shared/money/decimal.ts';
import { useKeys } from '../../app/keys.ts';
import { leaveSimple } from '../../app/simple-mode.ts';
import { DateInput } from '../../components/DateInput.tsx';
import { RestoredNote, useFormDraft } from '../../components/form-draft.tsx';
import { NumericInput } from '../../components/NumericInput.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { useEnterNavigation } from '../../components/use-enter-navigation.ts';
import { call, errorOf, type RowOf, useCommand, usePages, useQuery } from '../../core-client.ts';
import { localDate } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import { ensureParty } from '../ledger/parties.ts';
import {
  Ask,
  BigPage,
  Choice,
  Choices,
  commonCurrencies,
  Money,
  MoreRows,
  PlainError,
  useCurrencyName,
} from './parts.tsx';
import { alpha2Of } from './sale-records.ts';
import { useSales } from './sales.tsx';

/** One sum a currency: from where it came does not matter here. */
function sumsOf(
  totals: readonly { readonly currency: string; readonly amount: string }[],
): readonly [string, string][] {
  const currencies = [...new Set(totals.map(({ currency }) => currency))];
  return currencies.map((one) => [
    one,
    format5(sum5(totals.filter(({ currency }) => currency === one).map(({ amount }) => parse5(amount)))),
  ]);
}

export function ReceivedPage() {
  const { t } = useTranslation();
  const records = usePages('moneyRecords.list', { kind: 'receipt' }, { areas: ['money'] });
  const [isNew, setNew] = useState(false);
  useKeys([{ key: 'Ctrl+N', label: t('simple.received.new'), run: () => setNew(true), isMain: true }]);
  if (isNew) return <NewReceipt onDone={() => setNew(false)} />;
  return (
    <BigPage title={t('simple.area.received')} hint={t('simple.received.hint')}>
      <PlainError error={records.error} onRetry={records.reload} />
      <div className="simple-begin">
        <Button id="received-new" type="primary" onClick={() => setNew(true)}>
          {t('simple.received.new')}
        </Button>
      </div>
      {records.first === undefined ? null : records.rows.length === 0 ? (
        <p className="simple-nothing">{t('simple.received.none')}</p>
      ) : (
        <>
          <p className="simple-total">
            {t('simple.received.total')}{' '}
            {sumsOf(records.first.totals).map(([currency, amount]) => (
              <span key={currency} className="simple-sum">
                <Money amount={amount} currency={currency} />
              </span>
            ))}
          </p>
          {records.rows.map((record) => (
            <Receipt key={record.id} record={record} />
          ))}
          <MoreRows pages={records} />
        </>
      )}
    </BigPage>
  );
}

/** A receipt, and taking back one that was written down wrongly: with a reason, as at the clerk's desk. */
function Receipt({ record }: { readonly record: RowOf<'moneyRecords.list'> }) {
  const { t } = useTranslation();
  const voiding = useCommand('moneyRecords.void');
  const form = useFormDraft(`simple receipt void ${record.id}`, { reason: undefined as string | undefined });
  const { reason } = form.value;
  const setReason = (next: string): void => form.change({ reason: next });
  const isMatched = /^0(\.0+)?$/.test(record.residual);
  const close = (): void => {
    form.reset();
    voiding.clear();
  };
  const take = async (): Promise<void> => {
    if (reason === undefined || reason.trim() === '' || voiding.isRunning) return;
    if ((await voiding.run({ id: record.id, reason, version: record.version })) === undefined) return;
    form.done();
    notify(t('simple.received.voided'));
  };
  return (
    <>
      <div className="simple-card">
        <span className="simple-card-text">
          <strong>
            <Money amount={record.amount} currency={record.currency} />
          </strong>
          <small>
            {record.date} · {record.counterparty === '' ? t('simple.received.nobody') : record.counterparty} ·{' '}
            {record.account.name}
          </small>
        </span>
        <ToneTag
          tone={isMatched ? 'accepted' : 'action'}
          label={t(isMatched ? 'simple.received.matched' : 'simple.received.open')}
        />
        <Button aria-expanded={reason !== undefined} onClick={() => (reason === undefined ? setReason('') : close())}>
          {t('simple.received.wrong')}
        </Button>
        <Button onClick={() => leaveSimple('money', { id: record.id })}>{t('simple.openWhole')}</Button>
      </div>
      {reason === undefined ? null : (
        <div className="simple-reason">
          <strong>{t('simple.received.voidAsk')}</strong>
          <p>{t('simple.received.voidTold')}</p>
          <div className="simple-asks">
            <Ask id={`received-void-${record.id}`} label={t('simple.received.voidReason')}>
              <Input
                id={`received-void-${record.id}`}
                autoFocus
                maxLength={200}
                autoComplete="off"
                value={reason}
                onChange={(event) => setReason(event.target.value)}
                onPressEnter={() => void take()}
              />
            </Ask>
          </div>
          <PlainError error={voiding.error} />
          <div className="simple-begin">
            <Button onClick={close}>{t('simple.received.keep')}</Button>
            <Button
              id={`received-take-${record.id}`}
              danger
              disabled={reason.trim() === ''}
              loading={voiding.isRunning}
              onClick={() => void take()}
            >
              {t('simple.received.void')}
            </Button>
          </div>
        </div>
      )}
    </>
  );
}

/** What came in. An account the book does not know yet is made with its name and currency. */
function NewReceipt({ onDone }: { readonly onDone: () => void }) {
  const { t } = useTranslation();
  const accounts = useQuery('moneyAccounts.list', {}, { areas: ['money'] });
  const sales = useSales();
  const form = useFormDraft('simple receipt', {
    accountId: undefined as number | undefined,
    account: '',
    currency: '',
    amount: '',
    date: localDate(),
    payer: '',
    isAbroad: true,
  });
  const { accountId, account, currency, amount, date, payer, isAbroad } = form.value;
  const { change } = form;
  const [error, setError] = useState<ContractError>();
  const [isRunning, setRunning] = useState(false);
  const rows = (accounts.data?.rows ?? []).filter(({ active }) => active);
  const chosen = rows.find(({ id }) => id === accountId);
  const held = chosen?.currency ?? currency;
  const heldName = useCurrencyName(held);
  const buyers = [...new Set((sales.rows ?? []).map(({ buyer }) => buyer).filter((name) => name !== ''))].slice(0, 6);
  const isWhole = held !== '' && (chosen !== undefined || account.trim() !== '') && amount !== '' && date !== '';
  const save = async (): Promise<void> => {
    if (!isWhole || isRunning) return;
    setRunning(true);
    setError(undefined);
    try {
      const into =
        chosen?.id ??
        (await call('moneyAccounts.save', { kind: 'bank', place: 'home', name: account.trim(), currency: held })).id;
      change({ accountId: into });
      const sold = sales.rows?.find(({ buyer }) => buyer === payer);
      const country = sold === undefined ? '' : await countryOfSale(sold.id);
      const partyId = await ensureParty('customer', payer, country);
      await call('moneyRecords.save', {
        ...{ kind: 'receipt', date, accountId: into, amount, counterparty: payer.trim(), counterpartyCountry: country },
        ...(partyId === undefined ? {} : { partyId }),
        detail: { crossBorder: held !== 'CNY' || isAbroad },
      });
      notify(t('simple.received.kept'));
      form.done();
      onDone();
    } catch (thrown) {
      setError(errorOf(thrown));
    } finally {
      setRunning(false);
    }
  };
  const onKeyDown = useEnterNavigation({ onSubmit: () => void save() });
  useKeys([
    { key: 'Ctrl+Enter', label: t('common.save'), run: () => void save(), isMain: true },
    { key: 'Esc', label: t('common.back'), run: onDone },
  ]);
  return (
    <BigPage
      title={t('simple.received.new')}
      foot={
        <>
          <Button onClick={onDone}>{t('common.back')}</Button>
          <span className="simple-saved" />
          <Button id="received-save" type="primary" disabled={!isWhole} loading={isRunning} onClick={() => void save()}>
            {t('common.save')}
          </Button>
        </>
      }
    >
      <RestoredNote draft={form} />
      <PlainError error={error ?? accounts.error ?? sales.error} />
      {/* biome-ignore lint/a11y/noStaticElementInteractions: Enter in its fields goes to the next one */}
      <div className="simple-form" onKeyDown={onKeyDown}>
        <Choices label={t('simple.received.where')} term={t('simple.term.account')}>
          {rows.map((row) => (
            <Choice
              key={row.id}
              title={row.name}
              isOn={row.id === accountId}
              onPress={() => change({ accountId: row.id })}
            />
          ))}
          <Input
            id="received-account"
            className="simple-new"
            maxLength={60}
            autoComplete="off"
            aria-label={t('simple.received.account')}
            placeholder={t('simple.received.account')}
            value={chosen === undefined ? account : ''}
            onChange={(event) => {
              change({ accountId: undefined });
              change({ account: event.target.value });
            }}
          />
        </Choices>
        {chosen === undefined ? (
          <Choices label={t('simple.price.currency')}>
            {commonCurrencies.map((one) => (
              <Choice
                key={one}
                title={t(`simple.currency.${one}`)}
                isOn={one === currency}
                onPress={() => change({ currency: one })}
              />
            ))}
          </Choices>
        ) : null}
        <div className="simple-asks">
          <Ask id="received-amount" label={t('simple.received.amount')}>
            <NumericInput
              id="received-amount"
              decimals={2}
              value={amount}
              unit={heldName}
              onChange={(value) => change({ amount: value })}
            />
          </Ask>
          <Ask id="received-date" label={t('simple.received.date')}>
            <DateInput id="received-date" value={date} onChange={(value) => change({ date: value })} />
          </Ask>
          <Ask id="received-payer" label={t('simple.received.payer')}>
            <Input
              id="received-payer"
              maxLength={200}
              autoComplete="off"
              value={payer}
              onChange={(event) => change({ payer: event.target.value })}
            />
          </Ask>
        </div>
        {buyers.length === 0 ? null : (
          <Choices label={t('simple.who.before')}>
            {buyers.map((name) => (
              <Choice key={name} title={name} isOn={name === payer} onPress={() => change({ payer: name })} />
            ))}
          </Choices>
        )}
        {held === 'CNY' ? (
          <Choices label={t('simple.received.from')}>
            {([true, false] as const).map((one) => (
              <Choice
                key={String(one)}
                title={t(one ? 'simple.received.abroad' : 'simple.received.home')}
                isOn={isAbroad === one}
                onPress={() => change({ isAbroad: one })}
              />
            ))}
          </Choices>
        ) : null}
      </div>
    </BigPage>
  );
}

async function countryOfSale(id: number): Promise<string> {
  const { body } = await call('documents.get', { id });
  return alpha2Of(saleOf(body).country);
}
