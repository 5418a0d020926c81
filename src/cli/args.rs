//! What can be typed.

use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};
use mianzheng::core::screen::Lang;

pub(super) use super::office_args::{RosterArgs, 
    AlarmArgs, AlarmCommand, AuditArgs, AuditCommand, BackupArgs, BackupCommand, KeyArgs, KeyCommand, OperatorArgs, OperatorCommand,
    PolicyArgs, PolicyCommand, RoleArg, SlotArg,
};
pub(super) use super::comply_args::ComplyArgs;

/// Verifies people by face or by card, as the person chooses.
#[derive(Parser)]
#[command(version, arg_required_else_help = true)]
pub(super) struct Args {
    /// Language of the interface and of messages
    #[arg(long, global = true, value_enum)]
    pub(crate) lang: Option<LangArg>,
    /// Folder of the face models
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) models: Option<PathBuf>,
    /// Log-in name of an operator; twice for what takes two persons. Passwords are asked for
    #[arg(long, global = true, value_name = "NAME")]
    pub(crate) operator: Vec<String>,
    /// Passwords of the operators, one a line, instead of asking
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) passwords: Option<PathBuf>,
    /// File with the passphrase of the key
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) passphrase: Option<PathBuf>,
    /// File with the recovery code of the key
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) recovery_code: Option<PathBuf>,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum LangArg {
    #[value(name = "zh-CN")]
    ZhCn,
    #[value(name = "zh-TW")]
    ZhTw,
    #[value(name = "en")]
    En,
}

impl From<LangArg> for Lang {
    fn from(lang: LangArg) -> Self {
        match lang {
            LangArg::ZhCn => Self::ZhCn,
            LangArg::ZhTw => Self::ZhTw,
            LangArg::En => Self::En,
        }
    }
}

#[derive(Subcommand)]
pub(super) enum Command {
    /// Run the kiosk
    Run(RunArgs),
    /// Run it with sample people and simulated devices
    Demo(DemoArgs),
    /// Say what is missing on this machine and how to get it
    Doctor(DoctorArgs),
    /// List, enrol or erase people
    #[command(subcommand)]
    People(PeopleCommand),
    /// The site's list of who may enter or check in
    Roster(RosterArgs),
    /// Accounts of those who work at the device
    Operator(OperatorArgs),
    /// Check the audit log, take it out, or take its head to keep elsewhere
    Audit(AuditArgs),
    /// Ways to open the key of the store
    Key(KeyArgs),
    /// Make a backup, or put one in the place of a store that does not open
    Backup(BackupArgs),
    /// Put changed thresholds and deadlines of a site into force
    Policy(PolicyArgs),
    /// Alarms nobody has looked into
    Alarm(AlarmArgs),
    /// The guided first run: from nothing to a lawful kiosk
    Setup(SetupArgs),
    /// What the law asks: report, assessment, notices, records, requests, filing, incidents
    Comply(ComplyArgs),
    /// Measure accuracy, or look at single pictures
    #[command(subcommand)]
    Eval(EvalCommand),
    /// Find the liveness threshold of this camera, with people who agreed and with attacks
    Calibrate(CalibrateArgs),
    /// Measure how long each step takes
    Bench(BenchArgs),
    /// Simulated devices on real interfaces
    #[command(subcommand)]
    Sim(SimCommand),
}

#[derive(clap::Subcommand)]
pub(super) enum SimCommand {
    /// A card reader on a pseudo-terminal; takes `card …`, `fault …`, `plug in|out` from standard input
    Reader(SimReaderArgs),
    /// The site's own system: prints the outcomes it is told, and may answer with numbers to wait for
    Host {
        /// Where it listens
        #[arg(long, value_name = "PATH")]
        socket: PathBuf,
        /// Answer with A001, A002, …
        #[arg(long)]
        tickets: bool,
    },
    /// A door relay on a pseudo-terminal: prints when it opens and closes
    Relay {
        /// Where the port appears, as a symbolic link
        #[arg(long, value_name = "PATH")]
        link: PathBuf,
    },
}

#[derive(clap::Args)]
pub(super) struct SimReaderArgs {
    /// Where the port appears, as a symbolic link
    #[arg(long, value_name = "PATH")]
    pub(crate) link: PathBuf,
    /// The card that lies on it: resident, hmt, foreign2017, foreign2023 or none
    #[arg(long, value_name = "CARD", default_value = "resident")]
    pub(crate) card: String,
    /// What goes wrong, such as noise, truncated, select-fails, removed-mid-read; more than once for several
    #[arg(long, value_name = "FAULT")]
    pub(crate) fault: Vec<String>,
    /// Without the pace of a wire of 115200 baud
    #[arg(long)]
    pub(crate) fast: bool,
}

