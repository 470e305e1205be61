import { type Language, startI18n } from '../../../renderer/i18n/i18n.ts';

export type Texts = (key: string, params?: Readonly<Record<string, string | number>>) => string;

const i18n = startI18n('zh-CN');

/**
 * The desk's own texts, so that a test names a button as the user reads it and a reworded button does not break the test.
 */
export function textsIn(language: Language): Texts {
  const t = i18n.getFixedT(language);
  return (key, params = {}) => t(key, { ...params });
}

/** A count as the desk writes it. */
export function countOf(text: string | null): number {
  return Number((text ?? '').replace(/[^\d]/g, ''));
}
