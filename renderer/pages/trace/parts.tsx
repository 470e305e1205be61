/** What the tabs of 溯源 share: the tabs, findings with a reason to go on, boxes for products, sites and parties, files. */
import { Button, Input, Select } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { InputOf, OutputOf } from '../../../shared/contract/contract.ts';
import type { ContractError } from '../../../shared/contract/operation.ts';
import { celsiusText } from '../../../shared/lots/cold-chain.ts';
import { kilogramText } from '../../../shared/lots/mass.ts';
import { groupThousands } from '../../../shared/money/index.ts';
import { navigate } from '../../app/route-store.ts';
import { Chips } from '../../components/Chips.tsx';
import { ChoiceBox } from '../../components/ChoiceBox.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { Field } from '../../components/Field.tsx';
import { chooseSave } from '../../components/FilePicker.tsx';
import { useFormDraft } from '../../components/form-draft.tsx';
import { ProgressBar } from '../../components/ProgressBar.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { call, errorOf, useJob, useQuery } from '../../core-client.ts';
import { localDate } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import { searchParties } from '../ledger/lookups.ts';
import { ensureParty, type PartyKind } from '../ledger/parties.ts';
import { useCountryName } from '../money/boxes.tsx';
import './trace.css';

export const traceTabs = ['lots', 'sites', 'dispatches', 'query', 'cold', 'products', 'pickups'] as const;
export type TraceTab = (typeof traceTabs)[number];

export function TraceTabs({ active }: { readonly active: TraceTab }) {
  const { t } = useTranslation();
  return (
    <div className="trace-tabs">
      <Chips<TraceTab>
        label={t('trace.tabs')}
        value={active}
        onChange={(tab) => navigate('trace', { tab })}
        chips={traceTabs.map((tab) => ({ value: tab, label: t(`trace.tab.${tab}`) }))}
      />
    </div>
  );
}

/** `1,250.5` kilograms. */
export const kg = (grams: number): string => groupThousands(kilogramText(grams));
/** `-1.5 °C`. */
export const celsius = (c100: number): string => `${celsiusText(c100)} °C`;

/** `2026-06-20 08:05` in China of an instant, and back; undefined for what is no time. */
export const chinaTime = (instant: string): string =>
  new Date(Date.parse(instant) + 8 * 3_600_000).toISOString().slice(0, 16).replace('T', ' ');
export function instantOf(text: string): string | undefined {
  const found = /^(\d{4}-\d{2}-\d{2})[ T](\d{1,2}):(\d{2})$/.exec(text.normalize('NFKC').trim());
  if (found === null) return undefined;
  const at = new Date(`${found[1]}T${(found[2] ?? '').padStart(2, '0')}:${found[3]}:00+08:00`);
  return Number.isNaN(at.getTime()) ? undefined : at.toISOString();
}

export type Finding = OutputOf<'dispatches.get'>['findings'][number];

/** What a finding says, or what to do about it, with the country by its name. */
export function useFindingWords(): (finding: Pick<Finding, 'code' | 'params'>, part: 'what' | 'remedy') => string {
  const { t } = useTranslation();
  const countryName = useCountryName();
  return ({ code, params }, part) => {
    const { country } = params;
    return t(`trace.finding.${code}.${part}`, {
      ...params,
      ...(country === undefined ? {} : { country: countryName(String(country)) }),
    });
  };
}

/** What is to be said of a lot, each with its level in words. */
export function Findings({ findings }: { readonly findings: readonly Finding[] }) {
  const { t } = useTranslation();
  const wordsOf = useFindingWords();
  return (
    <ul className="trace-findings">
      {findings.map((one, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: one code may speak twice of one lot
        <li key={`${one.code} ${at}`}>
          <ToneTag tone={one.level === 'reason' ? 'action' : 'draft'} label={t(`trace.level.${one.level}`)} />
          <span>
            {one.lot === undefined ? null : <strong className="code">{one.lot} </strong>}
            {wordsOf(one, 'what')}
            <span className="muted"> {wordsOf(one, 'remedy')}</span>
          </span>
        </li>
      ))}
    </ul>
  );
}

