//! `sim`: simulated devices on real interfaces, for a demo, a test, or an installer without hardware.

use std::io::BufRead;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use mianzheng::core::message::Msg;
use mianzheng::devices::clock::SystemClock;
use mianzheng::devices::outcome::Wiring;
use mianzheng::devices::sim::{SimHost, SimRelay};
use mianzheng::devices::sim::sam::pty::{BYTE, Served, serve};
use mianzheng::devices::sim::sam::specimen::Card;
use mianzheng::devices::sim::sam::trouble::{Trouble, Troubles};
use mianzheng::locale::Arg;

use super::args::{SimCommand, SimReaderArgs};
use super::say::{FAULT, Failure, Say};

pub(super) fn sim(command: &SimCommand, say: &Say) -> Result<u8, Failure> {
    match command {
        SimCommand::Reader(args) => reader(args, say),
        SimCommand::Host { socket, tickets } => {
            let _host = SimHost::serve(socket, *tickets, Box::new(std::io::stdout())).map_err(|e| failed(socket, &e, say))?;
            for_ever()
        }
        SimCommand::Relay { link } => {
            let clock = Arc::new(SystemClock::default());
            let _relay = SimRelay::serve(&Wiring::lcus(link), clock, Box::new(std::io::stdout())).map_err(|e| failed(link, &e, say))?;
            for_ever()
        }
    }
}

/// Until it is ended.
fn for_ever() -> ! {
    loop {
        std::thread::park();
    }
}

fn failed(path: &Path, error: &std::io::Error, say: &Say) -> Failure {
    let (file, reason) = (path.display().to_string(), error.to_string());
    say.fail(FAULT, Msg::CliPairs, &[("file", Arg::Text(&file)), ("reason", Arg::Text(&reason))])
}

/// Serves until killed; takes orders from standard input meanwhile.
fn reader(args: &SimReaderArgs, say: &Say) -> Result<u8, Failure> {
    let mut troubles: Vec<Trouble> = Vec::new();
    for word in &args.fault {
        troubles.push(word.parse().map_err(|_| unknown(word, say))?);
    }
    let card = Card::named(&args.card).ok_or_else(|| unknown(&args.card, say))?;
    let byte = if args.fast { Duration::ZERO } else { BYTE };
    let served = serve(&args.link, byte).map_err(|error| failed(&args.link, &error, say))?;
    served.trouble(troubles.iter().copied().collect());
    served.lay(card);
    eprintln!("mianzheng: {}", say.with(Msg::CliSimReader, &[("file", Arg::Text(&args.link.display().to_string()))]));
    for line in std::io::stdin().lock().lines().map_while(Result::ok) {
        if obey(&served, line.trim()).is_none() {
            eprintln!("mianzheng: {}", unknown(line.trim(), say).message);
        }
    }
    // Nobody types: it goes on until it is ended.
    for_ever()
}

fn obey(served: &Served, order: &str) -> Option<()> {
    let (what, word) = order.split_once(' ')?;
    match what {
        "card" => served.lay(Card::named(word)?),
        "fault" if word == "none" => served.trouble(Troubles::default()),
        "fault" => served.trouble(word.split(',').map(|word| word.parse().ok()).collect::<Option<Troubles>>()?),
        "plug" => served.plug(match word {
            "in" => true,
            "out" => false,
            _ => return None,
        }),
        _ => return None,
    }
    Some(())
}

fn unknown(word: &str, say: &Say) -> Failure {
    let cards: Vec<&str> = Card::ALL.into_iter().map(Card::word).chain(["none"]).collect();
    let faults: Vec<&str> = Trouble::ALL.into_iter().map(Trouble::word).collect();
    say.usage(&format!("{word}: card {}; fault {}; plug in|out", cards.join("|"), faults.join("|")))
}
