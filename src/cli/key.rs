//! `key`: the ways to open the key of the store.

use mianzheng::core::message::Msg;
use mianzheng::core::operator::Action;
use mianzheng::core::theft::Theft;
use mianzheng::locale::Arg;
use mianzheng::store::SlotKind;

use super::args::{Args, KeyArgs, KeyCommand, SlotArg};
use super::office::{approve, chosen, open, unlock};
use super::say::{DONE, Failure, Say};

impl From<SlotArg> for SlotKind {
    fn from(slot: SlotArg) -> Self {
        match slot {
            SlotArg::File => Self::File,
            SlotArg::Passphrase => Self::Passphrase,
            SlotArg::Tpm => Self::Tpm,
            SlotArg::Recovery => Self::Recovery,
        }
    }
}

fn name(kind: SlotKind) -> &'static str {
    match kind {
        SlotKind::File => "file",
        SlotKind::Passphrase => "passphrase",
        SlotKind::Tpm => "tpm",
        SlotKind::Recovery => "recovery",
    }
}

pub(super) fn key(key: &KeyArgs, args: &Args, say: &Say) -> Result<u8, Failure> {
    let mut store = open(key.data.as_deref(), None, args, say)?;
    match &key.command {
        KeyCommand::List => {
            approve(&mut store, Action::SeeBoard, args, say)?;
            let slots = store.slots();
            slots.iter().for_each(|slot| println!("{}", name(*slot)));
            let theft = Theft::of(slots.contains(&SlotKind::File), slots.contains(&SlotKind::Tpm));
            println!("{}", say.text(theft.words()));
        }
        KeyCommand::Add { kind, new_passphrase } => {
            let kind = SlotKind::from(*kind);
            let approval = approve(&mut store, Action::ChangeKeys, args, say)?;
            let mut unlock = unlock(args, say)?;
            if kind == SlotKind::Passphrase {
                unlock.passphrase = Some(chosen(new_passphrase.as_deref(), &say.text(Msg::CliAskPassphrase), say)?);
            }
            let code = store.add_slot(&approval, kind, &unlock).map_err(|e| say.store(&e))?;
            println!("{}", say.with(Msg::CliSlotAdded, &[("kind", Arg::Text(name(kind)))]));
            if let Some(code) = code {
                println!("{}", say.with(Msg::CliRecoveryCode, &[("code", Arg::Text(code.expose()))]));
            }
        }
        KeyCommand::Remove { kind } => {
            let kind = SlotKind::from(*kind);
            let approval = approve(&mut store, Action::ChangeKeys, args, say)?;
            store.remove_slot(&approval, kind).map_err(|e| say.store(&e))?;
            println!("{}", say.with(Msg::CliSlotRemoved, &[("kind", Arg::Text(name(kind)))]));
        }
    }
    Ok(DONE)
}
