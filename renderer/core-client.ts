/**
 * The one way from the desk to the core. Pages call operations through {@link call} and the hooks below, never
 * `window.portbook` itself; everything is typed by the contract.
 */
import { useCallback, useEffect, useRef, useState } from 'react';
import type { DeskEvent, PortbookBridge } from '../shared/contract/bridge.ts';
import type { CoreEvent, InputOf, OperationName, OutputOf } from '../shared/contract/contract.ts';
import type { ContractError, Progress, Result } from '../shared/contract/operation.ts';

declare global {
  interface Window {
    readonly portbook: PortbookBridge;
  }
}

/** What a core event says has changed; `sync` stands for `sync.changed`. */
export type Area = Extract<CoreEvent, { name: 'book.changed' }>['areas'][number] | 'sync';

/** A refusal of the core, with the error it answered. Show it with `ErrorNote`. */
export class ContractFailure extends Error {
  readonly error: ContractError;

  constructor(error: ContractError) {
    super(error.code);
    this.name = 'ContractFailure';
    this.error = error;
  }
}

/** What to show for anything thrown: a refusal as it is, a bug in the window as `DESK_BUG`. */
export function errorOf(thrown: unknown): ContractError {
  if (thrown instanceof ContractFailure) return thrown.error;
  return { code: 'DESK_BUG', params: { message: thrown instanceof Error ? thrown.message : String(thrown) } };
}

