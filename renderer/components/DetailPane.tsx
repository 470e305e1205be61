/** The pane beside a list: a head with the name and state, a body that scrolls, and a foot whose totals stay in view. */
import type { ReactNode } from 'react';
import './detail-pane.css';

export interface DetailPaneProps {
  readonly title: ReactNode;
  /** The title is a number or code. */
  readonly isCode?: boolean;
  /** State tags, right after the title. */
  readonly tags?: ReactNode;
  /** At the right of the head: small buttons, when it was saved. */
  readonly extra?: ReactNode;
  readonly foot?: ReactNode;
  readonly children: ReactNode;
}

export function DetailPane({ title, isCode = false, tags, extra, foot, children }: DetailPaneProps) {
  return (
    <article className="detail">
      <header className="detail-head">
        <h2 className={isCode ? 'code' : undefined} title={typeof title === 'string' ? title : undefined}>
          {title}
        </h2>
        {tags}
        <div className="detail-extra">{extra}</div>
      </header>
      <div className="detail-scroll" tabIndex={-1}>
        {children}
      </div>
      {foot === undefined ? null : <footer className="detail-foot">{foot}</footer>}
    </article>
  );
}

export function DetailSection({
  title,
  extra,
  children,
}: {
  readonly title: ReactNode;
  readonly extra?: ReactNode;
  readonly children: ReactNode;
}) {
  return (
    <section className="detail-section">
      <h3>
        {title}
        {extra === undefined ? null : <span className="detail-section-extra">{extra}</span>}
      </h3>
      {children}
    </section>
  );
}

/**
 * From the list into the pane beside it, before another key can come: Enter, Ctrl+N. A pane that is only drawn in the next frame takes the
 * cursor then, also from a list that is drawn with it, but not from where the user has put it meanwhile.
 */
export function focusDetail(selector = '.detail-scroll'): void {
  const from = document.activeElement;
  let isSettled = false;
  const settles = (): void => {
    isSettled = true;
  };
  for (const event of ['keydown', 'pointerdown'])
    window.addEventListener(event, settles, { capture: true, once: true });
  const take = (): void => {
    const now = document.activeElement;
    const field = document.querySelector<HTMLElement>(`.split-detail ${selector}`);
    if (field === null || (isSettled && now !== from && now !== document.body)) return;
    field.focus();
    settles();
  };
  queueMicrotask(take);
  requestAnimationFrame(() => {
    take();
    for (const event of ['keydown', 'pointerdown']) window.removeEventListener(event, settles, { capture: true });
  });
}

/** From the pane back to the list: Esc. False when the focus was not in the pane. */
export function focusList(): boolean {
  if (document.activeElement?.closest('.split-detail') == null) return false;
  document.querySelector<HTMLElement>('.split-list [role=grid]')?.focus({ preventScroll: true });
  return true;
}

/** The pane while nothing is chosen: says what it is for. */
export function DetailPlaceholder({ text }: { readonly text: string }) {
  return (
    <div className="detail is-placeholder">
      <p className="muted">{text}</p>
    </div>
  );
}
