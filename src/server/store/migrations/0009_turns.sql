-- Which attempt of an order the customer turned to last: an open one is gone on with, not made anew.
ALTER TABLE attempts ADD COLUMN turn INTEGER NOT NULL DEFAULT 0;

UPDATE attempts SET turn = position + 1;
