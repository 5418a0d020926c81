//! Two things nokhwa keeps to itself and the kernel tells any holder of the descriptor: how much of a
//! buffer is the new frame, and how to wake a reader that hangs in a frozen stream.

use std::ffi::{c_int, c_void};
use std::fs;
use std::path::PathBuf;

use v4l::v4l_sys::v4l2_buffer;
use v4l::v4l2::{ioctl, vidioc};

/// `V4L2_BUF_TYPE_VIDEO_CAPTURE`.
const CAPTURE: u8 = 1;
/// `V4L2_MEMORY_MMAP`.
const MAPPED: u32 = 1;
/// `V4L2_BUF_FLAG_QUEUED` and `_DONE`: the driver has the buffer.
const THEIRS: u32 = 0x2 | 0x4;
/// How many buffers nokhwa asks for.
const BUFFERS: u32 = 4;

/// All descriptors this process has of `/dev/video<index>`.
pub(super) fn descriptors(index: u32) -> Vec<c_int> {
    let node = PathBuf::from(format!("/dev/video{index}"));
    let open = fs::read_dir("/proc/self/fd").into_iter().flatten().flatten();
    open.filter(|entry| fs::read_link(entry.path()).is_ok_and(|target| target == node))
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .collect()
}

/// Stops the stream of a node: the pending read returns an error.
pub(super) fn stream_off(index: u32) {
    descriptors(index).into_iter().for_each(stop);
}

/// How much of the buffer that was taken last is new: of the buffers, one is always with the reader.
/// What lies behind is of an older frame. None if the kernel does not say. Units: bytes.
pub(super) fn filled(descriptor: c_int) -> Option<usize> {
    let ours = (0..BUFFERS).filter_map(|index| buffer(descriptor, index)).find(|buffer| buffer.flags & THEIRS == 0)?;
    Some(ours.bytesused as usize)
}

#[allow(unsafe_code)]
fn buffer(descriptor: c_int, index: u32) -> Option<v4l2_buffer> {
    // SAFETY: the struct is plain numbers and a union of numbers and pointers; all zeros is a value of it.
    let mut buffer: v4l2_buffer = unsafe { std::mem::zeroed() };
    buffer.index = index;
    buffer.type_ = CAPTURE.into();
    buffer.memory = MAPPED;
    // SAFETY: VIDIOC_QUERYBUF fills in one v4l2_buffer behind the pointer, which outlives the call. On a
    // descriptor that is none of a camera the kernel answers an error and writes nothing.
    unsafe { ioctl(descriptor, vidioc::VIDIOC_QUERYBUF, (&raw mut buffer).cast::<c_void>()) }.ok()?;
    Some(buffer)
}

#[allow(unsafe_code)]
fn stop(descriptor: c_int) {
    let mut kind = c_int::from(CAPTURE);
    // SAFETY: VIDIOC_STREAMOFF reads one int behind the pointer, which outlives the call. The
    // descriptor may have been closed, or reused for another file, since it was listed: the
    // kernel then answers EBADF or ENOTTY and nothing happens, because no other kind of file
    // this process opens understands this request.
    let _ = unsafe { ioctl(descriptor, vidioc::VIDIOC_STREAMOFF, (&raw mut kind).cast::<c_void>()) };
}
