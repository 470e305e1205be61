/** Keys of commands, each changed by pressing the new one; and how long entry took, for one's own view. */
import { Button } from 'antd';
import { type KeyboardEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ContractError } from '../../../shared/contract/operation.ts';
import { type CommandId, commandIds, deskCommands, type KeyScope, keyOf, scopeOf } from '../../../shared/desk-keys.ts';
import { isComposing, keyName, useCommandKey, useKeyMap } from '../../app/keys.ts';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { KeyHint } from '../../components/KeyHint.tsx';
import { Panel } from '../../components/Page.tsx';
import { call, errorOf, useQuery } from '../../core-client.ts';
import { formatCount } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import { middleTimes, useEntryTimes } from '../declarations/entry/entry-times.ts';

const scopes: readonly KeyScope[] = ['entry', 'list', 'desk'];
const modifiers: readonly string[] = ['Control', 'Alt', 'Shift', 'Meta'];

export function Keys() {
  const { t } = useTranslation();
  const keys = useKeyMap((state) => state.keys);
  const named = useCommandKey();
  const clerk = useQuery('entry.keys', {}, { areas: ['documents'] }).data?.clerk ?? '';
  const [asking, setAsking] = useState<CommandId>();
  const [refused, setRefused] = useState<{ readonly command: CommandId; readonly error: ContractError }>();

  const give = async (command: CommandId, key: string | null): Promise<void> => {
    setRefused(undefined);
    try {
      const answer = await call('entry.setKey', { command, key });
      useKeyMap.setState({ keys: answer.keys });
      setAsking(undefined);
      notify(t('settings.keys.changed', { command: named(command).label, key: keyOf(answer.keys, command) }));
    } catch (thrown) {
      setRefused({ command, error: errorOf(thrown) });
    }
  };
  const reset = async (): Promise<void> => {
    setRefused(undefined);
    setAsking(undefined);
    const answer = await call('entry.resetKeys', {});
    useKeyMap.setState({ keys: answer.keys });
    notify(t('settings.keys.allReset'));
  };
  const onKeyDown = (command: CommandId, event: KeyboardEvent): void => {
    if (asking !== command || isComposing(event)) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === 'Escape') {
      setAsking(undefined);
      setRefused(undefined);
    } else if (!modifiers.includes(event.key)) void give(command, keyName(event.nativeEvent));
  };
  return (
    <>
      <Panel
        isPlain
        title={clerk === '' ? t('settings.keys.ofBook') : t('settings.keys.ofClerk', { clerk })}
        extra={
          <Button size="small" disabled={Object.keys(keys).length === 0} onClick={() => void reset()}>
            {t('settings.keys.resetAll')}
          </Button>
        }
      >
        <div className="panel-pad key-list">
          <p className="muted form-note">{t('settings.keys.hint')}</p>
          {scopes.map((scope) => (
            <section key={scope} aria-label={t(`settings.keys.scope.${scope}`)}>
              <h3>{t(`settings.keys.scope.${scope}`)}</h3>
              {commandIds
                .filter((command) => scopeOf(command) === scope)
                .map((command) => {
                  const { key, label } = named(command);
                  const isAsked = asking === command;
                  return (
                    <div key={command} className="key-row" data-command={command}>
                      <span>{label}</span>
                      <button
                        type="button"
                        className={isAsked ? 'key-cap is-asked' : 'key-cap'}
                        aria-label={t('settings.keys.change', { command: label, key })}
                        aria-pressed={isAsked}
                        onClick={() => {
                          setRefused(undefined);
                          setAsking(isAsked ? undefined : command);
                        }}
                        onKeyDown={(event) => onKeyDown(command, event)}
                        onBlur={() => {
                          if (isAsked) setAsking(undefined);
                        }}
                      >
                        {isAsked ? t('settings.keys.press') : <KeyHint keys={key} />}
                      </button>
                      {key === deskCommands[command].key ? (
                        <span />
                      ) : (
                        <button type="button" className="link" onClick={() => void give(command, null)}>
                          {t('settings.keys.reset', { key: deskCommands[command].key })}
                        </button>
                      )}
                      {refused?.command === command ? <ErrorNote error={refused.error} isInline /> : null}
                    </div>
                  );
                })}
            </section>
          ))}
        </div>
      </Panel>
      <Times />
    </>
  );
}

/** A time as one says it: seconds, then minutes and seconds. */
function spoken(ms: number): string {
  const seconds = Math.round(ms / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`;
}

function Times() {
  const { t } = useTranslation();
  const rows = useEntryTimes((state) => state.rows);
  return (
    <Panel
      isPlain
      title={t('settings.times.title')}
      extra={
        <Button size="small" disabled={rows.length === 0} onClick={() => useEntryTimes.setState({ rows: [] })}>
          {t('settings.times.clear')}
        </Button>
      }
    >
      <div className="panel-pad">
        <p className="muted form-note">{t('settings.times.hint')}</p>
        {rows.length === 0 ? <p className="muted">{t('settings.times.none')}</p> : null}
        <ul className="entry-times">
          {middleTimes(rows).map(({ start, n, ms, lines }) => (
            <li key={start}>
              <span>{t(`settings.times.start.${start}`)}</span>
              <strong className="figure">{spoken(ms)}</strong>
              <span className="muted">{t('settings.times.of', { n: formatCount(n), lines: formatCount(lines) })}</span>
            </li>
          ))}
        </ul>
      </div>
    </Panel>
  );
}