export interface CallControl {
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Resolves when the screen is unlocked, or the book it was locked on is gone. */
function untilUnlocked(): Promise<void> {
  return new Promise((resolve) => {
    const stop = onDeskEvent(({ name }) => {
      if (name !== 'screen.unlocked' && name !== 'book.closed' && name !== 'core-restarted') return;
      stop();
      resolve();
    });
  });
}

/**
 * Calls an operation. Throws {@link ContractFailure} when the core refuses. Behind a locked screen it waits: the core has done nothing of it,
 * and the page goes on where it was once it is unlocked.
 */
export async function call<N extends OperationName>(
  op: N,
  input: InputOf<N>,
  control: CallControl = {},
): Promise<OutputOf<N>> {
  for (;;) {
    const result = await ask(op, input, control);
    if (result.ok) return result.data;
    if (result.error.code !== 'SCREEN_LOCKED') throw new ContractFailure(result.error);
    await untilUnlocked();
  }
}

async function ask<N extends OperationName>(
  op: N,
  input: InputOf<N>,
  control: CallControl,
): Promise<Result<OutputOf<N>>> {
  const bridge = window.portbook;
  const callId = bridge.newCallId();
  const cancel = (): void => bridge.cancel(callId);
  control.signal?.addEventListener('abort', cancel, { once: true });
  try {
    return await bridge.call(op, input, {
      callId,
      ...(control.onProgress ? { onProgress: control.onProgress } : {}),
    });
  } finally {
    control.signal?.removeEventListener('abort', cancel);
  }
}

/** Subscribes to events of the core and the main process; returns the function that ends it. */
export function onDeskEvent(listener: (event: DeskEvent) => void): () => void {
  return window.portbook.onEvent(listener);
}

function concerns(event: DeskEvent, areas: readonly Area[]): boolean {
  if (event.name === 'sync.changed') return areas.includes('sync');
  if (event.name === 'book.changed') return event.areas.some((area) => areas.includes(area));
  // Another book: whatever was read belongs to the one before.
  return event.name === 'book.opened' || event.name === 'core-restarted';
}

/** Runs `reload` when one of the areas changes, at most every 200 ms and once more after the last change. */
export function useAreaChanges(areas: readonly Area[], reload: () => void): void {
  const latest = useRef(reload);
  latest.current = reload;
  const key = areas.join(' ');
  useEffect(() => {
    const wanted = key === '' ? [] : (key.split(' ') as Area[]);
    let timer: number | undefined;
    const stop = onDeskEvent((event) => {
      if (!concerns(event, wanted) || timer !== undefined) return;
      timer = window.setTimeout(() => {
        timer = undefined;
        latest.current();
      }, 200);
    });
    return () => {
      stop();
      window.clearTimeout(timer);
    };
  }, [key]);
}

/**
 * Three states that never look alike: `loading` (nothing read yet), `ready`, `failed`. While a later read is under way
 * `data` stays what it was and `isFetching` says so; when that read fails, `error` stands beside the old data.
 */
export type QueryState<T> =
  | { readonly status: 'loading'; readonly data: undefined; readonly error: undefined; readonly isFetching: true }
  | {
      readonly status: 'ready';
      readonly data: T;
      readonly error: ContractError | undefined;
      readonly isFetching: boolean;
    }
  | {
      readonly status: 'failed';
      readonly data: undefined;
      readonly error: ContractError;
      readonly isFetching: boolean;
    };

export interface QueryOptions {
  /** Areas whose change makes the query run again. */
  readonly areas?: readonly Area[];
}

/** What was read so far, and which asking it answers. */
interface Answered<T> {
  readonly data: T | undefined;
  readonly error: ContractError | undefined;
  readonly asking: string | undefined;
}

function stateOf<T>({ data, error }: Answered<T>, isFetching: boolean): QueryState<T> {
  if (data !== undefined) return { status: 'ready', data, error, isFetching };
  if (error !== undefined) return { status: 'failed', data: undefined, error, isFetching };
  return { status: 'loading', data: undefined, error: undefined, isFetching: true };
}

/**
 * Reads from the core and reads again when `input` or one of the areas changes. `input` null: do not read yet.
 * Inputs are compared by their JSON, so a fresh object each render is fine.
 */
export function useQuery<N extends OperationName>(
  op: N,
  input: InputOf<N> | null,
  options: QueryOptions = {},
): QueryState<OutputOf<N>> & { readonly reload: () => void } {
  const [answered, setAnswered] = useState<Answered<OutputOf<N>>>({
    data: undefined,
    error: undefined,
    asking: undefined,
  });
  const [turn, setTurn] = useState(0);
  const reload = useCallback(() => setTurn((n) => n + 1), []);
  // Whether a read is under way follows from what is asked and what was answered: the page is not drawn for its beginning alone.
  const asking = input === null ? undefined : `${turn} ${op} ${JSON.stringify(input)}`;
  const latest = useRef(input);
  latest.current = input;
  useEffect(() => {
    const wanted = latest.current;
    if (wanted === null || asking === undefined) return;
    let isCurrent = true;
    call(op, wanted).then(
      (data) => {
        if (isCurrent) setAnswered({ data, error: undefined, asking });
      },
      (thrown: unknown) => {
        if (isCurrent) setAnswered(({ data }) => ({ data, error: errorOf(thrown), asking }));
      },
    );
    return () => {
      isCurrent = false;
    };
  }, [op, asking]);
  useAreaChanges(options.areas ?? [], reload);
  return { ...stateOf(answered, asking !== undefined && answered.asking !== asking), reload };
}

/** Operations that answer one keyset page. */
export type PagedOperation = {
  [N in OperationName]: OutputOf<N> extends { rows: unknown[]; nextCursor?: string | undefined; total: number }
    ? InputOf<N> extends { after?: string | undefined }
      ? N
      : never
    : never;
}[OperationName];
export type RowOf<N extends PagedOperation> = OutputOf<N>['rows'][number];

export interface Pages<N extends PagedOperation> {
  readonly status: 'loading' | 'ready' | 'failed';
  readonly rows: readonly RowOf<N>[];
  readonly total: number;
  /** The answer of the first page: totals and whatever else it carries. */
  readonly first: OutputOf<N> | undefined;
  readonly error: ContractError | undefined;
  readonly isFetching: boolean;
  readonly hasMore: boolean;
  readonly loadMore: () => void;
  readonly reload: () => void;
  /** Puts changed rows in place without reading the list again. */
  readonly patch: (change: (row: RowOf<N>) => RowOf<N>) => void;
}

interface PagesState<N extends PagedOperation> {
  readonly status: 'loading' | 'ready' | 'failed';
  readonly rows: readonly RowOf<N>[];
  readonly first: OutputOf<N> | undefined;
  readonly cursor: string | undefined;
  readonly error: ContractError | undefined;
  readonly isLoadingMore: boolean;
  /** The asking that rows or error answer. */
  readonly asking: string;
}

const PAGE = 200;
const LARGEST_PAGE = 500;
/** Beyond so many rows the one that is sought is not looked for: a link into longer lists names a filter as well. */
const MOST_SOUGHT = 10_000;

export interface PagesOptions<N extends PagedOperation> extends QueryOptions {
  /** The row a link led to: pages are read until it is there. */
  readonly sought?: ((row: RowOf<N>) => boolean) | undefined;
}

/** Keyset pages, grown by `loadMore`. After a change of an area as many rows are read again as were there. */
export function usePages<N extends PagedOperation>(
  op: N,
  input: Omit<InputOf<N>, 'after' | 'limit'>,
  options: PagesOptions<N> = {},
): Pages<N> {
  const start: PagesState<N> = {
    status: 'loading',
    rows: [],
    first: undefined,
    cursor: undefined,
    error: undefined,
    isLoadingMore: false,
    asking: '',
  };
  const [state, setState] = useState<PagesState<N>>(start);
  const [turn, setTurn] = useState(0);
  const reload = useCallback(() => setTurn((n) => n + 1), []);
  const key = JSON.stringify(input);
  const asking = `${turn} ${op} ${key}`;
  // As in useQuery: that a read is under way is no reason of its own to draw the page.
  const isFetching = state.asking !== asking || state.isLoadingMore;
  const latest = useRef({ input, state, key, isFetching, sought: options.sought });
  latest.current.input = input;
  latest.current.state = state;
  latest.current.sought = options.sought;
  latest.current.isFetching = isFetching;
  /** Reads begun under an older number are thrown away. */
  const generation = useRef(0);
  const page = useCallback(
    (after: string | undefined, limit: number) =>
      // The contract's own type of a paged input, put together from its two halves.
      call(op, { ...latest.current.input, limit, ...(after === undefined ? {} : { after }) } as unknown as InputOf<N>),
    [op],
  );

  useEffect(() => {
    generation.current += 1;
    const mine = generation.current;
    const sameList = latest.current.key === key;
    latest.current.key = key;
    let wanted = sameList ? Math.max(PAGE, latest.current.state.rows.length) : PAGE;
    // Once: a row that has left the list since is not looked for again.
    const sought = latest.current.state.status === 'loading' ? latest.current.sought : undefined;
    const readAll = async (): Promise<void> => {
      let first: OutputOf<N> | undefined;
      let rows: RowOf<N>[] = [];
      let cursor: string | undefined;
      do {
        const answer: OutputOf<N> = await page(cursor, Math.min(LARGEST_PAGE, wanted - rows.length));
        if (generation.current !== mine) return;
        first ??= answer;
        rows = rows.concat(answer.rows as RowOf<N>[]);
        cursor = answer.nextCursor;
        if (sought !== undefined && rows.length >= wanted && rows.length < MOST_SOUGHT && !rows.some(sought))
          wanted += LARGEST_PAGE;
      } while (cursor !== undefined && rows.length < wanted);
      const { rows: before } = latest.current.state;
      setState({
        status: 'ready',
        // The rows that are shown stay themselves where a read answers the same, so that no list is drawn anew for it.
        rows: before.length === rows.length && JSON.stringify(before) === JSON.stringify(rows) ? before : rows,
        first,
        cursor,
        error: undefined,
        isLoadingMore: false,
        asking,
      });
    };
    readAll().catch((thrown: unknown) => {
      if (generation.current !== mine) return;
      setState((before) => ({
        ...before,
        status: before.status === 'ready' ? 'ready' : 'failed',
        error: errorOf(thrown),
        isLoadingMore: false,
        asking,
      }));
    });
  }, [key, asking, page]);

  const loadMore = useCallback(() => {
    const { cursor } = latest.current.state;
    if (cursor === undefined || latest.current.isFetching) return;
    const mine = generation.current;
    latest.current.isFetching = true;
    setState((before) => ({ ...before, isLoadingMore: true }));
    page(cursor, PAGE).then(
      (answer) => {
        if (generation.current !== mine) return;
        setState((before) => ({
          ...before,
          rows: before.rows.concat(answer.rows as RowOf<N>[]),
          cursor: answer.nextCursor,
          isLoadingMore: false,
        }));
      },
      (thrown: unknown) => {
        if (generation.current === mine)
          setState((before) => ({ ...before, error: errorOf(thrown), isLoadingMore: false }));
      },
    );
  }, [page]);

  const patch = useCallback((change: (row: RowOf<N>) => RowOf<N>) => {
    setState((before) => ({ ...before, rows: before.rows.map(change) }));
  }, []);

  useAreaChanges(options.areas ?? [], reload);
  return {
    status: state.status,
    rows: state.rows,
    total: state.first?.total ?? 0,
    first: state.first,
    error: state.error,
    isFetching,
    hasMore: state.cursor !== undefined,
    loadMore,
    reload,
    patch,
  };
}

export interface Command<N extends OperationName> {
  /** Resolves with undefined when the core refused; the refusal is in `error`. */
  readonly run: (input: InputOf<N>) => Promise<OutputOf<N> | undefined>;
  readonly isRunning: boolean;
  readonly error: ContractError | undefined;
  readonly clear: () => void;
}

/** A command with its state, for a button and the `ErrorNote` beside it. */
export function useCommand<N extends OperationName>(op: N): Command<N> {
  const [isRunning, setRunning] = useState(false);
  const [error, setError] = useState<ContractError>();
  const clear = useCallback(() => setError(undefined), []);
  const run = useCallback(
    async (input: InputOf<N>) => {
      setRunning(true);
      setError(undefined);
      try {
        return await call(op, input);
      } catch (thrown) {
        setError(errorOf(thrown));
        return undefined;
      } finally {
        setRunning(false);
      }
    },
    [op],
  );
  return { run, isRunning, error, clear };
}

export interface Job<N extends OperationName> {
  readonly status: 'idle' | 'running' | 'done' | 'failed' | 'cancelled';
  readonly progress: Progress | undefined;
  readonly result: OutputOf<N> | undefined;
  readonly error: ContractError | undefined;
  /** Resolves with undefined when it failed or was cancelled. */
  readonly start: (input: InputOf<N>) => Promise<OutputOf<N> | undefined>;
  readonly cancel: () => void;
  readonly clear: () => void;
}

type JobState<N extends OperationName> = Pick<Job<N>, 'status' | 'progress' | 'result' | 'error'>;

/** Long work: progress while it runs, a cancel, and what became of it. Show it with `ProgressBar`. */
export function useJob<N extends OperationName>(op: N): Job<N> {
  const idle: JobState<N> = { status: 'idle', progress: undefined, result: undefined, error: undefined };
  const [state, setState] = useState<JobState<N>>(idle);
  const abort = useRef<AbortController | undefined>(undefined);
  const start = useCallback(
    async (input: InputOf<N>) => {
      const controller = new AbortController();
      abort.current = controller;
      setState({ status: 'running', progress: undefined, result: undefined, error: undefined });
      try {
        const result = await call(op, input, {
          signal: controller.signal,
          onProgress: (progress) =>
            setState((before) => (before.status === 'running' ? { ...before, progress } : before)),
        });
        setState({ status: 'done', progress: undefined, result, error: undefined });
        return result;
      } catch (thrown) {
        const error = errorOf(thrown);
        const isCancelled = error.code === 'CANCELLED';
        setState({
          status: isCancelled ? 'cancelled' : 'failed',
          progress: undefined,
          result: undefined,
          error: isCancelled ? undefined : error,
        });
        return undefined;
      }
    },
    [op],
  );
  const cancel = useCallback(() => abort.current?.abort(), []);
  const clear = useCallback(
    () => setState({ status: 'idle', progress: undefined, result: undefined, error: undefined }),
    [],
  );
  return { ...state, start, cancel, clear };
}
