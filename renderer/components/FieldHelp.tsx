/** F1 in a field of any form: what the field is, its code table, the checks it meets and the policy cards beside it. */
import type { ReactNode, RefObject } from 'react';
import { createPortal } from 'react-dom';
import { useTranslation } from 'react-i18next';
import { navigate } from '../app/route-store.ts';
import { checkTitle } from '../i18n/catalogue.ts';
import type { useFieldCards } from '../stores/policy-store.ts';
import { KeyHint } from './KeyHint.tsx';
import { PolicyCards } from './PolicyCards.tsx';
import { useListPlace } from './use-list-place.ts';

type Cards = ReturnType<typeof useFieldCards>;

/** The page of the policies of one field: Shift+F1. */
export function openPolicies(field: string): void {
  navigate('policies', { field });
}

/** The checks that cards name, each with what it says. */
export function CheckNames({ ids }: { readonly ids: readonly string[] }) {
  return (
    <ul className="plain-list">
      {ids.map((id) => (
        <li key={id}>
          <span className="code">{id}</span> {checkTitle(id) ?? ''}
        </li>
      ))}
    </ul>
  );
}

/** Checks of cards, each once. */
export function checksOf(cards: Cards): readonly string[] {
  return [...new Set(cards.flatMap(({ checks }) => checks))];
}

export function FieldHelp({
  of,
  field,
  label,
  hint,
  cards,
}: {
  readonly of: RefObject<HTMLElement | null>;
  readonly field: string;
  readonly label: ReactNode;
  readonly hint: ReactNode;
  readonly cards: Cards;
}) {
  const { t } = useTranslation();
  const place = useListPlace(of, true);
  const table = document.getElementById(field)?.dataset['table'];
  const checks = checksOf(cards);
  if (place === undefined) return null;
  return createPortal(
    <aside
      className={`field-help${place.up ? ' is-up' : ''}`}
      style={place.style}
      aria-label={t('entry.help.title')}
      // The cursor stays in the field, where Esc closes this.
      onMouseDown={(event) => event.preventDefault()}
    >
      <h3>{label}</h3>
      {hint === undefined && cards.length === 0 && table === undefined ? (
        <p className="muted">{t('policies.help.nothing')}</p>
      ) : null}
      {hint === undefined ? null : <p>{hint}</p>}
      {table === undefined ? null : (
        <p className="muted">
          {t('entry.help.table')} <code>{table}</code>
        </p>
      )}
      {cards.length === 0 ? null : (
        <>
          <h4>{t('policies.title')}</h4>
          <PolicyCards cards={cards} />
          <button type="button" className="link" tabIndex={-1} onClick={() => openPolicies(field)}>
            {t('policies.open')}
            <KeyHint keys="Shift+F1" />
          </button>
        </>
      )}
      {checks.length === 0 ? null : (
        <>
          <h4>{t('policies.checks')}</h4>
          <CheckNames ids={checks} />
        </>
      )}
    </aside>,
    document.body,
  );
}
