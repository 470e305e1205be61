import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { GrantedFile } from '../../../shared/contract/bridge.ts';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { navigate } from '../../app/route-store.ts';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { Panel } from '../../components/Page.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { useCommand } from '../../core-client.ts';
import { formatCount } from '../../i18n/format.ts';
import type { Receipt } from './use-import.ts';

/** `20261121093000000` as `2026-11-21 09:30:00`; anything else as it stands. */
function timeText(time: string): string {
  return time.replace(/^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})\d*$/, '$1-$2-$3 $4:$5:$6');
}

/** A receipt of customs: what it says of which document, and the one click that takes it. */
export function ReceiptPanel({
  receipt,
  file,
  onAgain,
}: {
  readonly receipt: Receipt;
  readonly file: GrantedFile;
  readonly onAgain: () => void;
}) {
  const { t, i18n } = useTranslation();
  const take = useCommand('imports.receipts');
  const [taken, setTaken] = useState<OutputOf<'imports.receipts'>>();
  const { items, total } = taken ?? receipt;
  const name = `${receipt.message.replace(/Message$/, '')} ${i18n.language === 'en' ? receipt.en : receipt.zh}`;
  const isDone = taken !== undefined;
  const run = async (): Promise<void> => setTaken(await take.run({ file: file.token }));
  return (
    <Panel title={t('imports.receipt.title', { name })}>
      <div className="import-body" data-testid={isDone ? 'receipt-taken' : 'receipt-panel'}>
        <ErrorNote error={take.error} onRetry={() => void run()} />
        <p className="import-note" role="status">
          {taken === undefined ? (
            <ToneTag
              tone={receipt.isKnown ? 'draft' : 'ready'}
              label={t(receipt.isKnown ? 'imports.receipt.known' : 'imports.receipt.hint', { n: formatCount(total) })}
            />
          ) : taken.state === 'parked' ? (
            <>
              <ToneTag tone="action" label={t(`imports.receipt.problem.${taken.problem ?? 'RECEIPT_UNREADABLE'}`)} />{' '}
              <Button type="link" size="small" onClick={() => navigate('parkedReceipts')}>
                {t('command.parkedReceipts')}
              </Button>
            </>
          ) : (
            <ToneTag
              tone={taken.isNew ? 'accepted' : 'draft'}
              label={t(taken.isNew ? 'imports.receipt.done' : 'imports.receipt.known')}
            />
          )}
        </p>
        <div className="preview-scroll">
          <table className="preview">
            <thead>
              <tr>
                <th>{t('imports.receipt.number')}</th>
                <th>{t('imports.receipt.status')}</th>
                <th>{t('imports.receipt.time')}</th>
                <th>{t('imports.receipt.info')}</th>
                <th>{t('imports.receipt.document')}</th>
              </tr>
            </thead>
            <tbody>
              {items.map(({ number, status, time, info, documentId }, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: one document may be answered twice in a receipt
                <tr key={index}>
                  <td>{number}</td>
                  <td>{status}</td>
                  <td>{timeText(time)}</td>
                  <td title={info}>{info}</td>
                  <td>
                    {documentId === undefined ? (
                      <span className="tone-action">{t('imports.receipt.noDocument')}</span>
                    ) : (
                      <Button type="link" size="small" onClick={() => navigate('declarations', { id: documentId })}>
                        {t('imports.receipt.open')}
                      </Button>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
        <div className="import-links">
          {isDone ? (
            <Button onClick={onAgain}>{t('imports.done.again')}</Button>
          ) : (
            <KeyButton
              kind="primary"
              label={t('imports.receipt.take')}
              keys="Ctrl+Enter"
              bind
              isDisabled={take.isRunning || receipt.isKnown}
              onPress={() => void run()}
            />
          )}
        </div>
      </div>
    </Panel>
  );
}
