-- The audit says what came of an attempt, whether something changed, and on which ground somebody looked; a child's events are found by
-- the child.

ALTER TABLE audit_event
    ADD COLUMN outcome text NOT NULL DEFAULT 'done' CHECK (outcome IN ('done', 'refused')),
    -- The problem's code of a refused attempt.
    ADD COLUMN code text CHECK (code ~ '^[a-z0-9_.]{1,60}$'),
    -- A ground from a fixed list, where one is asked for; never free text.
    ADD COLUMN reason text CHECK (reason ~ '^[a-z_]{1,40}$'),
    -- Whether something was changed, or only looked at; unknown for events before this migration.
    ADD COLUMN changed boolean;

-- Events by child: an array cannot be searched by an index under row-level security, a key can. Rows go with their event, which nothing
-- but the deletion by period removes, so that there is no foreign key to pay for with every event.
CREATE TABLE audit_child (
    tenant_id int NOT NULL,
    child_id  uuid NOT NULL,
    at        timestamptz NOT NULL,
    event_id  uuid NOT NULL,
    PRIMARY KEY (tenant_id, child_id, at, event_id)
);
CREATE INDEX audit_child_at_idx ON audit_child (tenant_id, at);

-- The owner passes row-level security only while it is not forced.
ALTER TABLE audit_event NO FORCE ROW LEVEL SECURITY;
INSERT INTO audit_child (tenant_id, child_id, at, event_id)
SELECT DISTINCT e.tenant_id, c, e.at, e.id FROM audit_event e, unnest(e.child_ids) AS c;
ALTER TABLE audit_event FORCE ROW LEVEL SECURITY;
CALL app.protect('audit_child');
REVOKE UPDATE, DELETE ON audit_child FROM kitaplatz_app;
