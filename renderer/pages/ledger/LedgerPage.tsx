/** 账簿: vouchers, their entry, the papers behind them, accounts, parties, months, rates and posting rules. */
import { useTranslation } from 'react-i18next';
import { useKeys } from '../../app/keys.ts';
import type { PageProps } from '../../app/page-route.ts';
import { navigate, textParam } from '../../app/route-store.ts';
import { Chips } from '../../components/Chips.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { Page } from '../../components/Page.tsx';
import { useQuery } from '../../core-client.ts';
import { formatCount } from '../../i18n/format.ts';
import { AccountsTab } from './AccountsTab.tsx';
import { DocumentsTab } from './DocumentsTab.tsx';
import { PartiesTab } from './PartiesTab.tsx';
import { PeriodsTab } from './PeriodsTab.tsx';
import { Rates } from './Rates.tsx';
import { RulesTab } from './RulesTab.tsx';
import { VoucherEntry } from './VoucherEntry.tsx';
import { VouchersTab } from './VouchersTab.tsx';
import './ledger.css';

const tabs = ['vouchers', 'entry', 'documents', 'accounts', 'parties', 'periods', 'rates', 'rules'] as const;
type Tab = (typeof tabs)[number];

export function LedgerPage({ params }: PageProps) {
  const { t } = useTranslation();
  const tab = tabs.find((one) => one === textParam(params, 'tab')) ?? 'vouchers';
  const waiting = useQuery('sourceDocuments.list', { state: 'waiting', limit: 1 }, { areas: ['ledger'] });
  const balance = useQuery('ledger.trialBalance', {}, { areas: ['ledger'] });
  const pending = balance.data?.pending ?? 0;
  useKeys([
    ...(tab === 'entry'
      ? []
      : [{ key: 'Ctrl+N', label: t('ledger.tab.entry'), run: () => navigate('ledger', { tab: 'entry' }) }]),
  ]);
  const content = () => {
    switch (tab) {
      case 'vouchers':
        return <VouchersTab params={params} />;
      case 'entry':
        return <VoucherEntry params={params} />;
      case 'documents':
        return <DocumentsTab params={params} />;
      case 'accounts':
        return <AccountsTab />;
      case 'parties':
        return <PartiesTab params={params} />;
      case 'periods':
        return <PeriodsTab params={params} />;
      case 'rates':
        return <Rates key={JSON.stringify(params)} params={params} />;
      case 'rules':
        return <RulesTab />;
    }
  };
  return (
    <Page
      title={t('area.ledger')}
      summary={
        pending > 0
          ? t('ledger.pending', { count: pending, shown: formatCount(pending) })
          : tab === 'vouchers'
            ? ''
            : t(`ledger.tabHint.${tab}`)
      }
      actions={
        <>
          {pending > 0 && tab !== 'rates' ? (
            <KeyButton label={t('ledger.setRates')} onPress={() => navigate('ledger', { tab: 'rates' })} />
          ) : null}
          {tab === 'rates' ? (
            <KeyButton label={t('rates.import')} onPress={() => navigate('import', { kind: 'rates' })} />
          ) : null}
          <KeyButton label={t('ledger.balance')} onPress={() => navigate('reports', { report: 'trialBalance' })} />
          {tab === 'entry' ? null : (
            <KeyButton
              kind={tab === 'vouchers' ? 'primary' : 'default'}
              label={t('ledger.tab.entry')}
              keys="Ctrl+N"
              onPress={() => navigate('ledger', { tab: 'entry' })}
            />
          )}
        </>
      }
      filters={
        <Chips<Tab>
          label={t('ledger.views')}
          value={tab}
          onChange={(next) => navigate('ledger', next === 'vouchers' ? {} : { tab: next })}
          chips={tabs.map((one) => ({
            value: one,
            label: one === 'rates' ? t('rates.title') : t(`ledger.tab.${one}`),
            ...(one === 'documents' && (waiting.data?.total ?? 0) > 0 ? { count: waiting.data?.total } : {}),
          }))}
        />
      }
    >
      {content()}
    </Page>
  );
}
