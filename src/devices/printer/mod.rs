//! Pages on paper, through CUPS: as PDF, because plain text needs fonts the machine may not have.

pub mod cups;
pub mod pdf;

use std::time::Duration;

use qrcodegen::{QrCode, QrCodeEcc};

use crate::fonts::FILES;
use crate::ports::{Line, Paper, Printer};

use cups::CupsPrinter;
use pdf::{Style, pdf};

/// Where CUPS listens.
const SOCKET: &str = "/run/cups/cups.sock";
/// Longest wait for an answer: a page must not come out after its owner has left.
const LIMIT: Duration = Duration::from_secs(2);
/// The name of every job: it stays visible in CUPS, so it says nothing of anybody.
const JOB: &str = "mianzheng";
/// Longest text a code can hold and a telephone still read. Units: bytes.
const CODE: usize = 2_300;

/// Prints pages on a queue of the CUPS of this machine.
pub struct PaperPrinter {
    cups: CupsPrinter,
}

impl PaperPrinter {
    /// A queue by name; blank takes the default one.
    #[must_use]
    pub fn new(queue: &str) -> Self {
        Self { cups: CupsPrinter::new(SOCKET, queue).within(LIMIT) }
    }
}

impl Printer for PaperPrinter {
    fn print(&self, paper: &Paper) -> bool {
        let done = self.cups.print(JOB, &document(paper), "application/pdf");
        if let Err(error) = &done {
            tracing::warn!(%error, "printer");
        }
        done.is_ok()
    }
}

/// A page as PDF, with its code at the end.
#[must_use]
pub fn document(paper: &Paper) -> Vec<u8> {
    let mut blocks = vec![(Style::Title, paper.title.clone())];
    for line in &paper.lines {
        blocks.push(match line {
            Line::Heading(text) => (Style::Heading, text.clone()),
            Line::Text(text) => (Style::Text, text.clone()),
            Line::Row(name, value) => (Style::Text, format!("{name}: {value}")),
        });
    }
    let plain = paper.plain();
    let code = (plain.len() <= CODE).then(|| QrCode::encode_text(&plain, QrCodeEcc::Low).ok()).flatten();
    let rows: Option<Vec<Vec<bool>>> =
        code.map(|code| (0..code.size()).map(|y| (0..code.size()).map(|x| code.get_module(x, y)).collect()).collect());
    let [(_, sc), (_, sc_bold), (_, tc), (_, tc_bold)] = FILES;
    let (regular, bold) = if paper.lang == "zh-TW" { (tc, tc_bold) } else { (sc, sc_bold) };
    pdf(JOB, &blocks, regular, bold, rows.as_deref())
}
