//! What can be typed by those who work at the device.

use std::path::PathBuf;

use clap::{Subcommand, ValueEnum};

#[derive(clap::Args)]
pub(crate) struct OperatorArgs {
    /// Where store and key are kept
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    #[command(subcommand)]
    pub(crate) command: OperatorCommand,
}

#[derive(Subcommand)]
pub(crate) enum OperatorCommand {
    /// Add an operator; the first one is a supervisor
    Add {
        /// What they are there for
        #[arg(long, value_enum)]
        role: RoleArg,
        /// Log-in name
        name: String,
        /// File with the new password, instead of asking
        #[arg(long, value_name = "FILE")]
        new_password: Option<PathBuf>,
    },
    /// List the operators
    List,
    /// Remove an operator
    Remove {
        /// As listed
        id: u64,
    },
    /// Let an account try again that waits or is off
    Unlock {
        /// As listed
        id: u64,
    },
}

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum RoleArg {
    Clerk,
    Supervisor,
    Auditor,
    Installer,
}

#[derive(clap::Args)]
pub(crate) struct RosterArgs {
    /// Where store and key are kept
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    #[command(subcommand)]
    pub(crate) command: RosterCommand,
}

#[derive(Subcommand)]
pub(crate) enum RosterCommand {
    /// Show what a spreadsheet holds and what is wrong with it; with --yes, put it in the place of the list
    Import {
        /// CSV or XLSX, with a row of headings: number, name; optional badge, first day, last day, note
        file: PathBuf,
        /// Import it
        #[arg(long)]
        yes: bool,
        /// Leave out the rows with errors
        #[arg(long)]
        skip_errors: bool,
    },
    /// How many are on the list
    Count {
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Empty the list
    Clear,
}

#[derive(clap::Args)]
pub(crate) struct AuditArgs {
    /// Where store and key are kept
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    #[command(subcommand)]
    pub(crate) command: AuditCommand,
}

#[derive(Subcommand)]
pub(crate) enum AuditCommand {
    /// Read the whole log and name the first damage
    Verify {
        /// A head kept elsewhere, to be found in this log
        #[arg(long, value_name = "SEQ:HASH")]
        head: Option<String>,
        /// The first key of the log, kept elsewhere
        #[arg(long, value_name = "KEY")]
        first_key: Option<String>,
        /// One JSON object
        #[arg(long)]
        json: bool,
    },
    /// Print number and hash of the newest entry, to be kept elsewhere
    Head {
        /// One JSON object
        #[arg(long)]
        json: bool,
    },
    /// Write the log as JSON lines anybody can check; takes two persons
    Export {
        /// New file
        #[arg(long, value_name = "FILE")]
        to: PathBuf,
    },
}

#[derive(clap::Args)]
pub(crate) struct KeyArgs {
    /// Where store and key are kept
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    #[command(subcommand)]
    pub(crate) command: KeyCommand,
}

#[derive(Subcommand)]
pub(crate) enum KeyCommand {
    /// The ways there are, and what a thief would get
    List,
    /// Add a way; takes two persons
    Add {
        /// Which
        #[arg(value_enum)]
        kind: SlotArg,
        /// File with the new passphrase, instead of asking
        #[arg(long, value_name = "FILE")]
        new_passphrase: Option<PathBuf>,
    },
    /// Remove a way; takes two persons
    Remove {
        /// Which
        #[arg(value_enum)]
        kind: SlotArg,
    },
}

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum SlotArg {
    File,
    Passphrase,
    Tpm,
    Recovery,
}

#[derive(clap::Args)]
pub(crate) struct BackupArgs {
    /// Where store and key are kept
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    #[command(subcommand)]
    pub(crate) command: BackupCommand,
}

#[derive(Subcommand)]
pub(crate) enum BackupCommand {
    /// Write an encrypted backup; takes two persons
    Create {
        /// Site file or profile: no backup outlives its retention
        #[arg(long, value_name = "FILE|PROFILE", default_value = "front-desk")]
        site: String,
        /// New file
        #[arg(long, value_name = "FILE")]
        to: PathBuf,
    },
    /// Put a backup in the place of a store that does not open; takes two persons of the backup
    Restore {
        /// The backup
        #[arg(long, value_name = "FILE")]
        from: PathBuf,
    },
}

#[derive(clap::Args)]
pub(crate) struct PolicyArgs {
    /// Where store and key are kept
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    #[command(subcommand)]
    pub(crate) command: PolicyCommand,
}

#[derive(Subcommand)]
pub(crate) enum PolicyCommand {
    /// Put the policy of a site into force; takes two persons
    Approve {
        /// Site file or profile
        #[arg(long, value_name = "FILE|PROFILE", default_value = "front-desk")]
        site: String,
    },
}

#[derive(clap::Args)]
pub(crate) struct AlarmArgs {
    /// Where store and key are kept
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    #[command(subcommand)]
    pub(crate) command: AlarmCommand,
}

#[derive(Subcommand)]
pub(crate) enum AlarmCommand {
    /// List them
    List {
        /// One JSON object
        #[arg(long)]
        json: bool,
    },
    /// Say that one was looked into
    Clear {
        /// As listed
        alarm: String,
    },
}
