import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import type { NettingView } from '../../../shared/contract/supervision.ts';
import { navigate } from '../../app/route-store.ts';
import { Amount } from '../../components/Amount.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { useQuery } from '../../core-client.ts';
import { nettingTones } from './netting-draft.ts';

interface Payout {
  readonly id: number;
  readonly number: string;
}

/** The sheet (轧差核对表) that is made of a payout and stands, found by the payout's number on its fees. `isReady`: it has been looked for. */
export function useSheetOfPayout(payout: Payout | undefined) {
  const areas = ['money'] as const;
  const list = useQuery('netting.list', payout === undefined ? null : { text: payout.number, limit: 9 }, { areas });
  const candidate = list.data?.rows.find(({ state }) => state !== 'void');
  const read = useQuery('netting.get', candidate === undefined ? null : { id: candidate.id }, { areas });
  const sheet: NettingView | undefined = read.data?.id === candidate?.id ? read.data : undefined;
  return {
    isReady: list.data !== undefined && (candidate === undefined || sheet !== undefined),
    sheet: sheet !== undefined && sheet.payout?.id === payout?.id ? sheet : undefined,
    error: list.error ?? read.error,
  };
}

/** From a payout to its netting sheet, or to a new one that is filled from it. */
export function SheetOfPayout({ payout }: { readonly payout: Payout }) {
  const { t } = useTranslation();
  const { isReady, sheet, error } = useSheetOfPayout(payout);
  return (
    <p className="leg-note">
      <ErrorNote error={error} isInline />
      {!isReady ? null : sheet === undefined ? (
        <Button size="small" onClick={() => navigate('netting', { payoutId: payout.id })}>
          {t('supervision.netting.ofPayout')}
        </Button>
      ) : (
        <>
          <Button type="link" size="small" onClick={() => navigate('netting', { at: sheet.id })}>
            {sheet.number}
          </Button>{' '}
          <ToneTag tone={nettingTones[sheet.state]} label={t(`supervision.netting.state.${sheet.state}`)} />{' '}
          {t('supervision.netting.net')} <Amount value={sheet.net} currency={sheet.currency} />
        </>
      )}
    </p>
  );
}