/** Findings that want a reason, with the field for it; a reason that was typed before stays in sight without them. */
export function ReasonPanel({
  findings,
  reason,
  onReason,
}: {
  readonly findings: readonly Finding[];
  readonly reason: string;
  readonly onReason: (reason: string) => void;
}) {
  const { t } = useTranslation();
  if (findings.length === 0 && reason === '') return null;
  return (
    <div className="trace-reason" role="alert">
      {findings.length === 0 ? null : (
        <>
          <p>{t('trace.reasonWanted')}</p>
          <Findings findings={findings} />
        </>
      )}
      {reason !== '' || findings.some(({ level }) => level === 'reason') ? (
        <Field id="trace-reason" label={t('trace.reason')} isRequired>
          <Input
            id="trace-reason"
            autoFocus={findings.length > 0}
            value={reason}
            maxLength={500}
            onChange={(event) => onReason(event.target.value)}
          />
        </Field>
      ) : null}
    </div>
  );
}

type Registration = OutputOf<'trace.query'>['certificates'][number];

/** 认证 of sites, each with whether it is in force. */
export function CertificateRows({ rows }: { readonly rows: readonly Registration[] }) {
  const { t } = useTranslation();
  return rows.map((one) => (
    <li key={`certificate ${one.id}`}>
      <ToneTag
        tone={one.state === 'active' ? 'accepted' : one.state === 'expired' ? 'rejected' : 'draft'}
        label={t(`trace.site.states.${one.state}`)}
      />
      <button type="button" className="link" onClick={() => navigate('trace', { tab: 'sites', at: one.siteId })}>
        {one.site}
      </button>
      <span>
        {[one.scheme === '' ? t('trace.registration.kinds.certificate') : one.scheme, one.number, one.untilOn ?? '']
          .filter((part) => part !== '')
          .join(' · ')}
      </span>
    </li>
  ));
}

/** Taking back what was recorded in error, with the reason for it. */
export function WithdrawRow({
  form,
  isBusy,
  onWithdraw,
}: {
  /** Under which the reason is kept until it is given. */
  readonly form: string;
  readonly isBusy: boolean;
  readonly onWithdraw: (reason: string) => Promise<boolean>;
}) {
  const { t } = useTranslation();
  const draft = useFormDraft(form, { reason: '' });
  const { reason } = draft.value;
  const withdraw = async (): Promise<void> => {
    if (await onWithdraw(reason.trim())) draft.reset();
  };
  return (
    <div className="trace-row">
      <Input
        aria-label={t('trace.inspection.withdrawReason')}
        placeholder={t('trace.inspection.withdrawReason')}
        maxLength={300}
        value={reason}
        onChange={(event) => draft.change({ reason: event.target.value })}
      />
      <Button disabled={reason.trim().length < 2} loading={isBusy} onClick={() => void withdraw()}>
        {t('trace.inspection.withdraw')}
      </Button>
    </div>
  );
}

export function useFarmProducts() {
  return useQuery('farmProducts.list', {}, { areas: ['lots'] });
}

export function ProductBox({
  id,
  value,
  onChange,
  isOptional = false,
}: {
  readonly id: string;
  readonly value: number | undefined;
  readonly onChange: (value: number | undefined) => void;
  readonly isOptional?: boolean;
}) {
  const { t } = useTranslation();
  const { data } = useFarmProducts();
  return (
    <Select<number>
      id={id}
      showSearch
      optionFilterProp="label"
      allowClear={isOptional}
      placeholder={t(isOptional ? 'trace.anyProduct' : 'trace.chooseProduct')}
      notFoundContent={
        <Button type="link" onClick={() => navigate('trace', { tab: 'products' })}>
          {t('trace.product.add')}
        </Button>
      }
      {...(value === undefined ? {} : { value })}
      onChange={(next: number | undefined) => onChange(next)}
      options={(data?.rows ?? []).map((row) => ({ value: row.id, label: `${row.nameZh} ${row.nameEn}`.trim() }))}
    />
  );
}

export interface Named {
  readonly id: number;
  readonly name: string;
}

/** A site of the kinds given, found as it is typed. */
export function SiteBox({
  id,
  value,
  isPackHouse,
  onChange,
}: {
  readonly id: string;
  readonly value: Named | undefined;
  readonly isPackHouse: boolean;
  readonly onChange: (value: Named | undefined) => void;
}) {
  const search = async (text: string) => {
    const { rows } = await call('farmSites.list', { date: localDate(), text, limit: 30 });
    return rows
      .filter((row) => row.isActive && (row.kind === 'pack-house') === isPackHouse)
      .slice(0, 9)
      .map((row) => ({ code: String(row.id), name: `${row.name} ${row.registrationNo}`.trim() }));
  };
  return (
    <ChoiceBox
      id={id}
      hidesCode
      shown={value?.name ?? ''}
      search={search}
      onTake={(choice) => onChange(choice === undefined ? undefined : { id: Number(choice.code), name: choice.name })}
    />
  );
}

