/** 退运检查: an export line that comes back, judged before the return is made. */
import { Button, Checkbox, Input, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useKeys } from '../../app/keys.ts';
import type { PageProps } from '../../app/page-route.ts';
import { navigate, numberParam, replaceParams } from '../../app/route-store.ts';
import { ChoiceBox } from '../../components/ChoiceBox.tsx';
import { DateInput } from '../../components/DateInput.tsx';
import { DetailPlaceholder } from '../../components/DetailPane.tsx';
import { Field } from '../../components/Field.tsx';
import { LookupBox } from '../../components/LookupBox.tsx';
import { Page, Panel, Split } from '../../components/Page.tsx';
import { FoodChoice, ReturnCheck, type ReturnCheckProps } from '../../components/ReturnCheck.tsx';
import { useEnterNavigation } from '../../components/use-enter-navigation.ts';
import { call, useQuery } from '../../core-client.ts';
import { localDate } from '../../i18n/format.ts';
import './modes.css';

const flags = ['originalState', 'defect'] as const;
const reasons = ['returned', 'unsold', 'other'] as const;

export function ReturnsPage({ params }: PageProps) {
  const { t } = useTranslation();
  const id = numberParam(params, 'id');
  const line = useQuery('exportLines.get', id === undefined ? null : { id }, { areas: ['purchases'] });
  const [facts, setFacts] = useState<Omit<ReturnCheckProps, 'exportLineId'>>({
    returnedOn: localDate(),
    reason: 'returned',
  });
  const [quantity, setQuantity] = useState('');
  const put = (change: Partial<typeof facts>): void => setFacts({ ...facts, ...change });
  const onKeyDown = useEnterNavigation();
  useKeys([{ key: 'Esc', label: t('modes.key.back'), run: () => navigate('declarations'), isMain: true }]);
  const search = async (text: string) => {
    const { rows } = await call('exportLines.list', { limit: 9, ...(text === '' ? {} : { text }) });
    return rows.map((row) => ({
      code: String(row.id),
      name: `${row.declarationNo}-${row.lineNo} ${row.name} ${row.exportDate}`,
    }));
  };
  const shown = line.data === undefined ? '' : `${line.data.declarationNo}-${line.data.lineNo} ${line.data.name}`;
  return (
    <Page title={t('returns.title')} summary={t('returns.summary')}>
      <Split
        list={
          <Panel title={t('returns.facts')}>
            <form className="return-grid" onKeyDown={onKeyDown} onSubmit={(event) => event.preventDefault()}>
              <Field id="return-line" label={t('returns.line')} isRequired isWide>
                <ChoiceBox
                  id="return-line"
                  hidesCode
                  autoFocus
                  shown={shown}
                  search={search}
                  onTake={(choice) => replaceParams(choice === undefined ? {} : { id: Number(choice.code) })}
                />
              </Field>
              <Field id="return-date" label={t('returns.returnedOn')}>
                <DateInput
                  id="return-date"
                  value={facts.returnedOn}
                  onChange={(returnedOn) => (/^\d{4}-\d{2}-\d{2}$/.test(returnedOn) ? put({ returnedOn }) : undefined)}
                />
              </Field>
              <Field id="return-quantity" label={t('returns.returned')} hint={t('returns.returnedHint')}>
                <Input
                  id="return-quantity"
                  value={quantity}
                  inputMode="decimal"
                  autoComplete="off"
                  onChange={(event) => setQuantity(event.target.value)}
                />
              </Field>
              <Field id="return-reason" label={t('returns.reason')}>
                <Select
                  id="return-reason"
                  value={facts.reason}
                  options={reasons.map((value) => ({ value, label: t(`returns.reasonOf.${value}`) }))}
                  onChange={(reason) => put({ reason })}
                />
              </Field>
              <Field id="return-customs" label={t('returns.customs')}>
                <LookupBox
                  id="return-customs"
                  table="customs_district"
                  value={facts.customsCode ?? ''}
                  onChange={(customsCode) => put({ customsCode: customsCode === '' ? undefined : customsCode })}
                />
              </Field>
              <FoodChoice id="return-food" value={facts.food} onChange={(food) => put({ food })} />
              {flags.map((flag) => (
                <Checkbox
                  key={flag}
                  checked={facts[flag] ?? flag === 'originalState'}
                  onChange={(event) => put({ [flag]: event.target.checked })}
                >
                  {t(`returns.flag.${flag}`)}
                </Checkbox>
              ))}
            </form>
          </Panel>
        }
        detail={
          id === undefined ? (
            <DetailPlaceholder text={t('returns.chooseLine')} />
          ) : (
            <Panel title={t('returns.answer')}>
              <ReturnCheck
                exportLineId={id}
                {...facts}
                {...(/^\d{1,14}(\.\d{1,5})?$/.test(quantity) ? { quantity } : {})}
              />
              <div className="card-actions panel-pad">
                <Button onClick={() => navigate('returns', { tab: 'certificates', line: id })}>
                  {t('goodsReturns.certificate.ask')}
                </Button>
              </div>
            </Panel>
          )
        }
      />
    </Page>
  );
}
