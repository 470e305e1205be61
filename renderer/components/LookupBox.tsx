/**
 * The lookup box of every code table (UX 2.3): a {@link ChoiceBox} over its codes, by code, Chinese, full pinyin, initials, any word order.
 * Text that names no code is refused and the old code kept; the book remembers the text (未确认) until somebody says what it means. Where
 * codes beyond the table are lawful (`isOpen`) it is taken as it stands.
 *
 * `recentFor` says what the code is for (client, product, field): codes taken for it lately stand first, and what is taken is noted.
 *
 * `value` is the code; the name beside it is looked up through `tables.names`.
 */
import type { InputOf } from '../../shared/contract/contract.ts';
import { call, errorOf } from '../core-client.ts';
import { type Choice, ChoiceBox, type ChoiceBoxProps } from './ChoiceBox.tsx';
import { learnName, useCodeNames } from './code-names.ts';

export interface LookupBoxProps
  extends Pick<ChoiceBoxProps, 'id' | 'label' | 'placeholder' | 'isDisabled' | 'isInvalid' | 'autoFocus' | 'onBlur'> {
  /** Id of the code table: `country`, `customs_district`, `unit` … */
  readonly table: string;
  readonly value: string;
  readonly onChange: (code: string, row: Choice | undefined) => void;
  /** What the code is for, e.g. `client|product|field`: what was taken for it lately stands first. */
  readonly recentFor?: string;
  /** Codes that the table lacks are taken too. */
  readonly isOpen?: boolean;
}

const LIMIT = 9;

/**
 * Rows of a code table for what was typed: the first nine, those taken lately for the same thing before the others. Where other codes are
 * lawful too, one as long as the table's is itself and nothing that merely looks like it.
 */
export async function searchTable(
  table: string,
  text: string,
  recentFor: string | undefined,
  isOpen = false,
): Promise<readonly Choice[]> {
  const wanted = { table, text, limit: LIMIT, ...(recentFor === undefined ? {} : { recentFor }) };
  const { rows } = await call('tables.search', wanted);
  const typed = text.trim().normalize('NFKC');
  const isWhole = isOpen && /^\d+$/.test(typed) && rows.every(({ code }) => typed.length >= code.length);
  return isWhole ? rows.filter(({ code }) => code === typed) : rows;
}

/** Notes what was taken or typed. Without an open book there is nowhere to note it, and entry goes on all the same. */
async function note<N extends 'recents.use' | 'recents.unconfirmed'>(op: N, input: InputOf<N>): Promise<void> {
  try {
    await call(op, input);
  } catch (thrown) {
    const { code } = errorOf(thrown);
    if (code !== 'BOOK_NOT_OPEN') throw thrown;
  }
}

export function LookupBox({ table, value, onChange, recentFor, isOpen = false, ...box }: LookupBoxProps) {
  const name = useCodeNames(table, [value])(value);
  return (
    <ChoiceBox
      {...box}
      table={table}
      code={value}
      shown={value === '' || name === undefined ? value : `${value} ${name}`}
      search={(text) => searchTable(table, text, recentFor, isOpen)}
      onTake={(row) => {
        if (row !== undefined) {
          learnName(table, row);
          if (recentFor !== undefined) void note('recents.use', { table, for: recentFor, code: row.code });
        }
        onChange(row?.code ?? '', row);
      }}
      onRefused={(text) => void note('recents.unconfirmed', { table, text, for: recentFor ?? '' })}
      {...(isOpen ? { onUnknown: (text: string) => onChange(text.normalize('NFKC'), undefined) } : {})}
    />
  );
}
