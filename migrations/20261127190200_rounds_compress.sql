-- A round writes long texts at once: the snapshot, the files of its runs, the wishes of 20,000 cases. Where this PostgreSQL can compress with
-- LZ4, it takes a fraction of the time; where it cannot, everything stays as it was.
DO $$
BEGIN
    ALTER TABLE allocation_round ALTER COLUMN snapshot SET COMPRESSION lz4;
    ALTER TABLE allocation_run ALTER COLUMN instance SET COMPRESSION lz4;
    ALTER TABLE allocation_run ALTER COLUMN result SET COMPRESSION lz4;
    ALTER TABLE round_case ALTER COLUMN wishes SET COMPRESSION lz4;
    ALTER TABLE case_proposal ALTER COLUMN codes SET COMPRESSION lz4;
EXCEPTION
    WHEN feature_not_supported THEN NULL;
END
$$;
