/**
 * A job under way: a sentence, how far it is, and a cancel. `phase` of the progress is an i18n id `progress.<phase>`; a phase
 * without a text falls back to `title`. While the total is unknown the bar says how many are done, without a percentage.
 */
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import type { Progress } from '../../shared/contract/operation.ts';
import { formatCount } from '../i18n/format.ts';

export function ProgressBar({
  title,
  progress,
  onCancel,
}: {
  readonly title: string;
  readonly progress: Progress | undefined;
  readonly onCancel?: () => void;
}) {
  const { t } = useTranslation();
  const share = progress !== undefined && progress.total > 0 ? Math.min(1, progress.done / progress.total) : undefined;
  const sentence = progress === undefined ? title : t(`progress.${progress.phase}`, { defaultValue: title });
  const count =
    progress === undefined
      ? ''
      : progress.total > 0
        ? t('progress.of', { done: formatCount(progress.done), total: formatCount(progress.total) })
        : t('progress.done', { done: formatCount(progress.done) });
  return (
    <div className="progress" role="status">
      <span className="progress-text">
        {sentence} <span className="muted">{count}</span>
      </span>
      <progress aria-label={title} {...(share === undefined ? {} : { value: share, max: 1 })} />
      {onCancel === undefined ? null : (
        <Button size="small" onClick={onCancel}>
          {t('common.cancel')}
        </Button>
      )}
    </div>
  );
}
