/** A pack of the register: what it was for, who agreed, its list, and to whom it was given. */
import { Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { useKeys } from '../../app/keys.ts';
import { DateInput } from '../../components/DateInput.tsx';
import { DetailPane, DetailSection } from '../../components/DetailPane.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { Field } from '../../components/Field.tsx';
import { RestoredNote, useFormDraft } from '../../components/form-draft.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { useCommand } from '../../core-client.ts';
import { formatBytes, formatCount, localDate } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';

type Pack = OutputOf<'financing.list'>['rows'][number];

export function PackDetail({ pack }: { readonly pack: Pack }) {
  const { t } = useTranslation();
  const { id, number, bank, purpose, from, to, sections, consent, fileName, files, bytes, listSha256, given } = pack;
  const give = useCommand('financing.give');
  const form = useFormDraft(`pack given ${id}`, { toWhom: '', on: localDate(), how: '', note: '' });
  const { toWhom, on, how, note } = form.value;
  const { change } = form;
  const [isTried, setTried] = useState(false);
  const noteGiven = async (): Promise<void> => {
    setTried(true);
    const lacking = toWhom.trim() === '' ? 'toWhom' : how.trim() === '' ? 'how' : undefined;
    if (lacking !== undefined) {
      document.getElementById(`financing-${lacking}`)?.focus();
      return;
    }
    if ((await give.run({ id, toWhom, on, how, note })) === undefined) return;
    form.reset();
    notify(t('financing.give.done', { number }));
    setTried(false);
  };
  useKeys([{ key: 'Ctrl+Enter', label: t('financing.give.note'), run: () => void noteGiven(), isMain: true }]);
  const needed = (value: string): string | undefined =>
    isTried && value.trim() === '' ? t('financing.needed') : undefined;
  return (
    <DetailPane
      title={number}
      isCode
      foot={
        <>
          <span className="spacer" />
          <KeyButton
            kind="primary"
            label={t('financing.give.note')}
            keys="Ctrl+Enter"
            isBusy={give.isRunning}
            onPress={() => void noteGiven()}
          />
        </>
      }
    >
      <RestoredNote draft={form} />
      <ErrorNote error={give.error} isInline />
      <dl className="financing-facts">
        <dt>{t('financing.bank')}</dt>
        <dd>{bank}</dd>
        <dt>{t('financing.purpose')}</dt>
        <dd>{purpose}</dd>
        <dt>{t('financing.period')}</dt>
        <dd>
          {from} – {to}
        </dd>
        <dt>{t('financing.contents')}</dt>
        <dd>{sections.map((one) => t(`financing.section.${one}`)).join(t('financing.join'))}</dd>
        <dt>{t('financing.consent.title')}</dt>
        <dd>
          {t('financing.consent.given', {
            name: consent.name,
            date: localDate(new Date(consent.at)),
            version: consent.version,
          })}
        </dd>
        <dt>{t('financing.file')}</dt>
        <dd>
          {fileName} · {t('financing.files', { n: formatCount(files) })} · {formatBytes(bytes)}
        </dd>
        <dt>{t('financing.list')}</dt>
        <dd className="code financing-hash">{listSha256}</dd>
      </dl>
      {consent.text.length === 0 ? null : (
        <DetailSection title={t('financing.consent.text')} extra={consent.version}>
          <div className="panel-pad financing-text">
            {consent.text.map((one) => (
              <p key={one}>{one}</p>
            ))}
          </div>
        </DetailSection>
      )}
      <DetailSection title={t('financing.give.title')}>
        {given.length === 0 ? <p className="panel-pad muted">{t('financing.give.none')}</p> : null}
        <ul className="plain-list panel-pad">
          {given.map((one) => (
            <li key={one.id}>
              {one.on} {one.toWhom} · {one.how} <span className="muted">{one.note}</span>
            </li>
          ))}
        </ul>
        <div className="panel-pad form-grid">
          <Field id="financing-toWhom" label={t('financing.give.toWhom')} isRequired error={needed(toWhom)}>
            <Input id="financing-toWhom" value={toWhom} onChange={(event) => change({ toWhom: event.target.value })} />
          </Field>
          <Field id="financing-on" label={t('financing.give.on')} isRequired>
            <DateInput id="financing-on" value={on} onChange={(value) => change({ on: value })} />
          </Field>
          <Field id="financing-how" label={t('financing.give.how')} isRequired error={needed(how)} isWide>
            <Input id="financing-how" value={how} onChange={(event) => change({ how: event.target.value })} />
          </Field>
          <Field id="financing-note" label={t('financing.give.remark')} isWide>
            <Input id="financing-note" value={note} onChange={(event) => change({ note: event.target.value })} />
          </Field>
        </div>
      </DetailSection>
    </DetailPane>
  );
}
