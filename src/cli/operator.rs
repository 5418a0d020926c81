//! `operator`: accounts of those who work at the device. There is no default one.

use std::path::Path;

use mianzheng::core::ids::OperatorId;
use mianzheng::core::message::Msg;
use mianzheng::core::operator::{Action, Role};
use mianzheng::locale::Arg;
use mianzheng::ports::Secret;
use mianzheng::store::{NotAdded, Store};

use super::args::{Args, OperatorArgs, OperatorCommand, RoleArg};
use super::office::{approve, chosen, open};
use super::say::{DONE, FAULT, Failure, NO, Say};

impl From<RoleArg> for Role {
    fn from(role: RoleArg) -> Self {
        match role {
            RoleArg::Clerk => Self::Clerk,
            RoleArg::Supervisor => Self::Supervisor,
            RoleArg::Auditor => Self::Auditor,
            RoleArg::Installer => Self::Installer,
        }
    }
}

pub(super) fn operator(operator: &OperatorArgs, args: &Args, say: &Say) -> Result<u8, Failure> {
    let mut store = open(operator.data.as_deref(), None, args, say)?;
    match &operator.command {
        OperatorCommand::Add { role, name, new_password } => add(&mut store, (*role).into(), name, new_password.as_deref(), args, say),
        OperatorCommand::List => list(&mut store, args, say),
        OperatorCommand::Remove { id } => remove(&mut store, OperatorId(*id), args, say),
        OperatorCommand::Unlock { id } => {
            let approval = approve(&mut store, Action::Unlock, args, say)?;
            known(&mut store, OperatorId(*id), say)?;
            store.let_try_again(&approval, OperatorId(*id)).map_err(|_| say.fail(FAULT, Msg::FaultStoreWrite, &[]))?;
            println!("{}", say.with(Msg::CliOperatorAgain, &[("id", Arg::Number(*id))]));
            Ok(DONE)
        }
    }
}

fn add(store: &mut Store, role: Role, name: &str, file: Option<&Path>, args: &Args, say: &Say) -> Result<u8, Failure> {
    // Asked first: nobody should think up a password for nothing.
    let approval = if store.has_operators() { Some(approve(store, Action::ManageOperators, args, say)?) } else { None };
    let password = chosen(file, &say.with(Msg::CliAskPassword, &[("name", Arg::Text(name))]), say)?;
    let name = Secret::new(name.to_owned());
    let added = match approval {
        Some(approval) => store.add_operator(&approval, &name, &password, role),
        None if role == Role::Supervisor => store.create_first_supervisor(&name, &password).map(|who| who.id()),
        None => return Err(say.fail(NO, Msg::LockNoSupervisor, &[])),
    };
    let id = added.map_err(|why| match why {
        NotAdded::WeakPassword => say.fail(NO, Msg::CliOperatorWeak, &[]),
        NotAdded::Name => say.fail(NO, Msg::CliOperatorName, &[]),
        NotAdded::Store => say.fail(FAULT, Msg::FaultStoreWrite, &[]),
    })?;
    println!("{}", say.with(Msg::CliOperatorAdded, &[("id", Arg::Number(id.0))]));
    Ok(DONE)
}

fn list(store: &mut Store, args: &Args, say: &Say) -> Result<u8, Failure> {
    approve(store, Action::SeeBoard, args, say)?;
    let lines = store.operators().map_err(|_| say.fail(FAULT, Msg::FaultStoreRead, &[]))?;
    if lines.is_empty() {
        println!("{}", say.text(Msg::CliOperatorNone));
    }
    for line in lines {
        println!("{:>4}  {:<10}  {}  {}", line.id.0, line.role.name(), line.failures, line.name);
    }
    Ok(DONE)
}

fn remove(store: &mut Store, id: OperatorId, args: &Args, say: &Say) -> Result<u8, Failure> {
    let approval = approve(store, Action::ManageOperators, args, say)?;
    known(store, id, say)?;
    let removed = store.remove_operator(&approval, id);
    if removed.is_err() {
        return Err(say.fail(NO, Msg::CliOperatorLast, &[]));
    }
    println!("{}", say.with(Msg::CliOperatorRemoved, &[("id", Arg::Number(id.0))]));
    Ok(DONE)
}

fn known(store: &mut Store, id: OperatorId, say: &Say) -> Result<(), Failure> {
    let lines = store.operators().map_err(|_| say.fail(FAULT, Msg::FaultStoreRead, &[]))?;
    let known = lines.iter().any(|line| line.id == id);
    if known { Ok(()) } else { Err(say.fail(NO, Msg::CliOperatorUnknown, &[("id", Arg::Number(id.0))])) }
}
