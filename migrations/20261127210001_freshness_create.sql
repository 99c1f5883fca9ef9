-- When the people of a facility were last asked to confirm its figures.
CREATE TABLE capacity_reminder (
    tenant_id   int NOT NULL,
    facility_id uuid NOT NULL,
    sent_on     date NOT NULL,
    PRIMARY KEY (tenant_id, facility_id),
    FOREIGN KEY (tenant_id, facility_id) REFERENCES facility (tenant_id, id)
);
CALL app.protect('capacity_reminder');
