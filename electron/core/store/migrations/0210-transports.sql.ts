/** Endpoint profiles, the endpoint a message belongs to, and what was handed over through folders and files. Conventions: see 0010. */
export const sql = `
-- A way to a platform: 'http' the protocol, 'folder' the exchange folders of an import client, 'carry' files carried by hand.
ALTER TABLE endpoint ADD COLUMN transport TEXT NOT NULL DEFAULT 'http' CHECK (transport IN ('http','folder','carry'));
-- What the user set: network, folders, limits, rules, keys (shared/sync/endpoint-settings.ts).
ALTER TABLE endpoint ADD COLUMN settings TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(settings));
-- The proxy's password. It lies in the sealed book and is never told to the window.
ALTER TABLE endpoint ADD COLUMN proxy_password TEXT;
-- 1: practice, nothing has any effect; 0: in earnest; NULL: not known before the first contact.
ALTER TABLE endpoint ADD COLUMN practice INTEGER CHECK (practice IN (0,1));
ALTER TABLE endpoint ADD COLUMN retired_at TEXT;
UPDATE endpoint SET practice = 1 WHERE id = 'practice' OR id LIKE 'practice:%';

-- Where a draft is to go; NULL: where its kind goes.
ALTER TABLE document ADD COLUMN endpoint TEXT REFERENCES endpoint (id);

-- Where a message belongs, for ever; NULL: frozen before any platform was known, and taken by the first one it goes to.
ALTER TABLE message ADD COLUMN endpoint TEXT REFERENCES endpoint (id);
UPDATE message SET endpoint = (SELECT e.id FROM endpoint e JOIN setting s ON s.value = e.id WHERE s.key = 'sync.endpoint')
  WHERE attempts > 0 OR state NOT IN ('queued','withdrawn');
CREATE INDEX message_endpoint ON message (endpoint, state, next_attempt_at);
-- A practice platform that lost its data is met again under a new id; nothing else moves.
CREATE TRIGGER message_endpoint_kept BEFORE UPDATE OF endpoint ON message
  WHEN OLD.endpoint IS NOT NULL AND NEW.endpoint IS NOT OLD.endpoint
    AND NOT (OLD.endpoint GLOB 'practice*' AND NEW.endpoint GLOB 'practice:*')
  BEGIN SELECT RAISE(ABORT, 'a message stays with its endpoint'); END;

-- A message put where somebody else takes it: noted before it is visible there, so that it is never put there twice.
CREATE TABLE handover (
  message_guid TEXT PRIMARY KEY REFERENCES message (guid),
  endpoint TEXT NOT NULL REFERENCES endpoint (id),
  name TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
`;
