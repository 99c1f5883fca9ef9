-- The words of notices that come with the software can be taken over knowingly, as the other defaults.
ALTER TABLE setup_confirmation DROP CONSTRAINT setup_confirmation_step_check;
ALTER TABLE setup_confirmation ADD CONSTRAINT setup_confirmation_step_check CHECK (step IN ('settings', 'notices', 'retention'));
