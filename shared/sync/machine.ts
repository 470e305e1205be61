/** One legal move. */
export type Move<S extends string, E extends string> = readonly [from: S, event: E, to: S];

/** Thrown for a move that is not in the table: always a bug, never something the user did. */
export class IllegalMove extends Error {
  readonly machine: string;
  readonly state: string;
  readonly event: string;

  constructor(machine: string, state: string, event: string) {
    super(`${machine}: '${event}' is not a legal event in state '${state}'`);
    this.name = 'IllegalMove';
    this.machine = machine;
    this.state = state;
    this.event = event;
  }
}

/** A state machine that is nothing but its table: code, tests and the documentation read the same rows. */
export interface Machine<S extends string, E extends string> {
  readonly name: string;
  readonly moves: readonly Move<S, E>[];
  /** The state after the event. Throws {@link IllegalMove}. */
  next(state: S, event: E): S;
  can(state: S, event: E): boolean;
  /** States from which the event is legal. */
  from(event: E): readonly S[];
}

/** Builds a machine; two rows for one state and event are a mistake in the table. */
export function machine<S extends string, E extends string>(name: string, moves: readonly Move<S, E>[]): Machine<S, E> {
  const table = new Map<string, S>();
  for (const [from, event, to] of moves) {
    const key = `${from} ${event}`;
    if (table.has(key)) throw new Error(`${name}: two rows for '${key}'`);
    table.set(key, to);
  }
  return {
    name,
    moves,
    next(state, event) {
      const to = table.get(`${state} ${event}`);
      if (to === undefined) throw new IllegalMove(name, state, event);
      return to;
    },
    can: (state, event) => table.has(`${state} ${event}`),
    from: (event) => moves.filter((move) => move[1] === event).map(([state]) => state),
  };
}

/** Every pair of different states that some event leads across, once: what the database allows. */
export function statePairs<S extends string, E extends string>(of: Machine<S, E>): (readonly [from: S, to: S])[] {
  const pairs = new Map(
    of.moves.filter(([from, , to]) => from !== to).map(([from, , to]) => [`${from} ${to}`, [from, to] as const]),
  );
  return [...pairs.values()];
}

/** The table in Markdown, one row a state, for the documentation. */
export function markdownTable<S extends string, E extends string>(of: Machine<S, E>): string {
  const rows = of.moves.map(([from, event, to]) => `| ${from} | ${event} | ${to} |`);
  return ['| From | Event | To |', '|--|--|--|', ...rows].join('\n');
}
