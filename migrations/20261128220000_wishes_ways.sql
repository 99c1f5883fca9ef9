-- Wishes are contracts: a family says what it would take where not all goes as it wishes, and what goes first then. The latest first day it
-- has said already.
ALTER TABLE care_demand
    ADD COLUMN least_hours int,
    -- FALSE: rather the facility, later or with fewer hours; TRUE: rather another facility at the wished times.
    ADD COLUMN times_first boolean NOT NULL DEFAULT false,
    ADD CONSTRAINT care_demand_least_hours_check CHECK (least_hours BETWEEN 1 AND hours_per_week);

-- Places of a pool by hours a week, the longest care first; empty where no group says when it is open.
ALTER TABLE round_pool ADD COLUMN hours json NOT NULL DEFAULT '[]';

-- In which part of its pool a child is placed, where the pool has parts.
ALTER TABLE case_proposal ADD COLUMN part text;
ALTER TABLE case_improvement ADD COLUMN part text;
