import { useCallback, useRef, useState } from 'react';
import type { GrantedFile } from '../../../shared/contract/bridge.ts';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import {
  type DuplicateDocument,
  type ImportCounts,
  type ImportFinding,
  type ImportKind,
  type ImportSource,
  type OnDuplicate,
  type RowPlans,
  tableKinds,
} from '../../../shared/contract/imports.ts';
import type { ContractError } from '../../../shared/contract/operation.ts';
import type { RequestName } from '../../../shared/documents/catalogue.ts';
import { columnSetOf } from '../../../shared/import/document-fields.ts';
import { isRequiredUnder, keyNamed, keysOf, type RecordKey } from '../../../shared/import/duplicates.ts';
import { call, errorOf, useJob } from '../../core-client.ts';
import { missingRequired, recogniseKind } from './recognise-kind.ts';

export type Inspection = OutputOf<'imports.inspect'> & { readonly kind: ImportKind };

/** What a file was recognised as before its columns are read. */
export type Recognised = OutputOf<'imports.recognise'>;
export type Receipt = Extract<Recognised, { form: 'receipt' }>;

/** The steps of the wizard; a receipt, which has no rows, is one of its own. Nothing is written to the book before `commit`. */
export type ImportStep = 'file' | 'sheet' | 'columns' | 'trial' | 'commit' | 'receipt';

/** How rows find their records and what becomes of those, chosen anew. */
export type KeyChange = Pick<ImportSource['defaults'], 'key' | 'onDuplicate'>;

export interface Trial {
  readonly runId: number;
  readonly counts: ImportCounts;
  readonly findings: readonly ImportFinding[];
  readonly duplicates: readonly DuplicateDocument[];
  readonly duplicatesTotal: number;
  readonly rowPlans: RowPlans | undefined;
}

/** Whether a reading found any column that its kind cannot do without. */
function hasRequired({ fields, mapping }: Inspection): boolean {
  return fields.some(({ id, required }) => required && mapping[id] !== undefined);
}

/**
 * Reads the file as the kind that was asked for, or as each until one fits. A file in which nothing speaks for the kind
 * that was asked for (a carrier's sheet opened from the products) is tried as the others too.
 */
async function inspectAs(
  file: GrantedFile,
  kind: ImportKind | undefined,
): Promise<{ readonly best: Inspection | undefined; readonly all: readonly Inspection[] }> {
  const all: Inspection[] = [];
  let failure: unknown;
  // Documents have been recognised by then, or they are what was asked for.
  const candidates = kind === undefined ? tableKinds : [kind, ...tableKinds.filter((one) => one !== kind)];
  for (const candidate of candidates) {
    try {
      const reading: Inspection = {
        ...(await call('imports.inspect', { kind: candidate, file: file.token })),
        kind: candidate,
      };
      all.push(reading);
      // Known by its headers and complete: the other kinds need not be tried.
      if (reading.mappingFrom !== 'guess' && missingRequired(reading).length === 0) return { best: reading, all };
      if (candidate === kind && hasRequired(reading)) return { best: reading, all };
    } catch (thrown) {
      failure ??= thrown;
      // A file that cannot be read at all is no better as another kind.
      if (candidate === kind) break;
    }
  }
  if (all.length === 0) throw failure;
  return { best: kind === undefined ? recogniseKind(all) : all[0], all };
}

/** The keys by which rows of what was read may find their records. */
function keysFor(inspection: Inspection | undefined): readonly RecordKey[] {
  const set = inspection === undefined ? undefined : columnSetOf(inspection.kind, inspection.message);
  return set === undefined ? [] : keysOf(set);
}

