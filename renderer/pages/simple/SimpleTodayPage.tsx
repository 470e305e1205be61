/** 今天, in plain words: what waits for the clerk, one card each, and one card to begin a sale. */
import { CameraOutlined, InboxOutlined, TransactionOutlined, TruckOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { navigate, routeOfTarget } from '../../app/route-store.ts';
import { leaveSimple } from '../../app/simple-mode.ts';
import { ToneTag } from '../../components/StateTag.tsx';
import { useQuery } from '../../core-client.ts';
import { formatCount, localDate } from '../../i18n/format.ts';
import { useSession } from '../../stores/session-store.ts';
import { useTodayParams } from '../today/TodayPage.tsx';
import { BigPage, PlainError } from './parts.tsx';
import { SaleCard, type SaleRow, useSales } from './sales.tsx';

type Attention = OutputOf<'today.get'>['attention'][number];

const ways = [
  { page: 'sell', icon: <TruckOutlined /> },
  { page: 'showcase', icon: <CameraOutlined /> },
  { page: 'myGoods', icon: <InboxOutlined /> },
  { page: 'received', icon: <TransactionOutlined /> },
] as const;

const SHOWN_DUE = 4;
const SHOWN_SALES = 3;
/** Further ahead than this nobody asks today. */
const SOON = 30;

/** The first of some sales, and the way to the others. */
function Sales({ title, rows }: { readonly title: string; readonly rows: readonly SaleRow[] }) {
  const { t } = useTranslation();
  if (rows.length === 0) return null;
  return (
    <section className="simple-section">
      <h2>{title}</h2>
      {rows.slice(0, SHOWN_SALES).map((sale) => (
        <SaleCard key={sale.id} sale={sale} />
      ))}
      {rows.length > SHOWN_SALES ? (
        <div className="simple-begin">
          <Button onClick={() => navigate('progress')}>
            {t('simple.more', { n: formatCount(rows.length - SHOWN_SALES) })}
          </Button>
        </div>
      ) : null}
    </section>
  );
}

export function SimpleTodayPage() {
  const { t, i18n } = useTranslation();
  const date = localDate();
  const name = useSession((session) => session.profile?.name) ?? '';
  const today = useQuery(
    'today.get',
    { date },
    { areas: ['orders', 'products', 'shipments', 'documents', 'ledger', 'imports', 'money', 'sync'] },
  );
  const sales = useSales();
  const paramsOf = useTodayParams();
  const drafts = sales.rows?.filter(({ state }) => state === 'draft') ?? [];
  const ready = sales.rows?.filter(({ state }) => state === 'checked') ?? [];
  const returned = sales.rows?.filter(({ state }) => state === 'rejected') ?? [];
  // A sale that was sent back is mended here, not in the clerk's desk.
  const attention = (today.data?.attention ?? []).filter(
    ({ code, params }) => code !== 'rejected' || params['kind'] !== 'DecMessage' || returned.length === 0,
  );
  const due = (today.data?.due ?? []).filter(({ days }) => days <= SOON).slice(0, SHOWN_DUE);
  const textOf = ({ code, params }: Pick<Attention, 'code' | 'params'>): string =>
    t(`simple.today.${code}`, {
      ...paramsOf(params),
      defaultValue: t(`today.${code}.what`, { ...paramsOf(params), defaultValue: t('simple.today.other') }),
    });
  const day = new Intl.DateTimeFormat(i18n.language, { month: 'long', day: 'numeric', weekday: 'long' }).format(
    new Date(`${date}T00:00:00`),
  );
  const isNothing = attention.length + due.length + drafts.length + ready.length + returned.length === 0;
  return (
    <BigPage title={day} hint={t('simple.today.hello', { name })}>
      <PlainError error={today.error ?? sales.error} onRetry={today.reload} />
      <div className="simple-home">
        {ways.map(({ page, icon }) => (
          <button
            key={page}
            type="button"
            className={page === 'sell' ? 'is-main' : undefined}
            onClick={() => navigate(page)}
          >
            {icon}
            <strong>{t(`simple.area.${page}`)}</strong>
            <span>{t(`simple.today.way.${page}`)}</span>
          </button>
        ))}
      </div>
      {today.data !== undefined && sales.rows !== undefined && isNothing ? (
        <p className="simple-nothing">{t('simple.today.nothing')}</p>
      ) : null}
      <Sales title={t('simple.today.returned')} rows={returned} />
      <Sales title={t('simple.today.ready')} rows={ready} />
      <Sales title={t('simple.today.drafts')} rows={drafts} />
      {attention.length === 0 ? null : (
        <section className="simple-section">
          <h2>{t('simple.today.attention')}</h2>
          {attention.map((row) => (
            <div key={`${row.code} ${row.target} ${JSON.stringify(row.params)}`} className="simple-card">
              <span className="simple-card-text">
                <strong>{textOf(row)}</strong>
                <small>{t('simple.today.byBroker')}</small>
              </span>
              <ToneTag tone={row.level === 'rejected' ? 'rejected' : 'action'} label={t(`today.level.${row.level}`)} />
              <Button
                onClick={() => {
                  const { page, params } = routeOfTarget(row.target);
                  leaveSimple(page, params);
                }}
              >
                {t('simple.openWhole')}
              </Button>
            </div>
          ))}
        </section>
      )}
      {due.length === 0 ? null : (
        <section className="simple-section">
          <h2>{t('simple.today.due')}</h2>
          {due.map((row) => (
            <div key={`${row.code} ${row.date} ${JSON.stringify(row.params)}`} className="simple-card">
              <span className="simple-card-text">
                <strong>{textOf(row)}</strong>
                <small>{row.date}</small>
              </span>
              <ToneTag
                tone={row.days < 0 ? 'rejected' : 'action'}
                label={row.days < 0 ? t('today.overdue', { count: -row.days }) : t('today.left', { count: row.days })}
              />
            </div>
          ))}
        </section>
      )}
    </BigPage>
  );
}
