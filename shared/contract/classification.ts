/** Classification of goods (归类): code tables, tariff, declaration elements (申报要素), decisions. */
export const classification = {} as const;
