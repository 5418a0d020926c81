-- Each notice that was in force, as it was.
CREATE TABLE notices (
    version  INTEGER PRIMARY KEY AUTOINCREMENT,
    since_ms INTEGER NOT NULL,
    body     BLOB NOT NULL      -- sealed: text in every language, fingerprint, generation
) STRICT;

-- Whose card speaks for a child. Counts only if the child's consent names the same card.
CREATE TABLE guardians (
    person         INTEGER PRIMARY KEY REFERENCES people (id) ON DELETE CASCADE,
    guardian_index BLOB NOT NULL -- keyed hash of the guardian's document number
) STRICT;
CREATE INDEX guardians_index ON guardians (guardian_index);

-- Assessments, requests, incidents: what must be kept and shown, without anything biometric.
CREATE TABLE dossier (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    kind     TEXT NOT NULL,
    person   INTEGER,           -- a request: whose
    body     BLOB NOT NULL,     -- sealed
    made_ms  INTEGER NOT NULL,
    ended_ms INTEGER            -- answered, closed, replaced
) STRICT;
CREATE INDEX dossier_person ON dossier (person) WHERE person IS NOT NULL;

ALTER TABLE templates ADD COLUMN restricted INTEGER NOT NULL DEFAULT 0;
