import { Button, Input, Select } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { FileFilter, GrantedFile } from '../../../shared/contract/bridge.ts';
import type { InputOf, OutputOf } from '../../../shared/contract/contract.ts';
import { categoryTexts, type MappableColumn, mappableColumns } from '../../../shared/payouts/index.ts';
import { useKeys } from '../../app/keys.ts';
import type { PageProps } from '../../app/page-route.ts';
import { goBack, navigate, numberParam, textParam } from '../../app/route-store.ts';
import { Amount, Code } from '../../components/Amount.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { Field } from '../../components/Field.tsx';
import { chooseOpen, DropZone } from '../../components/FilePicker.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { NumericInput } from '../../components/NumericInput.tsx';
import { Facts, Page, Panel } from '../../components/Page.tsx';
import { ProgressBar } from '../../components/ProgressBar.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { useJob, useQuery } from '../../core-client.ts';
import { formatBytes, formatCount } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import { useView } from '../../stores/view-store.ts';
import { CurrencyBox } from '../money/boxes.tsx';
import { MoneyTabs } from '../money/MoneyTabs.tsx';
import { useBilingual } from '../obligations/use-bilingual.ts';
import { Findings } from './Findings.tsx';
import { ProofTag } from './proof.tsx';
import './payouts.css';

type Inspection = OutputOf<'payouts.inspect'>;
type Preview = NonNullable<Inspection['result']>['payouts'][number];
type Options = Omit<InputOf<'payouts.inspect'>, 'file'>;

const previewTone = { new: 'accepted', more: 'accepted', known: 'draft', refused: 'rejected' } as const;
const isDeposit = (text: string): boolean => /^(-?\d{1,14}(\.\d{1,4})?)?$/.test(text);

/** The file with which another page came here. */
function givenFile(params: PageProps['params']): GrantedFile | undefined {
  const [token, name, size] = [textParam(params, 'token'), textParam(params, 'name'), numberParam(params, 'size')];
  return token === undefined || name === undefined || size === undefined ? undefined : { token, name, size };
}

