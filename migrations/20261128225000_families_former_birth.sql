-- By which day of birth a child's places and contracts were counted before it was born, or before its date was corrected. The last one:
-- contracts whose end followed from it are listed until they are changed.
ALTER TABLE child ADD COLUMN former_birth date;

-- Children who were born on another day than expected since they have a place: what they take is counted again.
ALTER TABLE child NO FORCE ROW LEVEL SECURITY;
ALTER TABLE occupancy NO FORCE ROW LEVEL SECURITY;
UPDATE child SET former_birth = expected_birth_date WHERE birth_date <> expected_birth_date;
INSERT INTO job (tenant_id, kind, payload, dedup_key, run_at, created_at)
SELECT c.tenant_id, 'FollowBirth', jsonb_build_object('child_id', c.id), c.id::text, now(), now()
  FROM child c
 WHERE c.former_birth IS NOT NULL
   AND EXISTS (SELECT 1 FROM occupancy o WHERE o.tenant_id = c.tenant_id AND o.child_id = c.id);
ALTER TABLE child FORCE ROW LEVEL SECURITY;
ALTER TABLE occupancy FORCE ROW LEVEL SECURITY;

CREATE INDEX child_former_birth_idx ON child (tenant_id, id) WHERE former_birth IS NOT NULL;
