/** 信用承诺: a text filled in, printed, signed, its scan on file, and filed with the platform. */
import { Button, Input } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { useKeys } from '../../app/keys.ts';
import { numberParam, type RouteParams, replaceParams } from '../../app/route-store.ts';
import { Code } from '../../components/Amount.tsx';
import { ConfirmInline } from '../../components/ConfirmInline.tsx';
import type { Column } from '../../components/DataTable.tsx';
import { DateInput } from '../../components/DateInput.tsx';
import { DetailPane, DetailPlaceholder, DetailSection, focusDetail } from '../../components/DetailPane.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { Field } from '../../components/Field.tsx';
import { chooseSave } from '../../components/FilePicker.tsx';
import { FilingActions, FilingHistory, useFilings } from '../../components/Filing.tsx';
import { RestoredNote, useFormDraft } from '../../components/form-draft.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { ListWithForm } from '../../components/ListWithForm.tsx';
import { Page } from '../../components/Page.tsx';
import { StateTag, ToneTag } from '../../components/StateTag.tsx';
import { useCommand, useQuery } from '../../core-client.ts';
import { formatCount, localDate } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import { PapersOf } from '../obligations/PapersOf.tsx';
import { useBilingual } from '../obligations/use-bilingual.ts';
import { useAdding } from './use-adding.ts';

type Row = OutputOf<'pledges.list'>['rows'][number];
type Pledge = OutputOf<'pledges.get'>;

const tones = { draft: 'draft', signed: 'accepted', revoked: 'draft' } as const;

function States({ row }: { readonly row: Row }) {
  const { t } = useTranslation();
  const { state, filing } = row;
  return (
    <>
      <ToneTag tone={tones[state]} label={t(`credit.pledge.state.${state}`)} />
      {filing === null ? null : <StateTag kind="document" state={filing.state} />}
      {filing?.stale === true && state === 'signed' ? <ToneTag tone="action" label={t('credit.pledge.stale')} /> : null}
    </>
  );
}

export function PledgesTab({ tabs, params }: { readonly tabs: ReactNode; readonly params: RouteParams }) {
  const { t } = useTranslation();
  const words = useBilingual();
  const list = useQuery('pledges.list', {}, { areas: ['documents', 'tax', 'sync'] });
  const { isNew, setNew, add } = useAdding(t('credit.pledge.new'), '.credit-templates button');
  const rows = list.data?.rows;
  const chosen = rows?.find(({ id }) => id === numberParam(params, 'id')) ?? rows?.[0];
  const columns: readonly Column<Row>[] = [
    { id: 'number', title: t('credit.records.column.number'), width: 112, render: (row) => <Code>{row.number}</Code> },
    { id: 'title', title: t('credit.pledge.column.title'), render: (row) => words(row.title) },
    { id: 'signedOn', title: t('credit.pledge.column.signedOn'), width: 94, render: (row) => row.signedOn ?? '' },
    { id: 'validTo', title: t('credit.records.column.validTo'), width: 94, render: (row) => row.validTo ?? '' },
    { id: 'state', title: t('credit.records.column.state'), width: 150, render: (row) => <States row={row} /> },
  ];
  return (
    <Page
      title={t('credit.title')}
      summary={rows === undefined ? undefined : t('credit.pledge.summary', { n: formatCount(rows.length) })}
      filters={tabs}
      actions={<KeyButton kind="primary" label={t('credit.pledge.new')} keys="Ctrl+N" onPress={add} />}
    >
      <ListWithForm
        label={t('credit.tab.pledges')}
        rows={rows}
        error={list.error}
        onReload={list.reload}
        columns={columns}
        activeId={chosen?.id}
        isOver={(row) => row.state === 'revoked'}
        onChoose={(id) => {
          setNew(false);
          replaceParams({ tab: 'pledges', id });
        }}
        formField="input"
        empty={{ title: t('credit.pledge.empty'), hint: t('credit.pledge.emptyHint'), add: t('credit.pledge.new') }}
        onAdd={add}
        detail={
          isNew ? (
            <Templates
              onMade={(id) => {
                setNew(false);
                list.reload();
                replaceParams({ tab: 'pledges', id });
                focusDetail('input');
              }}
            />
          ) : chosen === undefined ? (
            <DetailPlaceholder text={t('credit.pledge.choose')} />
          ) : (
            <Shown key={chosen.id} id={chosen.id} />
          )
        }
      />
    </Page>
  );
}

