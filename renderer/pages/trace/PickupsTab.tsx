/** 代收点: where villagers hand their lots over, and a signed note of each hand-over. */
import { Button, Checkbox, Input } from 'antd';
import { type ReactNode, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { gramsOf } from '../../../shared/lots/mass.ts';
import { useKeys } from '../../app/keys.ts';
import type { PageProps } from '../../app/page-route.ts';
import { numberParam } from '../../app/route-store.ts';
import { CardForm } from '../../components/CardForm.tsx';
import { ChoiceBox } from '../../components/ChoiceBox.tsx';
import { type Column, DataTable } from '../../components/DataTable.tsx';
import { DateInput } from '../../components/DateInput.tsx';
import { DetailPane, DetailPlaceholder, DetailSection, focusDetail, focusList } from '../../components/DetailPane.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { Field } from '../../components/Field.tsx';
import { RestoredNote, useFormDraft } from '../../components/form-draft.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { NumericInput } from '../../components/NumericInput.tsx';
import { Page, Split } from '../../components/Page.tsx';
import { SearchInput } from '../../components/SearchInput.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { VoidAsk } from '../../components/VoidAsk.tsx';
import { call, type RowOf, useCommand, usePages } from '../../core-client.ts';
import { formatCount, localDate } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import { kg, type Named, TraceTabs, useTraceFile } from './parts.tsx';

type Point = RowOf<'pickupPoints.list'>;
type Handover = RowOf<'lotHandovers.list'>;

export function PickupsTab({ params }: PageProps) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState<number | 'new' | undefined>(numberParam(params, 'at'));
  const pages = usePages('pickupPoints.list', { text }, { areas: ['lots'] });
  const active =
    chosen === 'new' ? undefined : pages.rows.find(({ id }) => (chosen === undefined ? true : id === chosen));
  const add = (): void => {
    setChosen('new');
    focusDetail('#pickup-name');
  };
  useKeys([
    { key: 'Ctrl+N', label: t('trace.pickup.add'), run: add, isMain: true },
    { key: 'Esc', label: t('common.close'), run: () => focusList() || setChosen(undefined) },
  ]);
  const columns = useMemo(
    (): readonly Column<Point>[] => [
      { id: 'name', title: t('trace.pickup.name'), render: (row) => row.name },
      { id: 'place', title: t('trace.pickup.place'), render: (row) => row.place },
      { id: 'keeper', title: t('trace.pickup.keeper'), width: 96, render: (row) => row.keeper },
      {
        id: 'notes',
        title: t('trace.handover.title'),
        width: 76,
        align: 'right',
        render: (row) => formatCount(row.notes),
      },
      { id: 'mass', title: t('trace.kg'), width: 92, align: 'right', render: (row) => kg(row.massG) },
    ],
    [t],
  );
  return (
    <Page
      title={t('trace.tab.pickups')}
      summary={t('trace.pickup.summary', { count: pages.total })}
      filters={
        <>
          <TraceTabs active="pickups" />
          <SearchInput
            value={text}
            onChange={setText}
            placeholder={t('trace.pickup.search')}
            keyLabel={t('trace.search')}
          />
        </>
      }
      actions={<KeyButton kind="primary" label={t('trace.pickup.add')} keys="Ctrl+N" onPress={add} />}
    >
      <Split
        list={
          <DataTable
            label={t('trace.tab.pickups')}
            autoFocus
            pages={pages}
            columns={columns}
            rowKey={(row) => row.id}
            activeKey={active?.id}
            rowTone={(row) => (row.isActive ? undefined : 'muted')}
            onActivate={({ id }) => setChosen(id)}
            onOpen={({ id }) => {
              setChosen(id);
              focusDetail('#handover-lot');
            }}
            empty={
              <EmptyState
                title={t('trace.pickup.empty')}
                hint={t('trace.pickup.emptyHint')}
                actions={<Button onClick={add}>{t('trace.pickup.add')}</Button>}
              />
            }
          />
        }
        detail={
          chosen !== 'new' && active === undefined ? (
            <DetailPlaceholder text={t('trace.pickup.choose')} />
          ) : (
            <PointForm
              key={active?.id ?? 'new'}
              row={active}
              onSaved={(id) => {
                // A search that hides the new point would leave another one open in its place.
                setText('');
                setChosen(id);
              }}
            />
          )
        }
      />
    </Page>
  );
}

const fields = ['name', 'place', 'keeper', 'phone', 'hours', 'note'] as const;

