import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { type Choice, ChoiceBox } from '../../components/ChoiceBox.tsx';
import { useOnceRead } from '../../components/use-once-read.ts';
import { call, useQuery } from '../../core-client.ts';

type Place = OutputOf<'stock.places'>['rows'][number];

/** A warehouse out of those in use, of some kinds only where `kinds` says so. */
export function PlaceBox({
  id,
  value,
  kinds,
  onChange,
}: {
  readonly id: string;
  readonly value: number | undefined;
  readonly kinds?: readonly Place['kind'][];
  readonly onChange: (placeId: number | undefined) => void;
}) {
  const places = useQuery('stock.places', {}, { areas: ['purchases'] });
  const onceRead = useOnceRead(places);
  const usable = (all: readonly Place[]): readonly Place[] =>
    all.filter((place) => place.active && (kinds === undefined || kinds.includes(place.kind)));
  const rows = usable(places.data?.rows ?? []);
  const find = (among: readonly Place[], text: string): readonly Choice[] =>
    among
      .map((place): Choice => ({ code: String(place.id), name: place.name }))
      .filter(({ name }) => name.toLowerCase().includes(text.trim().toLowerCase()));
  return (
    <ChoiceBox
      id={id}
      hidesCode
      shown={rows.find((place) => place.id === value)?.name ?? ''}
      search={(text) => onceRead((read) => find(usable(read?.rows ?? []), text))}
      onTake={(choice) => onChange(choice === undefined ? undefined : Number(choice.code))}
    />
  );
}

/** An article by its number or name: what is typed is the number, the list only offers, so that digits are digits. */
export function SkuBox({
  id,
  label,
  value,
  isCell = false,
  onChange,
  onSettled,
}: {
  readonly id?: string;
  readonly label?: string;
  readonly value: string;
  readonly isCell?: boolean;
  readonly onChange: (sku: string) => void;
  /** The field was left. */
  readonly onSettled?: () => void;
}) {
  const search = async (text: string): Promise<readonly Choice[]> => {
    if (text === '') return [];
    const { rows } = await call('products.list', { text, limit: 9 });
    const exact = rows.filter(({ sku }) => sku === text);
    return [...exact, ...rows.filter(({ sku }) => sku !== text)].map((row) => ({
      code: row.sku,
      name: row.nameCn === '' ? row.nameSource : row.nameCn,
    }));
  };
  return (
    <ChoiceBox
      {...(id === undefined ? {} : { id })}
      {...(label === undefined ? {} : { label })}
      isCell={isCell}
      isFree
      shown={value}
      search={search}
      onText={(text) => onChange(text.trim())}
      onTake={(choice) => onChange(choice?.code ?? '')}
      {...(onSettled === undefined ? {} : { onBlur: onSettled })}
    />
  );
}

/** One of a few values, by the first letters of its text. */
export function ValueBox<V extends string>({
  id,
  value,
  values,
  textKey,
  onChange,
}: {
  readonly id: string;
  readonly value: V;
  readonly values: readonly V[];
  /** Where the texts stand: `purchases.kind`. */
  readonly textKey: string;
  readonly onChange: (value: V) => void;
}) {
  const { t } = useTranslation();
  const choices = values.map((code): Choice => ({ code, name: t(`${textKey}.${code}`) }));
  return (
    <ChoiceBox
      id={id}
      hidesCode
      shown={t(`${textKey}.${value}`)}
      search={(text) => choices.filter(({ name, code }) => name.includes(text.trim()) || code.startsWith(text.trim()))}
      onTake={(choice) => {
        const taken = values.find((one) => one === choice?.code);
        if (taken !== undefined) onChange(taken);
      }}
    />
  );
}
