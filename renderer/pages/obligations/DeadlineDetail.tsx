import { Button, Input } from 'antd';
import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { listed } from '../../../shared/i18n/words.ts';
import { openTarget } from '../../app/route-store.ts';
import { ConfirmInline } from '../../components/ConfirmInline.tsx';
import { DateInput } from '../../components/DateInput.tsx';
import { DetailPane, DetailSection, focusList } from '../../components/DetailPane.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { Field } from '../../components/Field.tsx';
import { RestoredNote, useFormDraft } from '../../components/form-draft.tsx';
import { Facts } from '../../components/Page.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { useEnterNavigation } from '../../components/use-enter-navigation.ts';
import { useCommand, useQuery } from '../../core-client.ts';
import { formatAmount, formatCount } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import { DaysLeft } from './DaysLeft.tsx';
import { useBilingual } from './use-bilingual.ts';

export type Deadline = OutputOf<'deadlines.list'>['rows'][number];

const shownDeclarations = 100;

/** Why a deadline is on that day, and the person's word on it. */
export function DeadlineDetail({ row, today }: { readonly row: Deadline; readonly today: string }) {
  const { t, i18n } = useTranslation();
  const words = useBilingual();
  const mark = useCommand('deadlines.mark');
  const unmark = useCommand('deadlines.unmark');
  const remove = useCommand('deadlines.remove');
  const form = useFormDraft(`deadline ${row.rule} ${row.date} ${row.subject}`.slice(0, 300), { reason: '', until: '' });
  const { reason, until } = form.value;
  const of = { today, rule: row.rule, date: row.date, ...(row.subject === '' ? {} : { subject: row.subject }) };
  const declarations = useQuery(
    'deadlines.declarations',
    row.count > 1 && row.lines > 0
      ? { today, rule: row.rule, date: row.date, state: row.state, limit: shownDeclarations }
      : null,
    { areas: ['tax'] },
  );
  const say = async (state: 'snoozed' | 'done'): Promise<void> => {
    const done = await mark.run({ ...of, state, reason: reason.trim(), ...(state === 'snoozed' ? { until } : {}) });
    if (done === undefined) return;
    form.done();
    notify(t(`obligations.deadlines.said.${state}`, { count: done.marked }));
    // The deadline leaves the list with its form: the keyboard goes on with the next.
    focusList();
  };
  const takeBack = async (): Promise<void> => {
    if ((await unmark.run(of)) !== undefined) notify(t('obligations.deadlines.said.open'));
  };
  const shift =
    row.date === row.statutory
      ? t(`obligations.shift.${row.shift}`)
      : t('obligations.deadlines.shifted', {
          from: row.statutory,
          to: row.date,
          how: t(`obligations.shift.${row.shift}`),
        });
  const hasReason = reason.trim() !== '';
  const onKeyDown = useEnterNavigation({
    onSubmit: () => {
      if (hasReason) void say(until === '' ? 'done' : 'snoozed');
      else document.getElementById('deadline-reason')?.focus();
    },
  });
  return (
    <DetailPane
      title={words(row.title)}
      tags={<DaysLeft days={row.days} />}
      extra={
        <Button size="small" onClick={() => openTarget(row.target)}>
          {t('obligations.open')}
        </Button>
      }
    >
      <DetailSection title={t('obligations.deadlines.why')}>
        <Facts
          columns={1}
          rows={[
            [t('obligations.date'), row.date],
            [
              t('obligations.deadlines.from'),
              [
                row.event === row.eventTo ? row.event : `${row.event} – ${row.eventTo}`,
                row.period ?? '',
                row.assumed ? t('obligations.deadlines.assumed') : '',
              ]
                .filter((text) => text !== '')
                .join(' · '),
            ],
            [t('obligations.deadlines.shift'), shift],
            ...(row.certain
              ? []
              : ([
                  [
                    t('obligations.deadlines.holidays'),
                    <ToneTag key="u" tone="action" label={t('obligations.deadlines.unpublishedLong')} />,
                  ],
                ] as const)),
            ...(row.rule === 'hardLimit'
              ? ([[t('obligations.deadlines.deemed'), t('obligations.deadlines.nextDay', { date: row.date })]] as const)
              : []),
            ...(row.amount === undefined
              ? row.amountMissing === 0
                ? []
                : ([[t('obligations.deadlines.risk'), t('obligations.deadlines.unvalued')]] as const)
              : ([
                  [
                    t('obligations.deadlines.risk'),
                    `${formatAmount(row.amount, 2)} ${t(`obligations.amountKind.${row.amountKind ?? 'fob'}`)}${
                      row.amountMissing > 0
                        ? ` · ${t('obligations.deadlines.amountMissing', { count: row.amountMissing })}`
                        : ''
                    }`,
                  ],
                ] as const)),
            [t('obligations.deadlines.reminders'), listed(row.reminders, i18n.language)],
            [t('obligations.deadlines.source'), row.source],
            [
              t('obligations.deadlines.verified'),
              `${t(`obligations.reliability.${row.reliability}`)} · ${row.verifiedBy.name} ${row.verifiedBy.on} · ${row.verifiedBy.how}`,
            ],
            [t('obligations.deadlines.note'), words(row.note)],
          ]}
        />
      </DetailSection>
      {row.state === 'open' ? null : (
        <DetailSection title={t(`obligations.state.${row.state}`)}>
          <p>
            {row.reason}
            {row.until === undefined ? '' : ` · ${t('obligations.deadlines.until', { date: row.until })}`}
          </p>
          <Button size="small" loading={unmark.isRunning} onClick={() => void takeBack()}>
            {t('obligations.deadlines.takeBack')}
          </Button>
        </DetailSection>
      )}
      {row.state === 'done' ? null : (
        <DetailSection title={t('obligations.deadlines.say')}>
          <RestoredNote draft={form} />
          {/* biome-ignore lint/a11y/noStaticElementInteractions: Enter goes through the fields inside */}
          <div className="form-grid" onKeyDown={onKeyDown}>
            <Field id="deadline-reason" label={t('obligations.reason')} isWide>
              <Input
                id="deadline-reason"
                value={reason}
                placeholder={t('obligations.deadlines.reasonHint')}
                onChange={(event) => form.change({ reason: event.target.value })}
              />
            </Field>
            <Field id="deadline-until" label={t('obligations.deadlines.untilDay')}>
              <DateInput id="deadline-until" value={until} onChange={(day) => form.change({ until: day })} />
            </Field>
          </div>
          <ErrorNote error={mark.error ?? unmark.error ?? remove.error} isInline />
          <div className="card-actions">
            <Button disabled={!hasReason || until === ''} loading={mark.isRunning} onClick={() => void say('snoozed')}>
              {t('obligations.deadlines.snooze')}
            </Button>
            <Button type="primary" disabled={!hasReason} loading={mark.isRunning} onClick={() => void say('done')}>
              {t('obligations.deadlines.done')}
            </Button>
            {row.entryId === undefined ? null : (
              <ConfirmInline
                label={t('obligations.remove')}
                question={t('obligations.deadlines.removeAsk')}
                confirmLabel={t('obligations.remove')}
                onConfirm={async () => {
                  await remove.run({ id: row.entryId ?? '' });
                }}
              />
            )}
          </div>
        </DetailSection>
      )}
      {declarations.data === undefined ? null : (
        <DetailSection
          title={t('obligations.deadlines.declarations', {
            count: declarations.data.total,
            shown: formatCount(declarations.data.total),
          })}
        >
          <ul className="plain-list">
            {declarations.data.rows.map((one) => (
              <li key={one.declarationNo}>
                <span className="code">{one.declarationNo}</span> {one.event}{' '}
                {one.amount === undefined ? '' : formatAmount(one.amount, 2)}
              </li>
            ))}
          </ul>
        </DetailSection>
      )}
    </DetailPane>
  );
}
