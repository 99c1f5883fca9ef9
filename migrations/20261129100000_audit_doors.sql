-- How far a look through a long chain has come decides what the next turn does not look at again. The application writes it through these
-- doors only, and they follow the chain themselves: nobody who acts as the application puts a look down behind what is wrong. A server of the
-- version before cannot write it any more; its look is tried again, and goes on with the new version.
REVOKE INSERT, UPDATE, DELETE ON audit_progress FROM kitaplatz_app;
GRANT SELECT, INSERT, UPDATE ON audit_progress TO kitaplatz_jobs;

-- The look that was put down; whoever comes second waits.
CREATE FUNCTION app.take_up_look() RETURNS SETOF audit_progress
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = app, pg_temp
    AS $$ SELECT * FROM audit_progress p WHERE p.tenant_id = app.tenant() FOR UPDATE $$;

-- The look is through.
CREATE FUNCTION app.end_look() RETURNS void
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = app, pg_temp
    AS $$ DELETE FROM audit_progress p WHERE p.tenant_id = app.tenant() $$;

-- Puts a look down at a link, and once the links are done at an event: no further than the chain holds from where it was put down before.
-- A look that begins goes to the head of now; one that goes on keeps its head.
CREATE FUNCTION app.put_down_look(begun timestamptz, head_seq bigint, head_hash bytea, place bigint, place_hash bytea,
                                  last_at timestamptz, last_event uuid, looked bigint) RETURNS void
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = app, pg_temp
    AS $$
DECLARE
    chain audit_chain;
    known audit_progress;
    newest timestamptz;
    whole boolean;
    there bytea;
BEGIN
    SELECT * INTO chain FROM audit_chain c WHERE c.tenant_id = app.tenant();
    SELECT * INTO known FROM audit_progress p WHERE p.tenant_id = app.tenant() FOR UPDATE;
    IF known.tenant_id IS NULL THEN
        known.begun_at := begun;
        known.until_seq := chain.sealed_seq;
        known.until_hash := chain.sealed_hash;
        known.seq := -1;
    END IF;
    -- What was deleted by period lies behind it.
    IF known.seq < chain.forgotten_seq THEN
        known.seq := chain.forgotten_seq;
        known.hash := chain.forgotten_hash;
        known.latest := chain.forgotten_until;
    END IF;
    SELECT bool_and((f.seq = f.expected AND f.chain_hash = sha256(f.before || f.event_hash) AND f.event_hash = f.hash_now AND NOT f.hidden
                     AND (f.latest IS NULL OR f.at >= f.latest - interval '1 hour')) IS TRUE), max(f.at)
      INTO whole, newest
      FROM (SELECT l.seq, l.at, l.event_hash, l.chain_hash,
                   known.seq + row_number() OVER (ORDER BY l.seq) AS expected,
                   lag(l.chain_hash, 1, known.hash) OVER (ORDER BY l.seq) AS before,
                   GREATEST(known.latest, max(l.at) OVER (ORDER BY l.seq ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)) AS latest,
                   CASE WHEN e.id IS NOT NULL THEN app.audit_hash(e) END AS hash_now,
                   EXISTS (SELECT 1 FROM unnest(e.child_ids) AS named(child)
                            WHERE NOT EXISTS (SELECT 1 FROM audit_child c
                                               WHERE c.tenant_id = e.tenant_id AND c.child_id = named.child AND c.at = e.at AND c.event_id = e.id))
                       AS hidden
              FROM audit_link l
              LEFT JOIN audit_event e ON e.tenant_id = l.tenant_id AND e.id = l.event_id
             WHERE l.tenant_id = app.tenant() AND l.seq > known.seq AND l.seq <= place) f;
    there := CASE WHEN place = known.seq THEN known.hash
                  ELSE (SELECT l.chain_hash FROM audit_link l WHERE l.tenant_id = app.tenant() AND l.seq = place) END;
    IF (begun, head_seq, head_hash) IS DISTINCT FROM (known.begun_at, known.until_seq, known.until_hash)
       OR there IS DISTINCT FROM place_hash OR NOT COALESCE(whole, true)
       OR NOT place BETWEEN known.seq AND GREATEST(known.until_seq, chain.forgotten_seq) THEN
        RAISE EXCEPTION 'a look cannot be put down there' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF known.after_id IS DISTINCT FROM last_event
       AND (last_event IS NULL OR place < known.until_seq OR (last_at, last_event) < (known.after_at, known.after_id)
            OR EXISTS (SELECT 1
                         FROM audit_event e
                         LEFT JOIN audit_link l ON l.tenant_id = e.tenant_id AND l.event_id = e.id
                        WHERE e.tenant_id = app.tenant() AND l.event_id IS NULL AND e.at <= last_at AND (e.at, e.id) <= (last_at, last_event)
                          AND (known.after_at IS NULL OR (e.at >= known.after_at AND (e.at, e.id) > (known.after_at, known.after_id))))) THEN
        RAISE EXCEPTION 'a look cannot be put down there' USING ERRCODE = 'insufficient_privilege';
    END IF;
    INSERT INTO audit_progress (tenant_id, begun_at, until_seq, until_hash, seq, hash, latest, after_at, after_id, events)
    VALUES (app.tenant(), begun, head_seq, head_hash, place, place_hash, GREATEST(known.latest, newest), last_at, last_event, looked)
    ON CONFLICT (tenant_id) DO UPDATE
       SET seq = EXCLUDED.seq, hash = EXCLUDED.hash, latest = EXCLUDED.latest, after_at = EXCLUDED.after_at, after_id = EXCLUDED.after_id,
           events = EXCLUDED.events;
END $$;

REVOKE ALL ON FUNCTION app.take_up_look(), app.end_look(),
    app.put_down_look(timestamptz, bigint, bytea, bigint, bytea, timestamptz, uuid, bigint) FROM PUBLIC;
GRANT CREATE ON SCHEMA app TO kitaplatz_jobs;
ALTER FUNCTION app.take_up_look() OWNER TO kitaplatz_jobs;
ALTER FUNCTION app.end_look() OWNER TO kitaplatz_jobs;
ALTER FUNCTION app.put_down_look(timestamptz, bigint, bytea, bigint, bytea, timestamptz, uuid, bigint) OWNER TO kitaplatz_jobs;
REVOKE CREATE ON SCHEMA app FROM kitaplatz_jobs;
GRANT EXECUTE ON FUNCTION app.take_up_look(), app.end_look(),
    app.put_down_look(timestamptz, bigint, bytea, bigint, bytea, timestamptz, uuid, bigint) TO kitaplatz_app;
