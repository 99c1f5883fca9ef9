-- When a facility was reminded of preferences that wait longer than the answer clock allows.

CREATE TABLE answer_reminder (
    tenant_id   int NOT NULL,
    facility_id uuid NOT NULL,
    sent_on     date NOT NULL,
    PRIMARY KEY (tenant_id, facility_id),
    FOREIGN KEY (tenant_id, facility_id) REFERENCES facility (tenant_id, id)
);
CALL app.protect('answer_reminder');