/** The state of one import from the file to the last click. */
export function useImport(wantedKind: ImportKind | undefined) {
  const [step, setStep] = useState<ImportStep>('file');
  const [file, setFile] = useState<GrantedFile>();
  const [inspection, setInspection] = useState<Inspection>();
  const [isRecognised, setRecognised] = useState(true);
  const [mapping, setMapping] = useState<Readonly<Record<string, number>>>({});
  const [currency, setCurrency] = useState<string>();
  const [accountId, setAccountId] = useState<number>();
  const [isReading, setReading] = useState(false);
  const [error, setError] = useState<ContractError>();
  const [trial, setTrial] = useState<Trial>();
  const [mended, setMended] = useState(0);
  const [asked, setOnDuplicate] = useState<OnDuplicate>();
  const [askedKey, setKey] = useState<string>();
  const onDuplicate = asked ?? (inspection?.kind === 'documents' ? 'skip' : 'update');
  const [form, setForm] = useState<Recognised['form']>('table');
  const [receipt, setReceipt] = useState<Receipt>();
  /** Files dropped with this one: they follow one after the other. */
  const [waiting, setWaiting] = useState<readonly GrantedFile[]>([]);
  const [committed, setCommitted] = useState<ImportCounts>();
  const dryRun = useJob('imports.dryRun');
  const commitJob = useJob('imports.commit');
  // A later choice makes the answer to an earlier one worthless.
  const generation = useRef(0);

  const takeInspection = useCallback((reading: Inspection): void => {
    setInspection(reading);
    setMapping(reading.mapping);
    setAccountId(reading.accountId);
    setKey(undefined);
    setTrial(undefined);
    setMended(0);
  }, []);

  const read = useCallback(
    async (work: () => Promise<Inspection | undefined>, next: ImportStep) => {
      generation.current += 1;
      const mine = generation.current;
      setReading(true);
      setError(undefined);
      try {
        const reading = await work();
        if (generation.current !== mine || reading === undefined) return;
        takeInspection(reading);
        setStep(next);
      } catch (thrown) {
        if (generation.current === mine) setError(errorOf(thrown));
      } finally {
        if (generation.current === mine) setReading(false);
      }
    },
    [takeInspection],
  );

  const choose = useCallback(
    (chosen: GrantedFile) => {
      setFile(chosen);
      setInspection(undefined);
      setTrial(undefined);
      setCommitted(undefined);
      setMended(0);
      setReceipt(undefined);
      dryRun.clear();
      commitJob.clear();
      return read(async () => {
        const seen = await call('imports.recognise', { file: chosen.token });
        setForm(seen.form);
        if (seen.form === 'receipt') {
          setReceipt(seen);
          setStep('receipt');
          return undefined;
        }
        if (seen.form === 'documents') {
          setRecognised(true);
          const reading = await call('imports.inspect', {
            kind: 'documents',
            message: seen.message,
            file: chosen.token,
          });
          return { ...reading, kind: 'documents' as const };
        }
        const { best, all } = await inspectAs(chosen, wantedKind);
        setRecognised(best !== undefined);
        const shown = best ?? all[0];
        if (shown === undefined) throw new Error('no kind could be read');
        return shown;
      }, 'sheet');
    },
    [read, wantedKind, dryRun.clear, commitJob.clear],
  );

  /** Reads again under another kind, sheet or header row; a new kind finds its own sheet and columns. */
  const reread = useCallback(
    (change: {
      readonly kind?: ImportKind;
      readonly message?: RequestName;
      readonly sheet?: string;
      readonly headerRow?: number;
    }) => {
      if (file === undefined || inspection === undefined) return Promise.resolve();
      const kind = change.kind ?? inspection.kind;
      const message = kind === 'documents' ? (change.message ?? inspection.message) : undefined;
      const sheet = change.sheet ?? inspection.sheet;
      // Another sheet has its header somewhere else; the reader finds it.
      const headerRow = change.sheet === undefined ? (change.headerRow ?? inspection.headerRow) : undefined;
      if (change.kind !== undefined) setRecognised(true);
      return read(
        async () => ({
          ...(await call('imports.inspect', {
            kind,
            ...(message === undefined ? {} : { message }),
            file: file.token,
            sheet,
            ...(headerRow === undefined ? {} : { headerRow }),
          })),
          kind,
        }),
        'sheet',
      );
    },
    [file, inspection, read],
  );

  const keys = keysFor(inspection);
  const set = inspection === undefined ? undefined : columnSetOf(inspection.kind, inspection.message);
  const recordKey = set === undefined ? undefined : keyNamed(set, askedKey ?? inspection?.key);
  const key = recordKey?.[0];
  /** The fields of what was read, with what a file must have under the key. */
  const fields = (inspection?.fields ?? []).map((field) => ({
    ...field,
    required: set === undefined ? field.required : isRequiredUnder(set, key, field),
  }));

  const source = useCallback((): ImportSource | undefined => {
    if (file === undefined || inspection === undefined) return undefined;
    const { kind, sheet, headerRow, message } = inspection;
    return {
      kind,
      ...(message === undefined ? {} : { message }),
      file: file.token,
      sheet,
      headerRow,
      mapping: { ...mapping },
      defaults: {
        ...(currency === undefined || mapping['currency'] !== undefined ? {} : { currency }),
        ...(accountId === undefined || kind !== 'statement' ? {} : { accountId }),
        ...(key === undefined ? {} : { key, onDuplicate }),
      },
    };
  }, [file, inspection, mapping, currency, accountId, key, onDuplicate]);

  const runTrial = useCallback(
    async (change: KeyChange = {}) => {
      const input = source();
      if (input === undefined) return;
      setStep('trial');
      setTrial(undefined);
      setMended(0);
      const answer = await dryRun.start({ ...input, defaults: { ...input.defaults, ...change } });
      if (answer === undefined) return;
      const { runId, counts, findings, duplicates, duplicatesTotal, rowPlans } = answer;
      setTrial({ runId, counts, findings, duplicates, duplicatesTotal, rowPlans });
    },
    [source, dryRun.start],
  );

  const commit = useCallback(async () => {
    if (trial === undefined || file === undefined) return;
    setStep('commit');
    const answer = await commitJob.start({ runId: trial.runId, file: file.token });
    if (answer !== undefined) setCommitted(answer.counts);
  }, [trial, file, commitJob.start]);

  const noteMended = useCallback((byThis: number) => setMended((n) => n + byThis), []);

  const reset = useCallback(() => {
    generation.current += 1;
    setStep('file');
    setFile(undefined);
    setInspection(undefined);
    setMapping({});
    setTrial(undefined);
    setCommitted(undefined);
    setMended(0);
    setReading(false);
    setError(undefined);
    setReceipt(undefined);
    setWaiting([]);
    dryRun.clear();
    commitJob.clear();
  }, [dryRun.clear, commitJob.clear]);

  const chooseAll = useCallback(
    (files: readonly GrantedFile[]) => {
      const [first, ...rest] = files;
      setWaiting(rest);
      return first === undefined ? Promise.resolve() : choose(first);
    },
    [choose],
  );

  return {
    step,
    setStep,
    file,
    inspection,
    isRecognised,
    form,
    receipt,
    waiting,
    keys,
    recordKey,
    setKey,
    fields,
    onDuplicate,
    setOnDuplicate,
    mapping,
    setMapping,
    currency,
    setCurrency,
    accountId,
    setAccountId,
    isReading,
    isBusy: isReading || dryRun.status === 'running' || commitJob.status === 'running',
    error,
    trial,
    mended,
    noteMended,
    committed,
    dryRun,
    commitJob,
    choose,
    chooseAll,
    reread,
    runTrial,
    commit,
    reset,
  };
}

export type ImportState = ReturnType<typeof useImport>;
