import type { TFunction } from 'i18next';
import type { RowOf } from '../../core-client.ts';
import { codeText } from '../../i18n/catalogue.ts';
import { formatRecent } from '../../i18n/format.ts';

export type Message = RowOf<'outbox.list'>;

/** What a code of a failure means, in the user's words; of one that nobody has words for, what kind of failure it is. */
export function troubleText(t: TFunction, code: string): string {
  const known = codeText('error', code, {})?.what;
  if (known !== undefined) return known;
  const status = /^HTTP_(\d{3})$/.exec(code)?.[1];
  if (status !== undefined) return t('waiting.httpStatus', { status });
  return t(`waiting.${code}`, { defaultValue: t('waiting.otherTrouble', { code }) });
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
