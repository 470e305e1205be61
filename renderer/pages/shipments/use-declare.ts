import { useTranslation } from 'react-i18next';
import type { DeclarationMode } from '../../../shared/drafting/goods-declaration.ts';
import { navigate } from '../../app/route-store.ts';
import { useCommand } from '../../core-client.ts';
import { notify } from '../../stores/notice-store.ts';

/** 报关单 of a shipment's goods by a mode: the first one opens, the others stand beside it in the list. */
export function useDeclare() {
  const { t } = useTranslation();
  const { run, isRunning, error, clear } = useCommand('documents.declare');
  const declare = async (shipmentId: number, mode: DeclarationMode): Promise<void> => {
    const made = await run({ shipmentId, mode });
    const [first] = made?.documents ?? [];
    if (made !== undefined && made.away > 0) notify(t('life.declaredOver', { count: made.away }));
    if (first !== undefined) navigate('document', { id: first.id, kind: 'DecMessage' });
  };
  return { declare, isRunning, error, clear };
}
