/** Whether the three flows of a shipment agree, in one mark that leads to them. */
import { useTranslation } from 'react-i18next';
import { navigate } from '../../app/route-store.ts';
import { Amount } from '../../components/Amount.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { useQuery } from '../../core-client.ts';
import { flowAreas, flowTone } from './FlowDetail.tsx';
import { useRiskText } from './use-risk-text.ts';

export function FlowIndicator({ shipmentId }: { readonly shipmentId: number }) {
  const { t } = useTranslation();
  const { say } = useRiskText();
  const view = useQuery('flows.get', { scope: { kind: 'shipment', id: shipmentId } }, { areas: flowAreas });
  if (view.data === undefined || view.data.state === 'empty') return null;
  const { state, currencies } = view.data;
  const isZero = (text: string): boolean => /^-?0*(\.0*)?$/.test(text);
  const rest = currencies
    .flatMap(({ currency, legs }) =>
      legs.map(({ short, over }) => ({ currency, amount: isZero(short) ? over : short })),
    )
    .find(({ amount }) => !isZero(amount));
  return (
    <button
      type="button"
      className="link"
      title={t('risk.flow.sheet')}
      onClick={() => navigate('flows', { id: shipmentId })}
    >
      <ToneTag tone={flowTone[state]} label={say(`flow.${state}`)} />
      {rest === undefined ? null : (
        <>
          {' '}
          <Amount value={rest.amount} currency={rest.currency} />
        </>
      )}
    </button>
  );
}
