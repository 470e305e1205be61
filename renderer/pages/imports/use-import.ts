import { useCallback, useRef, useState } from 'react';
import type { GrantedFile } from '../../../shared/contract/bridge.ts';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import {
  type ImportCounts,
  type ImportFinding,
  type ImportKind,
  type ImportSource,
  importKinds,
} from '../../../shared/contract/imports.ts';
import type { ContractError } from '../../../shared/contract/operation.ts';
import { call, errorOf, useJob } from '../../core-client.ts';
import { missingRequired, recogniseKind } from './recognise-kind.ts';

export type Inspection = OutputOf<'imports.inspect'> & { readonly kind: ImportKind };

/** The steps of the wizard. Nothing is written to the book before `commit`. */
export type ImportStep = 'file' | 'sheet' | 'columns' | 'trial' | 'commit';

export interface Trial {
  readonly runId: number;
  readonly counts: ImportCounts;
  readonly findings: readonly ImportFinding[];
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
  const candidates = kind === undefined ? importKinds : [kind, ...importKinds.filter((one) => one !== kind)];
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
  const [committed, setCommitted] = useState<ImportCounts>();
  const dryRun = useJob('imports.dryRun');
  const commitJob = useJob('imports.commit');
  // A later choice makes the answer to an earlier one worthless.
  const generation = useRef(0);

  const takeInspection = useCallback((reading: Inspection): void => {
    setInspection(reading);
    setMapping(reading.mapping);
    setAccountId(reading.accountId);
    setTrial(undefined);
    setMended(0);
  }, []);

  const read = useCallback(
    async (work: () => Promise<Inspection>, next: ImportStep) => {
      generation.current += 1;
      const mine = generation.current;
      setReading(true);
      setError(undefined);
      try {
        const reading = await work();
        if (generation.current !== mine) return;
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
      dryRun.clear();
      commitJob.clear();
      return read(async () => {
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
    (change: { readonly kind?: ImportKind; readonly sheet?: string; readonly headerRow?: number }) => {
      if (file === undefined || inspection === undefined) return Promise.resolve();
      const kind = change.kind ?? inspection.kind;
      const sheet = change.sheet ?? inspection.sheet;
      // Another sheet has its header somewhere else; the reader finds it.
      const headerRow = change.sheet === undefined ? (change.headerRow ?? inspection.headerRow) : undefined;
      if (change.kind !== undefined) setRecognised(true);
      return read(
        async () => ({
          ...(await call('imports.inspect', {
            kind,
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

  const source = useCallback((): ImportSource | undefined => {
    if (file === undefined || inspection === undefined) return undefined;
    const { kind, sheet, headerRow } = inspection;
    return {
      kind,
      file: file.token,
      sheet,
      headerRow,
      mapping: { ...mapping },
      defaults: {
        ...(currency === undefined || mapping['currency'] !== undefined ? {} : { currency }),
        ...(accountId === undefined || kind !== 'statement' ? {} : { accountId }),
      },
    };
  }, [file, inspection, mapping, currency, accountId]);

  const runTrial = useCallback(async () => {
    const input = source();
    if (input === undefined) return;
    setStep('trial');
    setTrial(undefined);
    setMended(0);
    const answer = await dryRun.start(input);
    if (answer !== undefined) setTrial({ runId: answer.runId, counts: answer.counts, findings: answer.findings });
  }, [source, dryRun.start]);

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
    dryRun.clear();
    commitJob.clear();
  }, [dryRun.clear, commitJob.clear]);

  return {
    step,
    setStep,
    file,
    inspection,
    isRecognised,
    mapping,
    setMapping,
    currency,
    setCurrency,
    accountId,
    setAccountId,
    isReading,
    error,
    trial,
    mended,
    noteMended,
    committed,
    dryRun,
    commitJob,
    choose,
    reread,
    runTrial,
    commit,
    reset,
  };
}

export type ImportState = ReturnType<typeof useImport>;
