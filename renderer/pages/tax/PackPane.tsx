/** A rule pack: its versions with dates, source and who checked them; the firm's own version as a form or as text. */
import { Button, Input } from 'antd';
import { useState } from 'react';
import { type Reliability as Level, reliabilities } from '../../../shared/rules/pack.ts';
import { Chips } from '../../components/Chips.tsx';
import { DateInput } from '../../components/DateInput.tsx';
import { DetailPane, DetailSection } from '../../components/DetailPane.tsx';
import { Skeleton } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { RestoredNote, useFormDraft } from '../../components/form-draft.tsx';
import { Facts } from '../../components/Page.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { useEnterNavigation } from '../../components/use-enter-navigation.ts';
import { useCommand, useQuery } from '../../core-client.ts';
import { formatInstant } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import { ConfirmReason } from './ConfirmReason.tsx';
import type { Json } from './calculator-form.ts';
import {
  bodyOf,
  changedPaths,
  dayBefore,
  type Leaf,
  leavesOf,
  type PackBody,
  type PackView,
  type Path,
  typedLike,
  withNewVersion,
  withValue,
} from './pack-form.ts';
import { ReasonForm } from './ReasonForm.tsx';
import { Reliability } from './Reliability.tsx';
import { inForceText, valueText, type Words } from './rule-text.ts';
import { useWords } from './use-words.ts';

export function PackPane({ id, onChanged }: { readonly id: string; readonly onChanged: () => void }) {
  const { t, say } = useWords();
  const pack = useQuery('rules.pack', { id }, { areas: ['tax'] });
  const reset = useCommand('rules.resetPack');
  const [isEditing, setEditing] = useState(false);
  const changed = (): void => {
    pack.reload();
    onChanged();
  };
  if (pack.data === undefined)
    return (
      <DetailPane title={id} isCode>
        {pack.status === 'failed' ? <ErrorNote error={pack.error} onRetry={pack.reload} /> : <Skeleton rows={6} />}
      </DetailPane>
    );
  const { inForce, shipped, usedBy, isEditable } = pack.data;
  if (isEditing)
    return (
      <PackEditor
        inForce={inForce}
        shipped={shipped}
        onClose={() => setEditing(false)}
        onSaved={() => {
          setEditing(false);
          changed();
        }}
      />
    );
  const marks = changedPaths(bodyOf(inForce), bodyOf(shipped));
  return (
    <DetailPane
      title={say(inForce.title)}
      tags={inForce.changed === undefined ? null : <ToneTag tone="action" label={t('tax.changedByFirm')} />}
      extra={
        <>
          {inForce.changed === undefined ? null : (
            <ConfirmReason
              label={t('tax.pack.reset')}
              isRunning={reset.isRunning}
              onConfirm={async (reason) => {
                const done = await reset.run({ id, reason });
                if (done === undefined) return;
                notify(t('tax.pack.resetDone'));
                changed();
              }}
            />
          )}
          {isEditable ? (
            <Button size="small" type="primary" onClick={() => setEditing(true)}>
              {t('tax.pack.edit')}
            </Button>
          ) : (
            <span className="muted">{t('tax.pack.fixed')}</span>
          )}
        </>
      }
    >
      <ErrorNote error={reset.error} onClose={reset.clear} />
      {inForce.changed === undefined ? null : (
        <p className="tone-action">
          {t('tax.pack.changedAt', { at: formatInstant(inForce.changed.changedAt), reason: inForce.changed.reason })}
        </p>
      )}
      <Facts
        columns={1}
        rows={[
          [t('tax.source'), inForce.source],
          [t('tax.rules.usedBy'), usedBy.map((one) => t(`tax.rules.use.${one}`, { defaultValue: one })).join(' ')],
          [
            t('tax.pack.id'),
            <span key="id" className="code">
              {id}
            </span>,
          ],
        ]}
      />
      {inForce.versions.map((version, at) => (
        <DetailSection
          key={version.inForceFrom}
          title={inForceText(version.inForceFrom, version.inForceTo, t)}
          extra={<Reliability level={version.reliability} />}
        >
          <p className="muted">
            {version.source === '' ? '' : `${version.source} · `}
            {t('tax.card.verified', {
              name: version.verifiedBy.name,
              on: version.verifiedBy.on,
              how: version.verifiedBy.how,
            })}
          </p>
          <Parameters
            leaves={leavesOf(version.parameters as Json)}
            isChanged={(path) => marks.has(['versions', at, 'parameters', ...path].join('.'))}
          />
        </DetailSection>
      ))}
      <p className="draft-note">{t('tax.authority')}</p>
    </DetailPane>
  );
}

