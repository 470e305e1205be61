/** A new pack: for whom, why, which days, what; every row leads to the book; the consent; then the file. */
import { Checkbox, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { type FinancingSection, financingSections } from '../../../shared/finance/data-pack.ts';
import { useKeys } from '../../app/keys.ts';
import { openTarget } from '../../app/route-store.ts';
import { DateInput } from '../../components/DateInput.tsx';
import { DetailPane, DetailSection } from '../../components/DetailPane.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { Field } from '../../components/Field.tsx';
import { chooseSave } from '../../components/FilePicker.tsx';
import { RestoredNote, useFormDraft } from '../../components/form-draft.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { ProgressBar } from '../../components/ProgressBar.tsx';
import { useJob, useQuery } from '../../core-client.ts';
import { formatAmount, formatCount, localDate } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import { useBilingual } from '../obligations/use-bilingual.ts';

type Section = OutputOf<'financing.preview'>['sections'][number];

const isDay = (text: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(text);
/** The year to today. */
const yearBefore = (day: string): string => `${Number(day.slice(0, 4)) - 1}${day.slice(4)}`.replace('-02-29', '-02-28');

export function NewPack({ onMade }: { readonly onMade: (id: number) => void }) {
  const { t } = useTranslation();
  const words = useBilingual();
  const form = useFormDraft('financing pack', {
    bank: '',
    purpose: '',
    from: yearBefore(localDate()),
    to: localDate(),
    sections: financingSections as readonly FinancingSection[],
    name: '',
  });
  const { bank, purpose, from, to, sections, name } = form.value;
  const { change } = form;
  const [isTried, setTried] = useState(false);
  const consent = useQuery('financing.consent', {});
  // The consent is given by a person to what stands here now: whatever changes after it, it is asked for anew.
  const [agreedTo, setAgreedTo] = useState<string>();
  const stands = JSON.stringify([bank, purpose, from, to, sections, name, consent.data?.text]);
  const isAgreed = agreedTo === stands;
  // A day that is being typed asks nothing: the days that were valid last stay in the preview.
  const [asked, setAsked] = useState({ from, to });
  if (isDay(from) && isDay(to) && from <= to && (asked.from !== from || asked.to !== to)) setAsked({ from, to });
  const preview = useQuery('financing.preview', asked, { areas: ['orders', 'money', 'purchases', 'tax', 'matching'] });
  const make = useJob('financing.make');
  const lacking = (): string | undefined => {
    if (bank.trim() === '') return 'bank';
    if (purpose.trim() === '') return 'purpose';
    if (!isDay(from)) return 'from';
    if (!isDay(to)) return 'to';
    if (name.trim() === '') return 'name';
    return isAgreed ? undefined : 'agree';
  };
  const write = async (): Promise<void> => {
    setTried(true);
    const first = lacking();
    if (first !== undefined || consent.data === undefined || sections.length === 0) {
      document.getElementById(`financing-${first ?? 'agree'}`)?.focus();
      return;
    }
    const file = await chooseSave(
      t('financing.title'),
      `${t('financing.title')} ${bank} ${to}.zip`.replaceAll(/[\\/:*?"<>|]/g, '-'),
      [{ name: 'ZIP', extensions: ['zip'] }],
    );
    if (file === null) return;
    make.clear();
    const done = await make.start({
      ...{ bank, purpose, from, to, sections: [...sections], out: file.token },
      consent: { name, version: consent.data.version },
    });
    if (done === undefined) return;
    form.done();
    notify(t('financing.made', { number: done.number, name: file.name }));
    onMade(done.id);
  };
  useKeys([{ key: 'Ctrl+Enter', label: t('financing.make'), run: () => void write(), isMain: true }]);
  const needed = (value: string): string | undefined =>
    isTried && value.trim() === '' ? t('financing.needed') : undefined;
  const shown = (preview.data?.sections ?? []).filter(({ id }) => sections.includes(id));
  return (
    <DetailPane
      title={t('financing.new')}
      foot={
        <>
          <span className="spacer" />
          <KeyButton
            kind="primary"
            label={t('financing.make')}
            keys="Ctrl+Enter"
            isBusy={make.status === 'running'}
            onPress={() => void write()}
          />
        </>
      }
    >
      {make.status === 'running' ? (
        <ProgressBar title={t('financing.making')} progress={make.progress} onCancel={make.cancel} />
      ) : (
        <ErrorNote error={make.error ?? consent.error ?? preview.error} isInline />
      )}
      <RestoredNote draft={form} />
      <div className="panel-pad form-grid">
        <Field id="financing-bank" label={t('financing.bank')} isRequired error={needed(bank)}>
          <Input
            id="financing-bank"
            value={bank}
            maxLength={100}
            onChange={(event) => change({ bank: event.target.value })}
          />
        </Field>
        <Field id="financing-purpose" label={t('financing.purpose')} isRequired error={needed(purpose)}>
          <Input
            id="financing-purpose"
            value={purpose}
            maxLength={200}
            onChange={(event) => change({ purpose: event.target.value })}
          />
        </Field>
        <Field id="financing-from" label={t('financing.from')} isRequired>
          <DateInput id="financing-from" value={from} onChange={(value) => change({ from: value })} />
        </Field>
        <Field id="financing-to" label={t('financing.to')} isRequired>
          <DateInput id="financing-to" value={to} onChange={(value) => change({ to: value })} />
        </Field>
        <Field id="financing-sections" label={t('financing.contents')} isWide>
          <Checkbox.Group
            value={[...sections]}
            options={financingSections.map((value) => ({ value, label: t(`financing.section.${value}`) }))}
            onChange={(chosen) => change({ sections: financingSections.filter((one) => chosen.includes(one)) })}
          />
          <p className="muted">{t('financing.asOfHint')}</p>
        </Field>
      </div>
      {shown.map((one) => (
        <Preview key={one.id} section={one} />
      ))}
      <DetailSection title={t('financing.leftOut')}>
        <ul className="plain-list panel-pad">
          {(consent.data?.leftOut ?? []).map((one) => (
            <li key={one.zh}>{words(one)}</li>
          ))}
        </ul>
      </DetailSection>
      <DetailSection title={t('financing.consent.title')} extra={consent.data?.version}>
        <div className="panel-pad financing-text">
          {(consent.data?.text ?? []).map((one) => (
            <p key={one}>{one}</p>
          ))}
          <p className="muted">{consent.data?.source}</p>
        </div>
        <div className="panel-pad form-grid">
          <Field id="financing-name" label={t('financing.consent.name')} isRequired error={needed(name)}>
            <Input
              id="financing-name"
              value={name}
              maxLength={60}
              onChange={(event) => change({ name: event.target.value })}
            />
          </Field>
          <Field
            id="financing-agree"
            label={t('financing.consent.agree')}
            isRequired
            error={
              isAgreed
                ? undefined
                : agreedTo !== undefined
                  ? t('financing.consent.again')
                  : isTried
                    ? t('financing.consent.needed')
                    : undefined
            }
          >
            <Checkbox
              id="financing-agree"
              checked={isAgreed}
              onChange={(event) => setAgreedTo(event.target.checked ? stands : undefined)}
            >
              {t('financing.consent.yes')}
            </Checkbox>
          </Field>
        </div>
      </DetailSection>
    </DetailPane>
  );
}

/** Rows that are shown of a section. */
const FIRST = 5;

function Preview({ section }: { readonly section: Section }) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  const { id, title, asOf, rows, total, beyond, columns } = section;
  const shown = isOpen ? rows : rows.slice(0, FIRST);
  return (
    <DetailSection title={t(`financing.section.${id}`)} extra={t('financing.rows', { n: formatCount(total) })}>
      {asOf === null ? null : <p className="panel-pad muted">{t('financing.asOf', { date: asOf })}</p>}
      {beyond === 0 ? null : <p className="panel-pad">{t('financing.beyond', { n: formatCount(beyond) })}</p>}
      {rows.length === 0 ? null : (
        <div className="financing-preview">
          <table aria-label={title}>
            <thead>
              <tr>
                {columns.map((column) => (
                  <th
                    key={column.id}
                    className={column.kind === 'amount' || column.kind === 'figure' ? 'is-number' : ''}
                  >
                    {t(`financing.cell.${id}.${column.id}`, column.params)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {shown.map((row) => (
                <tr key={row.key}>
                  {row.cells.map((cell, at) => {
                    const column = columns[at];
                    const isNumber = column?.kind === 'amount' || column?.kind === 'figure';
                    return (
                      <td key={column?.id} className={isNumber ? 'is-number' : ''}>
                        {at === 0 ? (
                          <button type="button" className="link" onClick={() => openTarget(row.target)}>
                            {cell}
                          </button>
                        ) : isNumber ? (
                          formatAmount(cell)
                        ) : (
                          cell
                        )}
                      </td>
                    );
                  })}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {rows.length > FIRST && !isOpen ? (
        <button type="button" className="link financing-more" onClick={() => setOpen(true)}>
          {t('financing.more')}
        </button>
      ) : null}
    </DetailSection>
  );
}
