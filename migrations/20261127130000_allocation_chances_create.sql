-- In how many other draws each wish of a round would be met, counted after a run: who is where only by the draw.
CREATE TABLE case_chance (
    tenant_id int NOT NULL,
    case_id   uuid NOT NULL,
    round_id  uuid NOT NULL,
    run_id    uuid NOT NULL,
    draws     int NOT NULL CHECK (draws > 0),
    -- One a wish, in the order of the case's wishes; NULL for a wish that does not count.
    met       int[] NOT NULL,
    PRIMARY KEY (tenant_id, case_id),
    FOREIGN KEY (tenant_id, case_id) REFERENCES round_case (tenant_id, id),
    FOREIGN KEY (tenant_id, round_id) REFERENCES allocation_round (tenant_id, id),
    FOREIGN KEY (tenant_id, run_id) REFERENCES allocation_run (tenant_id, id)
);
CREATE INDEX case_chance_round_idx ON case_chance (tenant_id, round_id);
CREATE INDEX case_chance_run_idx ON case_chance (tenant_id, run_id);
CALL app.protect('case_chance');
