/** 打印: margins and offset of each printer with a page to calibrate by, and the seal picture, which is off until it is switched on. */
import { Button, Input, Select, Switch } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import type { PrinterSetup } from '../../../shared/contract/printing.ts';
import { ConfirmInline } from '../../components/ConfirmInline.tsx';
import { EmptyState, Skeleton } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { Field } from '../../components/Field.tsx';
import { chooseSave, FilePicker } from '../../components/FilePicker.tsx';
import { RestoredNote, useFormDraft } from '../../components/form-draft.tsx';
import { NumericInput } from '../../components/NumericInput.tsx';
import { Panel } from '../../components/Page.tsx';
import { ProgressBar } from '../../components/ProgressBar.tsx';
import { useCommand, useJob, useQuery } from '../../core-client.ts';
import { formatInstant } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import './settings.css';

type Stored = OutputOf<'printing.get'>;

export function Printing() {
  const { t } = useTranslation();
  const stored = useQuery('printing.get', {}, {});
  if (stored.data === undefined)
    return stored.status === 'failed' ? (
      <ErrorNote error={stored.error} onRetry={stored.reload} />
    ) : (
      <Panel isPlain title={t('settings.printing.title')}>
        <Skeleton rows={6} />
      </Panel>
    );
  return (
    <>
      <Printers
        key={JSON.stringify([stored.data.printers, stored.data.current])}
        stored={stored.data}
        reload={stored.reload}
      />
      <Seal stored={stored.data} reload={stored.reload} />
    </>
  );
}

interface Part {
  readonly stored: Stored;
  readonly reload: () => void;
}

const lengths = ['marginMm', 'offsetXMm', 'offsetYMm'] as const;
type Length = (typeof lengths)[number];

/** A printer as it is typed: lengths stay text until they are saved. */
interface Typed extends Record<Length, string> {
  readonly name: string;
  readonly copies: number;
}
const typedOf = (one: PrinterSetup): Typed => ({
  name: one.name,
  copies: one.copies,
  marginMm: String(one.marginMm),
  offsetXMm: String(one.offsetXMm),
  offsetYMm: String(one.offsetYMm),
});
const setupOf = (one: Typed): PrinterSetup => ({
  name: one.name.trim(),
  copies: one.copies,
  marginMm: Number(one.marginMm),
  offsetXMm: Number(one.offsetXMm),
  offsetYMm: Number(one.offsetYMm),
});
const ranges: Readonly<Record<Length, readonly [number, number]>> = {
  marginMm: [0, 20],
  offsetXMm: [-10, 10],
  offsetYMm: [-10, 10],
};
const isLength = (text: string, [min, max]: readonly [number, number]): boolean =>
  /^-?\d{1,2}(\.\d)?$/.test(text) && Number(text) >= min && Number(text) <= max;

