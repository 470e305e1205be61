import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { navigate } from '../../app/route-store.ts';
import { FormActions } from './FormActions.tsx';

/** What can be declared and proved of a record, for its detail: its forms, its evidence pack, electronic transaction data. */
export function RecordActions({
  recordId,
  isInPack = false,
  isDraftedElsewhere = false,
}: {
  readonly recordId: number;
  /** The page has a button of its own for drafting. */
  readonly isDraftedElsewhere?: boolean;
  /** Shown on the pack itself. */
  readonly isInPack?: boolean;
}) {
  const { t } = useTranslation();
  return (
    <FormActions subject={{ kind: 'money-record', id: recordId }} isDraftedElsewhere={isDraftedElsewhere}>
      {isInPack ? null : (
        <Button size="small" onClick={() => navigate('evidence', { record: recordId })}>
          {t('evidence.actions.pack')}
        </Button>
      )}
      <Button size="small" onClick={() => navigate('electronicData', { record: recordId })}>
        {t('evidence.actions.electronic')}
      </Button>
    </FormActions>
  );
}
