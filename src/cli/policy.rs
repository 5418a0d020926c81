//! `policy`: changed thresholds and deadlines count once two persons approved them.

use mianzheng::config::{Site, policy_mark};
use mianzheng::core::message::Msg;
use mianzheng::core::operator::Action;
use mianzheng::locale::Arg;

use super::args::{Args, PolicyArgs, PolicyCommand};
use super::office::{approve, open};
use super::say::{DONE, FAULT, Failure, Say};

pub(super) fn policy(policy: &PolicyArgs, args: &Args, say: &Say) -> Result<u8, Failure> {
    let PolicyCommand::Approve { site } = &policy.command;
    let site = Site::load(site).map_err(|e| say.site(&e))?;
    let mut store = open(policy.data.as_deref(), Some(&site), args, say)?;
    let approval = approve(&mut store, Action::ApprovePolicy, args, say)?;
    let version = site.policy.version;
    store.approve_policy(&approval, &policy_mark(&site.policy)).map_err(|_| say.fail(FAULT, Msg::FaultStoreWrite, &[]))?;
    store.approve_notice(&approval).map_err(|_| say.fail(FAULT, Msg::FaultStoreWrite, &[]))?;
    println!("{}", say.with(Msg::CliPolicyApproved, &[("policy", Arg::Number(u64::from(version)))]));
    Ok(DONE)
}
