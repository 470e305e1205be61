/** A paper as it is printed: the very page the printer gets, its sheets laid on the desk, apart from the desk's own styles. */
import { useEffect, useRef } from 'react';

/** How the sheets lie on the screen; the page's own styles are what is printed. */
const around = `
:host { display: block; }
.desk { zoom: var(--paper-zoom, 1); display: flex; flex-direction: column; align-items: safe center; gap: 5mm; padding: 5mm; }
.desk > .sheet { box-shadow: 0 1px 4px rgb(0 0 0 / 30%); border-style: solid; border-color: #fff; border-width: calc(var(--top) / var(--sheet-zoom, 1)) calc(var(--right) / var(--sheet-zoom, 1)) calc(var(--bottom) / var(--sheet-zoom, 1)) calc(var(--left) / var(--sheet-zoom, 1)); box-sizing: content-box; flex: none; }
`;

/** The font of the printer, for the whole window once a paper is shown: a sheet of its own could not bring one along. */
function loadPrintFont(): void {
  if (document.querySelector('link[data-font="print"]') !== null) return;
  const link = document.createElement('link');
  link.rel = 'stylesheet';
  link.href = './fonts/print.css';
  link.dataset['font'] = 'print';
  document.head.append(link);
}

/** Pixels beside a sheet: the margin of the desk at both sides and the bar that scrolls. */
const BESIDE = 56;

interface Props {
  readonly html: string;
  readonly label: string;
  /** 1 is the size of the paper; undefined: as wide as there is room. */
  readonly zoom: number | undefined;
}

export function PaperPreview({ html, label, zoom }: Props) {
  const host = useRef<HTMLElement>(null);
  useEffect(loadPrintFont, []);
  useEffect(() => {
    const element = host.current;
    if (element === null) return;
    const root = element.shadowRoot ?? element.attachShadow({ mode: 'open' });
    // Styles of the page go in as a sheet: the window allows none written into it, not even in a page that is only read.
    const styles: string[] = [];
    const bare = html.replace(/<style>([\s\S]*?)<\/style>/g, (_, text: string) => {
      styles.push(text);
      return '';
    });
    const page = new DOMParser().parseFromString(bare, 'text/html');
    const desk = document.createElement('div');
    desk.className = 'desk';
    desk.append(...page.body.childNodes);
    const style = new CSSStyleSheet();
    style.replaceSync(`${styles.join('\n')}\n${around}`);
    root.adoptedStyleSheets = [style];
    root.replaceChildren(desk);
  }, [html]);
  useEffect(() => {
    const element = host.current;
    if (element === null) return;
    const adjust = (): void => {
      const sheet = element.shadowRoot?.querySelector<HTMLElement>('.sheet');
      const width = sheet === null || sheet === undefined ? 0 : sheet.offsetWidth + BESIDE;
      const scale = zoom ?? (width === 0 ? 1 : Math.min(1, element.clientWidth / width));
      element.style.setProperty('--paper-zoom', scale.toFixed(3));
    };
    adjust();
    const watch = new ResizeObserver(adjust);
    watch.observe(element);
    return () => watch.disconnect();
  });
  useEffect(() => host.current?.focus({ preventScroll: true }), []);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: the arrows scroll what has the focus
    <section ref={host} className="paper-preview" aria-label={label} tabIndex={0} />
  );
}
