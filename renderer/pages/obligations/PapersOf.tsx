import { Button, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { InputOf } from '../../../shared/contract/contract.ts';
import { listed } from '../../../shared/i18n/words.ts';
import { ConfirmInline } from '../../components/ConfirmInline.tsx';
import { DetailSection } from '../../components/DetailPane.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { DropZone } from '../../components/FilePicker.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { useCommand, useQuery } from '../../core-client.ts';
import { formatBytes } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import { useBilingual } from './use-bilingual.ts';

type Subject = NonNullable<InputOf<'archive.get'>['subjectKind']>;

/**
 * Papers of a subject: what is asked for, what is there, and a place to drop more. `missing`: codes of required papers that are not
 * there; left out, it follows from what is there.
 */
export function PapersOf({
  subjectKind,
  subjectId,
  missing: known,
}: {
  readonly subjectKind: Subject;
  readonly subjectId: string;
  readonly missing?: readonly string[];
}) {
  const { t, i18n } = useTranslation();
  const words = useBilingual();
  const file = useQuery('archive.get', { subjectKind, subjectId }, { areas: ['tax'] });
  const add = useCommand('archive.add');
  const remove = useCommand('archive.remove');
  const [paper, setPaper] = useState<string>();
  const required = file.data?.required ?? [];
  const there = new Set((file.data?.papers ?? []).filter((one) => one.removedAt === null).map((one) => one.paper));
  const missing = new Set(
    known ?? required.filter((one) => one.required && !there.has(one.code)).map(({ code }) => code),
  );
  const kind =
    required.find(({ code }) => code === paper) ?? required.find(({ code }) => missing.has(code)) ?? required[0];
  const titleOf = (code: string): string => {
    const found = required.find((one) => one.code === code);
    return found === undefined ? code : words(found.title);
  };
  // A file that is dropped before the kinds of papers are known would have none.
  if (file.data === undefined) return <ErrorNote error={file.error} onRetry={file.reload} />;
  return (
    <>
      <DetailSection title={t('obligations.archive.asked')}>
        <div className="papers-of">
          <ul className="plain-list">
            {required.map((one) => (
              <li key={one.code}>
                {missing.has(one.code) ? (
                  <ToneTag tone="action" label={t('obligations.archive.lacking')} />
                ) : one.required ? (
                  <ToneTag tone="accepted" label={t('obligations.archive.there')} />
                ) : (
                  <span className="muted">{t('obligations.archive.maybe')}</span>
                )}{' '}
                {words(one.title)} <span className="muted">{words(one.condition)}</span>
              </li>
            ))}
          </ul>
          <p className="muted">
            {t('obligations.archive.law', { source: file.data.source, count: file.data.retentionYears })}
          </p>
        </div>
      </DetailSection>
      <DetailSection title={t('obligations.archive.papers')}>
        <div className="papers-of">
          <ul className="plain-list">
            {file.data.papers.map((one) => (
              <li key={one.id} className={one.removedAt === null ? undefined : 'muted'}>
                {titleOf(one.paper)} · {one.fileName} · {formatBytes(one.size)} ·{' '}
                <span className="code">{one.sha256.slice(0, 12)}</span>
                {one.alsoOf.length === 0 ? null : (
                  <ToneTag
                    tone="rejected"
                    label={t('obligations.archive.alsoOf', { subjects: listed(one.alsoOf, i18n.language) })}
                  />
                )}
                {one.removedAt === null ? (
                  <ConfirmInline
                    isSmall
                    isLink
                    label={t('obligations.remove')}
                    question={t('obligations.archive.removeAsk')}
                    confirmLabel={t('obligations.remove')}
                    onConfirm={async () => {
                      await remove.run({ id: one.id, reason: t('obligations.archive.removedByHand') });
                    }}
                  />
                ) : (
                  <Button
                    size="small"
                    type="text"
                    onClick={() =>
                      void remove.run({ id: one.id, removed: false, reason: t('obligations.archive.restore') })
                    }
                  >
                    {t('obligations.archive.restore')}
                  </Button>
                )}
              </li>
            ))}
          </ul>
          <Select
            value={kind?.code ?? ''}
            aria-label={t('obligations.archive.kind')}
            options={required.map(({ code, title }) => ({ value: code, label: words(title) }))}
            onChange={setPaper}
          />
          <DropZone
            purpose={t('obligations.archive.add')}
            title={t('obligations.archive.add')}
            hint={t('obligations.archive.addHint', { mb: file.data.maxFileMb })}
            onFile={async ({ token, name }) => {
              const done = await add.run({ subjectKind, subjectId, paper: kind?.code ?? '', file: token });
              if (done === undefined) return;
              notify(
                done.duplicates.length === 0
                  ? t('obligations.archive.added', { name })
                  : t('obligations.archive.alsoOf', { subjects: listed(done.duplicates, i18n.language) }),
              );
            }}
          />
          <ErrorNote error={add.error ?? remove.error ?? file.error} isInline />
        </div>
      </DetailSection>
    </>
  );
}