/** Takes a report in: what it was recognised as and everything found in it, before anything is written. */
export function PayoutImportPage({ params }: PageProps) {
  const { t } = useTranslation();
  const language = useView((view) => view.language);
  const [file, setFile] = useState<GrantedFile | undefined>(() => givenFile(params));
  const [options, setOptions] = useState<Options>({});
  const [deposit, setDeposit] = useState('');
  const inspect = useJob('payouts.inspect');
  const take = useJob('payouts.import');
  const stores = useQuery('stores.list', {});
  const filters: FileFilter[] = [{ name: t('payouts.fileTypes'), extensions: ['txt', 'tsv', 'csv', 'xlsx'] }];
  const { start } = inspect;
  const token = file?.token;
  const key = JSON.stringify(options);
  const latest = useRef(options);
  latest.current = options;
  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` stands for the options
  useEffect(() => {
    if (token !== undefined && isComplete(latest.current.mapping)) void start({ file: token, ...latest.current });
  }, [token, key, start]);
  const seen = inspect.result;
  const result = seen?.result;
  const isBusy = inspect.status === 'running' || take.status === 'running';
  const isRefused = result?.findings.some(({ level }) => level === 'reject') ?? true;
  const fresh = result?.payouts.filter(({ state }) => state === 'new' || state === 'more').length ?? 0;
  const canTake = token !== undefined && !isBusy && !isRefused && fresh > 0;
  const set = (change: { readonly [K in keyof Options]?: Options[K] | undefined }): void =>
    setOptions((before) => {
      const next: Record<string, unknown> = { ...before, ...change };
      for (const [name, value] of Object.entries(next)) if (value === undefined || value === '') delete next[name];
      return next;
    });
  const choose = async (): Promise<void> => {
    const chosen = await chooseOpen(t('payouts.import'), filters);
    if (chosen !== null) setFile(chosen);
  };
  const run = async (): Promise<void> => {
    if (token === undefined) return;
    const done = await take.start({ file: token, ...options });
    if (done === undefined) return;
    notify(t('payouts.imported', { n: formatCount(done.written) }));
    const [id] = done.ids;
    navigate('payouts', id === undefined ? {} : { id });
  };
  useKeys([
    {
      key: 'Ctrl+Enter',
      label: t('payouts.take', { n: formatCount(fresh) }),
      run: () => void run(),
      isEnabled: canTake,
      isMain: true,
    },
    ...(file === undefined
      ? [{ key: 'Enter', label: t('payouts.chooseFile'), run: () => void choose(), isMain: true }]
      : []),
    { key: 'Esc', label: t('payouts.leave'), run: goBack, isMain: true },
  ]);
  const title = result === undefined ? undefined : language === 'en' ? result.layoutEn : result.layoutZh;
  return (
    <Page
      title={t('payouts.importTitle')}
      summary={file === undefined ? t('payouts.importHint') : `${file.name} · ${formatBytes(file.size)}`}
      actions={
        file === undefined ? undefined : (
          <>
            <Button disabled={isBusy} onClick={() => void choose()}>
              {t('payouts.otherFile')}
            </Button>
            <KeyButton
              kind="primary"
              label={fresh === 0 ? t('payouts.nothingToTake') : t('payouts.take', { n: formatCount(fresh) })}
              keys="Ctrl+Enter"
              isDisabled={!canTake}
              isBusy={take.status === 'running'}
              onPress={() => void run()}
            />
          </>
        )
      }
      filters={<MoneyTabs active="payouts" />}
      notice={
        <>
          <ErrorNote
            error={inspect.error}
            onRetry={() => token !== undefined && void start({ file: token, ...options })}
          />
          <ErrorNote error={take.error} onRetry={() => void run()} />
          {isBusy ? (
            <ProgressBar
              title={t('payouts.reading')}
              progress={inspect.progress ?? take.progress}
              onCancel={take.status === 'running' ? take.cancel : inspect.cancel}
            />
          ) : null}
        </>
      }
    >
      {file === undefined ? (
        <DropZone
          purpose={t('payouts.import')}
          filters={filters}
          title={t('payouts.drop')}
          hint={t('payouts.dropHint')}
          onFile={setFile}
        />
      ) : (
        <div className="payout-import" data-testid="payout-import">
          <Panel
            title={t('payouts.recognised')}
            extra={title === undefined ? null : <ToneTag tone="accepted" label={title} />}
          >
            <div className="payout-options">
              <Field id="payout-store" label={t('payouts.fact.store')}>
                <Select
                  id="payout-store"
                  aria-label={t('payouts.fact.store')}
                  mode="tags"
                  maxCount={1}
                  value={options.store === undefined ? [] : [options.store]}
                  placeholder={t('payouts.storeHint')}
                  onChange={(values: string[]) => set({ store: values.at(-1) })}
                  options={(stores.data?.rows ?? []).map(({ name }) => ({ value: name, label: name }))}
                />
              </Field>
              <Field id="payout-currency" label={t('payouts.currency')} hint={t('payouts.ofFile')}>
                <CurrencyBox
                  id="payout-currency"
                  value={options.currency ?? ''}
                  onChange={(currency) => set({ currency })}
                />
              </Field>
              <Field id="payout-mark" label={t('payouts.decimalMark')}>
                <Select
                  id="payout-mark"
                  aria-label={t('payouts.decimalMark')}
                  allowClear
                  value={options.decimalMark ?? null}
                  placeholder={t('payouts.ofFile')}
                  onChange={(value) => set({ decimalMark: value ?? undefined })}
                  options={[
                    { value: '.', label: '1,234.50' },
                    { value: ',', label: '1.234,50' },
                  ]}
                />
              </Field>
              <Field id="payout-days" label={t('payouts.dayOrder')}>
                <Select
                  id="payout-days"
                  aria-label={t('payouts.dayOrder')}
                  allowClear
                  value={options.dayOrder ?? null}
                  placeholder={t('payouts.ofFile')}
                  onChange={(value) => set({ dayOrder: value ?? undefined })}
                  options={(['dmy', 'mdy'] as const).map((value) => ({ value, label: t(`payouts.days.${value}`) }))}
                />
              </Field>
              <Field
                id="payout-deposit"
                label={t('payouts.fact.deposit')}
                hint={t('payouts.depositHint')}
                error={isDeposit(deposit) ? undefined : t('payouts.rule.deposit')}
              >
                <NumericInput
                  id="payout-deposit"
                  decimals={4}
                  allowNegative
                  isInvalid={!isDeposit(deposit)}
                  value={deposit}
                  onChange={setDeposit}
                  onBlur={() => {
                    if (isDeposit(deposit)) set({ deposit });
                  }}
                />
              </Field>
              {seen !== undefined && seen.sheets.length > 1 ? (
                <Field id="payout-sheet" label={t('payouts.sheet')}>
                  <Select
                    id="payout-sheet"
                    aria-label={t('payouts.sheet')}
                    value={seen.sheet}
                    onChange={(value) => set({ sheet: value })}
                    options={seen.sheets.map((value) => ({ value, label: value }))}
                  />
                </Field>
              ) : null}
            </div>
            {result === undefined && seen !== undefined ? (
              <p className="payout-note">
                <ToneTag tone="action" label={t('payouts.notRecognised')} /> {t('payouts.mapHint')}
              </p>
            ) : null}
            {result === undefined ? null : <Findings findings={result.findings} />}
          </Panel>
          {seen !== undefined &&
          (result === undefined || seen.mapping !== undefined || options.mapping !== undefined) ? (
            <ColumnMap
              seen={seen}
              mapping={options.mapping ?? seen.mapping ?? {}}
              platform={options.platform ?? seen.platform ?? ''}
              onMapping={(mapping) => set({ mapping })}
              onPlatform={(platform) => set({ platform })}
            />
          ) : null}
          {result?.payouts.map((payout) => (
            <PreviewPanel key={payout.number} payout={payout} />
          ))}
        </div>
      )}
    </Page>
  );
}

/** Whether a mapping says enough to be tried; none at all leaves it to the core. */
function isComplete(mapping: Options['mapping']): boolean {
  return mapping === undefined || (mapping.postedAt !== undefined && mapping.amount !== undefined);
}

/** Columns of a report nobody knows: what each holds, above its first rows. */
function ColumnMap({
  seen,
  mapping,
  platform,
  onMapping,
  onPlatform,
}: {
  readonly seen: Inspection;
  readonly mapping: NonNullable<Options['mapping']>;
  readonly platform: string;
  readonly onMapping: (mapping: NonNullable<Options['mapping']>) => void;
  readonly onPlatform: (platform: string) => void;
}) {
  const { t } = useTranslation();
  const heldBy = (at: number): MappableColumn | undefined => mappableColumns.find((column) => mapping[column] === at);
  const put = (at: number, column: MappableColumn | undefined): void => {
    const kept = Object.fromEntries(
      Object.entries(mapping).filter(([name, place]) => place !== at && name !== column),
    ) as NonNullable<Options['mapping']>;
    onMapping(column === undefined ? kept : { ...kept, [column]: at });
  };
  return (
    <Panel
      title={t('payouts.columns')}
      extra={
        <Input
          size="small"
          aria-label={t('payouts.column.platform')}
          placeholder={t('payouts.platformHint')}
          defaultValue={platform}
          onBlur={(event) => onPlatform(event.target.value.trim())}
        />
      }
    >
      <div className="payout-columns">
        <table className="payout-table">
          <thead>
            <tr>
              {seen.headers.map((header, at) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a column is its place
                <th key={at}>
                  <Select
                    size="small"
                    aria-label={t('payouts.columnOf', { header })}
                    allowClear
                    value={heldBy(at) ?? null}
                    placeholder={t('payouts.unused')}
                    onChange={(column) => put(at, column ?? undefined)}
                    options={mappableColumns.map((column) => ({ value: column, label: t(`payouts.map.${column}`) }))}
                  />
                  <span>{header || '–'}</span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {seen.preview.map((row, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place
              <tr key={at}>
                {seen.headers.map((_, column) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: a cell is its place
                  <td key={column}>{row[column] ?? ''}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}

/** A payout of the file, as it would be written. */
function PreviewPanel({ payout }: { readonly payout: Preview }) {
  const { t } = useTranslation();
  const word = useBilingual();
  const { currency } = payout;
  return (
    <Panel
      title={
        <>
          <Code>{payout.number}</Code> <Amount value={payout.total} currency={currency} />
        </>
      }
      extra={
        <>
          <ProofTag proof={payout.proof} />
          <ToneTag tone={previewTone[payout.state]} label={t(`payouts.preview.${payout.state}`)} />
        </>
      }
    >
      <Facts
        columns={4}
        rows={[
          [t('payouts.fact.days'), `${payout.fromOn} — ${payout.toOn}`],
          [t('payouts.fact.depositOn'), payout.depositOn ?? '–'],
          [t('payouts.fact.deposit'), <Amount key="deposit" value={payout.deposit} currency={currency} />],
          [t('payouts.fact.zone'), payout.zone || '–'],
          [t('payouts.released'), <Amount key="opening" value={payout.reserveOpening} currency={currency} bare />],
          [t('payouts.held'), <Amount key="closing" value={payout.reserveClosing} currency={currency} bare />],
          [t('payouts.fact.lines'), formatCount(payout.lines)],
          [t('payouts.fact.orders'), formatCount(payout.orders)],
        ]}
      />
      <table className="payout-table">
        <thead>
          <tr>
            <th>{t('payouts.column.type')}</th>
            <th>{t('payouts.column.detail')}</th>
            <th>{t('payouts.column.category')}</th>
            <th className="is-number">{t('payouts.column.lines')}</th>
            <th className="is-number">{t('payouts.column.amount')}</th>
          </tr>
        </thead>
        <tbody>
          {payout.kinds.map((kind) => (
            <tr key={`${kind.type} ${kind.detail}`}>
              <td>{kind.type || '–'}</td>
              <td className="is-text">{kind.detail || '–'}</td>
              <td>
                {kind.category === 'unknown' ? (
                  <ToneTag tone="action" label={word(categoryTexts.unknown)} />
                ) : (
                  word(categoryTexts[kind.category])
                )}
              </td>
              <td className="is-number">{formatCount(kind.lines)}</td>
              <td className="is-number">
                <Amount value={kind.amount} currency={currency} bare />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  );
}
