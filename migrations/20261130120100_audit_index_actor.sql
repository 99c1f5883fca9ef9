-- Whoever fetches the own copy finds the own doing; a large town has millions of events.
CREATE INDEX audit_event_actor_idx ON audit_event (tenant_id, actor_id, at) WHERE actor_id IS NOT NULL;
