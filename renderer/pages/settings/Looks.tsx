import { useTranslation } from 'react-i18next';
import { Amount } from '../../components/Amount.tsx';
import { Chips } from '../../components/Chips.tsx';
import { Panel } from '../../components/Page.tsx';
import { StateTag } from '../../components/StateTag.tsx';
import { languages } from '../../i18n/i18n.ts';
import { textSizes, useView } from '../../stores/view-store.ts';
import { themeChoices } from '../../theme/palette.ts';

/** Language, theme and text size: at once and without a restart, on this computer only. */
export function Looks() {
  const { t } = useTranslation();
  const view = useView();
  const sizes = textSizes.map(String);
  return (
    <Panel isPlain title={t('settings.looks.title')}>
      <div className="panel-pad setting-rows">
        <div>
          <span className="muted">{t('settings.language')}</span>
          {/* A language is named in itself, so that whoever needs it can read it. */}
          <Chips
            label={t('settings.language')}
            value={view.language}
            onChange={view.setLanguage}
            chips={languages.map((value) => ({ value, label: t(`settings.languageName.${value}`) }))}
          />
        </div>
        <div>
          <span className="muted">{t('settings.theme')}</span>
          <Chips
            label={t('settings.theme')}
            value={view.theme}
            onChange={view.setTheme}
            chips={themeChoices.map((value) => ({ value, label: t(`settings.themeName.${value}`) }))}
          />
        </div>
        <div>
          <span className="muted">{t('settings.textSize')}</span>
          <Chips
            label={t('settings.textSize')}
            value={String(view.textSize)}
            onChange={(value) => {
              const size = textSizes.find((one) => String(one) === value);
              if (size !== undefined) view.setTextSize(size);
            }}
            chips={sizes.map((value) => ({ value, label: `${value} %` }))}
          />
        </div>
        <div>
          <span className="muted">{t('settings.preview')}</span>
          <span className="setting-preview">
            {(['draft', 'queued', 'sent', 'accepted', 'rejected', 'unknown'] as const).map((state) => (
              <StateTag key={state} kind="document" state={state} />
            ))}
            <Amount value="1234567.5" currency="CNY" />
          </span>
        </div>
      </div>
    </Panel>
  );
}
