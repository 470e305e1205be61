/**
 * Why documents go on with their reminders (提醒): one reason for all, or one each, written where they are queued. Enter goes to the next
 * that is empty and, when none is, files; Esc leaves everything as it was.
 */
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { InputOf, OutputOf } from '../../../shared/contract/contract.ts';
import { isComposing } from '../../app/keys.ts';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { FindingLevel, findingText } from '../../components/FindingList.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { useCommand } from '../../core-client.ts';
import { formatCount } from '../../i18n/format.ts';
import { usePlaceLabel } from './place-label.ts';

export type Reminders = OutputOf<'documents.reminders'>;

export function ReasonsPanel({
  reminders,
  filter,
  onDone,
  onClose,
}: {
  readonly reminders: Reminders;
  readonly filter: InputOf<'documents.reminders'>;
  /** Every reminder has its reason: the documents may be queued. */
  readonly onDone: () => void | Promise<void>;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const { rows, total } = reminders;
  const placeLabel = usePlaceLabel();
  const explain = useCommand('documents.explain');
  const [all, setAll] = useState('');
  const [own, setOwn] = useState<Readonly<Record<number, string>>>({});
  const root = useRef<HTMLElement>(null);
  const hasAll = rows.length > 1;
  const reasonOf = (at: number): string => {
    const typed = (own[at] ?? '').trim();
    return typed === '' ? all.trim() : typed;
  };
  const isReady = rows.every((_row, at) => reasonOf(at) !== '');
  const inputs = (): HTMLInputElement[] => [...(root.current?.querySelectorAll('input') ?? [])];
  useEffect(() => {
    root.current?.querySelector('input')?.focus();
  }, []);

  const save = async (): Promise<void> => {
    if (!isReady || explain.isRunning) return;
    const reasons = rows.map(({ rule, documentId, path }, at) => ({
      rule,
      ...(documentId === undefined ? {} : { documentId, path }),
      reason: reasonOf(at),
    }));
    if ((await explain.run({ ...filter, reasons })) !== undefined) await onDone();
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    if (isComposing(event)) return;
    if (event.key === 'Escape') onClose();
    else if (event.key !== 'Enter' || !(event.target instanceof HTMLInputElement)) return;
    else if (isReady) void save();
    else {
      const empty = inputs().filter((input, at) => input.value.trim() === '' && (at > 0 || !hasAll));
      const fields = inputs();
      const here = fields.indexOf(event.target);
      (empty.find((input) => fields.indexOf(input) > here) ?? empty[0])?.focus();
    }
    event.preventDefault();
    event.stopPropagation();
  };
  const title = t('declarations.reasons.title', { n: formatCount(total) });
  return (
    <section ref={root} className="reasons-panel" aria-label={title} onKeyDown={onKeyDown}>
      <header>
        <ToneTag tone="action" label={title} />
        <span className="spacer" />
        <KeyButton
          kind="primary"
          label={t('declarations.reasons.go')}
          keys="Enter"
          isDisabled={!isReady}
          isBusy={explain.isRunning}
          onPress={() => void save()}
        />
        <KeyButton label={t('common.cancel')} keys="Esc" onPress={onClose} />
      </header>
      <ErrorNote error={explain.error} onClose={explain.clear} />
      {hasAll ? (
        <label className="reasons-all">
          <span>{t('declarations.reasons.all')}</span>
          <input className="entry-input" value={all} maxLength={300} onChange={(event) => setAll(event.target.value)} />
        </label>
      ) : null}
      <ul>
        {rows.map((row, at) => {
          const { what } = findingText(row);
          const where = placeLabel(row.kind, row.path);
          const text =
            row.documentId === undefined
              ? t('declarations.reasons.of', {
                  what,
                  n: formatCount(row.findings),
                  documents: formatCount(row.documents),
                })
              : what;
          return (
            <li key={`${row.documentId ?? ''} ${row.rule} ${row.path} ${JSON.stringify(row.params)}`}>
              <FindingLevel level={row.level} />
              <span className="reasons-what">
                {row.documentId === undefined ? null : <span className="code">{row.businessKey}</span>}
                {row.documentId === undefined || where === '' ? null : <strong>{where}</strong>}
                <span>{text}</span>
                <span className="muted">{t('finding.rule', { rule: row.rule })}</span>
              </span>
              <input
                className="entry-input"
                aria-label={`${t('declarations.reasons.reason')} ${row.rule}`}
                placeholder={all.trim() === '' ? t('declarations.reasons.reason') : all}
                value={own[at] ?? ''}
                maxLength={300}
                onChange={(event) => setOwn({ ...own, [at]: event.target.value })}
              />
            </li>
          );
        })}
      </ul>
    </section>
  );
}
