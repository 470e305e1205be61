/** 报关委托: who lets whom declare, for what and how long. */
import { Button, Input, Select } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { documentKinds } from '../../../shared/contract/filing.ts';
import { useKeys } from '../../app/keys.ts';
import type { PageProps } from '../../app/page-route.ts';
import { numberParam } from '../../app/route-store.ts';
import { Code } from '../../components/Amount.tsx';
import { useCodeNames } from '../../components/code-names.ts';
import type { Column } from '../../components/DataTable.tsx';
import { DateInput } from '../../components/DateInput.tsx';
import { DetailPane, DetailPlaceholder, DetailSection, focusDetail, focusList } from '../../components/DetailPane.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { Field } from '../../components/Field.tsx';
import { RestoredNote, useFormDraft } from '../../components/form-draft.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { ListWithForm } from '../../components/ListWithForm.tsx';
import { Page } from '../../components/Page.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { useEnterNavigation } from '../../components/use-enter-navigation.ts';
import { useCommand, useQuery } from '../../core-client.ts';
import { localDate } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import { useSession } from '../../stores/session-store.ts';
import { kindName } from '../declarations/field-text.ts';
import { PapersOf } from '../obligations/PapersOf.tsx';
import { BrokerTabs } from './BrokerTabs.tsx';

type Answer = OutputOf<'delegations.list'>;
type Row = Answer['rows'][number];

const tones = { active: 'accepted', future: 'draft', expired: 'rejected', revoked: 'draft' } as const;
/** A delegation that ends so soon is shown in amber. */
const SOON_DAYS = 30;
const usualModes = ['9610', '9710', '9810', '1210', '0110', '1239', '1039'];

export function DelegationsPage({ params }: PageProps) {
  const { t } = useTranslation();
  const date = localDate();
  const list = useQuery('delegations.list', { date }, { areas: ['documents', 'tax'] });
  const wanted = numberParam(params, 'at');
  const [chosen, setChosen] = useState<number | 'new' | undefined>(wanted);
  const rows = list.data?.rows;
  const row = rows?.find(({ id }) => id === chosen);
  const add = (): void => {
    setChosen('new');
    focusDetail('#delegation-number');
  };
  useKeys([
    { key: 'Ctrl+N', label: t('broker.delegation.add'), run: add, isMain: true },
    { key: 'Enter', label: t('broker.open'), isMain: true },
    { key: 'Esc', label: t('common.close'), run: () => focusList() || setChosen(undefined) },
  ]);
  const columns: readonly Column<Row>[] = [
    { id: 'number', title: t('broker.delegation.number'), width: 130, render: (one) => <Code>{one.number}</Code> },
    { id: 'principal', title: t('broker.delegation.principal'), render: (one) => one.principalName },
    { id: 'agent', title: t('broker.delegation.agent'), render: (one) => one.agentName },
    { id: 'until', title: t('broker.delegation.untilOn'), width: 96, render: (one) => one.untilOn },
    {
      id: 'state',
      title: t('broker.state'),
      width: 104,
      render: (one) =>
        one.state === 'active' && one.daysLeft <= SOON_DAYS ? (
          <ToneTag tone="action" label={t('broker.delegation.daysLeft', { count: one.daysLeft })} />
        ) : (
          <ToneTag tone={tones[one.state]} label={t(`broker.delegation.states.${one.state}`)} />
        ),
    },
  ];
  const agent = list.data?.agent;
  return (
    <Page
      title={t('broker.tab.delegations')}
      summary={rows === undefined ? undefined : t('broker.delegation.summary', { count: rows.length, date })}
      filters={<BrokerTabs active="delegations" />}
      actions={<KeyButton kind="primary" label={t('broker.delegation.add')} keys="Ctrl+N" onPress={add} />}
      notice={
        agent === undefined || agent.isCovered ? undefined : (
          <p className="page-note" role="status">
            <ToneTag tone="action" label={t('broker.delegation.uncovered')} />
            {t('broker.delegation.uncoveredWhy', { name: agent.name, code: agent.code })}
          </p>
        )
      }
    >
      <ListWithForm
        label={t('broker.tab.delegations')}
        rows={rows}
        error={list.error}
        onReload={list.reload}
        columns={columns}
        activeId={row?.id}
        isOver={(one) => one.state === 'revoked' || one.state === 'expired'}
        onChoose={setChosen}
        formField="#delegation-number"
        empty={{
          title: t('broker.delegation.empty'),
          hint: t('broker.delegation.emptyHint'),
          add: t('broker.delegation.add'),
        }}
        onAdd={add}
        detail={
          chosen === undefined || (chosen !== 'new' && row === undefined) ? (
            <DetailPlaceholder text={t('broker.delegation.choose')} />
          ) : (
            <DelegationForm
              key={row?.id ?? 'new'}
              row={row}
              onSaved={(id) => {
                setChosen(id);
                list.reload();
              }}
            />
          )
        }
      />
    </Page>
  );
}

