-- What a row asks for, found in other runs: a file that holds rows of an earlier one says so before it is started.
ALTER TABLE batches ADD COLUMN repeated_count INTEGER NOT NULL DEFAULT 0;
-- The last of those runs.
ALTER TABLE batches ADD COLUMN repeats INTEGER REFERENCES batches (id);
CREATE INDEX batch_rows_by_said ON batch_rows (said) WHERE said IS NOT NULL AND state NOT IN ('refused', 'declined');
