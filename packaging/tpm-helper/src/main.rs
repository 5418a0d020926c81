//! Seals 32 bytes with the machine's TPM 2.0 and opens them again. Secrets travel through pipes only.
mod container;
mod tpm;

use container::Container;
use std::io::{Read, Write, stderr, stdin, stdout};
use std::os::{fd::AsFd, unix::process::CommandExt};
use std::process::{Command, ExitCode};
use std::{env, fs::File};
use zeroize::Zeroizing;

const USAGE: &str = "usage is `mianzheng-tpm seal [--pcrs 0,2,4,7] [--pin-stdin]`, `unseal [--pin-stdin]` or `check`";

/// Why nothing came out.
enum Fail {
    Input(&'static str),
    NoTpm(String),
    CannotOpen,
    PcrsDiffer,
    WrongPin,
    LockedOut,
}

impl Fail {
    const MALFORMED: Self = Self::Input("the sealed object is malformed");

    fn report(&self) -> ExitCode {
        let (code, text) = match self {
            Self::Input(what) => (2, *what),
            Self::NoTpm(why) => (3, &*format!("no usable TPM 2.0: {}", why.trim_end_matches('.'))),
            Self::CannotOpen => (4, "this TPM cannot open it: sealed by another TPM, or damaged"),
            Self::PcrsDiffer => (5, "the machine's PCR values differ from those it was sealed to"),
            Self::WrongPin => (6, "the PIN is wrong"),
            Self::LockedOut => (7, "the TPM is locked after too many wrong PINs, try again later"),
        };
        let _ = writeln!(stderr(), "mianzheng-tpm: {text}."); // nowhere else to say it
        ExitCode::from(code)
    }
}

fn main() -> ExitCode {
    run().map_or_else(|fail| fail.report(), |()| ExitCode::SUCCESS)
}

fn run() -> Result<(), Fail> {
    // libtss2 logs to stderr, at a high level even the secrets; only its environment turns that off.
    if env::var_os("TSS2_LOG").is_none_or(|level| level != "all+NONE") {
        let this = env::current_exe().map_err(|_| Fail::Input("/proc is not readable"))?;
        let _ = Command::new(this).args(env::args_os().skip(1)).env("TSS2_LOG", "all+NONE").exec();
        return Err(Fail::Input("it cannot start itself again with TSS2_LOG=all+NONE"));
    }
    let args = env::args_os().skip(1).map(|arg| arg.to_string_lossy().into_owned()).collect::<Vec<_>>();
    let args = args.iter().map(String::as_str).collect::<Vec<_>>();
    let (pcrs, with_pin) = match args[..] {
        ["check" | "seal" | "unseal"] => (Some(1 << 7), false),
        ["seal" | "unseal", "--pin-stdin"] => (Some(1 << 7), true),
        ["seal", "--pcrs", list] => (mask(list), false),
        ["seal", "--pcrs", list, "--pin-stdin"] | ["seal", "--pin-stdin", "--pcrs", list] => (mask(list), true),
        _ => (None, false),
    };
    let pcrs = pcrs.ok_or(Fail::Input(USAGE))?;
    if args.first() == Some(&"check") {
        return write(tpm::check()?.as_bytes());
    }
    let (pin, data) = read(with_pin)?;
    let pin = pin.as_ref().map(|pin| pin.as_slice());
    if args.first() == Some(&"unseal") {
        let sealed = Container::decode(&data).ok_or(Fail::MALFORMED)?;
        return write(&tpm::unseal(&sealed, pin)?);
    }
    let secret = data.as_slice().try_into().map_err(|_| Fail::Input("the secret must have exactly 32 bytes"))?;
    let sealed = tpm::seal(secret, pin, pcrs)?.encode();
    write(&sealed.ok_or_else(|| Fail::NoTpm("its sealed object is larger than the format takes".into()))?)
}

/// "0,2,4,7" as a bit mask; an empty list is none.
fn mask(list: &str) -> Option<u32> {
    list.split(',').filter(|_| !list.is_empty()).try_fold(0, |mask, n| {
        let bit = 1 << n.parse::<u32>().ok().filter(|&n| n < 24)?;
        (mask & bit == 0).then_some(mask | bit)
    })
}

type Wiped = Zeroizing<Vec<u8>>;

/// Standard input: the PIN if wanted, then the rest. Past the buffers of `std::io`, which are not wiped, and with
/// room for more than is read: no vector grows and leaves a copy. 2048 bytes are more than any input may have.
fn read(with_pin: bool) -> Result<(Option<Wiped>, Wiped), Fail> {
    let mut data = Zeroizing::new(Vec::with_capacity(4096));
    let input = stdin().as_fd().try_clone_to_owned().map(|fd| File::from(fd).take(2048));
    input.and_then(|mut file| file.read_to_end(&mut data)).map_err(|_| Fail::Input("stdin cannot be read"))?;
    if !with_pin {
        return Ok((None, data));
    }
    let is_pin = |pin: &[u8]| (1..=32).contains(&pin.len()) && !pin.iter().any(u8::is_ascii_control);
    let mut parts = data.splitn(2, |&byte| byte == b'\n').map(|part| Zeroizing::new(part.to_vec()));
    match (parts.next(), parts.next()) {
        (Some(pin), Some(rest)) if is_pin(&pin) => Ok((Some(pin), rest)),
        _ => Err(Fail::Input("the first line must be a PIN of 1 to 32 bytes without control characters")),
    }
}

fn write(data: &[u8]) -> Result<(), Fail> {
    let output = stdout().as_fd().try_clone_to_owned();
    output.and_then(|fd| File::from(fd).write_all(data)).map_err(|_| Fail::Input("stdout cannot be written"))
}