/** `brackets.0.upTo` in words: `各档 1 · 上限`. */
function useParameterName(): (path: Path) => string {
  const { t } = useWords();
  return (path) =>
    path
      .map((one) => (typeof one === 'number' ? String(one + 1) : t(`tax.param.${one}`, { defaultValue: one })))
      .join(' · ');
}

/** Up to four digits stand as they are: most of them are codes (1210, 9610) and days. */
function shownValue(name: string, value: Leaf['value'], words: Words): string {
  return /^\d{1,4}$/.test(String(value)) ? String(value) : valueText(name, String(value), '', words);
}

function Parameters({
  leaves,
  isChanged,
}: {
  readonly leaves: readonly Leaf[];
  readonly isChanged: (path: Path) => boolean;
}) {
  const words = useWords();
  const nameOf = useParameterName();
  return (
    <table className="parameters">
      <tbody>
        {leaves.map(({ path, value }) => (
          <tr key={path.join('.')}>
            <th scope="row">{nameOf(path)}</th>
            <td>
              {isChanged(path) ? <ToneTag tone="action" label={words.t('tax.pack.changed')} /> : null}{' '}
              <span className={/^-?[\d.]+$/.test(String(value)) ? 'amount' : ''}>
                {shownValue(String(path.at(-1) ?? ''), value, words)}
              </span>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const versionFields = ['inForceFrom', 'inForceTo', 'source', 'reliability'] as const;

/** A version as it is being typed: as a form, or whole as text. */
interface EditedPack {
  readonly body: PackBody;
  readonly text?: string | undefined;
  readonly newFrom: string;
}
/** As much as a draft's base may be. */
const MOST_BASE = 100_000;

function PackEditor({
  inForce,
  shipped,
  onClose,
  onSaved,
}: {
  readonly inForce: PackView;
  readonly shipped: PackView;
  readonly onClose: () => void;
  readonly onSaved: () => void;
}) {
  const { t, say } = useWords();
  const nameOf = useParameterName();
  const start = bodyOf(inForce);
  const form = useFormDraft<EditedPack>(
    `rule pack ${inForce.id}`,
    { body: start, newFrom: '' },
    // What stands in force tells one state from another by its beginning too, where it is longer than a book keeps.
    JSON.stringify(start).slice(0, MOST_BASE),
  );
  const { body, text, newFrom } = form.value;
  const setBody = (next: PackBody): void => form.change({ body: next });
  const [isBroken, setBroken] = useState(false);
  const save = useCommand('rules.savePack');
  const refused = save.error?.code === 'RULE_PACK_INVALID' ? String(save.error.params['field'] ?? '') : undefined;
  const marks = changedPaths(body, bodyOf(shipped));
  const versions = Array.isArray(body['versions'])
    ? (body['versions'] as readonly Readonly<Record<string, Json>>[])
    : [];
  const put = (path: Path, before: Leaf['value'], typed: string): void => {
    setBody(withValue(body as Json, path, typedLike(before, typed)) as PackBody);
  };
  const onKeyDown = useEnterNavigation();
  const showAs = (as: 'form' | 'text'): void => {
    if (as === 'text') {
      form.change({ text: JSON.stringify(body, null, 2) });
      return;
    }
    const parsed = parsedBody(text ?? '');
    setBroken(parsed === undefined);
    if (parsed === undefined) return;
    form.change({ body: parsed, text: undefined });
  };
  const submit = async (reason: string): Promise<void> => {
    const wanted = text === undefined ? body : parsedBody(text);
    setBroken(wanted === undefined);
    if (wanted === undefined) return;
    const done = await save.run({ id: inForce.id, body: wanted as Record<string, never>, reason });
    if (done === undefined) return;
    form.done();
    notify(t('tax.pack.saved'));
    onSaved();
  };
  const leafField = (path: Path, value: Leaf['value']): React.ReactNode => {
    const at = path.join('.');
    const isWrong = refused === at;
    const name = String(path.at(-1) ?? '');
    return (
      <tr key={at}>
        <th scope="row">
          <label htmlFor={`pack-${at}`}>
            {nameOf(path.slice(path[0] === 'versions' ? (path[2] === 'parameters' ? 3 : 2) : 0))}
          </label>
        </th>
        <td>
          <Input
            id={`pack-${at}`}
            size="small"
            className={typeof value === 'number' || /^-?\d+(\.\d+)?$/.test(String(value)) ? 'numeric-input' : ''}
            value={value === null ? '' : String(value)}
            placeholder={name === 'inForceTo' ? t('tax.pack.openEnd') : ''}
            status={isWrong ? 'error' : ''}
            autoComplete="off"
            spellCheck={false}
            onChange={(event) =>
              setBody(
                withValue(
                  body as Json,
                  path,
                  event.target.value === '' && value === null ? null : event.target.value,
                ) as PackBody,
              )
            }
            onBlur={(event) => put(path, originalOf(inForce, path) ?? value, event.target.value)}
          />
          {isWrong ? (
            <span className="field-error" role="alert">
              {t('tax.pack.wrong', { reason: String(save.error?.params['reason'] ?? '') })}
            </span>
          ) : marks.has(at) ? (
            <span className="field-hint tone-action">{t('tax.pack.changed')}</span>
          ) : null}
        </td>
      </tr>
    );
  };
  return (
    <DetailPane
      title={say(inForce.title)}
      tags={<ToneTag tone="action" label={t('tax.pack.editing')} />}
      extra={
        <Button size="small" onClick={onClose}>
          {t('common.cancel')}
        </Button>
      }
      foot={<ReasonForm label={t('common.save')} isRunning={save.isRunning} onSave={(reason) => void submit(reason)} />}
    >
      <p className="muted">{t('tax.pack.editHint')}</p>
      <RestoredNote draft={form} />
      <div className="panel-pad inline-actions">
        <Chips<'form' | 'text'>
          label={t('tax.pack.editAs')}
          value={text === undefined ? 'form' : 'text'}
          onChange={showAs}
          chips={[
            { value: 'form', label: t('tax.pack.form') },
            { value: 'text', label: t('tax.pack.json') },
          ]}
        />
        {text === undefined ? (
          <>
            <label htmlFor="pack-new-version">{t('tax.pack.newVersion')}</label>
            <div className="inline-batch">
              <DateInput
                id="pack-new-version"
                value={newFrom}
                onChange={(from) => form.change({ newFrom: from })}
                placeholder={t('tax.datePlaceholder')}
              />
            </div>
            <Button
              size="small"
              disabled={!/^\d{4}-\d{2}-\d{2}$/.test(newFrom)}
              onClick={() => {
                form.change({ body: withNewVersion(body, newFrom, dayBefore(newFrom)), newFrom: '' });
              }}
            >
              {t('tax.pack.addVersion')}
            </Button>
          </>
        ) : null}
      </div>
      <ErrorNote error={save.error} onClose={save.clear} />
      {isBroken ? (
        <p className="field-error" role="alert">
          {t('tax.pack.notJson')}
        </p>
      ) : null}
      {text === undefined ? (
        // biome-ignore lint/a11y/noStaticElementInteractions: Enter goes from field to field
        <div onKeyDown={onKeyDown}>
          {versions.map((version, at) => (
            <DetailSection
              // biome-ignore lint/suspicious/noArrayIndexKey: a version being edited has no identity but its place
              key={at}
              title={t('tax.pack.version', { at: at + 1 })}
              extra={isLevel(version['reliability']) ? <Reliability level={version['reliability']} /> : null}
            >
              <table className="parameters is-form">
                <tbody>
                  {versionFields.map((name) => leafField(['versions', at, name], scalarOf(version[name])))}
                  {leavesOf(version['parameters'] ?? {}, ['versions', at, 'parameters']).map(({ path, value }) =>
                    leafField(path, value),
                  )}
                </tbody>
              </table>
            </DetailSection>
          ))}
        </div>
      ) : (
        <div className="panel-pad">
          <Input.TextArea
            className="code"
            aria-label={t('tax.pack.json')}
            autoSize={{ minRows: 16 }}
            spellCheck={false}
            value={text}
            onChange={(event) => form.change({ text: event.target.value })}
          />
        </div>
      )}
    </DetailPane>
  );
}

function parsedBody(text: string): PackBody | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? (parsed as PackBody) : undefined;
  } catch {
    return undefined;
  }
}

function isLevel(value: Json | undefined): value is Level {
  return reliabilities.some((one) => one === value);
}

function scalarOf(value: Json | undefined): Leaf['value'] {
  return value === undefined || (typeof value === 'object' && value !== null) ? null : value;
}

/** The value the field had before anything was typed: what kind of value it is. */
function originalOf(pack: PackView, path: Path): Leaf['value'] | undefined {
  return leavesOf(bodyOf(pack) as Json).find((leaf) => leaf.path.join('.') === path.join('.'))?.value;
}
