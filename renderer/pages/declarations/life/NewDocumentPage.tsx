/** 新建单证: any message of the catalogue as a blank draft. Type a number or a name, arrows move, Enter makes it and opens the entry. */
import { Input } from 'antd';
import { useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { documentKinds } from '../../../../shared/contract/filing.ts';
import { catalogue, type RequestName } from '../../../../shared/documents/catalogue.ts';
import { isComposing, useKeys } from '../../../app/keys.ts';
import { navigate } from '../../../app/route-store.ts';
import { Code } from '../../../components/Amount.tsx';
import { EmptyState } from '../../../components/EmptyState.tsx';
import { ErrorNote } from '../../../components/ErrorNote.tsx';
import { Page, Panel } from '../../../components/Page.tsx';
import { useCommand } from '../../../core-client.ts';
import { kindName, kindNumber } from '../field-text.ts';
import './life.css';

type Group = 'export' | 'import';
const groups: readonly Group[] = ['export', 'import'];

// What is drawn from a subject of the book (forms of foreign exchange, filings with the platform) is made on the page of that.
const byHand = documentKinds.filter((kind) => catalogue[kind].family === 'ceb' || catalogue[kind].family === 'dec');

export function NewDocumentPage() {
  const { t, i18n } = useTranslation();
  const [text, setText] = useState('');
  const list = useRef<HTMLDivElement>(null);
  const create = useCommand('documents.create');
  const found = useMemo(() => {
    const words = text.trim().toLowerCase().split(/\s+/).filter(Boolean);
    return byHand.filter((kind) => {
      const spec = catalogue[kind];
      const told = `${kindNumber(kind)} ${spec.zh} ${spec.en}`.toLowerCase();
      return words.every((word) => told.includes(word));
    });
  }, [text]);
  const groupOf = (kind: RequestName): Group => catalogue[kind].direction;
  const make = async (kind: RequestName | undefined): Promise<void> => {
    if (kind === undefined) return;
    const made = await create.run({ kind });
    if (made !== undefined) navigate('declarations', { id: made.id, edit: 1 });
  };
  useKeys([
    { key: 'Esc', label: t('life.key.back'), run: () => navigate('declarations'), isMain: true },
    { key: 'Enter', label: t('life.key.make'), isMain: true },
  ]);
  const move = (step: 1 | -1): void => {
    const buttons = [...(list.current?.querySelectorAll<HTMLButtonElement>('button') ?? [])];
    const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
    buttons[Math.min(Math.max(at + step, 0), buttons.length - 1)]?.focus();
  };
  return (
    <Page title={t('life.newTitle')} summary={t('life.newSummary', { n: found.length })}>
      <Panel>
        {/* biome-ignore lint/a11y/noStaticElementInteractions: arrows go from the field into the list and along it */}
        <div
          ref={list}
          className="new-document"
          onKeyDown={(event) => {
            if (isComposing(event)) return;
            if (event.key === 'ArrowDown') move(1);
            else if (event.key === 'ArrowUp') move(-1);
            else return;
            event.preventDefault();
          }}
        >
          <Input
            autoFocus
            allowClear
            aria-label={t('life.newSearch')}
            placeholder={t('life.newSearch')}
            value={text}
            onChange={(event) => setText(event.target.value)}
            onKeyDown={(event) => {
              if (event.key !== 'Enter' || isComposing(event)) return;
              event.preventDefault();
              void make(found[0]);
            }}
          />
          <ErrorNote error={create.error} onClose={create.clear} />
          {found.length === 0 ? <EmptyState title={t('life.newNone')} hint={t('life.newNoneHint')} /> : null}
          {groups.map((group) => {
            const kinds = found.filter((kind) => groupOf(kind) === group);
            return kinds.length === 0 ? null : (
              <section key={group}>
                <h3>{t(`life.group.${group}`)}</h3>
                <ul className="new-document-list">
                  {kinds.map((kind) => (
                    <li key={kind}>
                      <button
                        type="button"
                        className="link"
                        disabled={create.isRunning}
                        onClick={() => void make(kind)}
                      >
                        <Code>{kindNumber(kind)}</Code> <span>{kindName(kind, i18n.language)}</span>
                      </button>
                    </li>
                  ))}
                </ul>
              </section>
            );
          })}
        </div>
      </Panel>
    </Page>
  );
}
