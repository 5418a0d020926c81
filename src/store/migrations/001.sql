PRAGMA application_id = 0x4d5a3031;

-- Sealed columns hold alg | version | nonce | ciphertext | tag (see seal.rs). What still shows:
-- table names, row counts, sizes, times, and that two equal numbers have equal indexes.
CREATE TABLE meta (
    name  TEXT PRIMARY KEY,
    value BLOB NOT NULL
) STRICT;

CREATE TABLE consents (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    pseudonym BLOB,              -- keyed hash of the document number; NULL for a claim that never matched
    purpose   TEXT NOT NULL,     -- verify | enrol
    lang      TEXT NOT NULL,
    notice    TEXT NOT NULL,     -- SHA-256 of the notice text shown
    shown_ms  INTEGER NOT NULL,  -- how long the notice was on the screen
    means     TEXT NOT NULL,     -- screen | paper
    given_ms  INTEGER NOT NULL,  -- wall time
    ended_ms  INTEGER            -- withdrawn or used up
) STRICT;

CREATE TABLE people (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    pseudonym   BLOB NOT NULL UNIQUE,
    claim_index BLOB NOT NULL UNIQUE, -- keyed hash of the number the person chose
    identity    BLOB NOT NULL,        -- sealed: name, number, birth date
    created_ms  INTEGER NOT NULL
) STRICT;

CREATE TABLE templates (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    person     INTEGER NOT NULL UNIQUE REFERENCES people (id) ON DELETE CASCADE,
    receipt    INTEGER NOT NULL REFERENCES consents (id),
    model      BLOB NOT NULL,         -- which model made it
    template   BLOB NOT NULL,         -- sealed: 128 numbers
    created_ms INTEGER NOT NULL,
    expires_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE attempts (
    id    INTEGER PRIMARY KEY AUTOINCREMENT,
    at_ms INTEGER NOT NULL,
    event TEXT NOT NULL               -- JSON of core::audit::AuditEvent
) STRICT;
