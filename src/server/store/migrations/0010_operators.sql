-- Whoever works in the back office. Secrets are kept as hashes, but for the second factor's, which makes codes.
CREATE TABLE operators (
    id            INTEGER PRIMARY KEY,
    email         TEXT NOT NULL UNIQUE COLLATE NOCASE,
    role          TEXT NOT NULL CHECK (role IN ('viewer', 'support', 'finance', 'owner')),
    -- A PHC string: algorithm, costs, salt, hash.
    password_hash TEXT NOT NULL,
    -- Base32; NULL: none is set up.
    totp_secret   TEXT,
    -- The newest time step whose code was used: none is taken twice.
    totp_step     INTEGER NOT NULL DEFAULT 0,
    -- Sessions of an earlier count are over: sign-out everywhere, a new password, another role.
    epoch         INTEGER NOT NULL DEFAULT 0,
    added_at      INTEGER NOT NULL,
    removed_at    INTEGER
) STRICT;

-- Each opens the door once when the second factor is lost.
CREATE TABLE recovery_codes (
    operator_id INTEGER NOT NULL REFERENCES operators (id),
    -- SHA-256 of the code.
    digest      BLOB NOT NULL,
    used_at     INTEGER,
    PRIMARY KEY (operator_id, digest)
) STRICT;

-- Browsers that are signed in. The key is the SHA-256 of what the cookie holds.
CREATE TABLE sessions (
    digest     BLOB PRIMARY KEY,
    -- JSON of the session library.
    record     TEXT NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;

CREATE INDEX sessions_by_end ON sessions (expires_at);

-- Attempts to sign in or to confirm that failed, by account and by address: too many close the door for a while.
CREATE TABLE failed_attempts (
    id      INTEGER PRIMARY KEY,
    account TEXT NOT NULL COLLATE NOCASE,
    address TEXT NOT NULL,
    at      INTEGER NOT NULL
) STRICT;

CREATE INDEX failed_attempts_by_account ON failed_attempts (account, at);
CREATE INDEX failed_attempts_by_address ON failed_attempts (address, at);

-- What operators did. Nothing in it is changed or removed.
CREATE TABLE acts (
    id       INTEGER PRIMARY KEY,
    at       INTEGER NOT NULL,
    -- The operator's address at that time; a command's acts are the command's.
    operator TEXT NOT NULL,
    -- Such as `refund`, `accept case`.
    act      TEXT NOT NULL,
    -- What it was about: `order ABC`, `payment ABC-1`, `batch 7`, `operator a@b`.
    subject  TEXT NOT NULL,
    detail   TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE INDEX acts_by_subject ON acts (subject, at);

CREATE TRIGGER acts_stay BEFORE UPDATE ON acts BEGIN SELECT raise(ABORT, 'what was done is never changed'); END;
CREATE TRIGGER acts_are_kept BEFORE DELETE ON acts BEGIN SELECT raise(ABORT, 'what was done is never changed'); END;