#[derive(clap::Args)]
pub(super) struct RunArgs {
    /// Site file, or one of front-desk, compound-entry, hospital-terminal
    #[arg(long, value_name = "FILE|PROFILE", default_value = "front-desk")]
    pub(crate) site: String,
    /// Where store and key are kept
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    /// In a window instead of the whole screen
    #[arg(long)]
    pub(crate) windowed: bool,
}

#[derive(clap::Args)]
pub(super) struct SetupArgs {
    /// Where store and key will be kept
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    /// Where the site file goes; in the data folder if left out
    #[arg(long, value_name = "FILE.toml")]
    pub(crate) out: Option<PathBuf>,
    /// File with the password of the first supervisor, instead of asking
    #[arg(long, value_name = "FILE")]
    pub(crate) new_password: Option<PathBuf>,
}

#[derive(clap::Args)]
pub(super) struct DemoArgs {
    /// What the simulated camera shows: a picture, a folder of pictures or an MJPEG file; or a real
    /// camera, such as /dev/video0
    #[arg(long, value_name = "DIR|FILE")]
    pub(crate) camera: Option<PathBuf>,
    /// A card reader on a wire, such as that of `sim reader`, instead of the demo's own: `usb` or a path
    #[arg(long, value_name = "PATH")]
    pub(crate) reader: Option<String>,
    /// Script of what the person does, one JSON object a line
    #[arg(long, value_name = "FILE.jsonl")]
    pub(crate) script: Option<PathBuf>,
    /// Without a display: runs the script, and draws its screenshots in memory
    #[arg(long)]
    pub(crate) headless: bool,
    /// Size of the window
    #[arg(long, value_name = "WxH", default_value = "720x1280", value_parser = size)]
    pub(crate) size: [u32; 2],
    /// Where store and key are kept; a temporary folder if left out
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    /// Site file; the demo's own if left out
    #[arg(long, value_name = "FILE|PROFILE")]
    pub(crate) site: Option<String>,
    /// Sample people and scenes
    #[arg(long, value_name = "FILE")]
    pub(crate) people: Option<PathBuf>,
    /// Where the voice goes: the loudspeaker, a WAV file with all that is said when, or nowhere
    #[arg(long, value_name = "speaker|FILE.wav|off")]
    pub(crate) voice: Option<String>,
    /// Write the course of events, to be replayed
    #[arg(long, value_name = "FILE")]
    pub(crate) journal: Option<PathBuf>,
    /// Show the first screen, load the models, print times and memory as JSON, end
    #[arg(long, hide = true)]
    pub(crate) probe: bool,
}

#[derive(clap::Args)]
pub(super) struct DoctorArgs {
    /// Site file or profile to check
    #[arg(long, value_name = "FILE|PROFILE", default_value = "front-desk")]
    pub(crate) site: String,
    /// Where store and key are kept
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
}

#[derive(Subcommand)]
pub(super) enum PeopleCommand {
    /// Everybody registered, without names
    List {
        /// Where store and key are kept
        #[arg(long, value_name = "DIR")]
        data: Option<PathBuf>,
        /// One JSON object
        #[arg(long)]
        json: bool,
    },
    /// Register one person from pictures, after consent on paper
    Enrol {
        /// Where store and key are kept
        #[arg(long, value_name = "DIR")]
        data: Option<PathBuf>,
        /// Site file or profile: gives the retention
        #[arg(long, value_name = "FILE|PROFILE", default_value = "front-desk")]
        site: String,
        /// JSON file {"name","number","birth","claim"}; - reads standard input, which leaves no
        /// trace in the list of processes
        #[arg(long, value_name = "FILE|-", default_value = "-")]
        identity: PathBuf,
        /// Picture of the face; several are better
        #[arg(long = "image", value_name = "FILE", required = true)]
        images: Vec<PathBuf>,
        /// The person's signed consent on paper was seen
        #[arg(long, required = true)]
        signed_consent_seen: bool,
    },
    /// A person's own data as a page, at their wish
    Show {
        /// Where store and key are kept
        #[arg(long, value_name = "DIR")]
        data: Option<PathBuf>,
        /// Site file or profile
        #[arg(long, value_name = "FILE|PROFILE", default_value = "front-desk")]
        site: String,
        /// As listed
        id: u64,
        /// Where to
        #[arg(long, value_name = "FILE.html")]
        to: PathBuf,
    },
    /// Correct what is stored of a person
    Correct {
        /// Where store and key are kept
        #[arg(long, value_name = "DIR")]
        data: Option<PathBuf>,
        /// As listed
        id: u64,
        /// JSON file {"name","number","birth","claim"}; the claim stays as it is
        #[arg(long, value_name = "FILE|-", default_value = "-")]
        identity: PathBuf,
    },
    /// Destroy a person's template
    Erase {
        /// Where store and key are kept
        #[arg(long, value_name = "DIR")]
        data: Option<PathBuf>,
        /// As listed
        #[arg(required_unless_present = "all")]
        id: Option<u64>,
        /// Everybody; takes two persons
        #[arg(long, conflicts_with = "id")]
        all: bool,
    },
}

