//! What can be typed about the law.

use std::path::PathBuf;

use clap::{Subcommand, ValueEnum};

#[derive(clap::Args)]
pub(crate) struct ComplyArgs {
    /// Site file or profile
    #[arg(long, global = true, value_name = "FILE|PROFILE", default_value = "front-desk")]
    pub(crate) site: String,
    /// Where store and key are kept
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    #[command(subcommand)]
    pub(crate) command: ComplyCommand,
}

#[derive(Subcommand)]
pub(crate) enum ComplyCommand {
    /// Each article and inspector's check: its state on this device, the evidence, the tests
    Report {
        /// One JSON object
        #[arg(long)]
        json: bool,
        /// Also write it as a page
        #[arg(long, value_name = "FILE.html")]
        to: Option<PathBuf>,
    },
    /// The impact assessment: write the form, sign it, or read the one in force
    Assess {
        /// Write the form, with answers drafted where the program knows them
        #[arg(long, value_name = "FILE.toml", conflicts_with_all = ["sign", "to"])]
        form: Option<PathBuf>,
        /// Sign a form that is filled in
        #[arg(long, value_name = "FILE.toml")]
        sign: Option<PathBuf>,
        /// Write the signed assessment as a page
        #[arg(long, value_name = "FILE.html")]
        to: Option<PathBuf>,
    },
    /// List the notices that were in force, or read one
    Notices {
        /// Number, or the beginning of its SHA-256
        which: Option<String>,
        /// Write it as a page
        #[arg(long, value_name = "FILE.html")]
        to: Option<PathBuf>,
    },
    /// The record of processing as a page
    Records {
        /// Where to
        #[arg(long, value_name = "FILE.html")]
        to: PathBuf,
        /// From this day on
        #[arg(long, value_name = "YYYY-MM-DD")]
        from: Option<String>,
    },
    /// Requests of people: list, answer
    #[command(subcommand)]
    Requests(RequestCommand),
    /// What is to be filed, and by when
    Filing {
        /// One JSON object
        #[arg(long)]
        json: bool,
    },
    /// Write the five materials of the filing
    Pack {
        /// Folder
        #[arg(long, value_name = "DIR")]
        to: PathBuf,
    },
    /// Put the number of the filing on record, or that a change was filed
    Filed {
        /// Number
        #[arg(long)]
        number: String,
        /// Day
        #[arg(long, value_name = "YYYY-MM-DD")]
        on: String,
    },
    /// The group of devices that count their people together
    #[command(subcommand)]
    Group(GroupCommand),
    /// Write a count of the people here that names nobody
    Sketch {
        /// Where to
        #[arg(long, value_name = "FILE")]
        to: PathBuf,
    },
    /// Count distinct people over the sketches of several devices
    Merge {
        /// Sketches
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// One JSON object
        #[arg(long)]
        json: bool,
        /// Put the count of the other devices on record here
        #[arg(long)]
        store: bool,
    },
    /// An incident, or an exercise
    #[command(subcommand)]
    Incident(IncidentCommand),
    /// Destroy all face data and end the face way of this device for good
    Terminate {
        /// Where the certificate goes
        #[arg(long, value_name = "FILE.html")]
        to: PathBuf,
        /// Yes, for good
        #[arg(long)]
        yes: bool,
    },
}

#[derive(Subcommand)]
pub(crate) enum RequestCommand {
    /// Those nobody has answered
    List,
    /// Answer one; the person reads it on their page
    Answer {
        /// Its number
        number: u64,
        /// The answer
        #[arg(long)]
        text: String,
    },
    /// Do not follow one, and say why
    Refuse {
        /// Its number
        number: u64,
        /// The reason, for the person to read
        #[arg(long)]
        reason: String,
    },
}

#[derive(Subcommand)]
pub(crate) enum GroupCommand {
    /// Make the key, and write it down for the other devices
    Create {
        /// Where to
        #[arg(long, value_name = "FILE")]
        to: PathBuf,
    },
    /// Take the key over
    Join {
        /// Where from
        #[arg(long, value_name = "FILE")]
        from: PathBuf,
    },
}

#[derive(Subcommand)]
pub(crate) enum IncidentCommand {
    /// Open one; everybody stored counts as affected
    Open(IncidentArgs),
    /// The same as an exercise: nothing is closed
    Drill(IncidentArgs),
    /// Write the drafts for authority, people and guardians
    Drafts {
        /// Its number
        number: u64,
        /// Where to
        #[arg(long, value_name = "FILE.html")]
        to: PathBuf,
    },
    /// Close one
    Close {
        /// Its number
        number: u64,
    },
    /// All of them
    List,
}

#[derive(clap::Args)]
pub(crate) struct IncidentArgs {
    /// What kind
    #[arg(long, value_enum)]
    pub(crate) kind: KindArg,
    /// It is major: the face way closes until the assessment is made anew
    #[arg(long)]
    pub(crate) major: bool,
    /// What happened, and the cause as far as it is known
    #[arg(long)]
    pub(crate) what: String,
    /// What was done
    #[arg(long)]
    pub(crate) remedy: String,
}

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum KindArg {
    Leak,
    Tamper,
    Loss,
}
