-- Who may enter or check in at this site. Replaced as a whole; emptied, it is overwritten.
CREATE TABLE roster (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    number_index BLOB NOT NULL UNIQUE, -- keyed hash of the document number; the number itself is not kept
    code_index   BLOB UNIQUE,          -- keyed hash of a badge or code
    body         BLOB NOT NULL         -- sealed: both hashes, name, note, first and last day
) STRICT;
