/** The colours of the desk. One accent; every other colour is a state and never stands without its icon and word. */

export const themes = ['light', 'dark', 'contrast'] as const;
export type Theme = (typeof themes)[number];
export const themeChoices = ['system', ...themes] as const;
export type ThemeName = (typeof themeChoices)[number];

/** What a state means, whatever kind of thing is in it. */
export const tones = ['draft', 'ready', 'waiting', 'accepted', 'rejected', 'action'] as const;
export type Tone = (typeof tones)[number];

export interface Palette {
  readonly page: string;
  readonly panel: string;
  /** Table heads, footers, read-only fields. */
  readonly sunk: string;
  readonly line: string;
  readonly lineStrong: string;
  readonly text: string;
  readonly muted: string;
  readonly accent: string;
  readonly accentHover: string;
  readonly onAccent: string;
  readonly accentText: string;
  readonly selected: string;
  /** A value that must be confirmed again. */
  readonly amberField: string;
  readonly redField: string;
  readonly tone: Readonly<Record<Tone, { readonly mark: string; readonly onMark: string; readonly text: string }>>;
}

const light: Palette = {
  page: '#f4f6f8',
  panel: '#ffffff',
  sunk: '#f8fafb',
  line: '#e3e7eb',
  lineStrong: '#cfd6dc',
  text: '#16202a',
  muted: '#5f6b77',
  accent: '#0f6b78',
  accentHover: '#0c5a65',
  onAccent: '#ffffff',
  accentText: '#0b5965',
  selected: '#e6f1f3',
  amberField: '#fff5e3',
  redField: '#fdf0ef',
  tone: {
    draft: { mark: '#8793a0', onMark: '#ffffff', text: '#5f6b77' },
    ready: { mark: '#2b6cb0', onMark: '#ffffff', text: '#235a94' },
    waiting: { mark: '#7653b5', onMark: '#ffffff', text: '#63429f' },
    accepted: { mark: '#2e8b50', onMark: '#ffffff', text: '#1f6f3e' },
    rejected: { mark: '#c9332b', onMark: '#ffffff', text: '#a8231c' },
    action: { mark: '#cf7f1f', onMark: '#ffffff', text: '#8a5206' },
  },
};

const dark: Palette = {
  page: '#14191e',
  panel: '#1b2228',
  sunk: '#20282f',
  line: '#2d3740',
  lineStrong: '#43505b',
  text: '#e4e9ed',
  muted: '#9aa7b3',
  accent: '#1b8391',
  accentHover: '#2397a7',
  onAccent: '#ffffff',
  accentText: '#5cc3d0',
  selected: '#1d3a40',
  amberField: '#3a2f1b',
  redField: '#3b2222',
  tone: {
    draft: { mark: '#71808d', onMark: '#ffffff', text: '#a5b1bc' },
    ready: { mark: '#3b7fc6', onMark: '#ffffff', text: '#7fb4ea' },
    waiting: { mark: '#8866c8', onMark: '#ffffff', text: '#b99fee' },
    accepted: { mark: '#34965a', onMark: '#ffffff', text: '#6fcb93' },
    rejected: { mark: '#d5473f', onMark: '#ffffff', text: '#f58d86' },
    action: { mark: '#c77c22', onMark: '#ffffff', text: '#ecb15e' },
  },
};

const contrast: Palette = {
  page: '#ffffff',
  panel: '#ffffff',
  sunk: '#ffffff',
  line: '#5a5a5a',
  lineStrong: '#000000',
  text: '#000000',
  muted: '#2b2b2b',
  accent: '#003f49',
  accentHover: '#000000',
  onAccent: '#ffffff',
  accentText: '#003f49',
  selected: '#cdeaf0',
  amberField: '#ffe9b8',
  redField: '#ffdcd9',
  tone: {
    draft: { mark: '#404040', onMark: '#ffffff', text: '#202020' },
    ready: { mark: '#003f8a', onMark: '#ffffff', text: '#003f8a' },
    waiting: { mark: '#47148c', onMark: '#ffffff', text: '#47148c' },
    accepted: { mark: '#00501f', onMark: '#ffffff', text: '#00501f' },
    rejected: { mark: '#940000', onMark: '#ffffff', text: '#940000' },
    action: { mark: '#6b3a00', onMark: '#ffffff', text: '#6b3a00' },
  },
};

export const palettes: Readonly<Record<Theme, Palette>> = { light, dark, contrast };

/** Relative luminance of a colour `#rrggbb`, 0 to 1 (WCAG 2.2). */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.040_45 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Contrast of two colours `#rrggbb`, 1 to 21 (WCAG 2.2). */
export function contrastOf(one: string, other: string): number {
  const [low = 0, high = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

/** Letters on a plane of any colour: black or white, one of which always has the contrast of 4.5 that small text needs. */
export const inkOn = (plane: string): string =>
  contrastOf(plane, '#ffffff') >= contrastOf(plane, '#000000') ? '#ffffff' : '#000000';

/** Chinese first by platform, so that mixed text never falls back to a Japanese cut of the same characters. */
export const fontFamily =
  "'Microsoft YaHei UI', 'Microsoft YaHei', 'PingFang SC', 'Hiragino Sans GB', 'Source Han Sans SC', 'Noto Sans CJK SC', 'Noto Sans SC', 'WenQuanYi Micro Hei', 'Segoe UI', system-ui, sans-serif";
export const monoFamily =
  "'Cascadia Mono', Consolas, 'SF Mono', Menlo, 'DejaVu Sans Mono', 'Noto Sans Mono CJK SC', 'Microsoft YaHei', monospace";