function Templates({ onMade }: { readonly onMade: (id: number) => void }) {
  const { t } = useTranslation();
  const words = useBilingual();
  const list = useQuery('pledges.templates', {});
  const open = useCommand('pledges.open');
  return (
    <DetailPane title={t('credit.pledge.chooseTemplate')}>
      <ErrorNote error={open.error ?? list.error} isInline />
      <ul className="plain-list panel-pad credit-templates">
        {(list.data?.rows ?? []).map(({ id, title, use, version, source }) => (
          <li key={id}>
            <Button
              id={`pledge-${id}`}
              loading={open.isRunning}
              onClick={async () => {
                const made = await open.run({ templateId: id });
                if (made !== undefined) onMade(made.id);
              }}
            >
              {words(title)}
            </Button>
            <div>{words(use)}</div>
            <div className="muted">{t('credit.pledge.edition', { version, source })}</div>
          </li>
        ))}
      </ul>
    </DetailPane>
  );
}

function Shown({ id }: { readonly id: number }) {
  const shown = useQuery('pledges.get', { id }, { areas: ['documents', 'tax', 'sync'] });
  if (shown.data === undefined) return <ErrorNote error={shown.error} onRetry={shown.reload} />;
  return <PledgeForm key={shown.data.state} pledge={shown.data} />;
}