function PointForm({ row, onSaved }: { readonly row: Point | undefined; readonly onSaved: (id: number) => void }) {
  const { t } = useTranslation();
  const save = useCommand('pickupPoints.save');
  const form = useFormDraft(
    `pickup point ${row?.id ?? 'new'}`,
    {
      name: row?.name ?? '',
      place: row?.place ?? '',
      keeper: row?.keeper ?? '',
      phone: row?.phone ?? '',
      hours: row?.hours ?? '',
      note: row?.note ?? '',
      isActive: row?.isActive ?? true,
    },
    JSON.stringify(row ?? null),
  );
  const { value: draft, change } = form;
  const [isOpen, setOpen] = useState(row === undefined || form.isRestored);
  const [isTried, setTried] = useState(false);
  const submit = async (): Promise<void> => {
    setTried(true);
    if (draft.name.trim() === '') return;
    const done = await save.run({ ...(row === undefined ? {} : { id: row.id }), ...draft });
    if (done === undefined) return;
    form.done();
    setOpen(false);
    notify(t('trace.saved', { what: draft.name }));
    onSaved(done.id);
    focusDetail('#handover-lot');
  };
  return (
    <DetailPane
      title={row?.name ?? t('trace.pickup.add')}
      tags={row?.isActive === false ? <ToneTag tone="draft" label={t('trace.pickup.closed')} /> : null}
      extra={
        row === undefined || isOpen ? null : (
          <Button size="small" onClick={() => setOpen(true)}>
            {t('common.edit')}
          </Button>
        )
      }
    >
      <ErrorNote error={save.error} onClose={save.clear} />
      {isOpen ? (
        <CardForm
          isBusy={save.isRunning}
          onSave={submit}
          actions={
            <Checkbox checked={draft.isActive} onChange={(event) => change({ isActive: event.target.checked })}>
              {t('trace.pickup.isActive')}
            </Checkbox>
          }
        >
          <RestoredNote draft={form} />
          <div className="form-grid">
            {fields.map((name) => (
              <Field
                key={name}
                id={`pickup-${name}`}
                label={t(`trace.pickup.${name}`)}
                isRequired={name === 'name'}
                error={isTried && name === 'name' && draft.name.trim() === '' ? t('trace.needed') : undefined}
              >
                <Input
                  id={`pickup-${name}`}
                  value={draft[name]}
                  maxLength={name === 'note' ? 500 : name === 'phone' ? 40 : 100}
                  onChange={(event) => change({ [name]: event.target.value })}
                />
              </Field>
            ))}
          </div>
        </CardForm>
      ) : row === undefined ? null : (
        <p className="muted">
          {[row.place, row.keeper, row.phone, row.hours, row.note].filter((one) => one !== '').join(' · ')}
        </p>
      )}
      {row === undefined || isOpen ? null : <Handovers point={row} />}
    </DetailPane>
  );
}

function Handovers({ point }: { readonly point: Point }) {
  const { t } = useTranslation();
  const pages = usePages('lotHandovers.list', { pointId: point.id }, { areas: ['lots'] });
  const file = useTraceFile('lotHandovers.print');
  const [turn, setTurn] = useState(0);
  return (
    <>
      {point.isActive ? (
        <DetailSection title={t('trace.handover.add')}>
          <HandoverForm
            key={turn}
            point={point}
            onAdded={() => {
              setTurn((before) => before + 1);
              focusDetail('#handover-lot');
            }}
          />
        </DetailSection>
      ) : null}
      <DetailSection title={t('trace.handover.title')}>
        {file.notice}
        <ErrorNote error={pages.error} isInline />
        {pages.status === 'ready' && pages.rows.length === 0 ? (
          <p className="muted">{t('trace.handover.none')}</p>
        ) : null}
        <ul className="trace-list">
          {pages.rows.map((row) => (
            <HandoverLine
              key={row.id}
              row={row}
              isBusy={file.isRunning}
              onPrint={() => void file.write(`${t('trace.handover.paper')} ${row.number}`, { id: row.id })}
            />
          ))}
        </ul>
        {pages.hasMore ? (
          <Button onClick={pages.loadMore}>
            {t('trace.more', { n: formatCount(pages.total - pages.rows.length) })}
          </Button>
        ) : null}
      </DetailSection>
    </>
  );
}

