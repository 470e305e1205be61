/** What is left of a purchaser's identity number once it is purged. Stays as it is here: the triggers know it. */
const GONE = '***';

/** Where each message of retail import has the number of its purchaser or payer. */
const numberPaths = {
  CEB311Message: '$.OrderHead.buyerIdNumber',
  CEB411Message: '$.PaymentHead.payerIdNumber',
  CEB621Message: '$.InventoryHead.buyerIdNumber',
  CEB623Message: '$.buyerIdNumber',
  CEB625Message: '$.InvtRefundHead.buyerIdNumber',
} as const;

/** Purge of purchasers' identity numbers (B3). Conventions: see 0010. */
export const sql = `
-- A frozen document changes in one way only: once its paper is over, the number of its purchaser is taken out. Everything else of it stays what was
-- sent.
DROP TRIGGER document_frozen;
CREATE TRIGGER document_frozen BEFORE UPDATE OF body, guid, kind, business_key ON document
  WHEN OLD.state NOT IN ('draft','checked') AND NOT coalesce(
    (OLD.state IN ('released','closed','withdrawn','superseded') OR (OLD.state = 'accepted' AND OLD.kind <> 'CEB621Message'))
    AND NEW.guid = OLD.guid AND NEW.kind = OLD.kind AND NEW.business_key = OLD.business_key AND CASE OLD.kind
      ${Object.entries(numberPaths)
        .map(
          ([kind, path]) =>
            `WHEN '${kind}' THEN json_extract(OLD.body, '${path}') NOT IN ('', '${GONE}') AND NEW.body = json_replace(OLD.body, '${path}', '${GONE}')`,
        )
        .join('\n      ')}
    END, 0)
  BEGIN SELECT RAISE(ABORT, 'a frozen document is immutable'); END;

-- Whose hands a document went through is asked of drafts: a purge is nobody's work on it.
DROP TRIGGER document_hand_1;
CREATE TRIGGER document_hand_1 AFTER UPDATE OF body ON document
  WHEN OLD.state IN ('draft','checked') AND OLD.body <> NEW.body AND EXISTS (SELECT 1 FROM setting WHERE key = 'clerk.current')
BEGIN
  INSERT INTO document_hand (document_id, clerk_id, at)
  SELECT NEW.id, CAST(value AS INTEGER), NEW.updated_at FROM setting WHERE key = 'clerk.current'
  ON CONFLICT (document_id, clerk_id) DO UPDATE SET at = excluded.at;
END;
`;
