/**
 * The return application (CEB213) that a tally (CEB215) is about is read off the tally's own body, like the lists of 0820: by the number that
 * it shares with it, else by customs' number of the list where one application alone is about that list. Of several the link stays that was made
 * with the draft. Conventions: see 0010.
 */

const key = (t: string): string => `coalesce(json_extract(${t}.body, '$.coElNo'), '')`;
const list = (t: string): string => `coalesce(json_extract(${t}.body, '$.invtNo'), '')`;
const listOf = (r: string): string => `coalesce(json_extract(${r}.body, '$.InvtRefundHead.invtNo'), '')`;
const shares = (t: string): string =>
  `EXISTS (SELECT 1 FROM document s WHERE s.kind = 'CEB213Message' AND s.business_key = ${key(t)})`;

/** The tally `t` and the application `r`: whether the one names the other. */
const names = (t: string, r: string): string => `CASE WHEN ${shares(t)} THEN ${r}.business_key = ${key(t)}
    ELSE ${list(t)} <> '' AND ${listOf(r)} = ${list(t)} AND NOT EXISTS (
      SELECT 1 FROM document o WHERE o.kind = 'CEB213Message' AND o.business_key <> ${r}.business_key AND ${listOf('o')} = ${list(t)}) END`;
/** Links of tallies with what they name no longer. */
const forget = (where: string): string => `DELETE FROM document_about WHERE purpose = 'tally' AND ${where} AND EXISTS (
    SELECT 1 FROM document t, document r WHERE t.id = document_about.document_id AND r.id = document_about.about_id
      AND NOT CASE WHEN ${shares('t')} THEN r.business_key = ${key('t')} ELSE ${list('t')} = '' OR ${listOf('r')} = ${list('t')} END)`;
const link = (where: string): string => `INSERT OR IGNORE INTO document_about (document_id, about_id, purpose)
    SELECT t.id, r.id, 'tally' FROM document t, document r
    WHERE t.kind = 'CEB215Message' AND r.kind = 'CEB213Message' AND ${where} AND ${names('t', 'r')}`;
const read = (which: 't' | 'r', column: string): string =>
  `${forget(`${column} = NEW.id`)}; ${link(`${which}.id = NEW.id`)};`;

export const sql = `
${forget('true')};
${link('true')};
CREATE TRIGGER tally_insert AFTER INSERT ON document WHEN NEW.kind = 'CEB215Message' BEGIN ${read('t', 'document_id')} END;
CREATE TRIGGER tally_body AFTER UPDATE OF body ON document WHEN NEW.kind = 'CEB215Message' AND NEW.body <> OLD.body BEGIN ${read('t', 'document_id')} END;
CREATE TRIGGER tally_return_insert AFTER INSERT ON document WHEN NEW.kind = 'CEB213Message' BEGIN ${read('r', 'about_id')} END;
CREATE TRIGGER tally_return_body AFTER UPDATE OF body ON document WHEN NEW.kind = 'CEB213Message' AND NEW.body <> OLD.body BEGIN ${read('r', 'about_id')} END;
`;
