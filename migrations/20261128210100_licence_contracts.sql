-- A childminder's licence bounds the children present at the same time (§ 43 SGB VIII); laws of some states, and some licences, bound the
-- contracts in all beside it: five at once, eight in all. Empty: the licence names none.
ALTER TABLE childminder_licence
    ADD COLUMN contracts_total int CHECK (contracts_total BETWEEN 1 AND 20 AND contracts_total >= places);
