//! A CUPS for tests, which reads requests with the crate `ipp`.

use std::{
    io::{self, Read, Write},
    os::unix::net::{UnixListener, UnixStream},
    path::PathBuf,
    sync::mpsc::{Receiver, channel},
    thread,
    time::Duration,
};

use mianzheng::devices::printer::cups::CupsPrinter;
use ipp::{parser::IppParser, prelude::*, reader::IppReader};

pub(crate) const GET_DEFAULT: i16 = 0x4001;
pub(crate) const GET_ATTRIBUTES: i16 = 0x000B;
pub(crate) const PRINT_JOB: i16 = 0x0002;

#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Way {
    Length,
    Chunked,
    Continue,
    Garbage,
    Silence,
    Close,
    HalfAnAnswer,
    Endless,
    Drip,
    HttpError,
    NoPrinter,
}

pub(crate) struct Asked {
    pub(crate) path: String,
    pub(crate) request: IppRequestResponse,
    pub(crate) document: Vec<u8>,
}

impl Asked {
    pub(crate) fn operation(&self) -> i16 {
        self.request.header().operation_or_status
    }

    pub(crate) fn text(&self, name: &str) -> String {
        let group = self.request.attributes().first_of(DelimiterTag::OperationAttributes).unwrap();
        group.get(name).map(|attribute| attribute.value().to_string()).unwrap_or_default()
    }
}

pub(crate) struct Fake {
    _folder: tempfile::TempDir,
    pub(crate) socket: PathBuf,
    pub(crate) asked: Receiver<Asked>,
}

impl Fake {
    pub(crate) fn start(way: Way, state: i32, accepting: bool) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let socket = folder.path().join("cups.sock");
        let listener = UnixListener::bind(&socket).unwrap();
        let (tell, asked) = channel();
        thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                if way == Way::Close {
                    continue;
                }
                let question = read(&mut stream);
                let answer = answer(&question, way, state, accepting);
                let _ = tell.send(question);
                thread::spawn(move || say(stream, way, &answer));
            }
        });
        Self { _folder: folder, socket, asked }
    }

    pub(crate) fn printer(&self, queue: &str) -> CupsPrinter {
        CupsPrinter::new(&self.socket, queue).within(Duration::from_millis(300))
    }
}

pub(crate) fn read(stream: &mut UnixStream) -> Asked {
    let mut got = Vec::new();
    while !got.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).unwrap();
        got.push(byte[0]);
    }
    let head = String::from_utf8(got).unwrap();
    let (first, rest) = head.split_once("\r\n").unwrap();
    assert!(rest.contains("Host: localhost\r\n") && rest.contains("Content-Type: application/ipp\r\n"));
    let (_, length) = rest.split_once("Content-Length: ").unwrap();
    let mut body = vec![0; length.split_once("\r\n").unwrap().0.parse().unwrap()];
    stream.read_exact(&mut body).unwrap();
    let mut request = IppParser::new(IppReader::new(io::Cursor::new(body))).parse().unwrap();
    let mut document = Vec::new();
    request.payload_mut().read_to_end(&mut document).unwrap();
    assert!(first.starts_with("POST ") && first.ends_with(" HTTP/1.1"));
    Asked { path: first.split(' ').nth(1).unwrap().to_owned(), request, document }
}

fn answer(question: &Asked, way: Way, state: i32, accepting: bool) -> Vec<u8> {
    let status = if way == Way::NoPrinter { StatusCode::ClientErrorNotFound } else { StatusCode::SuccessfulOk };
    let mut answer = IppRequestResponse::new_response(IppVersion::v1_1(), status, 1).unwrap();
    let mut add = |name: &str, value| {
        let attribute = IppAttribute::with_name(name, value).unwrap();
        answer.attributes_mut().add(DelimiterTag::PrinterAttributes, attribute);
    };
    match question.operation() {
        GET_DEFAULT => add("printer-name", IppValue::new_name_without_language("前台").unwrap()),
        GET_ATTRIBUTES => {
            add("printer-state", IppValue::Enum(state));
            add("printer-is-accepting-jobs", IppValue::Boolean(accepting));
        }
        _ => {}
    }
    answer.to_bytes().to_vec()
}

fn say(mut stream: UnixStream, way: Way, answer: &[u8]) {
    let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", answer.len());
    let mut send = |bytes: &[u8]| {
        let _ = stream.write_all(bytes);
    };
    match way {
        Way::Length | Way::NoPrinter => send(&[head.as_bytes(), answer].concat()),
        Way::Continue => send(&[b"HTTP/1.1 100 Continue\r\n\r\n", head.as_bytes(), answer].concat()),
        Way::Chunked => {
            send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
            for chunk in answer.chunks(40) {
                send(&[format!("{:x}\r\n", chunk.len()).as_bytes(), chunk, b"\r\n"].concat());
            }
            send(b"0\r\n\r\n");
            thread::sleep(Duration::from_secs(1)); // the connection stays: the end is in the bytes
        }
        Way::Garbage => send(&[head.as_bytes(), &vec![0xFF; answer.len()]].concat()),
        Way::Silence => thread::sleep(Duration::from_secs(2)),
        Way::HalfAnAnswer => send(&[head.as_bytes(), &answer[..answer.len() / 2]].concat()),
        Way::Endless => {
            send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
            (0..64).for_each(|_| send(&[b"1000\r\n", &[0; 0x1000][..], b"\r\n"].concat()));
        }
        Way::Drip => (0..200).for_each(|_| {
            send(b"H");
            thread::sleep(Duration::from_millis(20));
        }),
        Way::HttpError => send(b"HTTP/1.1 426 Upgrade Required\r\nContent-Length: 0\r\n\r\n"),
        Way::Close => {}
    }
}
