import { Button } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ClassificationDoubt } from '../../../shared/contract/classification.ts';
import { navigate } from '../../app/route-store.ts';
import { DetailSection } from '../../components/DetailPane.tsx';
import { type ElementsChange, ElementsEditor } from '../../components/ElementsEditor.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { useCommand } from '../../core-client.ts';
import { DoubtList } from '../classification/DoubtList.tsx';

/**
 * The declaration elements of a product under its code. Stored when the section is left, as every other field of a product is; the text
 * they make is the product's 规格型号. What speaks against the code is told first, until somebody has decided on it (P-07).
 */
export function ProductElements({
  sku,
  hsCode,
  doubts,
  onSaved,
}: {
  readonly sku: string;
  readonly hsCode: string;
  /** What speaks against the code; nothing once somebody has decided on it. */
  readonly doubts: readonly ClassificationDoubt[];
  /** The text that was stored. */
  readonly onSaved: (text: string) => void;
}) {
  const { t } = useTranslation();
  const save = useCommand('elements.save');
  const [pending, setPending] = useState<ElementsChange>();
  const latest = useRef({ pending, save, onSaved });
  latest.current = { pending, save, onSaved };
  const store = async (): Promise<void> => {
    const { pending: change, save: command } = latest.current;
    if (change === undefined || change.isTooLong) return;
    setPending(undefined);
    const done = await command.run({ sku, gcode: hsCode, items: change.items.map((item) => ({ ...item })) });
    if (done === undefined) setPending(change);
    else latest.current.onSaved(done.text);
  };
  const storeLatest = useRef(store);
  storeLatest.current = store;
  // The pane may be left by a click in the list without the field being left first.
  useEffect(() => () => void storeLatest.current(), []);
  return (
    <DetailSection
      title={t('classification.elements.title')}
      extra={
        <Button size="small" onClick={() => navigate('classification', { sku })}>
          {t('classification.decisionsOf')}
        </Button>
      }
    >
      <ErrorNote error={save.error} onClose={save.clear} onRetry={() => void store()} />
      {/* biome-ignore lint/a11y/noStaticElementInteractions: leaving any field inside stores, nothing here is clicked */}
      <div
        className="product-elements"
        onBlur={(event) => {
          if (!event.currentTarget.contains(event.relatedTarget)) void store();
        }}
      >
        <DoubtList doubts={doubts} />
        <ElementsEditor key={`${sku} ${hsCode}`} gcode={hsCode} sku={sku} max={250} onChange={setPending} />
      </div>
    </DetailSection>
  );
}
