import { Button, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RequestName } from '../../../shared/documents/catalogue.ts';
import { Field } from '../../components/Field.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { Panel } from '../../components/Page.tsx';
import { messageOptions } from './SheetStep.tsx';

/** Which message a template is wanted of. */
export function MessageChoice({
  first = 'CEB603Message',
  onChoose,
  onClose,
}: {
  readonly first?: RequestName | undefined;
  readonly onChoose: (message: RequestName) => void;
  readonly onClose: () => void;
}) {
  const { t, i18n } = useTranslation();
  const [message, setMessage] = useState<RequestName>(first);
  return (
    <div className="import-choosing">
      <Panel title={t('imports.messageTemplate')}>
        <div className="import-body import-choice" data-testid="message-choice">
          <Field id="template-message" label={t('imports.message')} hint={t('imports.messageHint')}>
            <Select
              id="template-message"
              autoFocus
              showSearch
              optionFilterProp="label"
              value={message}
              onChange={setMessage}
              options={messageOptions(i18n.language)}
            />
          </Field>
          <div className="import-links">
            <KeyButton
              kind="primary"
              label={t('imports.saveTemplate')}
              keys="Ctrl+Enter"
              bind
              onPress={() => onChoose(message)}
            />
            <Button onClick={onClose}>{t('imports.close')}</Button>
          </div>
        </div>
      </Panel>
    </div>
  );
}
