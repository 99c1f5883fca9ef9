-- A period of notice as statutes of providers have it: to the end of a month, of a quarter or of the Kita year, and none in the last months
-- before the agreed end. With the words of a contract, and fixed in the contract when it is sent, as the months are.
ALTER TABLE contract_template
    ADD COLUMN notice_to              text NOT NULL DEFAULT 'month' CHECK (notice_to IN ('month', 'quarter', 'kita_year')),
    ADD COLUMN notice_not_last_months int NOT NULL DEFAULT 0 CHECK (notice_not_last_months BETWEEN 0 AND 12);
ALTER TABLE care_contract
    ADD COLUMN notice_to              text NOT NULL DEFAULT 'month' CHECK (notice_to IN ('month', 'quarter', 'kita_year')),
    ADD COLUMN notice_not_last_months int NOT NULL DEFAULT 0 CHECK (notice_not_last_months BETWEEN 0 AND 12);