const texts = [
  ...(['number', 'fromOn', 'untilOn', 'principalName', 'principalUscc', 'principalCustoms'] as const),
  ...(['agentName', 'agentUscc', 'agentCustoms', 'note'] as const),
] as const;
type Name = (typeof texts)[number];
const optional: ReadonlySet<string> = new Set(['principalCustoms', 'agentCustoms', 'note']);

function DelegationForm({ row, onSaved }: { readonly row: Row | undefined; readonly onSaved: (id: number) => void }) {
  const { t, i18n } = useTranslation();
  const profile = useSession((session) => session.profile);
  const isAgentNamed = profile !== undefined && ![profile.uscc, profile.customsCode, ''].includes(profile.agentCode);
  const year = localDate().slice(0, 4);
  const form = useFormDraft(
    `delegation ${row?.id ?? 'new'}`,
    {
      number: row?.number ?? '',
      fromOn: row?.fromOn ?? localDate(),
      untilOn: row?.untilOn ?? `${year}-12-31`,
      // A new one is, as a rule, the firm's own to the declarant of its profile.
      principalName: row?.principalName ?? profile?.name ?? '',
      principalUscc: row?.principalUscc ?? profile?.uscc ?? '',
      principalCustoms: row?.principalCustoms ?? profile?.customsCode ?? '',
      agentName: row?.agentName ?? (isAgentNamed ? profile.agentName : ''),
      agentUscc: row?.agentUscc ?? (isAgentNamed && profile.agentCode.length === 18 ? profile.agentCode : ''),
      agentCustoms: row?.agentCustoms ?? (isAgentNamed && profile.agentCode.length === 10 ? profile.agentCode : ''),
      note: row?.note ?? '',
      modes: (row?.modes ?? []) as string[],
      kinds: (row?.kinds ?? []) as Row['kinds'],
    },
    JSON.stringify(row ?? null),
  );
  const { value: draft, change } = form;
  const { modes, kinds } = draft;
  const [isTried, setTried] = useState(false);
  const save = useCommand('delegations.save');
  const nameOf = useCodeNames('trade_mode', [...usualModes, ...modes]);
  const isRevoked = row?.revokedOn !== undefined;
  const wrong = (name: Name): string | undefined =>
    isTried && draft[name].trim() === '' && !optional.has(name) ? t('broker.needed') : undefined;
  const submit = async (): Promise<void> => {
    setTried(true);
    const first = texts.find((name) => draft[name].trim() === '' && !optional.has(name));
    if (first !== undefined) {
      document.getElementById(`delegation-${first}`)?.focus();
      return;
    }
    const done = await save.run({ ...draft, modes, kinds, ...(row === undefined ? {} : { id: row.id }) });
    if (done === undefined) return;
    form.done();
    notify(t('broker.delegation.saved', { number: draft.number }));
    onSaved(done.id);
  };
  const onKeyDown = useEnterNavigation({ onSubmit: () => void submit() });
  useKeys([
    { key: 'Ctrl+Enter', label: t('common.save'), run: () => void submit(), isEnabled: !isRevoked, isMain: true },
  ]);
  const put = (name: Name, value: string): void => change({ [name]: value });
  const field = (name: Name, input: ReactNode, isWide = false) => (
    <Field
      id={`delegation-${name}`}
      label={t(`broker.delegation.${name}`)}
      isRequired={!optional.has(name)}
      isWide={isWide}
      error={wrong(name)}
    >
      {input}
    </Field>
  );
  const text = (name: Name, { isCode = false, isWide = false } = {}) =>
    field(
      name,
      <Input
        id={`delegation-${name}`}
        {...(isCode ? { className: 'code' } : {})}
        value={draft[name]}
        maxLength={name === 'note' ? 500 : 100}
        disabled={isRevoked}
        onChange={(event) => put(name, isCode ? event.target.value.toUpperCase() : event.target.value)}
      />,
      isWide,
    );
  const day = (name: 'fromOn' | 'untilOn') =>
    field(
      name,
      <DateInput
        id={`delegation-${name}`}
        value={draft[name]}
        isDisabled={isRevoked}
        onChange={(value) => put(name, value)}
      />,
    );
  return (
    <DetailPane
      title={row?.number ?? t('broker.delegation.add')}
      isCode={row !== undefined}
      tags={
        row === undefined ? null : (
          <ToneTag tone={tones[row.state]} label={t(`broker.delegation.states.${row.state}`)} />
        )
      }
      foot={
        <>
          <span className="spacer" />
          {isRevoked ? null : (
            <KeyButton
              kind="primary"
              label={t('common.save')}
              keys="Ctrl+Enter"
              isBusy={save.isRunning}
              onPress={() => void submit()}
            />
          )}
        </>
      }
    >
      <RestoredNote draft={form} />
      <ErrorNote error={save.error} onClose={save.clear} />
      {row?.revokedOn === undefined ? null : (
        <p className="page-note">
          {t('broker.delegation.revokedNote', { on: row.revokedOn, reason: row.revokeReason })}
        </p>
      )}
      <form className="panel-pad" onKeyDown={onKeyDown} onSubmit={(event) => event.preventDefault()}>
        <div className="form-grid">
          {text('number', { isCode: true, isWide: true })}
          {text('principalName', { isWide: true })}
          {text('principalUscc', { isCode: true })}
          {text('principalCustoms', { isCode: true })}
          {text('agentName', { isWide: true })}
          {text('agentUscc', { isCode: true })}
          {text('agentCustoms', { isCode: true })}
          {day('fromOn')}
          {day('untilOn')}
          <Field
            id="delegation-modes"
            label={t('broker.delegation.modes')}
            hint={t('broker.delegation.modesHint')}
            isWide
          >
            <Select
              id="delegation-modes"
              mode="tags"
              value={modes}
              disabled={isRevoked}
              tokenSeparators={[',', '，', ' ', '、']}
              onChange={(value) => change({ modes: value.filter((code) => /^\d{4}$/.test(code)) })}
              options={usualModes.map((code) => ({ value: code, label: `${code} ${nameOf(code) ?? ''}`.trim() }))}
            />
          </Field>
          <Field
            id="delegation-kinds"
            label={t('broker.delegation.kinds')}
            hint={t('broker.delegation.kindsHint')}
            isWide
          >
            <Select
              id="delegation-kinds"
              mode="multiple"
              optionFilterProp="label"
              value={kinds}
              disabled={isRevoked}
              onChange={(value) => change({ kinds: value })}
              options={documentKinds.map((kind) => ({ value: kind, label: kindName(kind, i18n.language) }))}
            />
          </Field>
          {text('note', { isWide: true })}
        </div>
      </form>
      {row === undefined ? null : (
        <>
          {isRevoked ? null : <Revoke row={row} onDone={() => onSaved(row.id)} />}
          <PapersOf subjectKind="delegation" subjectId={String(row.id)} />
        </>
      )}
    </DetailPane>
  );
}

