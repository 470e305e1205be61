/** Words or numbers in a row, as a sentence of the language has them; any language but English is Chinese. */
export function listed(words: readonly (string | number)[], language: string): string {
  return words.join(language === 'en' ? ', ' : '、');
}

/** A list as parameters of a text in both languages: {name} is the Chinese one's, {nameEn} the English one's. */
export function listParams<Name extends string>(
  name: Name,
  words: readonly (string | number)[],
): Record<Name | `${Name}En`, string> {
  const made = { [name]: listed(words, 'zh-CN'), [`${name}En`]: listed(words, 'en') };
  return made as Record<Name | `${Name}En`, string>;
}
