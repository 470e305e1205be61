/** A list as a declaration, or the other way: what goes and what comes, field by field, before it is done in one step. */
import { Button, Checkbox } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../../../shared/contract/contract.ts';
import { catalogue, type RequestName } from '../../../../shared/documents/catalogue.ts';
import { fieldsOf } from '../../../../shared/documents/fields.ts';
import { ErrorNote } from '../../../components/ErrorNote.tsx';
import { ToneTag } from '../../../components/StateTag.tsx';
import { useCommand, useQuery } from '../../../core-client.ts';
import { formatCount } from '../../../i18n/format.ts';
import { notify } from '../../../stores/notice-store.ts';
import { fieldLabel, groupLabel, kindName } from '../field-text.ts';

type View = OutputOf<'modes.otherForm'>;
type Row = View['rows'][number];

const tones = { changed: 'accepted', lost: 'rejected', given: 'draft', enter: 'action', check: 'waiting' } as const;
const spread = ['from', 'to'] as const;

/** The official name of a place without line numbers, with the group it is of where that is neither head nor lines. */
function usePlaces(form: View['form']): (side: (typeof spread)[number], path: string) => string {
  const { i18n } = useTranslation();
  const [old, now]: RequestName[] =
    form === 'declaration' ? ['CEB603Message', 'DecMessage'] : ['DecMessage', 'CEB603Message'];
  return (side, path) => {
    const kind = side === 'from' ? old : now;
    const place = kind === undefined ? undefined : fieldsOf(catalogue[kind]).find((one) => one.path === path);
    if (place === undefined) return path;
    const label = fieldLabel(place.spec, i18n.language);
    return place.part === undefined ? label : `${groupLabel(place.part, i18n.language)} · ${label}`;
  };
}

export function OtherForm({
  id,
  to,
  onMade,
}: {
  readonly id: number;
  readonly to: string;
  readonly onMade: (document: { readonly id: number; readonly kind: RequestName }) => void;
}) {
  const { t, i18n } = useTranslation();
  const [whole, setWhole] = useState(false);
  const shown = useQuery('modes.otherForm', { id, to, whole }, { areas: ['documents', 'orders', 'products'] });
  const reform = useCommand('modes.reform');
  const { data } = shown;
  const [others, setOthers] = useState(0);
  // Taken along they are no longer others; the tick stays where it can be taken off.
  if (data !== undefined && !whole && data.others !== others) setOthers(data.others);
  const run = async (): Promise<void> => {
    const done = await reform.run({ id, to, whole });
    const [first] = done?.documents ?? [];
    if (done === undefined || first === undefined) return;
    notify(t('life.form.done', { number: first.businessKey, count: formatCount(done.away) }));
    onMade(first);
  };
  const listed = ({ count, first }: View['away']): string => {
    const words = first.slice(0, 3).map(({ kind, businessKey }) => `${kindName(kind, i18n.language)} ${businessKey}`);
    const named = words.join(t('money.comma'));
    return count > words.length ? t('life.form.andMore', { named, n: formatCount(count) }) : named;
  };
  return (
    <>
      <ErrorNote error={shown.error} onRetry={shown.reload} isInline />
      <ErrorNote error={reform.error} isInline />
      {others === 0 ? null : (
        <Checkbox checked={whole} onChange={(event) => setWhole(event.target.checked)}>
          {t('life.form.whole', { n: formatCount(others) })}
        </Checkbox>
      )}
      {data === undefined ? null : (
        <>
          <ul className="plain-list">
            <li>{t('life.form.away', { what: listed(data.away) })}</li>
            {data.edited.count === 0 ? null : <li>{t('life.form.edited', { what: listed(data.edited) })}</li>}
            {data.left.count === 0 ? null : <li>{t('life.form.left', { what: listed(data.left) })}</li>}
            <li>
              {t('life.form.made', {
                what: data.made
                  .map(({ kind, count, lines }) =>
                    t('life.form.madeOf', {
                      ...{ kind: kindName(kind, i18n.language), n: formatCount(count), lines: formatCount(lines) },
                    }),
                  )
                  .join(t('money.comma')),
              })}
            </li>
          </ul>
          <Rows view={data} />
          <p className="draft-note">
            {t('life.form.carried', { n: formatCount(data.carried) })} {t('life.mode.source', { source: data.source })}
          </p>
          <p className="life-actions">
            <Button size="small" type="primary" loading={reform.isRunning} onClick={() => void run()}>
              {t(`life.form.run.${data.form}`, { mode: to })}
            </Button>
          </p>
        </>
      )}
    </>
  );
}

function Rows({ view }: { readonly view: View }) {
  const { t } = useTranslation();
  const place = usePlaces(view.form);
  const cell = (row: Row, side: (typeof spread)[number]) => {
    const values = side === 'from' ? row.old : row.now;
    return (
      <>
        {row[side] === '' ? null : <div>{place(side, row[side])}</div>}
        {values.count === 0 ? (
          <span className="muted">{t('life.mode.none')}</span>
        ) : (
          <span className="code">
            {values.shown.join(' / ')}
            {values.count > values.shown.length ? t('life.form.more', { n: formatCount(values.count) }) : ''}
          </span>
        )}
      </>
    );
  };
  return (
    <div className="life-scroll">
      <table className="life-lines" aria-label={t('life.form.title')}>
        <thead>
          <tr>
            <th>{t('life.mode.from')}</th>
            <th>{t('life.mode.into')}</th>
            <th>{t('life.mode.why')}</th>
          </tr>
        </thead>
        <tbody>
          {view.rows.map((row) => (
            <tr key={`${row.kind} ${row.reason} ${row.from} ${row.to}`}>
              <td>{cell(row, 'from')}</td>
              <td>{cell(row, 'to')}</td>
              <td>
                <ToneTag tone={tones[row.kind]} label={t(`life.form.kinds.${row.kind}`)} />{' '}
                {t(`life.form.reasons.${row.reason}`, { detail: row.detail })}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
