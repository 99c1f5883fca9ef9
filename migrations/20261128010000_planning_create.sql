-- What the office enters for its needs planning, one row a municipality: how many children live where, and the share to be provided for.
-- Numbers only, no person.

CREATE TABLE needs_plan (
    tenant_id         int NOT NULL REFERENCES tenant (id),
    -- Day on which the register of residents was counted.
    as_of             date NOT NULL,
    -- Percent of the children of an age band for whom there shall be a place.
    target_under3     int NOT NULL CHECK (target_under3 BETWEEN 0 AND 100),
    target_over3      int NOT NULL CHECK (target_over3 BETWEEN 0 AND 100),
    target_school_age int NOT NULL CHECK (target_school_age BETWEEN 0 AND 100),
    population        jsonb NOT NULL,
    version           int NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id)
);
CALL app.protect('needs_plan');
