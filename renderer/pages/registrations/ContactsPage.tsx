/** 联系人: whom the firm turns to for law, marketing and people abroad. The program keeps the list and does none of that work. */
import { Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { contactKinds } from '../../../shared/contract/contacts.ts';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { useKeys } from '../../app/keys.ts';
import type { PageProps } from '../../app/page-route.ts';
import { replaceParams, textParam } from '../../app/route-store.ts';
import { ConfirmInline } from '../../components/ConfirmInline.tsx';
import type { Column } from '../../components/DataTable.tsx';
import { DetailPlaceholder, focusDetail } from '../../components/DetailPane.tsx';
import { Field } from '../../components/Field.tsx';
import { FormPane } from '../../components/FormPane.tsx';
import { RestoredNote, useFormDraft } from '../../components/form-draft.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { ListWithForm } from '../../components/ListWithForm.tsx';
import { Page } from '../../components/Page.tsx';
import { SearchInput } from '../../components/SearchInput.tsx';
import { useCommand, useQuery } from '../../core-client.ts';
import { notify } from '../../stores/notice-store.ts';
import { ValueBox } from '../purchases/choices.tsx';
import { MatterTabs } from './MatterTabs.tsx';

type Contact = OutputOf<'contacts.list'>['rows'][number];

const blank: Omit<Contact, 'id'> = { kind: 'legal', name: '', person: '', phone: '', email: '', link: '', note: '' };
const texts = ['person', 'phone', 'email', 'link'] as const;

export function ContactsPage({ params }: PageProps) {
  const { t } = useTranslation();
  const list = useQuery('contacts.list', {});
  const [text, setText] = useState('');
  const wanted = text.toLowerCase();
  const rows = list.data?.rows.filter((row) => Object.values(row).join('\n').toLowerCase().includes(wanted));
  const id = textParam(params, 'id');
  const isNew = id === 'new';
  const chosen = list.data?.rows.find((row) => String(row.id) === id);
  const add = (): void => {
    replaceParams({ id: 'new' });
    focusDetail('#contact-name');
  };
  const close = (): void => replaceParams({});
  useKeys([{ key: 'Ctrl+N', label: t('contacts.new'), run: add, isMain: true }]);
  const columns: readonly Column<Contact>[] = [
    { id: 'kind', title: t('contacts.field.kind'), width: 120, render: (row) => t(`contacts.kind.${row.kind}`) },
    { id: 'name', title: t('contacts.field.name'), render: (row) => row.name },
    { id: 'person', title: t('contacts.field.person'), width: 100, render: (row) => row.person },
    { id: 'phone', title: t('contacts.field.phone'), width: 130, render: (row) => row.phone },
  ];
  return (
    <Page
      title={t('contacts.title')}
      summary={list.data === undefined ? undefined : t('contacts.summary', { n: list.data.rows.length })}
      actions={<KeyButton kind="primary" label={t('contacts.new')} keys="Ctrl+N" onPress={add} />}
      filters={
        <>
          <MatterTabs active="contacts" />
          <SearchInput
            value={text}
            onChange={setText}
            placeholder={t('contacts.search')}
            keyLabel={t('contacts.search')}
          />
        </>
      }
      notice={<p className="muted">{t('contacts.intro')}</p>}
    >
      <ListWithForm
        label={t('contacts.title')}
        rows={rows}
        error={list.error}
        onReload={list.reload}
        columns={columns}
        activeId={chosen?.id}
        isOver={() => false}
        onChoose={(one) => replaceParams({ id: one })}
        formField="#contact-name"
        empty={{ title: t('contacts.empty'), hint: t('contacts.emptyHint'), add: t('contacts.new') }}
        onAdd={add}
        detail={
          chosen === undefined && !isNew ? (
            <DetailPlaceholder text={t('contacts.choose')} />
          ) : (
            <ContactForm
              key={chosen?.id ?? 'new'}
              contact={chosen}
              onSaved={(saved) => {
                list.reload();
                replaceParams({ id: saved });
              }}
              onRemoved={() => {
                list.reload();
                close();
              }}
              onClose={close}
            />
          )
        }
      />
    </Page>
  );
}

function ContactForm({
  contact,
  onSaved,
  onRemoved,
  onClose,
}: {
  readonly contact: Contact | undefined;
  readonly onSaved: (id: number) => void;
  readonly onRemoved: () => void;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const { id, ...start } = contact ?? { ...blank, id: undefined };
  const form = useFormDraft(`contact ${id ?? 'new'}`, start, contact === undefined ? '' : JSON.stringify(contact));
  const { value: draft, change } = form;
  const save = useCommand('contacts.save');
  const remove = useCommand('contacts.remove');
  const submit = async (): Promise<void> => {
    const saved = await save.run({ ...draft, ...(id === undefined ? {} : { id }) });
    if (saved === undefined) return;
    form.done();
    notify(t('contacts.saved', { name: draft.name.trim() }));
    onSaved(saved.id);
  };
  return (
    <FormPane
      title={contact?.name ?? t('contacts.new')}
      error={save.error ?? remove.error}
      onClearError={() => {
        save.clear();
        remove.clear();
      }}
      canSave={draft.name.trim() !== ''}
      isBusy={save.isRunning}
      onSave={submit}
      onClose={onClose}
      foot={
        id === undefined ? null : (
          <ConfirmInline
            label={t('contacts.remove')}
            question={t('contacts.removeAsk')}
            confirmLabel={t('contacts.remove')}
            isSmall
            onConfirm={async () => {
              if ((await remove.run({ id })) === undefined) return;
              form.done();
              notify(t('contacts.removed', { name: contact?.name ?? '' }));
              onRemoved();
            }}
          />
        )
      }
    >
      <RestoredNote draft={form} />
      <div className="purchase-form">
        <Field id="contact-kind" label={t('contacts.field.kind')}>
          <ValueBox
            id="contact-kind"
            value={draft.kind}
            values={contactKinds}
            textKey="contacts.kind"
            onChange={(kind) => change({ kind })}
          />
        </Field>
        <Field id="contact-name" label={t('contacts.field.name')} isRequired>
          <Input
            id="contact-name"
            maxLength={100}
            value={draft.name}
            onChange={(event) => change({ name: event.target.value })}
          />
        </Field>
        {texts.map((name) => (
          <Field key={name} id={`contact-${name}`} label={t(`contacts.field.${name}`)}>
            <Input
              id={`contact-${name}`}
              autoComplete="off"
              spellCheck={false}
              maxLength={name === 'link' ? 200 : name === 'email' ? 100 : 40}
              value={draft[name]}
              onChange={(event) => change({ [name]: event.target.value })}
            />
          </Field>
        ))}
        <Field id="contact-note" label={t('contacts.field.note')} isWide>
          <Input.TextArea
            id="contact-note"
            rows={3}
            maxLength={500}
            value={draft.note}
            onChange={(event) => change({ note: event.target.value })}
          />
        </Field>
      </div>
    </FormPane>
  );
}
