-- Managers are told when a step is opened, and once more before its deadline.
ALTER TABLE round_step ADD COLUMN reminded_at timestamptz;
