//! Waking a reader that hangs in a frozen camera stream.
//!
//! The library keeps its file descriptor to itself and reads without a time-out. The kernel lets
//! any holder of the descriptor stop the stream, which makes the pending read return an error.

use std::ffi::c_int;
use std::fs;
use std::path::PathBuf;

/// `V4L2_BUF_TYPE_VIDEO_CAPTURE`.
const CAPTURE: c_int = 1;

/// Stops the stream of `/dev/video<index>` on every descriptor this process has of it.
pub(super) fn stream_off(index: u64) {
    let node = PathBuf::from(format!("/dev/video{index}"));
    let descriptors = fs::read_dir("/proc/self/fd").into_iter().flatten().flatten();
    for entry in descriptors {
        let ours = fs::read_link(entry.path()).is_ok_and(|target| target == node);
        let Some(descriptor) = entry.file_name().to_str().and_then(|name| name.parse::<c_int>().ok()) else { continue };
        if ours {
            stop(descriptor);
        }
    }
}

#[allow(unsafe_code)]
fn stop(descriptor: c_int) {
    let mut kind = CAPTURE;
    // SAFETY: VIDIOC_STREAMOFF reads one int behind the pointer, which outlives the call. The
    // descriptor may have been closed, or reused for another file, since it was listed: the
    // kernel then answers EBADF or ENOTTY and nothing happens, because no other kind of file
    // this process opens understands this request.
    let _ = unsafe {
        v4l::v4l2::ioctl(descriptor, v4l::v4l2::vidioc::VIDIOC_STREAMOFF, (&raw mut kind).cast::<std::ffi::c_void>())
    };
}