function HandoverLine({
  row,
  isBusy,
  onPrint,
}: {
  readonly row: Handover;
  readonly isBusy: boolean;
  readonly onPrint: () => void;
}) {
  const { t } = useTranslation();
  const command = useCommand('lotHandovers.void');
  return (
    <li>
      <span className="code">{row.number}</span>
      <span>{row.on}</span>
      <span className="code">{row.lot}</span>
      <span>
        {t('trace.handover.line', {
          goods: row.goods,
          cartons: formatCount(row.cartons),
          mass: kg(row.massG),
          giver: row.giver,
          receiver: row.receiver,
        })}
      </span>
      <span className="spacer" />
      {row.voidedAt !== undefined ? (
        <>
          <ToneTag tone="draft" label={t('trace.handover.void')} />
          <span className="muted">{row.voidReason}</span>
        </>
      ) : (
        <VoidAsk
          label={t('trace.handover.doVoid')}
          reasonLabel={t('trace.handover.voidReason')}
          className="trace-buttons"
          error={command.error}
          before={
            <Button size="small" loading={isBusy} onClick={onPrint}>
              {t('trace.handover.print')}
            </Button>
          }
          onVoid={async (reason) => (await command.run({ id: row.id, reason })) !== undefined}
        />
      )}
    </li>
  );
}

async function searchLots(text: string) {
  const { rows } = await call('lots.list', { text, limit: 9 });
  return rows.map((row) => ({ code: String(row.id), name: `${row.code} ${row.product} ${kg(row.massG)}` }));
}

function HandoverForm({ point, onAdded }: { readonly point: Point; readonly onAdded: () => void }) {
  const { t } = useTranslation();
  const add = useCommand('lotHandovers.add');
  const form = useFormDraft(`handover ${point.id}`, {
    lot: null as Named | null,
    on: localDate(),
    cartons: '',
    mass: '',
    giver: '',
    receiver: point.keeper,
    note: '',
  });
  const { value: draft, change } = form;
  const { lot } = draft;
  const [isTried, setTried] = useState(false);
  const massG = gramsOf(draft.mass);
  const isRight = {
    lot: lot !== null,
    mass: massG !== undefined,
    cartons: /^\d{0,7}$/.test(draft.cartons),
    giver: draft.giver.trim() !== '',
    receiver: draft.receiver.trim() !== '',
  };
  const submit = async (): Promise<void> => {
    setTried(true);
    if (Object.values(isRight).includes(false) || lot === null || massG === undefined) return;
    const { lot: _lot, mass: _mass, cartons, ...rest } = draft;
    const done = await add.run({ pointId: point.id, lotId: lot.id, massG, cartons: Number(cartons), ...rest });
    if (done === undefined) return;
    form.done();
    notify(t('trace.handover.added', { number: done.number }));
    onAdded();
  };
  const wrong = (name: keyof typeof isRight): string | undefined =>
    isTried && !isRight[name] ? t('trace.needed') : undefined;
  const text = (name: 'giver' | 'receiver' | 'note'): ReactNode => (
    <Field
      id={`handover-${name}`}
      label={t(`trace.handover.${name}`)}
      isRequired={name !== 'note'}
      isWide={name === 'note'}
      error={name === 'note' ? undefined : wrong(name)}
    >
      <Input
        id={`handover-${name}`}
        value={draft[name]}
        maxLength={name === 'note' ? 500 : 100}
        onChange={(event) => change({ [name]: event.target.value })}
      />
    </Field>
  );
  return (
    <CardForm
      saveLabel={t('trace.handover.save')}
      isPadded={false}
      isBusy={add.isRunning}
      onSave={submit}
      error={add.error}
    >
      <RestoredNote draft={form} />
      <div className="form-grid">
        <Field id="handover-lot" label={t('trace.handover.lot')} isRequired error={wrong('lot')}>
          <ChoiceBox
            id="handover-lot"
            hidesCode
            shown={lot?.name ?? ''}
            search={searchLots}
            onTake={(choice) =>
              change({ lot: choice === undefined ? null : { id: Number(choice.code), name: choice.name } })
            }
          />
        </Field>
        <Field id="handover-on" label={t('trace.handover.on')} isRequired>
          <DateInput id="handover-on" value={draft.on} onChange={(on) => change({ on })} />
        </Field>
        <Field id="handover-mass" label={t('trace.handover.mass')} isRequired error={wrong('mass')}>
          <NumericInput
            id="handover-mass"
            decimals={3}
            unit={t('trace.kg')}
            value={draft.mass}
            onChange={(mass) => change({ mass })}
          />
        </Field>
        <Field id="handover-cartons" label={t('joint.cartons')} error={wrong('cartons')}>
          <NumericInput
            id="handover-cartons"
            decimals={0}
            value={draft.cartons}
            onChange={(cartons) => change({ cartons })}
          />
        </Field>
        {text('giver')}
        {text('receiver')}
        {text('note')}
      </div>
    </CardForm>
  );
}
