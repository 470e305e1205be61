import { CheckOutlined, ExclamationCircleOutlined } from '@ant-design/icons';
import { Button, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { listed } from '../../../shared/i18n/words.ts';
import { CURRENCY_EXPONENTS } from '../../../shared/money/currency-exponents.ts';
import { navigate } from '../../app/route-store.ts';
import { useQuery } from '../../core-client.ts';
import { importFieldLabel } from './field-label.ts';
import { KeyChoice } from './KeyChoice.tsx';
import { missingRequired } from './recognise-kind.ts';
import type { ImportState } from './use-import.ts';

const NONE = -1;

// What exporters here sell in, before the rest of the alphabet.
const usual = ['USD', 'EUR', 'GBP', 'JPY', 'CNY', 'HKD', 'SGD', 'MYR', 'THB', 'VND', 'PHP', 'IDR'];

function currencyOptions(language: string): { value: string; label: string }[] {
  const names = new Intl.DisplayNames([language], { type: 'currency', fallback: 'code' });
  const rest = Object.keys(CURRENCY_EXPONENTS).filter((code) => !usual.includes(code));
  return [...usual, ...rest.sort()].map((code) => ({ value: code, label: `${code} ${names.of(code) ?? ''}`.trim() }));
}

/** Columns used for more than one field: allowed by nobody's intention. */
export function doubleColumns(mapping: Readonly<Record<string, number>>): number[] {
  const columns = Object.values(mapping);
  return [...new Set(columns.filter((column, index) => columns.indexOf(column) !== index))];
}

/** Whether the dry run may start; the guess has to be confirmed by the user. */
export function canTry(state: ImportState): boolean {
  const { inspection, mapping, currency } = state;
  if (inspection === undefined) return false;
  if (
    missingRequired({ kind: inspection.kind, fields: state.fields, mapping }).some(
      (field) => field !== 'currency' || currency === undefined,
    )
  )
    return false;
  if (inspection.kind === 'statement' && state.accountId === undefined) return false;
  return doubleColumns(mapping).length === 0 && !(needsCurrency(state) && currency === undefined);
}

/** Whether the amounts of the file have no currency of their own. */
export function needsCurrency({ inspection, mapping }: ImportState): boolean {
  return inspection?.kind === 'orders' && mapping['currency'] === undefined;
}

/** Which money account a statement is of; the file's own number may have told already. */
function AccountChoice({ state }: { readonly state: ImportState }) {
  const { t } = useTranslation();
  const accounts = useQuery('moneyAccounts.list', {}, { areas: ['money'] });
  const rows = (accounts.data?.rows ?? []).filter(({ active }) => active);
  return (
    <label className="currency-default" htmlFor="import-account">
      <span>{t('imports.default.account')}</span>
      <Select
        id="import-account"
        showSearch
        optionFilterProp="label"
        value={state.accountId}
        placeholder={t('imports.default.accountNeeded')}
        status={state.accountId === undefined ? 'error' : ''}
        onChange={state.setAccountId}
        options={rows.map(({ id, name, currency, number }) => ({
          value: id,
          label: `${name}${number === '' ? '' : ` ${number}`}（${currency}）`,
        }))}
      />
      {rows.length === 0 && accounts.status === 'ready' ? (
        <Button onClick={() => navigate('moneyAccounts', { add: '1' })}>{t('imports.default.accountAdd')}</Button>
      ) : null}
    </label>
  );
}

/** Each field of the kind to a column of the file, with what the first rows hold there. */
export function ColumnsStep({ state }: { readonly state: ImportState }) {
  const { t, i18n } = useTranslation();
  const { inspection, mapping, setMapping, currency, setCurrency } = state;
  if (inspection === undefined) return null;
  const { headers, preview, mappingFrom } = inspection;
  const { fields } = state;
  const columnName = (column: number): string => {
    const header = headers[column] ?? '';
    return header === '' ? t('imports.columns.columnN', { n: column + 1 }) : header;
  };
  const missing = missingRequired({ kind: inspection.kind, fields, mapping }).filter((field) => field !== 'currency');
  const doubles = doubleColumns(mapping);
  const unused = headers.map((_, column) => column).filter((column) => !Object.values(mapping).includes(column));
  const options = [
    { value: NONE, label: t('imports.columns.none') },
    ...headers.map((_, column) => ({ value: column, label: columnName(column) })),
  ];
  const fieldName = (id: string): string => importFieldLabel(inspection.kind, inspection.message, id, i18n.language);
  return (
    <div className="import-body">
      <p className={mappingFrom === 'guess' ? 'tone-action' : 'muted'}>{t(`imports.columns.from.${mappingFrom}`)}</p>
      <table className="mapping">
        <thead>
          <tr>
            <th>{t('imports.columns.field')}</th>
            <th>{t('imports.columns.column')}</th>
            <th>{t('imports.columns.sample')}</th>
          </tr>
        </thead>
        <tbody>
          {fields.map(({ id, required }) => {
            const column = mapping[id];
            const isMissing = missing.includes(id);
            const isDouble = column !== undefined && doubles.includes(column);
            const samples = column === undefined ? [] : preview.slice(0, 3).map((cells) => cells[column] ?? '');
            return (
              <tr key={id}>
                <td>
                  {fieldName(id)}
                  {required ? (
                    <span className={isMissing ? 'required tone-rejected' : 'required muted'}>
                      {t('imports.columns.required')}
                    </span>
                  ) : null}
                </td>
                <td>
                  <Select
                    aria-label={fieldName(id)}
                    showSearch
                    optionFilterProp="label"
                    value={column ?? NONE}
                    status={isMissing || isDouble ? 'error' : ''}
                    onChange={(next: number) => {
                      const { [id]: _, ...others } = mapping;
                      setMapping(next === NONE ? others : { ...others, [id]: next });
                    }}
                    options={options}
                  />
                </td>
                <td className="sample" title={samples.join('\n')}>
                  {samples.filter((text) => text !== '').join(' · ')}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {inspection.kind === 'orders' ? (
        <label className="currency-default" htmlFor="import-currency">
          <span>{needsCurrency(state) ? t('imports.default.currency') : t('imports.default.currencyUnused')}</span>
          {needsCurrency(state) ? (
            <Select
              id="import-currency"
              showSearch
              optionFilterProp="label"
              value={currency}
              placeholder={t('imports.default.currencyNeeded')}
              status={currency === undefined ? 'error' : ''}
              onChange={setCurrency}
              options={currencyOptions(i18n.language)}
            />
          ) : null}
        </label>
      ) : null}
      {inspection.kind === 'statement' ? <AccountChoice state={state} /> : null}
      <KeyChoice state={state} />
      <div className="mapping-notes" role="status">
        {missing.length === 0 ? (
          <span className="tone-accepted">
            <CheckOutlined aria-hidden /> {t('imports.columns.ready')}
          </span>
        ) : (
          <span className="tone-rejected">
            <ExclamationCircleOutlined aria-hidden />{' '}
            {t('imports.columns.missing', { fields: listed(missing.map(fieldName), i18n.language) })}
          </span>
        )}
        {doubles.map((column) => (
          <span key={column} className="tone-rejected">
            <ExclamationCircleOutlined aria-hidden /> {t('imports.columns.duplicate', { column: columnName(column) })}
          </span>
        ))}
        {unused.length === 0 ? null : (
          <span className="muted">
            {t('imports.columns.unused', { columns: listed(unused.map(columnName), i18n.language) })}
          </span>
        )}
      </div>
    </div>
  );
}
