-- Places of a round that come free only in the course of the Kita year: from which month on how many, those before included; empty where
-- all are free from the round's first day on.
ALTER TABLE round_pool ADD COLUMN starts json NOT NULL DEFAULT '[]' CHECK (json_typeof(starts) = 'array');
