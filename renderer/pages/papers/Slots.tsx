/** Papers that the mode and the goods ask for: what is there, what is made here, what is missing; and the questions goods raise. */
import { Button, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import type { GrantedFile } from '../../../shared/contract/bridge.ts';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { listed } from '../../../shared/i18n/words.ts';
import { navigate } from '../../app/route-store.ts';
import { DetailSection } from '../../components/DetailPane.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { FilePicker } from '../../components/FilePicker.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { useCommand } from '../../core-client.ts';
import { notify } from '../../stores/notice-store.ts';
import { useBilingual } from '../obligations/use-bilingual.ts';
import type { Subject } from './subject.ts';

type Overview = OutputOf<'papers.list'>;
type Slot = Overview['slots'][number];

interface FilingProps {
  /** Where a paper is filed. */
  readonly archive: Overview['archive'];
  /** Shows a paper that is made here. */
  readonly onKind: (kind: NonNullable<Slot['made']>) => void;
  readonly onFiled: () => void;
}

const answers = {
  dangerous: ['', 'no', 'battery', 'dangerous'],
  brand: ['', 'none', 'own', 'authorised', 'open'],
} as const;

export function Slots({
  overview,
  subject,
  onKind,
  onFiled,
}: Omit<FilingProps, 'archive'> & {
  readonly overview: Overview;
  readonly subject: Subject;
}) {
  const { t, i18n } = useTranslation();
  const save = useCommand('papers.saveDetails');
  const { archive, details } = overview;
  return (
    <>
      {overview.questions.map((question) => (
        <DetailSection key={question.field} title={t(`papers.question.${question.field}`)}>
          {question.items.length === 0 ? null : (
            <p className="muted">
              {t('papers.questionItems', { items: listed(question.items.slice(0, 6), i18n.language) })}
            </p>
          )}
          <p>
            <Select
              value={details[question.field]}
              aria-label={t(`papers.question.${question.field}`)}
              className="paper-answer"
              options={answers[question.field].map((value) => ({
                value,
                label: t(`papers.answer.${question.field}.${value === '' ? 'unknown' : value}`),
              }))}
              onChange={(value) => void save.run({ subject, details: { ...details, [question.field]: value } })}
            />
          </p>
        </DetailSection>
      ))}
      <DetailSection title={t('papers.slots')}>
        <ul className="plain-list paper-list">
          {overview.slots.map((slot) => (
            <SlotItem key={slot.code} slot={slot} archive={archive} onKind={onKind} onFiled={onFiled} />
          ))}
        </ul>
        <p>
          <Button
            size="small"
            onClick={() =>
              overview.subject.kind === 'shipment'
                ? navigate('evidence', { shipment: overview.subject.id })
                : navigate('archive', { no: archive.subjectId })
            }
          >
            {t('papers.archive')}
          </Button>
        </p>
        <ErrorNote error={save.error} isInline />
      </DetailSection>
    </>
  );
}

/** A paper asked for: whether it is there, why it is asked for, and a button to show or file it. */
export function SlotItem({ slot, archive, onKind, onFiled }: FilingProps & { readonly slot: Slot }) {
  const { t } = useTranslation();
  const words = useBilingual();
  const add = useCommand('archive.add');
  const { level, files, made } = slot;
  const file = async ({ token, name }: GrantedFile): Promise<void> => {
    if ((await add.run({ ...archive, paper: slot.code, file: token })) === undefined) return;
    notify(t('papers.filed', { name }));
    onFiled();
  };
  return (
    <li>
      {files.length > 0 ? (
        <ToneTag tone="accepted" label={t('papers.there')} />
      ) : made !== undefined ? (
        <ToneTag tone="draft" label={t('papers.made')} />
      ) : level === 'maybe' ? (
        <span className="muted">{t('papers.level.maybe')}</span>
      ) : (
        <ToneTag tone={level === 'must' ? 'rejected' : 'action'} label={t(`papers.level.${level}`)} />
      )}{' '}
      {words(slot)}{' '}
      <span className="muted" title={slot.source}>
        {words({ zh: slot.whyZh, en: slot.whyEn })}
      </span>{' '}
      {files.map(({ id, fileName }) => (
        <span key={id} className="code">
          {fileName}{' '}
        </span>
      ))}
      {files.length > 0 ? null : made === undefined ? (
        <FilePicker purpose={words(slot)} label={t('papers.file')} onFile={(chosen) => void file(chosen)} />
      ) : (
        <Button size="small" type="link" onClick={() => onKind(made)}>
          {t('papers.show')}
        </Button>
      )}
      <ErrorNote error={add.error} isInline />
    </li>
  );
}
