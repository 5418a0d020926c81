//! The IPP client against a fake CUPS, and against a real one.

use std::{
    io::{self, Write},
    os::unix::net::{UnixListener, UnixStream},
    thread,
    time::{Duration, Instant},
};

use super::fake::{Asked, Fake, GET_ATTRIBUTES, GET_DEFAULT, PRINT_JOB, Way, read};
use mianzheng::devices::printer::cups::{CupsPrinter, PrintFault};
use ipp::model::IppVersion;

fn io_kind(fault: Result<(), PrintFault>) -> io::ErrorKind {
    match fault {
        Err(PrintFault::Io(error)) => error.kind(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_document_arrives_whole() {
    let fake = Fake::start(Way::Length, 3, true);
    let document: Vec<u8> = (0..=u8::MAX).cycle().take(300_000).collect();
    fake.printer("front-desk").print("访客单", &document, "application/pdf").unwrap();
    let check = fake.asked.recv().unwrap();
    assert_eq!(check.operation(), GET_ATTRIBUTES);
    let job = fake.asked.recv().unwrap();
    assert_eq!((job.operation(), job.path.as_str()), (PRINT_JOB, "/printers/front-desk"));
    assert_eq!(job.request.header().version, IppVersion::v1_1());
    assert_eq!(job.text("attributes-charset"), "utf-8");
    assert_eq!(job.text("printer-uri"), "ipp://localhost/printers/front-desk");
    assert_eq!(job.text("requesting-user-name"), "kiosk");
    assert_eq!(job.text("job-name"), "访客单");
    assert_eq!(job.text("document-format"), "application/pdf");
    assert_eq!(job.document, document);
}

#[test]
fn an_empty_name_means_the_default() {
    let fake = Fake::start(Way::Chunked, 4, true);
    fake.printer("").print("x", b"y", "text/plain").unwrap();
    let asked: Vec<_> = fake.asked.iter().take(3).collect();
    assert_eq!(asked.iter().map(Asked::operation).collect::<Vec<_>>(), [GET_DEFAULT, GET_ATTRIBUTES, PRINT_JOB]);
    assert_eq!(asked[0].path, "/");
    assert_eq!(asked[2].text("printer-uri"), "ipp://localhost/printers/%E5%89%8D%E5%8F%B0");
}

#[test]
fn names_cannot_change_the_request() {
    let fake = Fake::start(Way::Length, 3, true);
    fake.printer("a b\r\nX: y/../?#").print(&"长".repeat(300), b"y", "text/plain").unwrap();
    let asked: Vec<_> = fake.asked.iter().take(2).collect();
    assert_eq!(asked[1].path, "/printers/a%20b%0D%0AX%3A%20y%2F..%2F%3F%23");
    assert_eq!(asked[1].text("job-name"), "长".repeat(85));
}

#[test]
fn a_stopped_printer_gets_nothing() {
    for (state, accepting) in [(5, true), (3, false)] {
        let fake = Fake::start(Way::Length, state, accepting);
        let printer = fake.printer("q");
        assert!(!printer.ready());
        assert!(matches!(printer.print("x", b"y", "text/plain"), Err(PrintFault::Stopped)));
        drop(printer);
        let seen: Vec<_> = fake.asked.try_iter().map(|asked| asked.operation()).collect();
        assert_eq!(seen, [GET_ATTRIBUTES, GET_ATTRIBUTES]);
    }
}

#[test]
fn readiness() {
    for (way, ready) in [(Way::Length, true), (Way::Chunked, true), (Way::Continue, true), (Way::Garbage, false)] {
        assert_eq!(Fake::start(way, 3, true).printer("").ready(), ready);
    }
}

#[test]
fn a_missing_printer() {
    for queue in ["", "q"] {
        let fake = Fake::start(Way::NoPrinter, 3, true);
        assert!(matches!(fake.printer(queue).print("x", b"y", "text/plain"), Err(PrintFault::NoPrinter)));
    }
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the real time limits are tested")]
fn a_broken_cups() {
    use io::ErrorKind::{InvalidData, UnexpectedEof, WouldBlock};
    let ways = [
        (Way::Garbage, InvalidData),
        (Way::Silence, WouldBlock),
        (Way::HalfAnAnswer, UnexpectedEof),
        (Way::Endless, InvalidData),
        (Way::Drip, InvalidData),
        (Way::HttpError, InvalidData),
    ];
    for (way, kind) in ways {
        let fake = Fake::start(way, 3, true);
        let begun = Instant::now();
        assert_eq!(io_kind(fake.printer("q").print("x", b"y", "text/plain")), kind);
        assert!(begun.elapsed() < Duration::from_secs(2));
    }
    let fake = Fake::start(Way::Close, 3, true);
    io_kind(fake.printer("q").print("x", &vec![0; 1_000_000], "text/plain"));
}

#[test]
fn no_cups_at_all_or_one_that_accepts_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("cups.sock");
    let printer = CupsPrinter::new(&socket, "q").within(Duration::from_millis(100));
    assert_eq!(io_kind(printer.print("x", b"y", "text/plain")), io::ErrorKind::NotFound);
    let listener = UnixListener::bind(&socket).unwrap();
    rustix::net::listen(&listener, 0).unwrap();
    let _waits = UnixStream::connect(&socket).unwrap(); // the queue of callers is full now
    assert_eq!(io_kind(printer.print("x", b"y", "text/plain")), io::ErrorKind::WouldBlock);
}

#[test]
fn random_answers_never_panic() {
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("cups.sock");
    let listener = UnixListener::bind(&socket).unwrap();
    let (open, close) = ([0x34, 0, 0, 0, 0].repeat(6000), [0x37, 0, 0, 0, 0].repeat(6001));
    let nested = [&[0x34, 0, 1, b'a', 0, 0], &open[..], &close].concat();
    thread::spawn(move || {
        let mut seed = 1_u64;
        for (number, stream) in listener.incoming().enumerate() {
            let mut stream = stream.unwrap();
            read(&mut stream);
            let mut body = vec![1, 1, 0, 0, 0, 0, 0, 1, 4];
            if number == 0 {
                body.extend(&nested);
                body.push(3);
            }
            for _ in 0..number % 200 {
                seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                let random = seed.to_be_bytes();
                body.extend([0x20 + random[0] % 0x30, 0, random[1] % 4]);
                body.extend(&random[2..4]);
            }
            let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", body.len());
            let _ = stream.write_all(&[head.as_bytes(), &body].concat());
        }
    });
    let printer = CupsPrinter::new(&socket, "q");
    (0..500).for_each(|_| assert!(!printer.ready()));
}

/// `CUPS_SOCKET=… cargo test -- --ignored`: the queue pdfq is its default, prints to a file, and `stopped` is stopped.
#[test]
#[ignore = "needs a CUPS"]
fn a_real_cups() {
    let socket = std::env::var("CUPS_SOCKET").unwrap();
    let text = [(mianzheng::devices::printer::pdf::Style::Title, "访客登记 Visitor".to_owned())];
    let fonts =
        ["regular", "bold"].map(|name| std::fs::read(format!("{}/assets/fonts/sc-{name}.ttf", crate::support::root().display())).unwrap());
    let document = mianzheng::devices::printer::pdf::pdf("访客登记", &text, &fonts[0], &fonts[1], None);
    for queue in ["", "pdfq"] {
        let printer = CupsPrinter::new(&socket, queue);
        assert!(printer.ready());
        printer.print("访客登记", &document, "application/pdf").unwrap();
    }
    let text = "访客登记\n".as_bytes();
    CupsPrinter::new(&socket, "").print("t", text, "text/plain; charset=utf-8").unwrap();
    assert!(matches!(CupsPrinter::new(&socket, "none").print("t", text, "text/plain"), Err(PrintFault::NoPrinter)));
    let stopped = CupsPrinter::new(&socket, "stopped");
    assert!(!stopped.ready());
    assert!(matches!(stopped.print("t", text, "text/plain"), Err(PrintFault::Stopped)));
    let fault = CupsPrinter::new(&socket, "").print("t", text, "application/x-none");
    assert!(matches!(fault, Err(PrintFault::Io(_))), "{fault:?}");
}
