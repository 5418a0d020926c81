//! Every parser of stored bytes, one input: key slots, epoch, signing key, backups and their keys,
//! sealed values, identities, consents, operators, alarms, events.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| mianzheng::store::parse_stored(bytes));