function Printers({ stored, reload }: Part) {
  const { t } = useTranslation();
  const save = useCommand('printing.save');
  const calibrate = useJob('printing.printCalibration');
  const start: { readonly printers: readonly Typed[]; readonly current: string } = {
    printers: stored.printers.map(typedOf),
    current: stored.current,
  };
  const form = useFormDraft('printers', start, JSON.stringify(start));
  const { printers, current } = form.value;
  const setPrinters = (next: readonly Typed[]): void => form.change({ printers: next });
  const setCurrent = (next: string): void => form.change({ current: next });
  const change = (at: number, to: Partial<Typed>): void => {
    const before = printers[at]?.name;
    setPrinters(printers.map((one, index) => (index === at ? { ...one, ...to } : one)));
    if (to.name !== undefined && before === current) setCurrent(to.name);
  };
  const isReady = printers.every(
    (one) => one.name.trim() !== '' && lengths.every((name) => isLength(one[name], ranges[name])),
  );
  const isChanged = JSON.stringify(printers) !== JSON.stringify(start.printers) || current !== start.current;
  const run = async (): Promise<void> => {
    const { isSealOn, sealWidthMm } = stored;
    const input = { printers: printers.map(setupOf), current: current.trim(), isSealOn, sealWidthMm };
    if ((await save.run(input)) === undefined) return;
    form.done();
    notify(t('settings.printing.saved'));
    reload();
  };
  const toFile = async (printer: string): Promise<void> => {
    const title = t('settings.printing.calibration');
    const to = await chooseSave(title, `${title}.pdf`, [{ name: 'PDF', extensions: ['pdf'] }]);
    if (to === null) return;
    if ((await calibrate.start({ printer, to: to.token })) !== undefined)
      notify(t('settings.printing.calibrated', { file: to.name }));
  };
  return (
    <Panel
      isPlain
      title={t('settings.printing.printers')}
      extra={
        <Button
          size="small"
          disabled={printers.length >= 20}
          onClick={() =>
            setPrinters([...printers, { name: '', marginMm: '0', offsetXMm: '0', offsetYMm: '0', copies: 1 }])
          }
        >
          {t('settings.printing.add')}
        </Button>
      }
    >
      <div className="panel-pad">
        <p className="muted form-note">{t('settings.printing.hint')}</p>
        <RestoredNote draft={form} />
        {printers.length === 0 ? (
          <EmptyState title={t('settings.printing.none')} hint={t('settings.printing.noneHint')} />
        ) : (
          <table className="printer-table">
            <thead>
              <tr>
                <th>{t('settings.printing.name')}</th>
                {lengths.map((name) => (
                  <th key={name} className="is-right">
                    {t(`settings.printing.${name}`)}
                  </th>
                ))}
                <th>{t('settings.printing.copies')}</th>
                <th>{t('settings.printing.calibration')}</th>
                <th aria-label={t('settings.printing.remove')} />
              </tr>
            </thead>
            <tbody>
              {printers.map((one, at) => {
                const isStored = stored.printers.some((kept) => JSON.stringify(typedOf(kept)) === JSON.stringify(one));
                return (
                  // biome-ignore lint/suspicious/noArrayIndexKey: the name is what is being typed
                  <tr key={at}>
                    <td>
                      <Input
                        aria-label={t('settings.printing.name')}
                        value={one.name}
                        maxLength={60}
                        placeholder={t('settings.printing.nameExample')}
                        onChange={(event) => change(at, { name: event.target.value })}
                      />
                    </td>
                    {lengths.map((name) => (
                      <td key={name}>
                        <NumericInput
                          label={t(`settings.printing.${name}`)}
                          value={one[name]}
                          decimals={1}
                          allowNegative={name !== 'marginMm'}
                          unit="mm"
                          isInvalid={!isLength(one[name], ranges[name])}
                          onChange={(value) => change(at, { [name]: value })}
                        />
                      </td>
                    ))}
                    <td>
                      <Select
                        aria-label={t('settings.printing.copies')}
                        value={one.copies}
                        options={Array.from({ length: 9 }, (_, n) => ({
                          value: n + 1,
                          label: t('papers.copiesN', { n: n + 1 }),
                        }))}
                        onChange={(copies) => change(at, { copies })}
                      />
                    </td>
                    <td>
                      <Button
                        size="small"
                        disabled={!isStored || calibrate.status === 'running'}
                        title={isStored ? undefined : t('settings.printing.saveFirst')}
                        onClick={() => void toFile(one.name)}
                      >
                        {t('settings.printing.calibrate')}
                      </Button>
                    </td>
                    <td>
                      <Button
                        size="small"
                        type="text"
                        onClick={() => {
                          setPrinters(printers.filter((_, index) => index !== at));
                          if (one.name === current) setCurrent('');
                        }}
                      >
                        {t('settings.printing.remove')}
                      </Button>
                    </td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        )}
        <Field id="printing-current" label={t('settings.printing.current')} hint={t('settings.printing.currentHint')}>
          <Select
            id="printing-current"
            className="printer-current"
            value={current}
            options={[
              { value: '', label: t('settings.printing.noPrinter') },
              ...printers.filter(({ name }) => name.trim() !== '').map(({ name }) => ({ value: name, label: name })),
            ]}
            onChange={setCurrent}
          />
        </Field>
        {calibrate.status === 'running' ? (
          <ProgressBar
            title={t('settings.printing.calibration')}
            progress={calibrate.progress}
            onCancel={calibrate.cancel}
          />
        ) : null}
        <ErrorNote error={save.error ?? calibrate.error} />
        <div className="card-actions">
          <Button type="primary" disabled={!isReady || !isChanged} loading={save.isRunning} onClick={() => void run()}>
            {t('common.save')}
          </Button>
        </div>
      </div>
    </Panel>
  );
}

function Seal({ stored, reload }: Part) {
  const { t } = useTranslation();
  const save = useCommand('printing.save');
  const set = useCommand('printing.setSeal');
  const remove = useCommand('printing.removeSeal');
  const [width, setWidth] = useState(String(stored.sealWidthMm));
  useEffect(() => setWidth(String(stored.sealWidthMm)), [stored]);
  const { seal } = stored;
  const isWidth = isLength(width, [10, 60]);
  const put = async (change: Partial<Pick<Stored, 'isSealOn' | 'sealWidthMm'>>): Promise<void> => {
    const { printers, current, isSealOn, sealWidthMm } = stored;
    const input = { printers: [...printers], current, isSealOn, sealWidthMm, ...change };
    if ((await save.run(input)) !== undefined) reload();
  };
  return (
    <Panel isPlain title={t('settings.printing.seal')}>
      <div className="panel-pad">
        <p className="muted form-note">{t('settings.printing.sealHint')}</p>
        <div className="seal-row">
          {seal === undefined ? (
            <span className="seal-picture is-empty muted">{t('settings.printing.noSeal')}</span>
          ) : (
            <img className="seal-picture" src={seal.url} alt={t('settings.printing.seal')} />
          )}
          <div className="setting-rows">
            {seal === undefined ? null : (
              <>
                <span className="muted">
                  {seal.fileName} · {formatInstant(seal.addedAt)}
                </span>
                <span className="seal-switch">
                  <Switch
                    aria-label={t('settings.printing.isSealOn')}
                    checked={stored.isSealOn}
                    loading={save.isRunning}
                    onChange={(isSealOn) => void put({ isSealOn })}
                  />
                  <span>{t('settings.printing.isSealOn')}</span>
                </span>
                <Field id="seal-width" label={t('settings.printing.sealWidth')}>
                  <NumericInput
                    id="seal-width"
                    value={width}
                    decimals={1}
                    unit="mm"
                    isInvalid={!isWidth}
                    onChange={setWidth}
                    onBlur={() => {
                      if (isWidth && Number(width) !== stored.sealWidthMm) void put({ sealWidthMm: Number(width) });
                    }}
                  />
                </Field>
              </>
            )}
            <div className="card-actions">
              <FilePicker
                purpose={t('settings.printing.chooseSeal')}
                label={t('settings.printing.chooseSeal')}
                filters={[{ name: 'PNG, JPEG', extensions: ['png', 'jpg', 'jpeg'] }]}
                onFile={(file) => {
                  void set.run({ file: file.token }).then((done) => {
                    if (done !== undefined) reload();
                  });
                }}
              />
              {seal === undefined ? null : (
                <ConfirmInline
                  label={t('settings.printing.removeSeal')}
                  question={t('settings.printing.removeSealAsk')}
                  confirmLabel={t('settings.printing.removeSeal')}
                  onConfirm={async () => {
                    if ((await remove.run({})) !== undefined) reload();
                  }}
                />
              )}
            </div>
          </div>
        </div>
        <ErrorNote error={save.error ?? set.error ?? remove.error} />
      </div>
    </Panel>
  );
}
