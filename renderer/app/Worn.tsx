import { ConfigProvider } from 'antd';
import enUs from 'antd/locale/en_US';
import zhCn from 'antd/locale/zh_CN';
import { type ReactNode, useMemo } from 'react';
import { useMedia } from '../components/use-media.ts';
import { useView } from '../stores/view-store.ts';
import type { Theme } from '../theme/palette.ts';
import { antdTheme, themeFor } from '../theme/theme.ts';

/** antd writes its styles at run time; the page's policy lets them in by this nonce only. */
function pageNonce(): string | undefined {
  return document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce;
}

/** The theme in effect: the user's, or what the system says. */
export function useWorn(): Theme {
  const theme = useView((view) => view.theme);
  const isDark = useMedia('(prefers-color-scheme: dark)');
  const isContrast = useMedia('(prefers-contrast: more)');
  return themeFor(theme, isDark, isContrast);
}

/** Language, theme and text size for all that is drawn inside. */
export function Worn({ children }: { readonly children: ReactNode }) {
  const { language, textSize } = useView();
  const worn = useWorn();
  const config = useMemo(() => antdTheme(worn, textSize / 100), [worn, textSize]);
  const nonce = pageNonce();
  return (
    <ConfigProvider
      locale={language === 'en' ? enUs : zhCn}
      theme={config}
      componentSize="medium"
      button={{ autoInsertSpace: false }}
      {...(nonce === undefined ? {} : { csp: { nonce } })}
    >
      {children}
    </ConfigProvider>
  );
}
