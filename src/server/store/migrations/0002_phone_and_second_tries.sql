-- Given by the customer for the wallet or bank, if at all: digits with the country code.
ALTER TABLE orders ADD COLUMN phone TEXT;

-- Until then a declined payment may be tried again on the Payment Page (Unix seconds).
ALTER TABLE attempts ADD COLUMN retry_until INTEGER;
