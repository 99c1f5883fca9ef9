-- Parents may put the ways to their wishes into an order of their own: each wished facility twice, first as wished and further down later
-- or with fewer hours. Without one `times_first` says how the list is made.
ALTER TABLE care_demand ADD COLUMN ways uuid[] CHECK (cardinality(ways) BETWEEN 2 AND 100);
