PRAGMA application_id = 0x4d5a3033;

-- Sealed columns hold alg | version | nonce | ciphertext | tag (see seal.rs). What still shows to
-- somebody with the file: table names, row counts, sizes, times, which consent led to which
-- template, and, while a person is stored, that two equal numbers have equal indexes.
CREATE TABLE meta (
    name  TEXT PRIMARY KEY,
    value BLOB NOT NULL
) STRICT;

CREATE TABLE consents (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    person   INTEGER,           -- the row of people, also after that row is gone; NULL: nobody stored
    body     BLOB NOT NULL,     -- sealed: purpose, language, notice, time shown, means
    given_ms INTEGER NOT NULL,  -- wall time
    ended_ms INTEGER            -- withdrawn or used up
) STRICT;
CREATE INDEX consents_person ON consents (person) WHERE ended_ms IS NULL;

CREATE TABLE people (
    id             INTEGER PRIMARY KEY AUTOINCREMENT, -- never given twice: the pseudonym of records
    document_index BLOB NOT NULL UNIQUE, -- keyed hash of the document number
    claim_index    BLOB NOT NULL UNIQUE, -- keyed hash of the number the person chose
    identity       BLOB NOT NULL,        -- sealed: name, number, birth date
    created_ms     INTEGER NOT NULL
) STRICT;

-- In a table of their own: all are wrapped anew after every erasure.
CREATE TABLE person_keys (
    person  INTEGER PRIMARY KEY REFERENCES people (id) ON DELETE CASCADE,
    wrapped BLOB NOT NULL       -- the person's data key under the epoch key
) STRICT;

CREATE TABLE templates (
    person     INTEGER PRIMARY KEY REFERENCES people (id) ON DELETE CASCADE,
    receipt    INTEGER NOT NULL REFERENCES consents (id),
    model      BLOB NOT NULL,   -- which model made it
    template   BLOB NOT NULL,   -- sealed: 128 numbers, turned by the person's transform
    created_ms INTEGER NOT NULL,
    expires_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX templates_expires ON templates (expires_ms);

CREATE TABLE audit (
    seq   INTEGER PRIMARY KEY,  -- without a gap, from 1
    at_ms INTEGER NOT NULL,
    body  BLOB NOT NULL,        -- sealed: salt and JSON of core::audit::AuditEvent
    hash  BLOB NOT NULL         -- SHA-256 over the hash before and this entry
) STRICT;

CREATE TABLE heads (
    step      INTEGER PRIMARY KEY, -- which signing key; one a day on which something happened
    seq       INTEGER NOT NULL,
    at_ms     INTEGER NOT NULL,
    hash      BLOB NOT NULL,
    next_key  BLOB NOT NULL,       -- public key of the step after
    signature BLOB NOT NULL        -- Ed25519
) STRICT;

CREATE TABLE operators (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    name_index BLOB NOT NULL UNIQUE, -- keyed hash of the log-in name
    body       BLOB NOT NULL,        -- sealed: name, role, salt, password hash
    state      BLOB NOT NULL         -- sealed: failed log-ins and when
) STRICT;
