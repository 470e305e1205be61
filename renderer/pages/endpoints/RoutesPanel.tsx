import { Select } from 'antd';
import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { documentKinds } from '../../../shared/contract/filing.ts';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { Field } from '../../components/Field.tsx';
import { Panel } from '../../components/Page.tsx';
import { useCommand } from '../../core-client.ts';
import { notify } from '../../stores/notice-store.ts';
import { kindName } from '../declarations/field-text.ts';

type List = OutputOf<'endpoints.list'>;
type Kind = List['routes'][number]['kind'];

/** Which endpoint takes which kind of message. A choice holds at once for drafts that have no endpoint of their own. */
export function RoutesPanel({ list, onChanged }: { readonly list: List; readonly onChanged: () => void }) {
  const { t, i18n } = useTranslation();
  const route = useCommand('endpoints.route');
  const { endpoints } = list;
  const routes = new Map(list.routes.map(({ kind, endpoint }) => [kind, endpoint]));
  const current = endpoints.find(({ isCurrent }) => isCurrent)?.name ?? t('outbox.noEndpoint');
  const set = async (kind: Kind, endpoint: string): Promise<void> => {
    if ((await route.run({ kind, ...(endpoint === '' ? {} : { endpoint }) })) === undefined) return;
    const name = endpoints.find(({ id }) => id === endpoint)?.name ?? current;
    notify(t('endpoints.route.set', { kind: kindName(kind, i18n.language), name }));
    onChanged();
  };
  return (
    <Panel isPlain title={t('endpoints.route.title')}>
      <div className="panel-pad">
        <p className="muted">{t('endpoints.route.hint')}</p>
        <ErrorNote error={route.error} onClose={route.clear} />
        <div className="endpoint-routes">
          {documentKinds.map((kind) => {
            // One that was taken out of use leads to the one in use.
            const chosen = endpoints.find(({ id }) => id === routes.get(kind))?.id ?? '';
            return (
              <Field key={kind} id={`route-${kind}`} label={kindName(kind, i18n.language)} hint={kind}>
                <Select
                  id={`route-${kind}`}
                  value={chosen}
                  disabled={route.isRunning}
                  onChange={(endpoint: string) => void set(kind, endpoint)}
                  options={[
                    { value: '', label: t('endpoints.targetDefault', { name: current }) },
                    ...endpoints.map(({ id, name, takes }) => ({
                      value: id,
                      label: takes.kinds.includes(kind) ? name : t('endpoints.route.notTaken', { name }),
                      disabled: !takes.kinds.includes(kind),
                    })),
                  ]}
                />
              </Field>
            );
          })}
        </div>
      </div>
    </Panel>
  );
}
