/** 设置: how the desk looks, who keeps the book, its protection, signing, packs of tables and rules, printing, and what this program is. */
import { useTranslation } from 'react-i18next';
import type { PageProps } from '../../app/page-route.ts';
import { replaceParams, textParam } from '../../app/route-store.ts';
import { Chips } from '../../components/Chips.tsx';
import { Page } from '../../components/Page.tsx';
import { useSession } from '../../stores/session-store.ts';
import { About } from './About.tsx';
import { Keys } from './Keys.tsx';
import { Looks } from './Looks.tsx';
import { Packs } from './Packs.tsx';
import { Places } from './Places.tsx';
import { Printing } from './Printing.tsx';
import { ProfileSettings } from './ProfileSettings.tsx';
import { Protection } from './Protection.tsx';
import { Signing } from './Signing.tsx';

const tabs = ['looks', 'keys', 'profile', 'protection', 'signing', 'packs', 'printing', 'about'] as const;
type Tab = (typeof tabs)[number];

function isTab(text: string | undefined): text is Tab {
  return tabs.some((tab) => tab === text);
}

export function SettingsPage({ params }: PageProps) {
  const { t } = useTranslation();
  const profile = useSession((session) => session.profile);
  const wanted = textParam(params, 'tab');
  const tab: Tab = isTab(wanted) ? wanted : 'looks';
  return (
    <Page
      title={t('area.settings')}
      summary={t(`settings.${tab}.summary`)}
      filters={
        <Chips
          label={t('area.settings')}
          value={tab}
          onChange={(next) => replaceParams({ tab: next })}
          chips={tabs.map((value) => ({ value, label: t(`settings.${value}.title`) }))}
        />
      }
    >
      <div className="page-scroll">
        <div className="settings">
          {tab === 'looks' ? <Looks /> : null}
          {tab === 'keys' ? <Keys /> : null}
          {tab === 'profile' && profile !== undefined ? (
            <>
              <ProfileSettings key={profile.bookId} profile={profile} />
              <Places park={profile.park} />
            </>
          ) : null}
          {tab === 'protection' ? <Protection /> : null}
          {tab === 'signing' ? <Signing /> : null}
          {tab === 'packs' ? <Packs /> : null}
          {tab === 'printing' ? <Printing /> : null}
          {tab === 'about' ? <About /> : null}
        </div>
      </div>
    </Page>
  );
}