function PledgeForm({ pledge }: { readonly pledge: Pledge }) {
  const { t } = useTranslation();
  const words = useBilingual();
  const { id, number, state, blanks, text, missing } = pledge;
  const save = useCommand('pledges.save');
  const print = useCommand('pledges.print');
  const sign = useCommand('pledges.sign');
  const form = useFormDraft(`pledge ${id}`, pledge.body, JSON.stringify(pledge.body));
  const { value: body, change } = form;
  const [signedOn, setSignedOn] = useState(localDate());
  const isDraft = state === 'draft';
  const isChanged = JSON.stringify(body) !== JSON.stringify(pledge.body);
  const write = async (): Promise<boolean> => {
    if (!isDraft || !isChanged) return true;
    if ((await save.run({ id, body })) === undefined) return false;
    form.done();
    return true;
  };
  const saveNow = async (): Promise<void> => {
    if (await write()) notify(t('credit.pledge.saved', { number }));
  };
  const printNow = async (): Promise<void> => {
    if (!(await write())) return;
    const to = await chooseSave(t('credit.pledge.print'), `${number}.pdf`, [{ name: 'PDF', extensions: ['pdf'] }]);
    if (to === null) return;
    if ((await print.run({ id, to: to.token })) !== undefined) notify(t('credit.pledge.printed', { name: to.name }));
  };
  useKeys([
    { key: 'Ctrl+Enter', label: t('common.save'), run: () => void saveNow(), isMain: isDraft },
    { key: 'F9', label: t('credit.pledge.print'), run: () => void printNow() },
  ]);
  const isMissing = (name: string): boolean => missing.includes(name);
  const field = (name: string, label: string, value: string, put: (value: string) => void, hint?: string) => (
    <Field
      key={name}
      id={`pledge-${name}`}
      label={label}
      isWide
      hint={hint}
      error={isDraft && isMissing(name) && !isChanged ? t('credit.pledge.blank') : undefined}
    >
      <Input id={`pledge-${name}`} disabled={!isDraft} value={value} onChange={(event) => put(event.target.value)} />
    </Field>
  );
  return (
    <DetailPane
      title={number}
      isCode
      tags={<States row={pledge} />}
      foot={
        <>
          <span className="spacer" />
          <KeyButton
            label={t('credit.pledge.print')}
            keys="F9"
            isBusy={print.isRunning}
            onPress={() => void printNow()}
          />
          {isDraft ? (
            <KeyButton
              kind="primary"
              label={t('common.save')}
              keys="Ctrl+Enter"
              isBusy={save.isRunning}
              onPress={() => void saveNow()}
            />
          ) : null}
        </>
      }
    >
      <RestoredNote draft={form} />
      <ErrorNote error={save.error ?? print.error ?? sign.error} isInline />
      <div className="panel-pad form-grid">
        {blanks.map(({ name, label }) =>
          field(name, words(label), body.blanks[name] ?? '', (value) =>
            change({ blanks: { ...body.blanks, [name]: value } }),
          ),
        )}
        {field(
          'signer',
          t('credit.pledge.signer'),
          body.signer,
          (signer) => change({ signer }),
          t('credit.pledge.signerHint'),
        )}
        <Field id="pledge-validTo" label={t('credit.field.validTo')} hint={t('credit.pledge.validToHint')}>
          {isDraft ? (
            <DateInput
              id="pledge-validTo"
              value={body.validTo ?? ''}
              onChange={(value) => change({ validTo: value === '' ? null : value })}
            />
          ) : (
            <Input id="pledge-validTo" disabled value={body.validTo ?? ''} />
          )}
        </Field>
      </div>
      <DetailSection title={t('credit.pledge.text')}>
        <div className="panel-pad credit-text">
          {text.map((one) => (
            <p key={one}>{one}</p>
          ))}
          {pledge.textSha256 === '' ? null : (
            <p className="muted">
              {t('credit.pledge.hash')} <span className="code">{pledge.textSha256}</span>
            </p>
          )}
        </div>
      </DetailSection>
      <PapersOf subjectKind="credit-pledge" subjectId={number} />
      {isDraft ? (
        <DetailSection title={t('credit.pledge.signTitle')}>
          <p className="panel-pad muted">{t('credit.pledge.signHint')}</p>
          <div className="panel-pad form-grid">
            <Field id="pledge-signedOn" label={t('credit.pledge.column.signedOn')}>
              <DateInput id="pledge-signedOn" value={signedOn} onChange={setSignedOn} />
            </Field>
          </div>
          <p className="panel-pad form-actions">
            <Button
              id="pledge-sign"
              loading={sign.isRunning}
              onClick={async () => {
                if (!(await write())) return;
                if ((await sign.run({ id, signedOn })) !== undefined) notify(t('credit.pledge.signed', { number }));
              }}
            >
              {t('credit.pledge.sign')}
            </Button>
          </p>
        </DetailSection>
      ) : null}
      <Filing pledge={pledge} />
    </DetailPane>
  );
}

/** The filing of a signed pledge: made, looked at, queued; what was filed before; taking it back. */
function Filing({ pledge }: { readonly pledge: Pledge }) {
  const { t } = useTranslation();
  const { id, state, filing, acceptNo, acceptedOn } = pledge;
  const subject = { kind: 'pledge', id } as const;
  const filings = useFilings(subject);
  const revoke = useCommand('pledges.revoke');
  const isWritable = filing === null || filing.stale || ['draft', 'checked', 'rejected'].includes(filing.state);
  return (
    <DetailSection title={t('credit.pledge.filing')}>
      <FilingActions
        subject={subject}
        message="PLAT401Message"
        filings={filings}
        words="credit.pledge"
        buttonId="pledge-draft"
        accepted={{ no: acceptNo, on: acceptedOn }}
        canDraft={state === 'signed' && isWritable}
        error={revoke.error}
      >
        {state === 'revoked' ? null : (
          <ConfirmInline
            isSmall
            label={t('credit.pledge.revoke')}
            question={t('credit.pledge.revokeAsk')}
            confirmLabel={t('credit.pledge.revoke')}
            onConfirm={async () => {
              const done = await revoke.run({ id, reason: t('credit.pledge.revokeReason') });
              if (done !== undefined) notify(t(done.filed ? 'credit.pledge.revokeFiled' : 'credit.pledge.revoked'));
            }}
          />
        )}
      </FilingActions>
      <FilingHistory rows={filings.data?.rows ?? []} />
    </DetailSection>
  );
}