/** A party by its number; one that the book does not know yet by its name alone. */
export interface NamedParty {
  readonly id?: number;
  readonly name: string;
}

/** A party of the book, or a name nobody has yet: it is entered with what the form saves, see {@link useParty}. */
export function PartyBox({
  id,
  value,
  onChange,
}: {
  readonly id: string;
  readonly value: NamedParty | undefined;
  readonly onChange: (value: NamedParty | undefined) => void;
}) {
  const { t } = useTranslation();
  return (
    <>
      <ChoiceBox
        id={id}
        hidesCode
        shown={value?.name ?? ''}
        search={searchParties}
        onTake={(choice) => onChange(choice === undefined ? undefined : { id: Number(choice.code), name: choice.name })}
        onUnknown={(name) => onChange({ name })}
      />
      {value === undefined || value.id !== undefined ? null : (
        <span className="muted" role="status">
          {t('trace.newParty', { name: value.name })}
        </span>
      )}
    </>
  );
}

/** Enters the party of a form that is being saved where the book does not know it yet. */
export function useParty(kind: PartyKind): {
  /** What a save takes of it; undefined: the book refused the party, and nothing is to be saved. */
  readonly settle: (value: NamedParty | undefined) => Promise<{ readonly partyId?: number } | undefined>;
  readonly error: ContractError | undefined;
  readonly clear: () => void;
} {
  const [error, setError] = useState<ContractError>();
  return {
    settle: async (value) => {
      setError(undefined);
      try {
        const partyId = value?.id ?? (await ensureParty(kind, value?.name ?? '', ''));
        return partyId === undefined ? {} : { partyId };
      } catch (thrown) {
        setError(errorOf(thrown));
        return undefined;
      }
    },
    error,
    clear: () => setError(undefined),
  };
}

type FileJob =
  | 'trace.print'
  | 'trace.recallLetter'
  | 'trace.recallExport'
  | 'trace.labels'
  | 'coldLogs.print'
  | 'lotHandovers.print'
  | 'dispatches.inspectionData';

/** Writes a file that the user names; what runs and what went wrong is shown above the page. */
export function useTraceFile<N extends FileJob>(
  job: N,
): {
  readonly write: (title: string, input: Omit<InputOf<N>, 'to'>) => Promise<void>;
  readonly isRunning: boolean;
  readonly notice: ReactNode;
} {
  const { t } = useTranslation();
  const run = useJob(job);
  const isSheet = job === 'trace.recallExport' || job === 'dispatches.inspectionData';
  return {
    write: async (title, input) => {
      const kind = isSheet ? { name: 'Excel', extensions: ['xlsx'] } : { name: 'PDF', extensions: ['pdf'] };
      const name = `${title}.${isSheet ? 'xlsx' : 'pdf'}`.replaceAll(/[\\/:*?"<>|]/g, '-');
      const file = await chooseSave(title, name, [kind]);
      if (file === null) return;
      run.clear();
      // The input of each job with the file put in: the union of the names is told apart by N.
      const done = await run.start({ ...input, to: file.token } as InputOf<N>);
      if (done !== undefined) notify(t('trace.written', { file: file.name }));
    },
    isRunning: run.status === 'running',
    notice:
      run.status === 'running' ? (
        <ProgressBar title={t('trace.writing')} progress={run.progress} onCancel={run.cancel} />
      ) : (
        <ErrorNote error={run.error} onClose={run.clear} />
      ),
  };
}

/** The two languages of paper, as two buttons. */
export function InTwoLanguages({
  label,
  isBusy,
  onPress,
}: {
  readonly label: string;
  readonly isBusy: boolean;
  readonly onPress: (language: 'zh' | 'en') => void;
}) {
  const { t } = useTranslation();
  return (
    <span className="trace-buttons">
      {(['zh', 'en'] as const).map((language) => (
        <Button key={language} size="small" loading={isBusy} onClick={() => onPress(language)}>
          {t('trace.inLanguage', { what: label, language: t(`trace.language.${language}`) })}
        </Button>
      ))}
    </span>
  );
}
