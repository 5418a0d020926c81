//! From the system's error to a fault with words for people.

use std::io;

use crate::core::fault::Fault;

/// What the system's error means for whoever stands there.
pub(super) fn fault_of(error: &io::Error) -> Fault {
    error.raw_os_error().map_or(Fault::CameraFailed, of_code)
}

/// nokhwa hands the operating system's error on inside a sentence.
pub(super) fn fault_in(message: &str) -> Fault {
    message
        .rsplit_once("os error ")
        .and_then(|(_, rest)| rest.split(|c: char| !c.is_ascii_digit()).next())
        .and_then(|digits| digits.parse().ok())
        .map_or(Fault::CameraFailed, of_code)
}

fn of_code(code: i32) -> Fault {
    match code {
        libc::EBUSY => Fault::CameraBusy,
        libc::EPERM | libc::EACCES => Fault::CameraDenied,
        libc::ENOENT | libc::ENXIO => Fault::CameraMissing,
        libc::ENODEV => Fault::CameraUnplugged,
        _ => Fault::CameraFailed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_of_the_system_get_their_own_names() {
        for (text, code, fault) in [
            ("Could not open device: Device or resource busy (os error 16)", 16, Fault::CameraBusy),
            ("Permission denied (os error 13)", 13, Fault::CameraDenied),
            ("No such file or directory (os error 2)", 2, Fault::CameraMissing),
            ("No such device (os error 19)", 19, Fault::CameraUnplugged),
            ("Invalid argument (os error 22)", 22, Fault::CameraFailed),
        ] {
            assert_eq!(fault_in(text), fault, "{text}");
            assert_eq!(fault_of(&io::Error::from_raw_os_error(code)), fault, "{code}");
        }
        assert_eq!(fault_in("Failed to Fufill"), Fault::CameraFailed);
    }
}
