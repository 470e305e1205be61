/** What can be done with the messages that are selected, or with all that the filter shows. */
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import type { InputOf, OutputOf } from '../../../shared/contract/contract.ts';
import { useKeys } from '../../app/keys.ts';
import { ConfirmInline } from '../../components/ConfirmInline.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { ProgressBar } from '../../components/ProgressBar.tsx';
import { useJob } from '../../core-client.ts';
import { formatCount } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';

type Selection = InputOf<'outbox.steer'>['which'];
type How = InputOf<'outbox.steer'>['how'];

export function BulkBar({
  which,
  count,
  total,
  isAll,
  onAll,
  onClear,
  onSent,
}: {
  /** Undefined while nothing is selected. */
  readonly which: Selection | undefined;
  readonly count: number;
  /** How many the filter shows. */
  readonly total: number;
  readonly isAll: boolean;
  readonly onAll: () => void;
  readonly onClear: () => void;
  readonly onSent: (summary: OutputOf<'sync.now'>) => void;
}) {
  const { t } = useTranslation();
  const steer = useJob('outbox.steer');
  const send = useJob('outbox.sendNow');
  const withdraw = useJob('outbox.withdrawMany');
  const jobs = [steer, send, withdraw];
  const running = jobs.find(({ status }) => status === 'running');
  const failed = jobs.find(({ error }) => error !== undefined);
  const isReady = which !== undefined && running === undefined;
  const run = async (how: How): Promise<void> => {
    if (which === undefined) return;
    const done = await steer.start({ which, how });
    if (done !== undefined)
      notify(t(`outbox.steered.${how}`, { count: done.messages, shown: formatCount(done.messages) }));
  };
  const sendNow = async (): Promise<void> => {
    if (which === undefined) return;
    const done = await send.start({ which });
    if (done !== undefined) onSent(done);
  };
  const take = async (): Promise<void> => {
    if (which === undefined) return;
    const done = await withdraw.start({ which });
    if (done === undefined) return;
    notify(
      t(done.kept > 0 ? 'outbox.withdrawnMany.some' : 'outbox.withdrawnMany.all', {
        messages: formatCount(done.messages),
        documents: formatCount(done.documents),
        kept: formatCount(done.kept),
      }),
    );
    onClear();
  };
  useKeys([
    { key: 'Alt+Up', label: t('outbox.steer.sooner'), run: () => void run('sooner'), isEnabled: isReady },
    { key: 'Alt+Down', label: t('outbox.steer.later'), run: () => void run('later'), isEnabled: isReady },
    { key: 'Space', label: t('outbox.steer.select') },
  ]);
  return (
    <div className="outbox-bulk" role="toolbar" aria-label={t('outbox.steer.label')}>
      <span className="outbox-bulk-count">
        {count === 0 ? t('outbox.steer.none') : t('outbox.steer.selected', { count, shown: formatCount(count) })}
      </span>
      {total > 0 && !isAll ? (
        <Button type="link" size="small" onClick={onAll}>
          {t('outbox.steer.all', { count: total, shown: formatCount(total) })}
        </Button>
      ) : null}
      {count > 0 ? (
        <Button type="link" size="small" onClick={onClear}>
          {t('outbox.steer.clear')}
        </Button>
      ) : null}
      <span className="outbox-bulk-actions">
        <KeyButton
          label={t('outbox.steer.hold')}
          keys="H"
          bind
          isDisabled={!isReady}
          onPress={() => void run('hold')}
        />
        <KeyButton
          label={t('outbox.steer.release')}
          keys="R"
          bind
          isDisabled={!isReady}
          onPress={() => void run('release')}
        />
        <KeyButton
          label={t('outbox.steer.urgent')}
          keys="U"
          bind
          isDisabled={!isReady}
          onPress={() => void run('urgent')}
        />
        <KeyButton
          label={t('outbox.steer.normal')}
          keys="N"
          bind
          isDisabled={!isReady}
          onPress={() => void run('normal')}
        />
        <KeyButton
          label={t('outbox.steer.send')}
          keys="Ctrl+Enter"
          bind
          isDisabled={!isReady}
          onPress={() => void sendNow()}
        />
        <ConfirmInline
          isDanger={false}
          label={t('outbox.withdraw')}
          question={t('outbox.steer.withdrawAsk', { count, shown: formatCount(count) })}
          confirmLabel={t('outbox.withdraw')}
          isDisabled={!isReady}
          onConfirm={take}
        />
      </span>
      {running === undefined ? null : (
        <ProgressBar title={t('outbox.steer.running')} progress={running.progress} onCancel={running.cancel} />
      )}
      <ErrorNote error={failed?.error} onClose={() => failed?.clear()} />
    </div>
  );
}
