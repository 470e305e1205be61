import { Checkbox, Input } from 'antd';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { placeKinds } from '../../../shared/contract/purchasing.ts';
import { useKeys } from '../../app/keys.ts';
import { Code } from '../../components/Amount.tsx';
import { useCodeNames } from '../../components/code-names.ts';
import { type Column, DataTable, plainPages } from '../../components/DataTable.tsx';
import { DetailPlaceholder, focusDetail } from '../../components/DetailPane.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { Field } from '../../components/Field.tsx';
import { FormPane } from '../../components/FormPane.tsx';
import { RestoredNote, useFormDraft } from '../../components/form-draft.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { LookupBox } from '../../components/LookupBox.tsx';
import { Split } from '../../components/Page.tsx';
import { useCommand, useQuery } from '../../core-client.ts';
import { notify } from '../../stores/notice-store.ts';
import { ValueBox } from './choices.tsx';
import { ListPane } from './ListPane.tsx';

type Place = OutputOf<'stock.places'>['rows'][number];
type Draft = Omit<Place, 'id'> & { readonly id?: number };

const blank: Draft = {
  kind: 'overseas',
  name: '',
  country: null,
  owner: '',
  contract: '',
  filingNo: '',
  active: true,
};
const texts = ['owner', 'contract', 'filingNo'] as const;

/** The register of warehouses (海外仓登记): whose each is, where, under which contract and filing number. */
export function PlacesList({ head, text }: { readonly head: React.ReactNode; readonly text: string }) {
  const { t } = useTranslation();
  const places = useQuery('stock.places', {}, { areas: ['purchases'] });
  const [draft, setDraft] = useState<Draft>();
  const rows = places.data?.rows.filter((row) => `${row.name} ${row.owner} ${row.filingNo}`.includes(text));
  const countryName = useCodeNames('country', rows?.map(({ country }) => country ?? '') ?? []);
  const add = (): void => {
    setDraft(blank);
    focusDetail('input');
  };
  useKeys([{ key: 'F2', label: t('purchases.place.new'), run: add, isMain: true }]);
  const columns = useMemo(
    (): Column<Place>[] => [
      { id: 'name', title: t('purchases.place.name'), render: (row) => row.name },
      {
        id: 'kind',
        title: t('purchases.place.kind'),
        width: 132,
        render: (row) => t(`purchases.placeKind.${row.kind}`),
      },
      {
        id: 'country',
        title: t('purchases.place.country'),
        width: 96,
        render: (row) => (row.country === null ? null : (countryName(row.country) ?? row.country)),
      },
      { id: 'owner', title: t('purchases.place.owner'), render: (row) => row.owner },
      {
        id: 'filingNo',
        title: t('purchases.place.filingNo'),
        width: 132,
        render: (row) => <Code>{row.filingNo}</Code>,
      },
      {
        id: 'active',
        title: t('purchases.place.state'),
        width: 60,
        render: (row) => t(row.active ? 'purchases.place.inUse' : 'purchases.place.closed'),
      },
    ],
    [t, countryName],
  );
  return (
    <Split
      list={
        <ListPane
          head={
            <>
              {head}
              <span className="spacer" />
              <KeyButton label={t('purchases.place.new')} keys="F2" onPress={add} />
            </>
          }
        >
          <DataTable
            label={t('purchases.overseas.view.places')}
            pages={plainPages(rows, places.error, places.reload)}
            rowKey={(row) => row.id}
            columns={columns}
            autoFocus
            activeKey={draft?.id}
            onActivate={setDraft}
            onOpen={(row) => {
              setDraft(row);
              focusDetail('input');
            }}
            rowTone={(row) => (row.active ? undefined : 'muted')}
            empty={<EmptyState title={t('purchases.place.empty')} />}
          />
        </ListPane>
      }
      detail={
        draft === undefined ? (
          <DetailPlaceholder text={t('purchases.place.choose')} />
        ) : (
          <PlaceForm key={draft.id ?? 'new'} place={draft} onClose={() => setDraft(undefined)} onSaved={setDraft} />
        )
      }
    />
  );
}

function PlaceForm({
  place,
  onSaved,
  onClose,
}: {
  readonly place: Draft;
  readonly onSaved: (place: Place) => void;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const form = useFormDraft(`stock place ${place.id ?? 'new'}`, place, JSON.stringify(place));
  const { value: draft, change } = form;
  const save = useCommand('stock.savePlace');
  const submit = async (): Promise<void> => {
    const saved = await save.run({ ...draft, name: draft.name.trim() });
    if (saved === undefined) return;
    form.done();
    notify(t('purchases.place.saved', { name: saved.name }));
    onSaved(saved);
  };
  return (
    <FormPane
      title={place.id === undefined ? t('purchases.place.new') : place.name}
      error={save.error}
      onClearError={save.clear}
      canSave={draft.name.trim() !== ''}
      isBusy={save.isRunning}
      onSave={submit}
      onClose={onClose}
    >
      <RestoredNote draft={form} />
      <div className="purchase-form">
        <Field id="place-name" label={t('purchases.place.name')} hint={t('purchases.place.nameHint')} isRequired>
          <Input
            id="place-name"
            autoComplete="off"
            value={draft.name}
            onChange={(event) => change({ name: event.target.value })}
          />
        </Field>
        <Field id="place-kind" label={t('purchases.place.kind')} isRequired>
          <ValueBox
            id="place-kind"
            value={draft.kind}
            values={placeKinds}
            textKey="purchases.placeKind"
            onChange={(kind) => change({ kind })}
          />
        </Field>
        <Field id="place-country" label={t('purchases.place.country')}>
          <LookupBox
            id="place-country"
            table="country"
            value={draft.country ?? ''}
            onChange={(country) => change({ country: country === '' ? null : country })}
          />
        </Field>
        {texts.map((field) => (
          <Field key={field} id={`place-${field}`} label={t(`purchases.place.${field}`)}>
            <Input
              id={`place-${field}`}
              autoComplete="off"
              value={draft[field]}
              onChange={(event) => change({ [field]: event.target.value })}
            />
          </Field>
        ))}
        <Checkbox checked={draft.active} onChange={(event) => change({ active: event.target.checked })}>
          {t('purchases.place.inUse')}
        </Checkbox>
      </div>
    </FormPane>
  );
}
