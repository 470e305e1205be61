import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { navigate } from '../../app/route-store.ts';
import { Panel } from '../../components/Page.tsx';
import { useQuery } from '../../core-client.ts';
import { localDate } from '../../i18n/format.ts';
import { Gauge } from './GaugesTab.tsx';
import './supervision.css';

/** The gauge of the side that is nearer to list registration, for the first page; nothing while no money has crossed the border. */
export function QuotaPanel() {
  const { t } = useTranslation();
  const gauges = useQuery('forex.gauges', { asOf: localDate() }, { areas: ['money', 'tax', 'ledger'] });
  const { data } = gauges;
  if (data === undefined || data.receipts.count + data.payments.count === 0) return null;
  const direction = Number(data.receipts.usd) >= Number(data.payments.usd) ? 'receipts' : 'payments';
  return (
    <Panel
      title={t(`supervision.gauge.${direction}`)}
      extra={
        <Button type="link" size="small" onClick={() => navigate('monitor')}>
          {t('supervision.gauge.year', { year: data.year })}
        </Button>
      }
    >
      <div className="monitor-chart">
        <Gauge view={data} direction={direction} />
      </div>
    </Panel>
  );
}
