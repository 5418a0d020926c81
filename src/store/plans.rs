//! What is asked with each person reads no whole table: with 100,000 people that would be a second
//! of somebody's time, and no test with ten people would notice.

use rusqlite::Connection;
use rusqlite_migration::Migrations;

use super::file::MIGRATIONS;

/// The files with what a person's visit asks, and the statements in them that only an office does.
const FILES: [(&str, &str, &[&str]); 4] = [
    ("records.rs", include_str!("records.rs"), &[]),
    ("people.rs", include_str!("people.rs"), &["SELECT p.id, t.expires_ms FROM people p LEFT JOIN"]),
    ("consents.rs", include_str!("consents.rs"), &["SELECT count(*) FROM templates", "SELECT count(*) FROM guardians"]),
    ("rights.rs", include_str!("rights.rs"), &[]),
];

/// The statements in a source file: what stands between quotes and begins as one.
fn statements(source: &str) -> impl Iterator<Item = String> {
    source
        .split('"')
        .filter(|piece| ["SELECT ", "UPDATE ", "DELETE "].iter().any(|word| piece.starts_with(word)))
        .map(|piece| piece.replace("\\\n", " ").replace("{column}", "claim_index"))
}

/// What `SQLite` says it will do.
fn plan(db: &Connection, statement: &str) -> Vec<String> {
    let mut query = db.prepare(&format!("EXPLAIN QUERY PLAN {statement}")).unwrap_or_else(|e| panic!("{statement}: {e}"));
    let unknown = vec![rusqlite::types::Null; query.parameter_count()];
    let rows = query.query_map(rusqlite::params_from_iter(unknown), |row| row.get(3)).unwrap();
    rows.collect::<Result<_, _>>().unwrap()
}

#[test]
fn what_is_asked_with_each_person_reads_no_whole_table() {
    let mut db = Connection::open_in_memory().unwrap();
    Migrations::from_slice(MIGRATIONS).to_latest(&mut db).unwrap();
    let mut seen = 0;
    for (file, source, office) in FILES {
        for statement in statements(source).filter(|statement| !office.iter().any(|known| statement.starts_with(known))) {
            seen += 1;
            let plan = plan(&db, &statement);
            assert!(!plan.iter().any(|step| step.starts_with("SCAN")), "{file}: {statement}\n{plan:#?}");
        }
    }
    assert!(seen >= 15, "only {seen} statements were found");
}
