/** What endpoints say of goods under way, as it came; which events of shipments came of it. Conventions: see 0010. */
export const sql = `
CREATE TABLE heard_milestone (
  -- As in endpoint.id; one that was given up leaves what it said.
  endpoint TEXT NOT NULL,
  -- The endpoint's own: the same one is the same event.
  remote_id TEXT NOT NULL,
  number TEXT NOT NULL,
  status TEXT NOT NULL,
  at TEXT NOT NULL,
  place TEXT NOT NULL DEFAULT '',
  text TEXT NOT NULL DEFAULT '',
  heard_at TEXT NOT NULL,
  -- NULL: no shipment of the book bears the number yet.
  applied_at TEXT,
  PRIMARY KEY (endpoint, remote_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX heard_milestone_waiting ON heard_milestone (heard_at) WHERE applied_at IS NULL;

-- Name of the endpoint that said so, where one did: of those the source is 'import'.
ALTER TABLE shipment_milestone ADD COLUMN endpoint TEXT CHECK (endpoint IS NULL OR source = 'import');
CREATE TRIGGER shipment_milestone_endpoint BEFORE UPDATE OF endpoint ON shipment_milestone
  BEGIN SELECT RAISE(ABORT, 'a milestone is withdrawn, not changed'); END;
`;
