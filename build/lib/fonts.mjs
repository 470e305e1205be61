// The font that goes on paper: Noto Sans SC (SIL Open Font License 1.1), in the slices of its npm package, regular and bold.
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { root } from './base.mjs';

const source = path.join(root, 'node_modules/@fontsource/noto-sans-sc');
/** A name of our own, so that a font of the machine never stands in for it, nor it for one of the desk's. */
const family = 'Portbook Print';

/**
 * Writes `print.css` and the slices it names into a folder, with their licence.
 * @param {string} folder
 */
export async function copyPrintFonts(folder) {
  await mkdir(folder, { recursive: true });
  const rules = [];
  for (const weight of [400, 700]) {
    const css = await readFile(path.join(source, `${weight}.css`), 'utf8');
    for (const [, block = ''] of css.matchAll(/@font-face \{([^}]*)\}/g)) {
      const name = /files\/([\w-]+\.woff2)/.exec(block)?.[1];
      const range = /unicode-range: ([^;]+);/.exec(block)?.[1];
      if (name === undefined || range === undefined)
        throw new Error(`a slice of ${weight}.css has no file or no range`);
      rules.push(
        `@font-face{font-family:"${family}";font-weight:${weight};src:url(./${name}) format("woff2");unicode-range:${range}}`,
      );
      await copyFile(path.join(source, 'files', name), path.join(folder, name));
    }
  }
  await writeFile(path.join(folder, 'print.css'), `${rules.join('\n')}\n`);
  await copyFile(path.join(source, 'LICENSE'), path.join(folder, 'LICENSE.txt'));
}
