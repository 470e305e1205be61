/** What an application names is read off its own body, however that came to be: typed, copied, imported or drafted. Conventions: see 0010. */

/** By these a document is about a list under customs' number of it (清单编号). */
const byList = `('withdraw','return','summary')`;
/** Where the other numbers stand: the waybill of each list. */
const lineGroups = [
  ['CEB607Message', 'WayBillList', 'waybills'],
  ['CEB507Message', 'ArrivalList', 'arrival'],
  ['CEB509Message', 'DepartureList', 'departure'],
] as const;
const period = (d: string, field: string): string =>
  `coalesce(json_extract(${d}.body, '$.SummaryApplyHead.${field}'), '')`;

/**
 * What a document names: the new row of a trigger (`NEW`), or every document there is (`d`). A summary by period takes its lists by time: its
 * lines say nothing.
 */
function namesOf(d: 'NEW' | 'd'): string {
  const [from, and] = d === 'NEW' ? ['', 'FROM'] : ['FROM document d', 'FROM document d,'];
  return `INSERT INTO document_named (document_id, number, purpose) SELECT DISTINCT id, number, purpose FROM (
    SELECT ${d}.id AS id, json_extract(${d}.body, '$.invtNo') AS number, 'withdraw' AS purpose ${from}
      WHERE ${d}.kind IN ('CEB605Message','CEB623Message')
    UNION ALL SELECT ${d}.id, json_extract(${d}.body, '$.InvtRefundHead.invtNo'), 'return' ${from}
      WHERE ${d}.kind IN ('CEB213Message','CEB625Message')
    UNION ALL SELECT ${d}.id, json_extract(j.value, '$.invtNo'), 'summary' ${and} json_each(${d}.body, '$.SummaryApplyList') j
      WHERE ${d}.kind = 'CEB701Message' AND ${period(d, 'startTime')} = ''
    ${lineGroups
      .map(
        ([kind, group, purpose]) =>
          `UNION ALL SELECT ${d}.id, json_extract(j.value, '$.logisticsNo'), '${purpose}' ${and} json_each(${d}.body, '$.${group}') j
      WHERE ${d}.kind = '${kind}'`,
      )
      .join('\n    ')}
  ) WHERE coalesce(number, '') <> '';
  INSERT INTO summary_period (document_id, start_at, end_at, ebc_code)
    SELECT ${d}.id, ${['startTime', 'endTime', 'ebcCode'].map((field) => period(d, field)).join(', ')} ${from}
    WHERE ${d}.kind = 'CEB701Message' AND ${period(d, 'startTime')} <> '';`;
}

/** Kinds that name others, and the kind of list that an application \`a\` is about. */
const naming = `('CEB605Message','CEB623Message','CEB213Message','CEB625Message','CEB701Message','CEB607Message','CEB507Message','CEB509Message')`;
const listKind = `iif(a.kind IN ('CEB623Message','CEB625Message'), 'CEB621Message', 'CEB603Message')`;

/** What a body names decides; only of a body that names nothing a link stays that was made with the draft. */
const forget = (where: string): string => `DELETE FROM document_about WHERE ${where} AND purpose IN ${byList}
    AND (EXISTS (SELECT 1 FROM document_named n WHERE n.document_id = document_about.document_id)
      OR EXISTS (SELECT 1 FROM summary_period p WHERE p.document_id = document_about.document_id))`;
const link = (where: string): string => `INSERT OR IGNORE INTO document_about (document_id, about_id, purpose)
    SELECT a.id, l.id, n.purpose FROM document_named n JOIN document a ON a.id = n.document_id
      JOIN document l ON l.platform_no = n.number AND l.kind = ${listKind}
    WHERE n.purpose IN ${byList} AND ${where}`;

const read = `
  DELETE FROM document_named WHERE document_id = NEW.id;
  DELETE FROM summary_period WHERE document_id = NEW.id;
  ${namesOf('NEW')}
  ${forget('document_id = NEW.id')};
  ${link('n.document_id = NEW.id')};`;
const numbered = `
  ${forget('about_id = NEW.id')} AND NOT EXISTS (
    SELECT 1 FROM document_named n WHERE n.document_id = document_about.document_id AND n.number = NEW.platform_no);
  ${link('n.number = NEW.platform_no AND l.id = NEW.id')};`;

export const sql = `
-- Numbers that a document names others by: a list's, or the waybill of a list. Written by the triggers below alone.
CREATE TABLE document_named (
  document_id INTEGER NOT NULL REFERENCES document (id) ON DELETE CASCADE,
  number TEXT NOT NULL,
  purpose TEXT NOT NULL CHECK (purpose IN ('withdraw','return','summary','waybills','arrival','departure')),
  PRIMARY KEY (document_id, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX document_named_number ON document_named (number, purpose);

-- Summary applications by period: yyyyMMddHHmmss, both ends included.
CREATE TABLE summary_period (
  document_id INTEGER PRIMARY KEY REFERENCES document (id) ON DELETE CASCADE,
  start_at TEXT NOT NULL,
  end_at TEXT NOT NULL,
  ebc_code TEXT NOT NULL
) STRICT;

${namesOf('d')}
${forget('true')};
${link('true')};

CREATE TRIGGER document_named_insert AFTER INSERT ON document WHEN NEW.kind IN ${naming} BEGIN ${read} END;
CREATE TRIGGER document_named_body AFTER UPDATE OF body ON document WHEN NEW.kind IN ${naming} AND NEW.body <> OLD.body BEGIN ${read} END;
CREATE TRIGGER document_named_list AFTER INSERT ON document
  WHEN NEW.kind IN ('CEB603Message','CEB621Message') AND NEW.platform_no IS NOT NULL BEGIN ${numbered} END;
CREATE TRIGGER document_named_number AFTER UPDATE OF platform_no ON document
  WHEN NEW.kind IN ('CEB603Message','CEB621Message') AND NEW.platform_no IS NOT OLD.platform_no BEGIN ${numbered} END;
`;