#[derive(Subcommand)]
pub(super) enum EvalCommand {
    /// Verification: FMR, FNMR, FTA with intervals, on a list of pairs or on all pairs of a folder
    Verify(VerifyArgs),
    /// Presentation attack detection: APCER, BPCER, non-response; not an ISO evaluation
    Pad(PadArgs),
    /// Faces, boxes, landmarks, quality and liveness in pictures
    Image {
        /// Pictures
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// One JSON object
        #[arg(long)]
        json: bool,
    },
    /// Similarity of two pictures and the verdict at the shipped threshold
    Compare {
        /// One picture
        a: PathBuf,
        /// Another
        b: PathBuf,
        /// One JSON object
        #[arg(long)]
        json: bool,
    },
}

#[derive(clap::Args)]
pub(super) struct CalibrateArgs {
    /// Site file, or one of front-desk, compound-entry, hospital-terminal
    #[arg(long, value_name = "FILE|PROFILE", default_value = "front-desk")]
    pub(crate) site: String,
    /// Pictures instead of the camera, to try the command
    #[arg(long, value_name = "DIR|FILE")]
    pub(crate) camera: Option<PathBuf>,
    /// Share of people who may be referred to another way
    #[arg(long, default_value_t = 0.05)]
    pub(crate) bpcer: f64,
    /// One JSON object
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(clap::Args)]
pub(super) struct VerifyArgs {
    /// Folder of pictures; those of one person in one folder below it
    #[arg(long, value_name = "DIR")]
    pub(crate) images: PathBuf,
    /// List in the format of LFW
    #[arg(long, value_name = "FILE", required_unless_present = "all_pairs", conflicts_with = "all_pairs")]
    pub(crate) pairs: Option<PathBuf>,
    /// Every picture against every other instead
    #[arg(long)]
    pub(crate) all_pairs: bool,
    /// Table of groups: subject,NAME[,NAME...]; rates for each
    #[arg(long, value_name = "CSV")]
    pub(crate) groups: Option<PathBuf>,
    /// Write a page with tables and plots
    #[arg(long, value_name = "FILE")]
    pub(crate) html: Option<PathBuf>,
    /// One JSON object
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(clap::Args)]
pub(super) struct PadArgs {
    /// Folder of bona fide presentations: a folder for each person
    #[arg(long, value_name = "DIR")]
    pub(crate) bonafide: PathBuf,
    /// A kind of attack and its folder; more than once for several
    #[arg(long, value_name = "SPECIES=DIR")]
    pub(crate) attack: Vec<String>,
    /// The innermost folders are clips, judged as the kiosk does: the median of at least twelve frames
    #[arg(long)]
    pub(crate) clips: bool,
    /// Write a page with tables and plots
    #[arg(long, value_name = "FILE")]
    pub(crate) html: Option<PathBuf>,
    /// One JSON object
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(clap::Args)]
pub(super) struct BenchArgs {
    /// One JSON object
    #[arg(long)]
    pub(crate) json: bool,
    /// Instead: so many sessions in one program without a pause, and whether memory or waiting grow;
    /// 360 are twelve hours of one every two minutes
    #[arg(long, value_name = "SESSIONS")]
    pub(crate) soak: Option<u32>,
    /// Picture to measure with; a sample portrait if left out
    #[arg(long, value_name = "FILE")]
    pub(crate) image: Option<PathBuf>,
    /// How often each step is run
    #[arg(long, default_value_t = 100)]
    pub(crate) rounds: u32,
    /// People in the largest store measured: up to 1,000, 10,000 and 100,000
    #[arg(long, default_value_t = 100_000)]
    pub(crate) people: u32,
}

fn size(text: &str) -> Result<[u32; 2], String> {
    let side = |part: Option<&str>| part.and_then(|p| p.parse().ok()).filter(|s| (300..=8192).contains(s));
    let mut parts = text.split('x');
    match (side(parts.next()), side(parts.next()), parts.next()) {
        (Some(width), Some(height), None) => Ok([width, height]),
        _ => Err("expected WIDTHxHEIGHT, each 300 to 8192".into()),
    }
}
