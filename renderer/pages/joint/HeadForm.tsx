/** 单头: what a joint shipment is called, when it goes, and the dispatch or shipment it is made of. */
import { Input, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { jointPostings } from '../../../shared/contract/joint.ts';
import { useKeys } from '../../app/keys.ts';
import { navigate } from '../../app/route-store.ts';
import { ChoiceBox } from '../../components/ChoiceBox.tsx';
import { ConfirmInline } from '../../components/ConfirmInline.tsx';
import { DateInput } from '../../components/DateInput.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { Field } from '../../components/Field.tsx';
import { RestoredNote, useFormDraft } from '../../components/form-draft.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { Panel } from '../../components/Page.tsx';
import { useEnterNavigation } from '../../components/use-enter-navigation.ts';
import { call, useCommand } from '../../core-client.ts';
import { formatCount, localDate } from '../../i18n/format.ts';
import { searchShipments } from '../ledger/lookups.ts';
import './joint.css';

/** Dispatches with cartons on them first, then shipments. */
async function searchSources(text: string) {
  const { rows } = await call('dispatches.list', { text, limit: 9 });
  const dispatches = rows.map((row) => ({
    code: row.number,
    name: `${row.on} ${row.buyer} ${formatCount(row.cartons)}`.replace(/\s+/g, ' ').trim(),
  }));
  return [...dispatches, ...(await searchShipments(text))].slice(0, 9);
}

export function HeadForm({
  joint,
  source,
  onSaved,
}: {
  readonly joint: OutputOf<'joint.get'> | undefined;
  readonly source: string;
  readonly onSaved: (id: number) => void;
}) {
  const { t } = useTranslation();
  const save = useCommand('joint.save');
  const remove = useCommand('joint.remove');
  const form = useFormDraft(
    `joint head ${joint?.id ?? 'new'}`,
    {
      title: joint?.title ?? '',
      on: joint?.on ?? localDate(),
      source,
      note: joint?.note ?? '',
      posting: joint?.posting ?? '',
    },
    joint === undefined ? '' : JSON.stringify([joint.title, joint.on, source, joint.note, joint.posting]),
  );
  const { value: draft, change } = form;
  const [isTried, setTried] = useState(false);
  const isWrong = draft.title.trim() === '' || draft.on === '';
  const submit = async (): Promise<void> => {
    setTried(true);
    if (isWrong) return;
    const done = await save.run({ ...(joint === undefined ? {} : { id: joint.id }), ...draft });
    if (done === undefined) return;
    form.done();
    onSaved(done.id);
  };
  const onKeyDown = useEnterNavigation({ onSubmit: () => void submit() });
  useKeys([{ key: 'Ctrl+Enter', label: t('common.save'), run: () => void submit(), isMain: true }]);
  return (
    <Panel title={t('joint.tab.head')}>
      <form
        className="panel-pad card-form joint-head"
        onKeyDown={onKeyDown}
        onSubmit={(event) => event.preventDefault()}
      >
        <RestoredNote draft={form} />
        <div className="form-grid">
          <Field
            id="joint-title"
            label={t('joint.name')}
            isRequired
            error={isTried && draft.title.trim() === '' ? t('joint.needed') : undefined}
          >
            <Input
              id="joint-title"
              autoFocus
              value={draft.title}
              maxLength={100}
              onChange={(event) => change({ title: event.target.value })}
            />
          </Field>
          <Field id="joint-on" label={t('joint.on')} isRequired>
            <DateInput id="joint-on" value={draft.on} onChange={(on) => change({ on })} />
          </Field>
          <Field id="joint-source" label={t('joint.source')} hint={t('joint.sourceHint')}>
            <ChoiceBox
              id="joint-source"
              isFree
              shown={draft.source}
              search={searchSources}
              onText={(source) => change({ source })}
              onTake={(choice) => change({ source: choice?.code ?? '' })}
            />
          </Field>
          <Field
            id="joint-posting"
            label={t('joint.posting.label')}
            hint={t(`joint.posting.hint.${draft.posting || 'open'}`)}
          >
            <Select
              id="joint-posting"
              value={draft.posting}
              options={jointPostings.map((value) => ({ value, label: t(`joint.posting.as.${value || 'open'}`) }))}
              onChange={(posting) => change({ posting })}
            />
          </Field>
          <Field id="joint-note" label={t('joint.note')}>
            <Input
              id="joint-note"
              value={draft.note}
              maxLength={500}
              onChange={(event) => change({ note: event.target.value })}
            />
          </Field>
        </div>
        <ErrorNote error={save.error ?? remove.error} isInline />
        <div className="card-actions">
          {joint === undefined ? null : (
            <ConfirmInline
              label={t('common.delete')}
              question={t('joint.removeAsk', { number: joint.number })}
              confirmLabel={t('common.delete')}
              onConfirm={async () => {
                if ((await remove.run({ id: joint.id })) === undefined) return;
                form.done();
                navigate('joint');
              }}
            />
          )}
          <KeyButton
            kind="primary"
            label={t('common.save')}
            keys="Ctrl+Enter"
            isBusy={save.isRunning}
            onPress={() => void submit()}
          />
        </div>
      </form>
    </Panel>
  );
}
