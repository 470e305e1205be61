/** What a calculator answered: figures by their names, lists as small tables. */
import type { CalculationView } from '../../../shared/contract/tax.ts';
import { listed } from '../../../shared/i18n/words.ts';
import type { Json } from './calculator-form.ts';
import { resultLabel, valueText, type Words } from './rule-text.ts';
import { useWords } from './use-words.ts';

function isGroup(value: Json): value is { readonly [name: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A list or group in one line, where it stands in a cell. */
function lineOf(name: string, value: Json, calculator: string, words: Words): string {
  if (Array.isArray(value))
    return listed(
      value.map((one: Json) => lineOf(name, one, calculator, words)),
      words.language,
    );
  if (isGroup(value))
    return Object.entries(value)
      .map(([inner, one]) => `${resultLabel(inner, calculator, words)} ${lineOf(inner, one, calculator, words)}`)
      .join(' · ');
  return valueText(name, String(value), calculator, words);
}

function ValueTable({
  rows,
  calculator,
}: {
  readonly rows: readonly { readonly [name: string]: Json }[];
  readonly calculator: string;
}) {
  const words = useWords();
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return (
    <div className="rule-table-box">
      <table className="rule-table is-result">
        <thead>
          <tr>
            {names.map((name) => (
              <th key={name} scope="col">
                {resultLabel(name, calculator, words)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: answered rows have no identity but their place
            <tr key={at}>
              {names.map((name) => (
                <td key={name}>{row[name] === undefined ? '–' : lineOf(name, row[name], calculator, words)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function CalculationResult({ calculation }: { readonly calculation: CalculationView }) {
  const words = useWords();
  const { calculator } = calculation;
  return (
    <dl className="calculation-result">
      {Object.entries(calculation.result).map(([name, value]) => {
        const json = value as Json;
        const rows = Array.isArray(json) && json.length > 0 && json.every(isGroup) ? json.filter(isGroup) : undefined;
        return (
          <div key={name} className={rows === undefined ? '' : 'is-table'} data-result={name}>
            <dt>{resultLabel(name, calculator, words)}</dt>
            <dd>
              {rows !== undefined ? (
                <ValueTable rows={rows} calculator={calculator} />
              ) : Array.isArray(json) && json.length === 0 ? (
                words.t('common.none')
              ) : (
                lineOf(name, json, calculator, words)
              )}
            </dd>
          </div>
        );
      })}
    </dl>
  );
}
