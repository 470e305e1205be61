/** 新货运的预填: what shipments of a park (园区) or a county start with. */
import { Button, Input } from 'antd';
import { useTranslation } from 'react-i18next';
import { type PlaceDefault, placeFields, placeKinds } from '../../../shared/contract/places.ts';
import { Chips } from '../../components/Chips.tsx';
import { EmptyState, Skeleton } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { RestoredNote, useFormDraft } from '../../components/form-draft.tsx';
import { LookupBox } from '../../components/LookupBox.tsx';
import { Panel } from '../../components/Page.tsx';
import { useCommand, useQuery } from '../../core-client.ts';
import { notify } from '../../stores/notice-store.ts';
import './settings.css';

const plain = ({ kind, name, customsCode, portCode, loctNo }: PlaceDefault): PlaceDefault => ({
  kind,
  name,
  customsCode,
  portCode,
  loctNo,
});

/** @param park the park of the profile, which a new row starts with */
export function Places({ park }: { readonly park: string }) {
  const { t } = useTranslation();
  const stored = useQuery('places.list', {}, { areas: ['shipments'] });
  const kept = stored.data?.rows;
  if (kept === undefined)
    return stored.status === 'failed' ? (
      <ErrorNote error={stored.error} onRetry={stored.reload} />
    ) : (
      <Panel isPlain title={t('settings.places.title')}>
        <Skeleton rows={3} />
      </Panel>
    );
  return <PlaceRows key={JSON.stringify(kept)} kept={kept.map(plain)} park={park} onSaved={stored.reload} />;
}

function PlaceRows({
  kept,
  park,
  onSaved,
}: {
  readonly kept: readonly PlaceDefault[];
  readonly park: string;
  readonly onSaved: () => void;
}) {
  const { t } = useTranslation();
  const save = useCommand('places.save');
  const form = useFormDraft('places', { rows: kept }, JSON.stringify(kept));
  const { rows } = form.value;
  const setRows = (next: readonly PlaceDefault[]): void => form.change({ rows: next });
  const change = (at: number, to: Partial<PlaceDefault>): void =>
    setRows(rows.map((one, index) => (index === at ? { ...one, ...to } : one)));
  const add = (): void => {
    const isNew = park !== '' && !rows.some(({ kind, name }) => kind === 'park' && name === park);
    setRows([...rows, { kind: 'park', name: isNew ? park : '', customsCode: '', portCode: '', loctNo: '' }]);
  };
  const isChanged = JSON.stringify(rows) !== JSON.stringify(kept);
  const run = async (): Promise<void> => {
    if ((await save.run({ rows: rows.map((row) => ({ ...row, name: row.name.trim() })) })) === undefined) return;
    form.done();
    notify(t('settings.places.saved'));
    onSaved();
  };
  const cell = (row: PlaceDefault, at: number, field: (typeof placeFields)[number]) => {
    const id = `place-${at}-${field}`;
    if (field === 'loctNo')
      return (
        <Input
          id={id}
          aria-label={t('shipments.field.loctNo')}
          value={row.loctNo}
          maxLength={10}
          onChange={(event) => change(at, { loctNo: event.target.value })}
        />
      );
    return (
      <LookupBox
        id={id}
        label={t(`shipments.field.${field}`)}
        table="customs_district"
        value={row[field]}
        onChange={(code) => change(at, { [field]: code })}
      />
    );
  };
  return (
    <Panel
      isPlain
      title={t('settings.places.title')}
      extra={
        <Button size="small" onClick={add}>
          {t('settings.places.add')}
        </Button>
      }
    >
      <div className="panel-pad">
        <p className="muted form-note">{t('settings.places.hint')}</p>
        <RestoredNote draft={form} />
        {rows.length === 0 ? (
          <EmptyState title={t('settings.places.none')} hint={t('settings.places.noneHint')} />
        ) : (
          <table className="printer-table place-table">
            <thead>
              <tr>
                <th>{t('settings.places.kind')}</th>
                <th>{t('settings.places.name')}</th>
                {placeFields.map((field) => (
                  <th key={field}>{t(`shipments.field.${field}`)}</th>
                ))}
                <th aria-label={t('settings.printing.remove')} />
              </tr>
            </thead>
            <tbody>
              {rows.map((row, at) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: the name is what is being typed
                <tr key={at}>
                  <td>
                    <Chips<PlaceDefault['kind']>
                      label={t('settings.places.kind')}
                      value={row.kind}
                      onChange={(kind) => change(at, { kind, name: '' })}
                      chips={placeKinds.map((kind) => ({ value: kind, label: t(`settings.places.${kind}`) }))}
                    />
                  </td>
                  <td>
                    {row.kind === 'park' ? (
                      <Input
                        aria-label={t('settings.places.name')}
                        value={row.name}
                        maxLength={60}
                        placeholder={t('settings.places.parkExample')}
                        onChange={(event) => change(at, { name: event.target.value })}
                      />
                    ) : (
                      <LookupBox
                        id={`place-${at}-name`}
                        label={t('settings.places.name')}
                        table="admin_division"
                        value={row.name}
                        onChange={(name) => change(at, { name })}
                      />
                    )}
                  </td>
                  {placeFields.map((field) => (
                    <td key={field}>{cell(row, at, field)}</td>
                  ))}
                  <td>
                    <Button size="small" type="text" onClick={() => setRows(rows.filter((_, index) => index !== at))}>
                      {t('settings.printing.remove')}
                    </Button>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
        <ErrorNote error={save.error} onClose={save.clear} />
        <div className="card-actions">
          <Button
            type="primary"
            loading={save.isRunning}
            disabled={!isChanged || rows.some(({ name }) => name.trim() === '')}
            onClick={() => void run()}
          >
            {t('common.save')}
          </Button>
        </div>
      </div>
    </Panel>
  );
}
