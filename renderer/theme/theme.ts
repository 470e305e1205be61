import { theme as antd, type ThemeConfig } from 'antd';
import { fontFamily, monoFamily, type Palette, palettes, type Theme, type ThemeName, tones } from './palette.ts';

/** The theme worn now: the user's choice, or the operating system's. */
export function themeFor(choice: ThemeName, isSystemDark: boolean, isSystemContrast: boolean): Theme {
  if (choice !== 'system') return choice;
  if (isSystemContrast) return 'contrast';
  return isSystemDark ? 'dark' : 'light';
}

/** Lengths grow with the text: 14 px text, 32 px rows and controls at 100 %. */
export function antdTheme(name: Theme, textScale: number): ThemeConfig {
  const p = palettes[name];
  const px = (n: number): number => Math.round(n * textScale);
  return {
    algorithm: name === 'dark' ? antd.darkAlgorithm : antd.defaultAlgorithm,
    token: {
      colorPrimary: p.accent,
      colorLink: p.accentText,
      colorInfo: p.accent,
      colorError: p.tone.rejected.mark,
      colorWarning: p.tone.action.mark,
      colorSuccess: p.tone.accepted.mark,
      colorText: p.text,
      colorTextSecondary: p.muted,
      colorTextTertiary: p.muted,
      colorTextPlaceholder: p.muted,
      colorBgLayout: p.page,
      colorBgContainer: p.panel,
      colorBgElevated: p.panel,
      colorBorder: p.lineStrong,
      colorBorderSecondary: p.line,
      fontFamily,
      fontFamilyCode: monoFamily,
      fontSize: px(14),
      controlHeight: px(32),
      controlHeightSM: px(24),
      // antd would mix these from the accent, which turns out a murky grey.
      colorPrimaryBg: p.selected,
      controlItemBgActive: p.selected,
      controlItemBgActiveHover: p.selected,
      borderRadius: 4,
      borderRadiusLG: 4,
      borderRadiusSM: 3,
      wireframe: false,
      motion: false,
    },
    components: {
      Table: {
        headerBg: p.sunk,
        headerColor: p.muted,
        headerSplitColor: 'transparent',
        headerBorderRadius: 0,
        borderColor: p.line,
        rowHoverBg: p.sunk,
        rowSelectedBg: p.selected,
        rowSelectedHoverBg: p.selected,
        cellPaddingBlockSM: px(5),
        cellPaddingInlineSM: px(10),
        cellFontSizeSM: px(14),
      },
      Button: { primaryShadow: 'none', defaultShadow: 'none', dangerShadow: 'none', fontWeight: 400 },
      Form: { itemMarginBottom: px(12), verticalLabelPadding: '0 0 2px' },
      Tabs: { horizontalItemPadding: `${px(6)}px 0`, horizontalMargin: '0' },
      Input: { activeShadow: 'none' },
      Select: { optionHeight: px(28), optionPadding: `${px(3)}px ${px(10)}px` },
    },
  };
}

function variables(p: Palette, textScale: number): Record<string, string> {
  const named: Record<string, string> = {
    page: p.page,
    panel: p.panel,
    sunk: p.sunk,
    line: p.line,
    'line-strong': p.lineStrong,
    text: p.text,
    muted: p.muted,
    accent: p.accent,
    'accent-hover': p.accentHover,
    'on-accent': p.onAccent,
    'accent-text': p.accentText,
    selected: p.selected,
    'amber-field': p.amberField,
    'red-field': p.redField,
    'font-family': fontFamily,
    'mono-family': monoFamily,
  };
  for (const tone of tones) {
    named[`${tone}-mark`] = p.tone[tone].mark;
    named[`${tone}-on-mark`] = p.tone[tone].onMark;
    named[`${tone}-text`] = p.tone[tone].text;
  }
  named['text-scale'] = String(textScale);
  return named;
}

/** Hands the palette to the style sheet. 1rem is 10 px at 100 %, so that every length in it grows with the text. */
export function applyTheme(name: Theme, textScale: number): void {
  const root = document.documentElement;
  root.dataset['theme'] = name;
  root.style.colorScheme = name === 'dark' ? 'dark' : 'light';
  root.style.fontSize = `${10 * textScale}px`;
  for (const [key, value] of Object.entries(variables(palettes[name], textScale)))
    root.style.setProperty(`--${key}`, value);
}
