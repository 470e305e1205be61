/** Findings and refused rows kept by earlier versions tell their lists in English too: the texts ask for `…En`. Conventions: see 0010. */
const inEnglish = (of: string, at: string): string =>
  `json_set(${of}, '${at}En', replace(json_extract(${of}, '${at}'), '、', ', '))`;
const finding = (rule: string, name: string): string =>
  `UPDATE finding SET params = ${inEnglish('params', `$.${name}`)}
     WHERE rule = '${rule}' AND json_type(params, '$.${name}') = 'text' AND json_type(params, '$.${name}En') IS NULL;`;
const refused = (code: string, name: string): string =>
  `UPDATE import_failure SET reasons = (SELECT json_group_array(json(CASE json_extract(r.value, '$.code') WHEN '${code}'
       THEN ${inEnglish('r.value', `$.params.${name}`)} ELSE r.value END) ORDER BY r.key) FROM json_each(reasons) r)
     WHERE reasons LIKE '%"${code}"%';`;

export const sql = `
${finding('EP-ALLOWED', 'values')}
${finding('C-GMODEL', 'elements')}
${finding('D-CURRENCIES', 'currencies')}
${refused('TRACKING_SEVERAL', 'shipments')}
${refused('KEY_TWICE_IN_BOOK', 'numbers')}
`;
