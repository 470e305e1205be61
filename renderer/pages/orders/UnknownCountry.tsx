import { useTranslation } from 'react-i18next';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { LookupBox } from '../../components/LookupBox.tsx';
import { useCommand } from '../../core-client.ts';

/**
 * Where the source's word for a country means nothing to customs: the user says once what it means, for every open order
 * with that word and for later imports.
 */
export function UnknownCountry({ countryText }: { readonly countryText: string }) {
  const { t } = useTranslation();
  const command = useCommand('orders.setCountry');
  return (
    <div className="unknown-country">
      <span className="tone-action">{t('orders.detail.unknownCountry', { text: countryText })}</span>
      <LookupBox
        table="country"
        value=""
        label={t('orders.detail.setCountry', { text: countryText })}
        placeholder={t('orders.detail.setCountry', { text: countryText })}
        isDisabled={command.isRunning}
        onChange={(country) => void command.run({ countryText, country })}
      />
      {command.error === undefined ? null : <ErrorNote error={command.error} />}
    </div>
  );
}
