-- Notices on childminders' licences are deleted by a period, as all others go with their demands.
ALTER TABLE retention_log
    DROP CONSTRAINT retention_log_class_check,
    ADD CHECK (class IN ('care_sheet', 'survey', 'draft', 'mandate', 'unserved', 'served', 'licence', 'decision', 'family', 'account', 'undelivered',
                         'sent', 'audit', 'job'));
