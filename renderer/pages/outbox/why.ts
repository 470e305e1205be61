import type { TFunction } from 'i18next';
import type { RowOf } from '../../core-client.ts';
import { codeText } from '../../i18n/catalogue.ts';
import { formatRecent } from '../../i18n/format.ts';

export type Message = RowOf<'outbox.list'>;

/** What a code of a failure means, in the user's words; the code itself where there are none. */
export function troubleText(t: TFunction, code: string): string {
  return codeText('error', code, {})?.what ?? t(`waiting.${code}`, { defaultValue: code });
}

/** Why a message is where it is, in one sentence; a dependency without a number waits for several. */
export function whyText(t: TFunction, { why, dependsOn, lastError, nextAttemptAt }: Message): string {
  if (why === 'dependency' && dependsOn === undefined) return t('waiting.dependencies');
  return t(`waiting.${why}`, {
    defaultValue: why,
    seq: dependsOn,
    at: formatRecent(nextAttemptAt),
    trouble: lastError === undefined || lastError === '' ? '' : troubleText(t, lastError),
  });
}
