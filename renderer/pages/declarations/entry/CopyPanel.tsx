import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { documentKinds } from '../../../../shared/contract/filing.ts';
import { isComposing, useKeys } from '../../../app/keys.ts';
import { Amount, Code } from '../../../components/Amount.tsx';
import { ErrorNote } from '../../../components/ErrorNote.tsx';
import { KeyButton } from '../../../components/KeyButton.tsx';
import { StateTag } from '../../../components/StateTag.tsx';
import { useCommand, useQuery } from '../../../core-client.ts';
import { formatCount, formatRecent } from '../../../i18n/format.ts';
import { notify } from '../../../stores/notice-store.ts';
import type { DocumentKind } from '../document-model.ts';
import { kindName, kindNumber, leftGroupsText } from '../field-text.ts';

/** Chooses the earlier document of which a new draft is made: by kind, buyer, product or number; the one under the cursor stands first. */
export function CopyPanel({
  kind: startKind,
  number,
  onMade,
  onClose,
}: {
  readonly kind: DocumentKind;
  readonly number: string;
  readonly onMade: (id: number) => void;
  readonly onClose: () => void;
}) {
  const { t, i18n } = useTranslation();
  const [kind, setKind] = useState<DocumentKind>(startKind);
  const [words, setWords] = useState({ text: number, buyer: '', product: '' });
  const [at, setAt] = useState(0);
  const first = useRef<HTMLInputElement>(null);
  const sources = useQuery('entry.sources', { kind, ...words, limit: 50 });
  const copy = useCommand('entry.copy');
  const rows = sources.data?.rows ?? [];
  const row = rows[Math.min(at, rows.length - 1)];
  useEffect(() => {
    first.current?.focus();
    first.current?.select();
  }, []);
  const make = async (): Promise<void> => {
    if (row === undefined || copy.isRunning) return;
    const made = await copy.run({ id: row.id });
    if (made === undefined) return;
    const text = t('entry.copy.made', { from: row.businessKey, n: formatCount(made.unconfirmed) });
    const groups = leftGroupsText(row.kind, made.left, i18n.language);
    notify(groups === '' ? text : t('entry.copy.madeWithout', { text, groups }));
    onMade(made.id);
  };
  useKeys([{ key: 'Esc', label: t('common.close'), run: onClose }]);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (isComposing(event) || event.defaultPrevented) return;
    if (event.key === 'ArrowDown') setAt(Math.min(rows.length - 1, at + 1));
    else if (event.key === 'ArrowUp') setAt(Math.max(0, at - 1));
    else if (event.key === 'Enter' && !(event.target instanceof HTMLButtonElement)) void make();
    else return;
    event.preventDefault();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: arrows and Enter choose from any field inside
    <section className="entry-copy" onKeyDown={onKeyDown} data-page="entry-copy">
      <header>
        <h2>{t('entry.copy.title')}</h2>
        <span className="muted">{t('entry.copy.hint')}</span>
        <span className="spacer" />
        <KeyButton
          kind="primary"
          label={t('entry.copy.run')}
          keys="Enter"
          isDisabled={row === undefined}
          isBusy={copy.isRunning}
          onPress={() => void make()}
        />
        <KeyButton label={t('common.close')} keys="Esc" onPress={onClose} />
      </header>
      <div className="entry-copy-words">
        {(['text', 'buyer', 'product'] as const).map((key, index) => (
          <label key={key}>
            {t(`entry.copy.${key}`)}
            <input
              ref={index === 0 ? first : null}
              className="entry-input"
              value={words[key]}
              onChange={(event) => {
                setWords({ ...words, [key]: event.target.value });
                setAt(0);
              }}
            />
          </label>
        ))}
        <label>
          {t('entry.copy.kind')}
          <select
            className="entry-input"
            value={kind}
            onChange={(event) => {
              const next = documentKinds.find((one) => one === event.target.value);
              if (next !== undefined) setKind(next);
              setAt(0);
            }}
            onKeyDown={(event) => {
              if (event.key !== 'Enter') event.stopPropagation();
            }}
          >
            {documentKinds.map((one) => (
              <option key={one} value={one}>
                {kindNumber(one)} {kindName(one, i18n.language)}
              </option>
            ))}
          </select>
        </label>
      </div>
      <ErrorNote error={sources.error ?? copy.error} />
      <div className="entry-choices" role="listbox" aria-label={t('entry.copy.title')}>
        {rows.map((one, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the panel's
          // biome-ignore lint/a11y/useFocusableInteractive: the fields keep the focus
          <div
            key={one.id}
            role="option"
            aria-selected={one === row}
            onClick={() => setAt(index)}
            onDoubleClick={() => void make()}
          >
            <Code>{one.businessKey}</Code>
            <span>{one.buyer}</span>
            <span className="entry-copy-product">{one.product}</span>
            <span>{one.lines === 0 ? '' : t('entry.template.lines', { n: formatCount(one.lines) })}</span>
            <Amount value={one.amount} currency={one.currency} />
            <StateTag kind="document" state={one.state} />
            <span className="muted">{formatRecent(one.createdAt)}</span>
          </div>
        ))}
      </div>
      {sources.status === 'ready' && rows.length === 0 ? <p className="muted">{t('entry.copy.none')}</p> : null}
    </section>
  );
}
