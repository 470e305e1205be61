import { useTranslation } from 'react-i18next';
import { useKeys } from '../../app/keys.ts';
import type { PageProps } from '../../app/page-route.ts';
import { navigate, type RouteParams, replaceParams, textParam } from '../../app/route-store.ts';
import { Chips } from '../../components/Chips.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { Page } from '../../components/Page.tsx';
import { SearchInput } from '../../components/SearchInput.tsx';
import { CoverageTab } from './CoverageTab.tsx';
import { ExportsTab } from './ExportsTab.tsx';
import { InvoicesTab } from './InvoicesTab.tsx';
import { OverseasTab } from './OverseasTab.tsx';
import { StockTab } from './StockTab.tsx';
import { TariffTab } from './TariffTab.tsx';
import { type Tab, tabs } from './tabs.ts';
import './purchases.css';

const importKind = {
  invoices: 'invoices',
  stock: 'products',
  overseas: 'warehouse',
  exports: 'exportLines',
  coverage: 'exportLines',
  tariff: 'tariff',
} as const satisfies Record<Tab, string>;

const lists = {
  invoices: InvoicesTab,
  stock: StockTab,
  overseas: OverseasTab,
  exports: ExportsTab,
  coverage: CoverageTab,
  tariff: TariffTab,
} as const;

/** Purchases, stock and what left: six lists, each with its detail beside it. */
export function PurchasesPage({ params }: PageProps) {
  const { t } = useTranslation();
  const tab = tabs.find((one) => one === textParam(params, 'tab')) ?? 'invoices';
  const text = textParam(params, 'text') ?? '';
  const set = (change: RouteParams): void =>
    replaceParams(Object.fromEntries(Object.entries({ ...params, ...change }).filter(([, value]) => value !== '')));
  const openImport = (): void => navigate('import', { kind: importKind[tab] });
  useKeys([{ key: 'Ctrl+I', label: t('purchases.import'), run: openImport }]);
  const List = lists[tab];
  return (
    <Page
      title={t('purchases.title')}
      summary={t(`purchases.hint.${tab}`)}
      actions={
        tab === 'stock' ? undefined : <KeyButton label={t('purchases.import')} keys="Ctrl+I" onPress={openImport} />
      }
      filters={
        <>
          <Chips
            label={t('purchases.title')}
            value={tab}
            onChange={(value) => replaceParams({ tab: value })}
            chips={tabs.map((value) => ({ value, label: t(`purchases.tab.${value}`) }))}
          />
          <SearchInput
            value={text}
            onChange={(value) => set({ text: value })}
            placeholder={t('purchases.search')}
            keyLabel={t('purchases.key.search')}
          />
        </>
      }
    >
      <List key={tab} params={params} text={text} set={set} />
    </Page>
  );
}
