-- A waiver of a fee, its refusal, and a voucher are notices too. None of them needs an asserted claim; care begins with a voucher.

ALTER TABLE notice_template
    DROP CONSTRAINT notice_template_kind_check,
    ADD CONSTRAINT notice_template_kind_check CHECK (kind IN
        ('refusal', 'assignment', 'fee', 'waiver', 'waiver_refusal', 'voucher', 'licence_grant', 'licence_refusal', 'licence_end'));

ALTER TABLE notice
    DROP CONSTRAINT notice_kind_check,
    ADD CONSTRAINT notice_kind_check CHECK (kind IN
        ('refusal', 'assignment', 'fee', 'waiver', 'waiver_refusal', 'voucher', 'licence_grant', 'licence_refusal', 'licence_end')),
    DROP CONSTRAINT notice_check1,
    ADD CONSTRAINT notice_care_from_check CHECK ((kind IN ('assignment', 'voucher')) = (care_from IS NOT NULL));
