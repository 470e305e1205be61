/** What goes on with a document after it was filed: change, deletion, withdrawal, return, what came of them, and codes explained. */
import { Button, Checkbox, Input } from 'antd';
import { type KeyboardEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../../../shared/contract/contract.ts';
import { specOf } from '../../../../shared/documents/catalogue.ts';
import { isModeMessage } from '../../../../shared/drafting/mode-change.ts';
import { listed } from '../../../../shared/i18n/words.ts';
import { editableStates } from '../../../../shared/sync/document-states.ts';
import { isComposing } from '../../../app/keys.ts';
import { navigate } from '../../../app/route-store.ts';
import { Code } from '../../../components/Amount.tsx';
import { ConfirmInline } from '../../../components/ConfirmInline.tsx';
import { DateInput } from '../../../components/DateInput.tsx';
import { DetailSection } from '../../../components/DetailPane.tsx';
import { ErrorNote } from '../../../components/ErrorNote.tsx';
import { Field } from '../../../components/Field.tsx';
import { Facts } from '../../../components/Page.tsx';
import { ReturnCheck } from '../../../components/ReturnCheck.tsx';
import { StateTag, ToneMark } from '../../../components/StateTag.tsx';
import { useCommand, useQuery } from '../../../core-client.ts';
import { formatCount, formatInstant, localDate } from '../../../i18n/format.ts';
import { notify } from '../../../stores/notice-store.ts';
import { kindName } from '../field-text.ts';
import type { DocumentDetail } from '../use-document.ts';
import { ModeChangeForm } from './ModeChangeForm.tsx';
import './life.css';
import { RestoredNote, useFormDraft } from '../../../components/form-draft.tsx';

type Life = OutputOf<'documents.life'>;

interface Props {
  readonly document: DocumentDetail;
  readonly onOpen: (id: number, kind: DocumentDetail['kind']) => void;
}

export function LifeSection({ document, onOpen }: Props) {
  const { t, i18n } = useTranslation();
  const life = useQuery('documents.life', { id: document.id }, { areas: ['documents', 'sync'] });
  const [form, setForm] = useState<'withdraw' | 'return' | 'mode'>();
  const amend = useCommand('documents.amend');
  const tally = useCommand('documents.tally');
  const discard = useCommand('documents.discard');
  const refile = useCommand('documents.revise');
  const split = useCommand('documents.split');
  // What a declaration was split into stays until it is closed: which facts went where is more than a passing line can tell.
  const [divided, setDivided] = useState<{ id: number; parts: OutputOf<'documents.split'>['documents'] }>();
  if (life.data === undefined) return <ErrorNote error={life.error} onRetry={life.reload} isInline />;
  const parts = divided?.id === document.id ? divided.parts : undefined;
  const { may, about, by, results, codes, unconcluded } = life.data;
  const hasMode = isModeMessage(document.kind) && editableStates.includes(document.state);
  const hasActions = hasMode || Object.values(may).includes(true);
  const isEmpty =
    !hasActions &&
    parts === undefined &&
    unconcluded === undefined &&
    about.length + by.length + results.length + codes.length === 0;
  if (isEmpty) return null;
  const open = (made: DocumentDetail | undefined): void => {
    if (made === undefined) return;
    notify(t('life.made', { number: made.businessKey }));
    onOpen(made.id, made.kind);
  };
  const divide = async (): Promise<void> => {
    const made = await split.run({ id: document.id });
    if (made !== undefined) setDivided({ id: document.id, parts: made.documents });
  };
  const give = async (): Promise<void> => {
    const answer = await discard.run({ id: document.id });
    if (answer === undefined) return;
    notify(t('life.discarded'));
    navigate('declarations', { kind: document.kind });
  };
  return (
    <DetailSection title={t('life.title')}>
      <ErrorNote error={amend.error ?? tally.error ?? discard.error ?? refile.error ?? split.error} isInline />
      <p className="life-actions" hidden={!hasActions}>
        {may.change ? (
          <Button
            size="small"
            loading={amend.isRunning}
            onClick={() => void amend.run({ id: document.id, as: 'change' }).then(open)}
          >
            {t('life.change')}
          </Button>
        ) : null}
        {may.withdraw ? (
          <Button size="small" onClick={() => setForm(form === 'withdraw' ? undefined : 'withdraw')}>
            {t('life.withdraw')}
          </Button>
        ) : null}
        {may.return ? (
          <Button size="small" onClick={() => setForm(form === 'return' ? undefined : 'return')}>
            {t('life.return')}
          </Button>
        ) : null}
        {may.tally ? (
          <Button size="small" loading={tally.isRunning} onClick={() => void tally.run({ id: document.id }).then(open)}>
            {t('life.tally')}
          </Button>
        ) : null}
        {may.refile ? (
          <Button
            size="small"
            loading={refile.isRunning}
            onClick={() => void refile.run({ id: document.id }).then(open)}
          >
            {t('life.refile')}
          </Button>
        ) : null}
        {may.split ? (
          <Button size="small" loading={split.isRunning} onClick={() => void divide()}>
            {t('life.split')}
          </Button>
        ) : null}
        {hasMode ? (
          <Button
            size="small"
            aria-expanded={form === 'mode'}
            onClick={() => setForm(form === 'mode' ? undefined : 'mode')}
          >
            {t('life.mode.open')}
          </Button>
        ) : null}
        {may.delete ? (
          <ConfirmInline
            isSmall
            label={t('life.delete')}
            question={
              <>
                {t('life.deleteQuestion')}
                <Impacts id={document.id} />
              </>
            }
            confirmLabel={t('life.delete')}
            onConfirm={async () => open(await amend.run({ id: document.id, as: 'delete' }))}
          />
        ) : null}
        {may.discard ? (
          <ConfirmInline
            isSmall
            label={t('life.discard')}
            question={t('life.discardQuestion')}
            confirmLabel={t('life.discard')}
            onConfirm={give}
          />
        ) : null}
      </p>
      {parts === undefined ? null : (
        <p className="life-open" role="status">
          {t('life.splitInto', {
            n: formatCount(parts.length),
            numbers: listed(
              parts.map(({ businessKey, items }) =>
                t('life.splitPart', { number: businessKey, items: formatCount(items) }),
              ),
              i18n.language,
            ),
          })}{' '}
          <button type="button" className="link" onClick={() => setDivided(undefined)}>
            {t('common.close')}
          </button>
        </p>
      )}
      {unconcluded === undefined ? null : (
        <p className="life-open" role="note">
          {unconcluded.isLate ? <ToneMark tone="action" /> : null}{' '}
          {t(unconcluded.isLate ? 'life.unconcludedLate' : 'life.unconcluded', {
            since: formatInstant(unconcluded.since),
            hours: unconcluded.hours,
          })}
        </p>
      )}
      {form === 'withdraw' && may.withdraw ? (
        <WithdrawForm id={document.id} onMade={open} onClose={() => setForm(undefined)} />
      ) : null}
      {form === 'return' && may.return ? (
        <ReturnForm id={document.id} lines={life.data.returnable} onMade={open} onClose={() => setForm(undefined)} />
      ) : null}
      {form === 'mode' && hasMode ? (
        <ModeChangeForm id={document.id} onDone={() => setForm(undefined)} onOpen={onOpen} />
      ) : null}
      <Linked title={t('life.by')} rows={by} onOpen={onOpen} />
      <Linked title={t('life.about')} rows={about} onOpen={onOpen} />
      {codes.map((code) => (
        <ReceiptCode key={code.code} code={code} />
      ))}
      {results.map((result) => (
        <Result key={result.id} result={result} onOpen={onOpen} />
      ))}
    </DetailSection>
  );
}

/** The keys of a small form in the pane: Ctrl+Enter makes it, Esc gives it up; neither while a word is being composed. */
function useFormKeys(make: () => void, close: () => void): (event: KeyboardEvent) => void {
  return (event) => {
    if (isComposing(event)) return;
    if (event.key === 'Enter' && event.ctrlKey) make();
    else if (event.key === 'Escape') close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
}

interface FormProps {
  readonly id: number;
  readonly onMade: (made: DocumentDetail | undefined) => void;
  readonly onClose: () => void;
}

function FormFoot({
  label,
  isRunning,
  isReady,
  onMake,
  onClose,
}: {
  readonly label: string;
  readonly isRunning: boolean;
  readonly isReady: boolean;
  readonly onMake: () => void;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  return (
    <p className="life-actions">
      <Button
        size="small"
        type="primary"
        loading={isRunning}
        disabled={!isReady}
        onClick={onMake}
        aria-keyshortcuts="Control+Enter"
      >
        {label}
      </Button>
      <Button size="small" onClick={onClose}>
        {t('common.cancel')}
      </Button>
    </p>
  );
}

/** What follows from the document, before anybody asks for its end (P-45). */
function Impacts({ id }: { readonly id: number }) {
  const { t } = useTranslation();
  const found = useQuery(
    'documents.impacts',
    { id },
    { areas: ['documents', 'returns', 'tax', 'purchases', 'ledger'] },
  );
  if (found.error !== undefined) return <ErrorNote error={found.error} onRetry={found.reload} isInline />;
  if (found.data === undefined) return null;
  const { rows } = found.data;
  return (
    <span className="life-impacts" role="status">
      <span className="muted">{t(rows.length === 0 ? 'life.impacts.none' : 'life.impacts.title')}</span>
      {rows.map(({ code, count, names, holds }) => (
        <span key={code} className="life-impact">
          <ToneMark tone={holds ? 'rejected' : 'action'} /> {t(`life.impacts.${code}`, { n: formatCount(count) })}
          {names.length === 0 ? null : (
            <>
              {' '}
              <Code>{names.join(' ')}</Code>
              {count > names.length ? ' …' : null}
            </>
          )}
        </span>
      ))}
    </span>
  );
}

function WithdrawForm({ id, onMade, onClose }: FormProps) {
  const { t } = useTranslation();
  const withdraw = useCommand('documents.withdraw');
  const form = useFormDraft(`withdrawal ${id}`, { reason: '' });
  const { reason } = form.value;
  const { change } = form;
  const make = (): void => {
    if (reason.trim() === '') return;
    void withdraw.run({ id, reason }).then((made) => {
      if (made !== undefined) form.done();
      onMade(made);
    });
  };
  const onKeyDown = useFormKeys(make, onClose);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys belong to the inputs inside
    <div className="life-form" onKeyDown={onKeyDown}>
      <RestoredNote draft={form} />
      <ErrorNote error={withdraw.error} isInline />
      <Field id="life-reason" label={t('life.reason')} isRequired>
        <Input.TextArea
          id="life-reason"
          autoFocus
          rows={2}
          maxLength={1000}
          value={reason}
          onChange={(event) => change({ reason: event.target.value })}
        />
      </Field>
      <Impacts id={id} />
      <FormFoot
        label={t('life.withdrawMake')}
        isRunning={withdraw.isRunning}
        isReady={reason.trim() !== ''}
        onMake={make}
        onClose={onClose}
      />
    </div>
  );
}

function ReturnForm({ id, lines, onMade, onClose }: FormProps & { readonly lines: Life['returnable'] }) {
  const { t } = useTranslation();
  const back = useCommand('documents.returnGoods');
  const form = useFormDraft(`declared return ${id}`, {
    reason: '',
    quantities: {} as Readonly<Record<string, string>>,
    returnedOn: localDate(),
    isDefect: false,
  });
  const { reason, quantities, returnedOn, isDefect } = form.value;
  const { change } = form;
  const wanted = lines.flatMap(({ gnum }) => {
    const qty = (quantities[gnum] ?? '').trim();
    return qty === '' ? [] : [{ gnum, qty }];
  });
  const isReady = reason.trim() !== '' && wanted.length > 0;
  // The lines that are to come back, as export lines: judged by when they come and why.
  const checked = lines.flatMap(({ gnum, exportLineId }) => {
    const quantity = (quantities[gnum] ?? '').trim();
    return exportLineId === undefined || !/^\d{1,14}(\.\d{1,5})?$/.test(quantity) || Number(quantity) === 0
      ? []
      : [{ exportLineId, quantity }];
  });
  const make = (): void => {
    if (!isReady) return;
    void back.run({ id, reason, lines: wanted }).then((made) => {
      if (made !== undefined) form.done();
      onMade(made);
    });
  };
  const onKeyDown = useFormKeys(make, onClose);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys belong to the inputs inside
    <div className="life-form" onKeyDown={onKeyDown}>
      <RestoredNote draft={form} />
      <ErrorNote error={back.error} isInline />
      <table className="life-lines">
        <thead>
          <tr>
            <th>#</th>
            <th>{t('life.goods')}</th>
            <th className="is-number">{t('life.listed')}</th>
            <th className="is-number">{t('life.left')}</th>
            <th>{t('life.back')}</th>
          </tr>
        </thead>
        <tbody>
          {lines.map((line, at) => (
            <tr key={line.gnum}>
              <td>{line.gnum}</td>
              <td>{line.gname}</td>
              <td className="is-number">{line.qty}</td>
              <td className="is-number">{line.left}</td>
              <td>
                <Input
                  size="small"
                  autoFocus={at === 0}
                  inputMode="decimal"
                  aria-label={t('life.backOf', { line: line.gnum })}
                  value={quantities[line.gnum] ?? ''}
                  disabled={line.left === '0'}
                  onChange={(event) => change({ quantities: { ...quantities, [line.gnum]: event.target.value } })}
                />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <Field id="life-return-reason" label={t('life.returnReason')} isRequired>
        <Input
          id="life-return-reason"
          maxLength={1000}
          value={reason}
          onChange={(event) => change({ reason: event.target.value })}
        />
      </Field>
      {lines.some(({ exportLineId }) => exportLineId !== undefined) ? (
        <>
          <Field id="life-returned-on" label={t('returns.returnedOn')}>
            <DateInput id="life-returned-on" value={returnedOn} onChange={(value) => change({ returnedOn: value })} />
          </Field>
          <Checkbox checked={isDefect} onChange={(event) => change({ isDefect: event.target.checked })}>
            {t('returns.flag.defect')}
          </Checkbox>
          {/^\d{4}-\d{2}-\d{2}$/.test(returnedOn)
            ? checked.map((line) => (
                <ReturnCheck
                  key={line.exportLineId}
                  {...line}
                  returnedOn={returnedOn}
                  reason="returned"
                  defect={isDefect}
                />
              ))
            : null}
        </>
      ) : null}
      <FormFoot
        label={t('life.returnMake')}
        isRunning={back.isRunning}
        isReady={isReady}
        onMake={make}
        onClose={onClose}
      />
    </div>
  );
}

function Linked({
  title,
  rows,
  onOpen,
}: {
  readonly title: string;
  readonly rows: Life['by'];
  readonly onOpen: Props['onOpen'];
}) {
  const { t, i18n } = useTranslation();
  if (rows.length === 0) return null;
  return (
    <div className="life-linked">
      <span className="muted">{title}</span>
      <ul className="detail-list is-row">
        {rows.map((row) => (
          <li key={row.id}>
            <button type="button" className="link" onClick={() => onOpen(row.id, row.kind)}>
              {t(`life.purpose.${row.purpose}`)} {kindName(row.kind, i18n.language)} {row.businessKey}
            </button>{' '}
            <StateTag kind="document" state={row.state} />
          </li>
        ))}
      </ul>
    </div>
  );
}

/** A code of a receipt: what it says, what the official table says, and the user's own note, which comes back whenever the code does. */
function ReceiptCode({ code }: { readonly code: Life['codes'][number] }) {
  const { t } = useTranslation();
  const save = useCommand('receiptNotes.save');
  const [note, setNote] = useState<string>();
  const keep = async (): Promise<void> => {
    if (note === undefined) return;
    const answer = await save.run({ code: code.code, note });
    if (answer === undefined) return;
    setNote(undefined);
    notify(t('life.noteKept'));
  };
  const onKeyDown = useFormKeys(
    () => void keep(),
    () => setNote(undefined),
  );
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys belong to the input inside
    <div className="life-code" onKeyDown={onKeyDown}>
      <span>
        <Code>{code.code}</Code> {code.text}
      </span>
      <span className="muted">{code.meaning ?? t('life.codeUnknown')}</span>
      {note === undefined ? (
        <span>
          {code.note === undefined ? null : <strong>{t('life.note', { note: code.note })} </strong>}
          <button type="button" className="link" onClick={() => setNote(code.note ?? '')}>
            {t(code.note === undefined ? 'life.addNote' : 'life.editNote')}
          </button>
        </span>
      ) : (
        <span className="life-note">
          <Input
            size="small"
            autoFocus
            maxLength={500}
            aria-label={t('life.noteOf', { code: code.code })}
            value={note}
            onChange={(event) => setNote(event.target.value)}
          />
          <Button size="small" type="primary" loading={save.isRunning} onClick={() => void keep()}>
            {t('common.save')}
          </Button>
        </span>
      )}
      <ErrorNote error={save.error} isInline />
    </div>
  );
}

function Result({ result, onOpen }: { readonly result: Life['results'][number]; readonly onOpen: Props['onOpen'] }) {
  const { t, i18n } = useTranslation();
  const spec = specOf(result.kind);
  const label = (name: string): string => {
    const field = spec?.head.fields.find((one) => one.name === name);
    return field === undefined ? name : i18n.language === 'en' ? `${field.en} (${field.zh})` : field.zh;
  };
  return (
    <div className="life-result">
      <strong>
        {spec === undefined ? result.kind : kindName(spec.message, i18n.language)} <Code>{result.number}</Code>
      </strong>{' '}
      <span className="muted">{formatInstant(result.at)}</span>
      <Facts rows={result.fields.map(({ name, value }) => [label(name), value])} />
      {result.lists.length === 0 ? null : (
        <ul className="detail-list is-row">
          {result.lists.map((list, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a list may stand in several items
            <li key={at}>
              {list.listId === undefined ? (
                <span className="tone-action">{t('life.listUnknown', { no: list.invtNo })}</span>
              ) : (
                <button type="button" className="link" onClick={() => onOpen(list.listId ?? 0, 'CEB603Message')}>
                  {t('life.listItem', { no: list.invtNo, item: list.itemNo })}
                </button>
              )}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
