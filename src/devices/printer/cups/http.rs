//! As much of HTTP/1.1 as one IPP request takes.

use std::{
    io::{self, Read, Write},
    os::unix::net::UnixStream,
    path::Path,
    time::Duration,
};

use httparse::{EMPTY_HEADER, Response, Status, parse_chunk_size};
use rustix::net::{
    AddressFamily, SocketAddrUnix, SocketFlags, SocketType, connect, socket_with, sockopt,
    sockopt::Timeout::{Recv, Send},
};

/// The longest answer read, with its head.
const LONGEST: usize = 64 * 1024;

/// In so many reads an answer is there: one that drips in is given up.
const READS: usize = 32;

/// Posts the parts as one body. Gives back the body of the answer.
pub(super) fn post(socket: &Path, limit: Duration, path: &str, parts: &[&[u8]]) -> io::Result<Vec<u8>> {
    let mut stream = open(socket, limit)?;
    let length: usize = parts.iter().map(|part| part.len()).sum();
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/ipp\r\n\
         Content-Length: {length}\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(head.as_bytes())?;
    for part in parts {
        stream.write_all(part)?;
    }
    let mut got = Vec::new();
    let mut piece = [0; 8 * 1024];
    for _ in 0..READS {
        let count = stream.read(&mut piece)?;
        if count == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        got.extend_from_slice(&piece[..count]);
        if let Some(body) = body(&got)? {
            return Ok(body);
        }
        if got.len() > LONGEST {
            break;
        }
    }
    Err(invalid("too long an answer"))
}

/// Connects. The limit is set before: a full queue of callers would hold a blocking connect for ever.
fn open(socket: &Path, limit: Duration) -> io::Result<UnixStream> {
    let stream = socket_with(AddressFamily::UNIX, SocketType::STREAM, SocketFlags::CLOEXEC, None)?;
    sockopt::set_socket_timeout(&stream, Send, Some(limit))?;
    sockopt::set_socket_timeout(&stream, Recv, Some(limit))?;
    connect(&stream, &SocketAddrUnix::new(socket)?)?;
    Ok(stream.into())
}

/// The body of the answer, once it is whole.
fn body(mut got: &[u8]) -> io::Result<Option<Vec<u8>>> {
    loop {
        let mut headers = [EMPTY_HEADER; 32];
        let mut answer = Response::new(&mut headers);
        let Status::Complete(head) = answer.parse(got).map_err(invalid)? else { return Ok(None) };
        got = &got[head..];
        match answer.code {
            Some(100..=199) => {} // the answer proper follows
            Some(200) => {
                let header = |name| {
                    let header = answer.headers.iter().find(|header| header.name.eq_ignore_ascii_case(name))?;
                    str::from_utf8(header.value).ok().map(str::trim)
                };
                if header("Transfer-Encoding").is_some_and(|coding| coding.eq_ignore_ascii_case("chunked")) {
                    return joined(got);
                }
                let length = header("Content-Length").and_then(|length| length.parse::<usize>().ok());
                let length = length.ok_or_else(|| invalid("an answer without its length"))?;
                return if length > LONGEST {
                    Err(invalid("too long an answer"))
                } else {
                    Ok(got.get(..length).map(<[u8]>::to_vec))
                };
            }
            code => return Err(invalid(format!("HTTP status {}", code.unwrap_or_default()))),
        }
    }
}

/// The chunks put together, once the last is there.
fn joined(mut rest: &[u8]) -> io::Result<Option<Vec<u8>>> {
    let mut whole = Vec::new();
    loop {
        let Status::Complete((start, size)) = parse_chunk_size(rest).map_err(|_| invalid("a broken chunk"))? else {
            return Ok(None);
        };
        if size == 0 {
            return Ok(Some(whole));
        }
        let size = usize::try_from(size).ok().filter(|size| *size <= LONGEST);
        let end = start + size.ok_or_else(|| invalid("too long a chunk"))?;
        let Some(chunk) = rest.get(start..end) else { return Ok(None) };
        whole.extend_from_slice(chunk);
        match rest.get(end..end + 2) {
            Some(b"\r\n") => rest = &rest[end + 2..],
            Some(_) => return Err(invalid("a broken chunk")),
            None => return Ok(None),
        }
    }
}

fn invalid(error: impl Into<Box<dyn std::error::Error + std::marker::Send + Sync>>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, error)
}