function Revoke({ row, onDone }: { readonly row: Row; readonly onDone: () => void }) {
  const { t } = useTranslation();
  const revoke = useCommand('delegations.revoke');
  const [isOpen, setOpen] = useState(false);
  const form = useFormDraft(`delegation revoked ${row.id}`, { on: localDate(), reason: '' });
  const { on, reason } = form.value;
  const { change } = form;
  const run = async (): Promise<void> => {
    if (reason.trim() === '' || on === '') return;
    if ((await revoke.run({ id: row.id, on, reason })) === undefined) return;
    form.done();
    notify(t('broker.delegation.revokedDone', { number: row.number }));
    onDone();
  };
  return (
    <DetailSection title={t('broker.delegation.revoke')}>
      {isOpen ? (
        <div className="form-grid">
          <RestoredNote draft={form} />
          <Field id="revoke-on" label={t('broker.delegation.revokeOn')}>
            <DateInput id="revoke-on" value={on} onChange={(value) => change({ on: value })} />
          </Field>
          <Field id="revoke-reason" label={t('broker.reason')} isRequired>
            <Input
              id="revoke-reason"
              autoFocus
              value={reason}
              maxLength={500}
              onChange={(event) => change({ reason: event.target.value })}
            />
          </Field>
          <div>
            <Button danger disabled={reason.trim() === ''} loading={revoke.isRunning} onClick={() => void run()}>
              {t('broker.delegation.revokeNow')}
            </Button>{' '}
            <Button onClick={() => setOpen(false)}>{t('common.cancel')}</Button>
          </div>
        </div>
      ) : (
        <Button size="small" danger onClick={() => setOpen(true)}>
          {t('broker.delegation.revoke')}
        </Button>
      )}
      <ErrorNote error={revoke.error} isInline />
    </DetailSection>
  );
}
