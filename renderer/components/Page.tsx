/**
 * The frame of every page: title, one line that says what is shown and how many, actions at the right, filter chips
 * below, then the content, which scrolls inside itself and never under the title.
 */
import type { ReactNode } from 'react';

export interface PageFrameProps {
  readonly title: ReactNode;
  /** One line: what is shown, how many, what is pending. */
  readonly summary?: ReactNode;
  /** Buttons, the primary one last. */
  readonly actions?: ReactNode;
  /** `<Chips>` and search fields. */
  readonly filters?: ReactNode;
  /** An `ErrorNote` or `ProgressBar` above the content. */
  readonly notice?: ReactNode;
  /** Docked at the bottom: a `FindingList`, totals. */
  readonly dock?: ReactNode;
  readonly children: ReactNode;
}

export function Page({ title, summary, actions, filters, notice, dock, children }: PageFrameProps) {
  return (
    <section className="page">
      <header className="page-head">
        <h1>{title}</h1>
        <div className="page-summary">{summary}</div>
        <div className="page-actions">{actions}</div>
      </header>
      {filters === undefined ? null : <div className="page-filters">{filters}</div>}
      {notice}
      <div className="page-body">{children}</div>
      {dock === undefined ? null : <div className="page-dock">{dock}</div>}
    </section>
  );
}

/** A white box with a hairline border; `title` and `extra` make its head, `foot` its totals line. */
export function Panel({
  title,
  extra,
  foot,
  children,
  isPlain = false,
}: {
  readonly title?: ReactNode;
  readonly extra?: ReactNode;
  readonly foot?: ReactNode;
  readonly children: ReactNode;
  readonly isPlain?: boolean;
}) {
  return (
    <section className={isPlain ? 'panel is-plain' : 'panel'}>
      {title === undefined ? null : (
        <header className="panel-head">
          <h2>{title}</h2>
          <div className="panel-extra">{extra}</div>
        </header>
      )}
      <div className="panel-body">{children}</div>
      {foot === undefined ? null : <footer className="panel-foot">{foot}</footer>}
    </section>
  );
}

/** List and detail side by side, the detail only when there is one. */
export function Split({
  list,
  detail,
  ratio = 'even',
}: {
  readonly list: ReactNode;
  readonly detail?: ReactNode;
  readonly ratio?: 'even' | 'list' | 'detail';
}) {
  return (
    <div className={`split is-${ratio}${detail === undefined || detail === null ? ' is-alone' : ''}`}>
      <div className="split-list">{list}</div>
      {detail === undefined || detail === null ? null : <div className="split-detail">{detail}</div>}
    </div>
  );
}

/** Labelled facts in a grid: `[label, value]`. */
export function Facts({
  rows,
  columns = 2,
}: {
  readonly rows: readonly (readonly [ReactNode, ReactNode])[];
  readonly columns?: 1 | 2 | 3 | 4;
}) {
  return (
    <dl className={`facts has-${columns}`}>
      {rows.map(([label, value], at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the rows of one place never change their order
        <div key={at}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
