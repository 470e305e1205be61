/** 直播合规: each live sale with its host, its goods, what was said of them and what proves it, and where the recording lies. */
import { Button, Input, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { InputOf, OutputOf } from '../../../shared/contract/contract.ts';
import { CURRENCY_EXPONENTS } from '../../../shared/money/index.ts';
import { useKeys } from '../../app/keys.ts';
import { navigate } from '../../app/route-store.ts';
import { Code } from '../../components/Amount.tsx';
import { ChoiceBox } from '../../components/ChoiceBox.tsx';
import { type Column, DataTable } from '../../components/DataTable.tsx';
import { DateInput } from '../../components/DateInput.tsx';
import { DetailPlaceholder, DetailSection, focusDetail } from '../../components/DetailPane.tsx';
import { EmptyState, NoMatch } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { Field } from '../../components/Field.tsx';
import { FormPane } from '../../components/FormPane.tsx';
import { RestoredNote, useFormDraft } from '../../components/form-draft.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { NumericInput } from '../../components/NumericInput.tsx';
import { Page, Split } from '../../components/Page.tsx';
import { SearchInput } from '../../components/SearchInput.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { call, type RowOf, useCommand, usePages, useQuery } from '../../core-client.ts';
import { formatAmount, formatCount, localDate } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import { useFieldErrors } from '../money/field-errors.ts';
import { useFile } from '../risk/use-file.tsx';
import '../purchases/purchases.css';
import { ServiceTabs } from './ServiceTabs.tsx';
import './services.css';

type Session = RowOf<'liveSessions.list'>;
type Known = OutputOf<'liveSessions.get'>;
type Body = Required<NonNullable<InputOf<'liveSessions.save'>['body']>>;
type Good = Known['body']['goods'][number];
type Items = Known['items'];
const answers = ['', 'yes', 'no', 'none'] as const;

export function LiveSessionsPage() {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const pages = usePages('liveSessions.list', text === '' ? {} : { text }, { areas: ['services'] });
  const [chosen, setChosen] = useState<number | 'new'>();
  const add = (): void => {
    setChosen('new');
    focusDetail('#live-heldOn');
  };
  useKeys([
    { key: 'Ctrl+N', label: t('services.live.add'), run: add, isMain: true },
    { key: 'Enter', label: t('services.live.look'), isMain: true },
  ]);
  const columns: readonly Column<Session>[] = [
    { id: 'number', title: t('services.live.number'), width: 116, render: (row) => <Code>{row.number}</Code> },
    { id: 'heldOn', title: t('services.live.heldOn'), width: 96, render: (row) => row.heldOn },
    { id: 'title', title: t('services.live.titleOf'), render: (row) => <span title={row.title}>{row.title}</span> },
    { id: 'host', title: t('services.live.host'), width: 96, render: (row) => row.host },
    {
      id: 'goods',
      title: t('services.live.goods'),
      width: 64,
      align: 'right',
      render: (row) => formatCount(row.goods),
    },
    {
      id: 'gaps',
      title: t('services.live.gaps'),
      width: 114,
      render: (row) =>
        row.gaps === 0 ? (
          <ToneTag tone="accepted" label={t('services.live.whole')} />
        ) : (
          <ToneTag tone="action" label={t('services.live.gapsOf', { n: row.gaps })} />
        ),
    },
  ];
  return (
    <Page
      title={t('services.live.title')}
      summary={pages.status === 'ready' ? t('services.live.summary', { n: formatCount(pages.total) }) : undefined}
      filters={
        <>
          <ServiceTabs active="liveSessions" />
          <SearchInput
            value={text}
            onChange={setText}
            placeholder={t('services.live.search')}
            keyLabel={t('services.live.search')}
          />
        </>
      }
      actions={<KeyButton kind="primary" label={t('services.live.add')} keys="Ctrl+N" onPress={add} />}
    >
      <Split
        ratio="even"
        list={
          <DataTable
            label={t('services.live.title')}
            autoFocus
            pages={pages}
            columns={columns}
            rowKey={(row) => row.id}
            activeKey={chosen === 'new' ? undefined : chosen}
            onActivate={({ id }) => setChosen(id)}
            onOpen={({ id }) => {
              setChosen(id);
              focusDetail('#live-heldOn');
            }}
            empty={
              text === '' ? (
                <EmptyState
                  title={t('services.live.empty')}
                  hint={t('services.live.emptyHint')}
                  actions={<Button onClick={add}>{t('services.live.add')}</Button>}
                />
              ) : (
                <NoMatch onClear={() => setText('')} />
              )
            }
          />
        }
        detail={
          chosen === undefined ? (
            <DetailPlaceholder text={t('services.live.choose')} />
          ) : chosen === 'new' ? (
            <SessionForm known={undefined} onSaved={setChosen} onClose={() => setChosen(undefined)} />
          ) : (
            <KnownSession key={chosen} id={chosen} onSaved={setChosen} onClose={() => setChosen(undefined)} />
          )
        }
      />
    </Page>
  );
}

interface FormProps {
  readonly onSaved: (id: number) => void;
  readonly onClose: () => void;
}

function KnownSession({ id, ...rest }: FormProps & { readonly id: number }) {
  const { t } = useTranslation();
  const { data, error, reload } = useQuery('liveSessions.get', { id }, { areas: ['services', 'orders'] });
  if (data !== undefined) return <SessionForm key={JSON.stringify(data.body)} known={data} {...rest} />;
  return error === undefined ? (
    <DetailPlaceholder text={t('services.live.choose')} />
  ) : (
    <ErrorNote error={error} onRetry={reload} />
  );
}

const newGood = (sku: string): Good => ({ sku, claims: '', evidence: '', price: '', priceProof: '' });

function SessionForm({ known, onSaved, onClose }: FormProps & { readonly known: Known | undefined }) {
  const { t } = useTranslation();
  const body = known?.body;
  const form = useFormDraft(
    known === undefined ? 'live new' : `live ${known.id}`,
    {
      heldOn: known?.heldOn ?? localDate(),
      title: body?.title ?? '',
      platform: body?.platform ?? '',
      startsAt: body?.startsAt ?? '',
      minutes: body === undefined || body.minutes === 0 ? '' : String(body.minutes),
      host: body?.host ?? '',
      hostVerifiedOn: body?.hostVerifiedOn ?? '',
      operator: body?.operator ?? '',
      goods: body?.goods ?? [],
      answers: body?.answers ?? ({} as Known['body']['answers']),
      recording: body?.recording ?? '',
      note: body?.note ?? '',
    },
    known === undefined ? '' : JSON.stringify(known.body),
  );
  const { value: draft, change } = form;
  const rules = useQuery('liveSessions.rules', { heldOn: draft.heldOn });
  const items = rules.data?.items ?? known?.items ?? [];
  const save = useCommand('liveSessions.save');
  const file = useFile('liveSessions.print');
  const refused = useFieldErrors(save.error);
  const isTimeWrong = draft.startsAt !== '' && !/^([01]\d|2[0-3]):[0-5]\d$/.test(draft.startsAt);
  const print = (): void => {
    if (known !== undefined) void file.write(`${t('services.live.title')} ${known.number}`, { id: known.id });
  };
  useKeys([{ key: 'F9', label: t('services.live.print'), run: print, isEnabled: known !== undefined }]);
  const submit = async (): Promise<void> => {
    const { heldOn, minutes, hostVerifiedOn, ...rest } = draft;
    const said: Body = {
      ...rest,
      minutes: minutes === '' ? 0 : Number(minutes),
      hostVerifiedOn: hostVerifiedOn === '' ? null : hostVerifiedOn,
    };
    const done = await save.run({ heldOn, body: said, ...(known === undefined ? {} : { id: known.id }) });
    if (done === undefined) return;
    form.done();
    notify(t('services.live.saved', { number: done.number }));
    onSaved(done.id);
  };
  const text = (
    name: 'title' | 'platform' | 'host' | 'operator' | 'recording' | 'note',
    label = t(`services.live.${name}`),
    isWide = false,
  ) => (
    <Field id={`live-${name}`} label={label} isWide={isWide} error={refused(`body/${name}`)}>
      <Input
        id={`live-${name}`}
        autoComplete="off"
        value={draft[name]}
        maxLength={
          name === 'recording' ? 500 : name === 'note' ? 1000 : name === 'host' || name === 'platform' ? 100 : 200
        }
        onChange={(event) => change({ [name]: event.target.value })}
      />
    </Field>
  );
  const putGood = (sku: string, patch: Partial<Good>): void =>
    change({ goods: draft.goods.map((one) => (one.sku === sku ? { ...one, ...patch } : one)) });
  return (
    <FormPane
      title={known?.number ?? t('services.live.add')}
      isCode={known !== undefined}
      error={save.error ?? rules.error}
      onClearError={save.clear}
      canSave={!isTimeWrong && draft.heldOn !== ''}
      isBusy={save.isRunning}
      onSave={submit}
      onClose={onClose}
      foot={
        known === undefined ? undefined : (
          <KeyButton label={t('services.live.print')} keys="F9" isBusy={file.isRunning} onPress={print} />
        )
      }
    >
      <RestoredNote draft={form} />
      {file.notice}
      {known === undefined ? null : <SessionFacts known={known} />}
      <div className="purchase-form">
        <Field id="live-heldOn" label={t('services.live.heldOn')} isRequired error={refused('heldOn')}>
          <DateInput id="live-heldOn" value={draft.heldOn} onChange={(heldOn) => change({ heldOn })} />
        </Field>
        <Field
          id="live-startsAt"
          label={t('services.live.startsAt')}
          error={isTimeWrong ? t('services.live.wrongTime') : undefined}
        >
          <Input
            id="live-startsAt"
            value={draft.startsAt}
            placeholder="20:00"
            maxLength={5}
            onChange={(event) => change({ startsAt: event.target.value })}
          />
        </Field>
        <Field id="live-minutes" label={t('services.live.minutes')}>
          <NumericInput
            id="live-minutes"
            value={draft.minutes}
            decimals={0}
            onChange={(minutes) => change({ minutes })}
          />
        </Field>
        {text('title', t('services.live.titleOf'))}
        {text('platform')}
        {text('host')}
        <Field id="live-hostVerifiedOn" label={t('services.live.hostVerifiedOn')} hint={t('services.live.hostHint')}>
          <DateInput
            id="live-hostVerifiedOn"
            value={draft.hostVerifiedOn}
            onChange={(hostVerifiedOn) => change({ hostVerifiedOn })}
          />
        </Field>
        {text('operator')}
        {text('recording', t('services.live.recording'), true)}
        {text('note', t('services.live.note'), true)}
      </div>
      <DetailSection title={t('services.live.goods')}>
        <div className="live-goods">
          {draft.goods.length === 0 ? <p className="muted">{t('services.live.noGoods')}</p> : null}
          {draft.goods.map((good) => (
            <GoodFields
              key={good.sku}
              good={good}
              onChange={(patch) => putGood(good.sku, patch)}
              onRemove={() => change({ goods: draft.goods.filter(({ sku }) => sku !== good.sku) })}
            />
          ))}
          <Field id="live-addGood" label={t('services.live.addGood')}>
            <ChoiceBox
              key={draft.goods.length}
              id="live-addGood"
              shown=""
              search={async (words) => {
                const { rows } = await call('products.list', { text: words, limit: 9 });
                return rows
                  .filter(({ sku, lineKind }) => lineKind === 'goods' && !draft.goods.some((one) => one.sku === sku))
                  .map(({ sku, nameCn, nameSource }) => ({ code: sku, name: nameCn === '' ? nameSource : nameCn }));
              }}
              onTake={(choice) => {
                if (choice !== undefined) change({ goods: [...draft.goods, newGood(choice.code)] });
              }}
            />
          </Field>
        </div>
      </DetailSection>
      <DetailSection title={t('services.live.checks')}>
        <Checks items={items} given={draft.answers} onChange={(given) => change({ answers: given })} />
      </DetailSection>
    </FormPane>
  );
}

/** How the session stands: what is missing, until when the recording is kept, and orders of its goods. */
function SessionFacts({ known }: { readonly known: Known }) {
  const { t } = useTranslation();
  const { open, items, keepUntil, orders } = known;
  const placeOf = (at: string): string => {
    const item = items.findIndex(({ id }) => id === at);
    return item < 0 ? at : String(item + 1);
  };
  const unanswered = open
    .flatMap(({ code, at }) => (code === 'unanswered' ? [placeOf(at)] : []))
    .join(t('money.comma'));
  return (
    <>
      <div className="service-facts">
        {open.length === 0 ? (
          <ToneTag tone="accepted" label={t('services.live.whole')} />
        ) : (
          <ToneTag tone="action" label={t('services.live.gapsOf', { n: open.length })} />
        )}
        <span>{t('services.live.keepUntil', { date: keepUntil })}</span>
        {orders.count === 0 ? (
          <span className="muted">{t('services.live.ordersNone')}</span>
        ) : (
          <button type="button" className="link" onClick={() => navigate('orders', { live: known.id })}>
            {t('services.live.orders', {
              count: formatCount(orders.count),
              totals: orders.totals
                .map(({ amount, currency }) => `${currency} ${formatAmount(amount, CURRENCY_EXPONENTS[currency] ?? 2)}`)
                .join(' · '),
            })}
          </button>
        )}
      </div>
      {open.length === 0 ? null : (
        <p className="service-facts muted">
          {[
            ...open.filter(({ code }) => code !== 'unanswered'),
            ...(unanswered === '' ? [] : [{ code: 'unanswered', at: unanswered } as const]),
          ]
            .map(({ code, at }) => t(`services.live.gap.${code}`, { at: placeOf(at) }))
            .join(' · ')}
        </p>
      )}
    </>
  );
}

function GoodFields({
  good,
  onChange,
  onRemove,
}: {
  readonly good: Good;
  readonly onChange: (patch: Partial<Good>) => void;
  readonly onRemove: () => void;
}) {
  const { t } = useTranslation();
  return (
    <div className="live-good">
      <header>
        <Code>{good.sku}</Code>
        <Button
          size="small"
          type="text"
          aria-label={t('services.live.removeGood', { sku: good.sku })}
          onClick={onRemove}
        >
          {t('common.delete')}
        </Button>
      </header>
      {(['claims', 'evidence', 'price', 'priceProof'] as const).map((name) => (
        <Field key={name} id={`live-${name}-${good.sku}`} label={t(`services.live.${name}`)}>
          <Input
            id={`live-${name}-${good.sku}`}
            autoComplete="off"
            value={good[name]}
            maxLength={name === 'price' ? 60 : name === 'claims' ? 500 : 300}
            onChange={(event) => onChange({ [name]: event.target.value })}
          />
        </Field>
      ))}
    </div>
  );
}

/** The list that is gone through: one answer an item, and a word where it is not met. */
function Checks({
  items,
  given,
  onChange,
}: {
  readonly items: Items;
  readonly given: Known['body']['answers'];
  readonly onChange: (given: Known['body']['answers']) => void;
}) {
  const { t, i18n } = useTranslation();
  const isChinese = i18n.language.startsWith('zh');
  const put = (id: string, answer: (typeof answers)[number], note: string): void => {
    const { [id]: _before, ...rest } = given;
    onChange(answer === '' ? rest : { ...rest, [id]: { answer, note } });
  };
  return (
    <ol className="live-checks">
      {items.map(({ id, zh, en, source }, at) => {
        const said = given[id];
        return (
          <li key={id}>
            <span>
              {at + 1}. {isChinese ? zh : en}
              <small className="muted">{source}</small>
            </span>
            <Select<(typeof answers)[number]>
              aria-label={`${t('services.live.answer')} ${at + 1}`}
              value={said?.answer ?? ''}
              options={answers.map((value) => ({ value, label: t(`services.live.answers.${value}`) }))}
              onChange={(answer) => put(id, answer, said?.note ?? '')}
            />
            <Input
              aria-label={`${t('services.live.answerNote')} ${at + 1}`}
              placeholder={t('services.live.answerNote')}
              value={said?.note ?? ''}
              disabled={said === undefined}
              maxLength={300}
              onChange={(event) => put(id, said?.answer ?? '', event.target.value)}
            />
          </li>
        );
      })}
    </ol>
  );
}
