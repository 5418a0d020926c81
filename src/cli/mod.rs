//! The command line of design §5.

mod alarm;
mod args;
mod assess;
mod audit;
mod backup;
mod bench;
mod bench_card;
mod bench_soak;
mod bench_store;
mod calibrate;
mod comply;
mod comply_args;
mod demo;
mod doctor;
mod ending;
mod eval;
mod filing;
mod heart;
mod incident;
mod key;
mod kiosk;
mod operator;
mod office;
mod office_args;
mod people;
mod policy;
mod probe;
mod roster;
mod say;
mod setup;
mod sim;
mod ways;

use std::process::ExitCode;

use clap::Parser;

use args::{Args, Command};
use say::{Failure, Say};

/// Reads the command line and does what it says.
pub(crate) fn main() -> ExitCode {
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) => {
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { 2 } else { 0 });
        }
    };
    log_to_stderr();
    let say = Say::new(args.lang);
    let done = match &args.command {
        Command::Run(run) => kiosk::run(run, &args, &say),
        Command::Demo(demo) => demo::demo(demo, &args, &say),
        Command::Doctor(doctor) => doctor::doctor(doctor, &args, &say),
        Command::People(people) => people::people(people, &args, &say),
        Command::Operator(operator) => operator::operator(operator, &args, &say),
        Command::Audit(audit) => audit::audit(audit, &args, &say),
        Command::Key(key) => key::key(key, &args, &say),
        Command::Backup(backup) => backup::backup(backup, &args, &say),
        Command::Policy(policy) => policy::policy(policy, &args, &say),
        Command::Setup(setup) => setup::setup(setup, &args, &say),
        Command::Comply(comply) => comply::comply(comply, &args, &say),
        Command::Alarm(alarm) => alarm::alarm(alarm, &args, &say),
        Command::Eval(eval) => eval::eval(eval, &args, &say),
        Command::Roster(command) => roster::roster(command, &args, &say),
        Command::Sim(command) => sim::sim(command, &say),
        Command::Bench(bench) => bench::bench(bench, &args, &say),
        Command::Calibrate(calibrate) => calibrate::calibrate(calibrate, &args, &say),
    };
    match done {
        Ok(code) => ExitCode::from(code),
        Err(Failure { code, message }) => {
            eprintln!("mianzheng: {message}");
            ExitCode::from(code)
        }
    }
}

/// Warnings and outcomes; nothing logged says who anybody is.
fn log_to_stderr() {
    let quiet = tracing_subscriber::fmt().with_writer(std::io::stderr).with_max_level(tracing::Level::WARN);
    let _ = tracing::subscriber::set_global_default(quiet.finish());
}
