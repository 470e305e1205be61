/** 监管方式: which mode and form a shipment may take, every alternative beside it, why not, and what would change. */
import { Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import type { ModeAnswers, ModeOptionView } from '../../../shared/contract/customs-modes.ts';
import { useKeys } from '../../app/keys.ts';
import type { PageProps } from '../../app/page-route.ts';
import { navigate, numberParam } from '../../app/route-store.ts';
import { Chips } from '../../components/Chips.tsx';
import { DateInput } from '../../components/DateInput.tsx';
import { Skeleton } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { Field } from '../../components/Field.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { LookupBox } from '../../components/LookupBox.tsx';
import { Page, Panel, Split } from '../../components/Page.tsx';
import { ToneMark, ToneTag } from '../../components/StateTag.tsx';
import { useCommand, useQuery } from '../../core-client.ts';
import type { Tone } from '../../theme/palette.ts';
import { DerivationPane } from '../tax/Derivation.tsx';
import { useWords } from '../tax/use-words.ts';
import { FileBy } from './FileBy.tsx';
import './modes.css';

type Routed = OutputOf<'modes.route'>;
type Fact = Routed['facts'][number];

const statusTone: Readonly<Record<ModeOptionView['status'], Tone>> = {
  recommended: 'accepted',
  possible: 'ready',
  unknown: 'action',
  excluded: 'draft',
};
const answerTone: Readonly<Record<'yes' | 'no' | 'unknown', Tone>> = {
  yes: 'accepted',
  no: 'rejected',
  unknown: 'action',
};

/** A typed amount or code is sent only when it is one; while it is not yet, the earlier answer stands. */
const complete: Readonly<Record<'ticketValueCny' | 'customsCode' | 'exportDate', RegExp>> = {
  ticketValueCny: /^\d{1,12}(\.\d{1,2})?$/,
  customsCode: /^\d{4}$/,
  exportDate: /^\d{4}-\d{2}-\d{2}$/,
};

export function ModesPage({ params }: PageProps) {
  const { t } = useTranslation();
  const shipmentId = numberParam(params, 'shipment');
  const [answers, setAnswers] = useState<ModeAnswers>({});
  const [isExplained, setExplained] = useState(false);
  const [chosen, setChosen] = useState<string>();
  const routed = useQuery(
    'modes.route',
    { answers, ...(shipmentId === undefined ? {} : { shipmentId }) },
    { areas: ['shipments', 'orders', 'products', 'tax'] },
  );
  const store = useCommand('modes.answer');
  const data = routed.data;

  const answer = (change: Readonly<Record<string, string | boolean | undefined>>): void => {
    const stored = Object.fromEntries(
      (data?.facts ?? []).flatMap(({ fact, from, value }) =>
        from === 'answer' && value !== undefined ? [[fact, value]] : [],
      ),
    );
    const next = Object.fromEntries(
      Object.entries({ ...stored, ...answers, ...change }).filter(([, value]) => value !== undefined && value !== ''),
    ) as ModeAnswers;
    if (shipmentId === undefined) setAnswers(next);
    else void store.run({ shipmentId, answers: next }).then(() => routed.reload());
  };
  const back = (): void =>
    shipmentId === undefined ? navigate('shipments') : navigate('shipment', { id: shipmentId });
  useKeys([
    {
      key: 'Esc',
      label: t('modes.key.back'),
      run: () => (isExplained ? setExplained(false) : back()),
      isMain: true,
    },
    {
      key: 'F9',
      label: t('modes.why'),
      run: () => setExplained(!isExplained),
      isEnabled: data !== undefined,
      isMain: true,
    },
  ]);
  const best = data?.options.find(({ mode }) => mode === data.recommended);
  const other = data?.options.find(({ mode }) => mode === chosen && mode !== data.recommended);
  return (
    <Page
      title={
        <>
          {t('modes.title')} {data?.shipmentNo === undefined ? null : <span className="code">{data.shipmentNo}</span>}
        </>
      }
      summary={data === undefined ? undefined : <Summary data={data} best={best} />}
      actions={
        <KeyButton
          label={t('modes.why')}
          keys="F9"
          isDisabled={data === undefined}
          onPress={() => setExplained(!isExplained)}
        />
      }
      notice={
        <>
          <ErrorNote error={store.error} onClose={store.clear} />
          {routed.error === undefined ? null : <ErrorNote error={routed.error} onRetry={routed.reload} />}
        </>
      }
    >
      <Split
        ratio="detail"
        list={
          <Panel title={t('modes.facts')}>
            {data === undefined ? <Skeleton rows={10} /> : <Facts data={data} onAnswer={answer} />}
          </Panel>
        }
        detail={
          isExplained && data !== undefined ? (
            <DerivationPane
              calculation={data.calculation}
              subject={data.shipmentNo ?? ''}
              onClose={() => setExplained(false)}
            />
          ) : (
            <Panel title={t('modes.options')}>
              {data === undefined ? (
                <Skeleton rows={12} />
              ) : (
                <>
                  {shipmentId === undefined || data.filed === null ? null : (
                    <FileBy shipmentId={shipmentId} filed={data.filed} recommended={data.recommended} />
                  )}
                  <CustomsClass held={data.customsClass} />
                  {best === undefined ? null : <Changes best={best} other={other} />}
                  <Options data={data} chosen={other?.mode} onChoose={setChosen} />
                </>
              )}
            </Panel>
          )
        }
      />
    </Page>
  );
}

function useForm() {
  const { t } = useTranslation();
  return ({ listMode, hsDigits, summaryDeclaration, simplified }: ModeOptionView): readonly string[] => [
    t(`modes.form.${String(listMode)}`),
    hsDigits === null ? t('modes.open') : t('modes.digits', { n: hsDigits }),
    simplified === true ? t('modes.summary.statistics') : t(`modes.summary.${String(summaryDeclaration)}`),
  ];
}

function Summary({ data, best }: { readonly data: Routed; readonly best: ModeOptionView | undefined }) {
  const { t } = useTranslation();
  const { say } = useWords();
  const form = useForm();
  const asked = data.facts.filter(({ isMissing }) => isMissing).map(({ label }) => say(label));
  return (
    <span role="status">
      {best === undefined ? (
        <ToneTag tone="action" label={t('modes.none')} />
      ) : (
        <>
          <ToneTag tone="accepted" label={say(best.title)} /> {form(best).join(t('modes.comma'))}
        </>
      )}
      {asked.length === 0 ? null : ` · ${t('modes.missing', { facts: asked.join(t('modes.comma')) })}`}
      {data.currenciesWithoutRate.length === 0
        ? null
        : ` · ${t('modes.noRate', { currencies: data.currenciesWithoutRate.join(', ') })}`}
    </span>
  );
}

const classTone: Readonly<Record<NonNullable<Routed['customsClass']>['standing'], Tone>> = {
  good: 'accepted',
  plain: 'draft',
  bad: 'rejected',
  unknown: 'action',
};

/** What the class customs has the firm in means for every mode. */
function CustomsClass({ held }: { readonly held: Routed['customsClass'] }) {
  const { t } = useTranslation();
  const { say } = useWords();
  if (held === null) return null;
  const said = [...held.effects, ...(held.unknown === null ? [] : [held.unknown])].map(say);
  return (
    <section className="mode-class" aria-label={t('modes.customsClass')}>
      <p>
        {t('modes.customsClass')} <ToneTag tone={classTone[held.standing]} label={say(held.name)} />{' '}
        <span className="muted">{held.source}</span>
      </p>
      {said.length === 0 ? null : (
        <ul>
          {said.map((one) => (
            <li key={one}>{one}</li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Facts({
  data,
  onAnswer,
}: {
  readonly data: Routed;
  readonly onAnswer: (change: Readonly<Record<string, string | boolean | undefined>>) => void;
}) {
  const { t } = useTranslation();
  const { say } = useWords();
  const hint = ({ from, isMissing, value }: Fact): string =>
    isMissing
      ? t('modes.asked')
      : value === undefined
        ? t('modes.from.none')
        : from === 'answer'
          ? t('modes.from.answer')
          : t('modes.fromBook', { from: t(`modes.from.${from}`), value: shown(value) });
  const shown = (value: string | boolean): string =>
    typeof value === 'boolean' ? t(value ? 'modes.yes' : 'modes.no') : value;
  const control = (fact: Fact) => {
    const { fact: name, from, value } = fact;
    const id = `mode-${name}`;
    const own = from === 'answer' ? value : undefined;
    if (name === 'ticketValueCny')
      return (
        <Typed
          id={id}
          value={typeof own === 'string' ? own : ''}
          form={complete.ticketValueCny}
          onChange={(text) => onAnswer({ [name]: text })}
        />
      );
    if (name === 'customsCode')
      return (
        <LookupBox
          id={id}
          table="customs_district"
          value={typeof own === 'string' ? own : ''}
          onChange={(code) => (code === '' || complete.customsCode.test(code) ? onAnswer({ [name]: code }) : undefined)}
        />
      );
    const choices = name === 'buyer' ? (['consumer', 'business', 'warehouse'] as const) : (['true', 'false'] as const);
    return (
      <Chips<string>
        label={say(fact.label)}
        value={own === undefined ? '' : String(own)}
        onChange={(next) => onAnswer({ [name]: next === '' ? undefined : name === 'buyer' ? next : next === 'true' })}
        chips={[
          ...choices.map((one) => ({ value: one, label: t(`modes.choice.${one}`) })),
          { value: '', label: t('modes.choice.unsaid') },
        ]}
      />
    );
  };
  return (
    <div className="mode-facts">
      {data.facts.map((fact) => (
        <div key={fact.fact} className={fact.isMissing ? 'is-asked' : undefined}>
          <Field id={`mode-${fact.fact}`} label={say(fact.label)} hint={hint(fact)} isRequired={fact.isMissing}>
            {control(fact)}
          </Field>
        </div>
      ))}
      <Field id="mode-exportDate" label={t('modes.exportDate')} hint={t('modes.exportDateHint')}>
        <DateInput
          id="mode-exportDate"
          value={data.exportDate}
          onChange={(date) => (complete.exportDate.test(date) ? onAnswer({ exportDate: date }) : undefined)}
        />
      </Field>
    </div>
  );
}

/** Text that is handed on at each key once it is whole, and emptied when it is empty. */
function Typed({
  id,
  value,
  form,
  onChange,
}: {
  readonly id: string;
  readonly value: string;
  readonly form: RegExp;
  readonly onChange: (text: string) => void;
}) {
  const [text, setText] = useState(value);
  return (
    <Input
      id={id}
      value={text}
      inputMode="decimal"
      autoComplete="off"
      onChange={(event) => {
        setText(event.target.value);
        if (event.target.value === '' || form.test(event.target.value)) onChange(event.target.value);
      }}
    />
  );
}

const rows = ['fields', 'papers', 'deadlines', 'tax'] as const;
const groups = ['fit', 'list', 'simplified'] as const;

/** Every mode as a column; its heading is a button that shows what a change to it would mean. */
function Options({
  data,
  chosen,
  onChoose,
}: {
  readonly data: Routed;
  readonly chosen: string | undefined;
  readonly onChoose: (mode: string) => void;
}) {
  const { t } = useTranslation();
  const { say } = useWords();
  const form = useForm();
  const list = (items: readonly string[]) =>
    items.length === 0 ? (
      <span className="muted">—</span>
    ) : (
      <ul>
        {items.map((one) => (
          <li key={one}>{one}</li>
        ))}
      </ul>
    );
  return (
    <div className="mode-table-box">
      <table className="mode-table">
        <thead>
          <tr>
            <th scope="col">{t('modes.mode')}</th>
            {data.options.map((option) => (
              <th key={option.mode} scope="col" className={option.status === 'recommended' ? 'is-best' : undefined}>
                <button
                  type="button"
                  className="link"
                  aria-pressed={option.mode === chosen}
                  onClick={() => onChoose(option.mode)}
                >
                  {say(option.title)}
                </button>
                <ToneTag tone={statusTone[option.status]} label={t(`modes.status.${option.status}`)} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="row">{t('modes.formOf')}</th>
            {data.options.map((option) => (
              <td key={option.mode}>{list(form(option))}</td>
            ))}
          </tr>
          {groups.map((group) => (
            <tr key={group}>
              <th scope="row">{t(`modes.group.${group}`)}</th>
              {data.options.map(({ mode, reasons }) => (
                <td key={mode}>
                  <ul className="mode-reasons">
                    {reasons
                      .filter((one) => one.group === group)
                      .map(({ code, holds, title }) => (
                        <li key={code} data-holds={holds}>
                          <ToneMark tone={answerTone[holds]} />
                          <span className="sr-only">{t(`modes.holds.${holds}`)}</span> {say(title)}
                        </li>
                      ))}
                  </ul>
                </td>
              ))}
            </tr>
          ))}
          <tr>
            <th scope="row">{t('modes.messages')}</th>
            {data.options.map(({ mode, messages }) => (
              <td key={mode}>
                {list(messages.map((name) => t(`messageKind.${name}`, { defaultValue: name.replace('Message', '') })))}
              </td>
            ))}
          </tr>
          {rows.map((row) => (
            <tr key={row}>
              <th scope="row">{t(`modes.row.${row}`)}</th>
              {data.options.map((option) => (
                <td key={option.mode}>{list(option[row].map(({ title }) => say(title)))}</td>
              ))}
            </tr>
          ))}
          <tr>
            <th scope="row">{t('modes.source')}</th>
            {data.options.map(({ mode, source, reliability }) => (
              <td key={mode} className="muted">
                {source} ({reliability})
              </td>
            ))}
          </tr>
        </tbody>
      </table>
    </div>
  );
}

function Changes({ best, other }: { readonly best: ModeOptionView; readonly other: ModeOptionView | undefined }) {
  const { t } = useTranslation();
  const { say } = useWords();
  if (other === undefined) return <p className="muted mode-changes">{t('modes.chooseOther')}</p>;
  return (
    <section className="mode-changes" aria-live="polite">
      <h3>{t('modes.changes', { from: best.mode, to: other.mode })}</h3>
      <table className="mode-table">
        <thead>
          <tr>
            <th scope="col">{t('modes.aspect')}</th>
            <th scope="col">{t('modes.gone')}</th>
            <th scope="col">{t('modes.comes')}</th>
          </tr>
        </thead>
        <tbody>
          {other.differences.map(({ aspect, title, without, with: come }) => (
            <tr key={aspect}>
              <th scope="row">{say(title)}</th>
              <td>{without.map((one) => say(one)).join(t('modes.comma'))}</td>
              <td>{come.map((one) => say(one)).join(t('modes.comma'))}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
