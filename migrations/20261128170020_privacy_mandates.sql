-- Ended mandates go by period as well.
ALTER TABLE retention_log
    DROP CONSTRAINT retention_log_class_check,
    ADD CHECK (class IN ('care_sheet', 'draft', 'mandate', 'unserved', 'served', 'decision', 'family', 'account', 'undelivered', 'sent', 'audit', 'job'));
