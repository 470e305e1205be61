/** 换监管方式: what would change of a draft under another mode, before it does; the last change can be undone here. */
import { Button, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RequestName } from '../../../../shared/documents/catalogue.ts';
import { ErrorNote } from '../../../components/ErrorNote.tsx';
import { Field } from '../../../components/Field.tsx';
import { ToneTag } from '../../../components/StateTag.tsx';
import { useCommand, useQuery } from '../../../core-client.ts';
import { notify } from '../../../stores/notice-store.ts';
import { useBilingual } from '../../obligations/use-bilingual.ts';
import { kindName } from '../field-text.ts';
import { usePlaceLabel } from '../place-label.ts';
import { OtherForm } from './OtherForm.tsx';

const tones = { changed: 'accepted', lost: 'rejected', enter: 'action', check: 'waiting' } as const;

export function ModeChangeForm({
  id,
  onDone,
  onOpen,
}: {
  readonly id: number;
  readonly onDone: () => void;
  readonly onOpen: (id: number, kind: RequestName) => void;
}) {
  const { t, i18n } = useTranslation();
  const words = useBilingual();
  const placeLabel = usePlaceLabel();
  const [to, setTo] = useState<string>();
  // Another form is other papers: what becomes of this one is asked for apart.
  const [other, setOther] = useState<string>();
  const shown = useQuery('modes.change', { id, ...(to === undefined ? {} : { to }) }, { areas: ['documents'] });
  const convert = useCommand('modes.convert');
  const undo = useCommand('modes.undo');
  const data = shown.data;
  const last = data?.undo;
  const run = async (mode: string): Promise<void> => {
    const done = await convert.run({ id, to: mode });
    if (done === undefined) return;
    notify(t('life.mode.done', { mode, count: done.changed }));
    onDone();
  };
  const back = async (change: { readonly id: number; readonly from: string }): Promise<void> => {
    const done = await undo.run({ id: change.id });
    if (done === undefined) return;
    notify(t('life.mode.undone', { from: change.from }));
    const [first] = done.documents;
    if (first === undefined || done.documents.some((one) => one.id === id)) onDone();
    else onOpen(first.id, first.kind);
  };
  const value = (text: string) =>
    text === '' ? <span className="muted">{t('life.mode.none')}</span> : <span className="code">{text}</span>;
  const kindOf = new Map(data?.documents.map((one) => [one.id, one.kind]));
  return (
    <div className="life-form">
      <ErrorNote error={shown.error} onRetry={shown.reload} isInline />
      <ErrorNote error={convert.error ?? undo.error} isInline />
      {data === undefined ? null : (
        <>
          <Field
            id="mode-to"
            label={t('life.mode.to')}
            hint={`${t('life.mode.now')} ${data.from === '' ? t('life.mode.none') : words(data.fromTitle)}`}
          >
            <Select
              id="mode-to"
              value={to ?? other ?? null}
              placeholder={t('life.mode.pick')}
              options={data.targets.map(({ mode, title, isOtherForm }) => ({
                value: mode,
                label: `${words(title)}${isOtherForm ? t('life.mode.otherForm') : ''}`,
              }))}
              onChange={(mode) => {
                const isOther = data.targets.some((one) => one.mode === mode && one.isOtherForm);
                setTo(isOther ? undefined : mode);
                setOther(isOther ? mode : undefined);
              }}
            />
          </Field>
          {other === undefined ? null : (
            <OtherForm key={other} id={id} to={other} onMade={(made) => onOpen(made.id, made.kind)} />
          )}
          {to === undefined ? null : (
            <>
              <div className="life-scroll">
                <table className="life-lines" aria-label={t('life.mode.title')}>
                  <thead>
                    <tr>
                      <th>{t('life.mode.field')}</th>
                      <th>{t('life.mode.from')}</th>
                      <th>{t('life.mode.into')}</th>
                      <th>{t('life.mode.why')}</th>
                    </tr>
                  </thead>
                  <tbody>
                    {data.rows.map((row) => {
                      const kind = kindOf.get(row.documentId);
                      return (
                        <tr key={`${row.documentId} ${row.path} ${row.reason}`}>
                          <td>
                            {kind === undefined ? row.path : placeLabel(kind, row.path)}
                            {row.documentId === id || kind === undefined ? null : (
                              <span className="muted"> {kindName(kind, i18n.language)}</span>
                            )}
                          </td>
                          <td>{value(row.from)}</td>
                          <td>{row.kind === 'check' ? null : value(row.to)}</td>
                          <td>
                            <ToneTag tone={tones[row.kind]} label={t(`life.mode.kinds.${row.kind}`)} />{' '}
                            {t(`life.mode.reasons.${row.reason}`, { to: row.to })}
                          </td>
                        </tr>
                      );
                    })}
                  </tbody>
                </table>
              </div>
              {data.differences.length === 0 ? null : (
                <>
                  <strong>{t('life.mode.differences')}</strong>
                  <ul className="plain-list">
                    {data.differences.map(({ aspect, title, without, with: come }) => (
                      <li key={aspect}>
                        {words(title)}
                        {t('entry.colon')}
                        {[
                          ...(without.length === 0
                            ? []
                            : [`${t('life.mode.less')} ${without.map((one) => words(one)).join(t('money.comma'))}`]),
                          ...(come.length === 0
                            ? []
                            : [`${t('life.mode.more')} ${come.map((one) => words(one)).join(t('money.comma'))}`]),
                        ].join(t('money.semicolon'))}
                      </li>
                    ))}
                  </ul>
                </>
              )}
              <p className="draft-note">
                {t('life.mode.source', { source: data.source })} {t('life.mode.refresh')}
              </p>
            </>
          )}
          <p className="life-actions">
            {to === undefined ? null : (
              <Button size="small" type="primary" loading={convert.isRunning} onClick={() => void run(to)}>
                {t('life.mode.run', { mode: to })}
              </Button>
            )}
            {last == null ? null : (
              <Button size="small" loading={undo.isRunning} onClick={() => void back(last)}>
                {t('life.mode.undo', { from: last.from, to: last.to })}
              </Button>
            )}
          </p>
        </>
      )}
    </div>
  );
}
