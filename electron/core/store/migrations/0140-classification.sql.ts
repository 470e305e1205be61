/** Classification of goods (归类): code tables, tariff, declaration elements (申报要素), decisions. Conventions: see 0010. */
export const sql = '';
