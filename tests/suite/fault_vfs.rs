//! A file layer for SQLite that fails on command: full disk, I/O error, torn page, power cut.
//!
//! It wraps the default (unix) VFS and becomes the process's default, so the product needs no change. Only
//! files under a folder that a test has armed are counted and harmed; all others pass straight through.
//! While a folder is armed a sync does not reach the real disk: what a power cut leaves is computed.
//! A connection opened before [`install`] is not seen.

#![allow(unsafe_code, reason = "a VFS is a table of C functions; test code only")]
#![allow(clippy::cast_possible_wrap, reason = "SQLite's sizes are signed, and small")]

use std::collections::BTreeMap;
use std::ffi::{CStr, OsStr, c_char, c_int, c_void};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicPtr, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, Once, PoisonError};
use std::{fs, mem, ptr, slice};

use rusqlite::ffi::{self, sqlite3_file as File, sqlite3_io_methods as Methods, sqlite3_vfs as Vfs};

const SECTOR: usize = 512;

/// What the chosen operation meets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Every write from here on: the first stores half, as a short write does, the others nothing.
    Full,
    /// This one operation fails and does nothing; all later ones work.
    IoError,
    /// A write stores its first half; then nothing works any more. What was written before stays.
    Torn,
    /// Nothing works any more, and what no sync followed may be lost: see [`Armed::settle`].
    PowerCut,
}

/// One operation on a file that no sync has made lasting yet; `new` is `None` for a cut to `offset` bytes.
struct Change {
    old_size: usize,
    offset: usize,
    old: Vec<u8>,
    new: Option<Vec<u8>>,
}

/// What is not lasting yet about one path.
#[derive(Default)]
struct Log {
    changes: Vec<Change>,
    /// The file was made, but its folder not synced: the name itself may be lost.
    born: bool,
    /// Files of this name that were deleted, the folder not synced: they may come back.
    ghosts: Vec<(Vec<u8>, Vec<Change>)>,
}

struct State {
    fault: Option<(Fault, u64)>,
    operations: u64,
    struck: bool,
    logs: BTreeMap<PathBuf, Log>,
}

type Shared = Arc<Mutex<State>>;
static ARMED: Mutex<Vec<(PathBuf, Shared)>> = Mutex::new(Vec::new());
static BASE: AtomicPtr<Vfs> = AtomicPtr::new(ptr::null_mut());

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The state of the armed folder that holds `path`.
fn watch(path: &Path) -> Option<Shared> {
    lock(&ARMED).iter().find(|(folder, _)| path.starts_with(folder)).map(|(_, state)| state.clone())
}

/// Counts the operations under one folder until dropped.
pub struct Armed {
    folder: PathBuf,
    state: Shared,
}

/// From now on counts writes, syncs, truncations and deletions of files under `folder`, which must exist;
/// the `at`-th, from 1, meets the fault. `None` only counts. Arming a folder twice at once is an error.
pub fn arm(folder: &Path, fault: Option<(Fault, u64)>) -> Armed {
    install();
    let folder = fs::canonicalize(folder).expect("the folder to arm exists");
    let state = Arc::new(Mutex::new(State { fault, operations: 0, struck: false, logs: BTreeMap::new() }));
    let mut armed = lock(&ARMED);
    assert!(!armed.iter().any(|(other, _)| folder.starts_with(other) || other.starts_with(&folder)), "armed twice");
    armed.push((folder.clone(), state.clone()));
    Armed { folder, state }
}

impl Armed {
    /// Has an operation met the fault?
    pub fn struck(&self) -> bool {
        lock(&self.state).struck
    }

    /// Brings the files to what a disk could hold after the power cut, one possibility per `seed`; without
    /// a strike, as if the power went now. Call it once every connection to them is gone. Index files
    /// (`-shm`) are always deleted; the other faults change nothing else.
    pub fn settle(&self, seed: u64) {
        let (mut random, mut state) = (seed, lock(&self.state));
        state.struck |= matches!(state.fault, Some((Fault::PowerCut, _)));
        for (path, log) in mem::take(&mut state.logs) {
            // Not there, what was deleted, what is there now: as far as the folder is not synced, any of them.
            let mut stages = vec![None; usize::from(log.born || !log.ghosts.is_empty())];
            stages.extend(log.ghosts.iter().map(|(image, changes)| Some(persist(image.clone(), changes, &mut random))));
            stages.push(fs::read(&path).ok().map(|image| persist(image, &log.changes, &mut random)));
            match stages.swap_remove(below(&mut random, stages.len())) {
                Some(image) => fs::write(&path, image).expect("the file can be written"),
                None => _ = fs::remove_file(&path),
            }
        }
        delete_indexes(&self.folder);
    }
}

impl Drop for Armed {
    fn drop(&mut self) {
        lock(&ARMED).retain(|(_, state)| !Arc::ptr_eq(state, &self.state));
    }
}

fn delete_indexes(folder: &Path) {
    for path in fs::read_dir(folder).expect("the folder can be read").flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            delete_indexes(&path);
        } else if path.as_os_str().as_bytes().ends_with(b"-shm") {
            fs::remove_file(path).expect("the file can be deleted");
        }
    }
}

/// Takes all changes back, then lets an arbitrary part of them happen. Writes are cut at sector bounds;
/// between two truncations the pieces happen in any order. A hole in a file that grows is zero.
fn persist(mut image: Vec<u8>, changes: &[Change], random: &mut u64) -> Vec<u8> {
    for change in changes.iter().rev() {
        image.resize(change.old_size, 0);
        image[change.offset.min(change.old_size)..][..change.old.len()].copy_from_slice(&change.old);
    }
    // How much survives differs from seed to seed: nothing, everything, all but a little.
    let kept = [0, 1, 4, 7, 8][below(random, 5)];
    for run in changes.split_inclusive(|change| change.new.is_none()) {
        let mut pieces = Vec::new();
        for (mut offset, mut rest) in run.iter().filter_map(|change| Some((change.offset, change.new.as_deref()?))) {
            while !rest.is_empty() {
                let (piece, after) = rest.split_at(rest.len().min(SECTOR - offset % SECTOR));
                pieces.push((offset, piece));
                (offset, rest) = (offset + piece.len(), after);
            }
        }
        pieces.retain(|_| below(random, 8) < kept);
        while !pieces.is_empty() {
            let (offset, piece) = pieces.swap_remove(below(random, pieces.len()));
            image.resize(image.len().max(offset + piece.len()), 0);
            image[offset..][..piece.len()].copy_from_slice(piece);
        }
        let cut = run.last().filter(|change| change.new.is_none() && below(random, 8) < kept);
        image.resize(cut.map_or(image.len(), |change| change.offset), 0);
    }
    image
}

/// An arbitrary number below `bound`, by `SplitMix64`.
fn below(random: &mut u64, bound: usize) -> usize {
    *random = random.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mut z = *random;
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    ((z ^ (z >> 31)) % bound as u64) as usize
}

impl State {
    /// Counts one operation: how many halves of it happen, and what it reports. `error` is its own code.
    fn meet(&mut self, error: c_int) -> (usize, c_int) {
        self.operations += 1;
        let Some((fault, at)) = self.fault else { return (2, ffi::SQLITE_OK) };
        let (first, write) = (!self.struck, error == ffi::SQLITE_IOERR_WRITE);
        if (first && self.operations < at) || (fault == Fault::Full && !write) || (fault == Fault::IoError && !first) {
            return (2, ffi::SQLITE_OK);
        }
        self.struck = true;
        match fault {
            Fault::Full => (usize::from(first), ffi::SQLITE_FULL),
            Fault::IoError => (0, error),
            Fault::Torn => (usize::from(first && write), ffi::SQLITE_IOERR),
            // What was under way when the power went may have reached the disk, but no sync has ended.
            Fault::PowerCut => (if first && error != ffi::SQLITE_IOERR_FSYNC { 2 } else { 0 }, error),
        }
    }

    /// The log of this file, if a power cut is to come.
    fn log(&mut self, path: &Path) -> Option<&mut Log> {
        let wanted = matches!(self.fault, Some((Fault::PowerCut, _)));
        wanted.then(|| self.logs.entry(path.to_owned()).or_default())
    }

    fn sync_folder_of(&mut self, path: &Path) {
        for (_, log) in self.logs.iter_mut().filter(|(other, _)| other.parent() == path.parent()) {
            log.born = false;
            log.ghosts.clear();
        }
    }
}

/// Runs one operation on `path`, or as many halves of it as the fault lets happen.
fn run(path: &Path, error: c_int, operation: impl FnOnce(Option<&mut State>, usize) -> c_int) -> c_int {
    let Some(state) = watch(path) else { return operation(None, 2) };
    let mut state = lock(&state);
    let (halves, code) = state.meet(error);
    let done = if halves > 0 { operation(Some(&mut state), halves) } else { code };
    if code == ffi::SQLITE_OK { done } else { code }
}

/// Registers the VFS as the default of this process. Idempotent.
pub fn install() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // SAFETY: SQLite's list of VFSs lives as long as the process, and so does ours, which is leaked. The
        // functions copied from the unix VFS read nothing from their first argument but fields copied too.
        unsafe {
            let base = ffi::sqlite3_vfs_find(ptr::null());
            assert!(!base.is_null() && ((*base).szOsFile as usize).is_multiple_of(align_of::<Tail>()));
            BASE.store(base, Ordering::Release);
            let mut vfs = *base;
            vfs.szOsFile += size_of::<Tail>() as c_int;
            vfs.zName = c"fault".as_ptr();
            vfs.pNext = ptr::null_mut();
            vfs.xOpen = Some(open);
            vfs.xDelete = Some(delete);
            assert_eq!(ffi::sqlite3_vfs_register(Box::into_raw(Box::new(vfs)), 1), ffi::SQLITE_OK);
        }
    });
}

/// Our part of an open file: it lies behind the unix VFS's own, so that a method we do not replace is the
/// unix VFS's, called with its own pointer. The unix VFS never looks at its table of methods.
struct Tail {
    methods: Methods,
    unix: *const Methods,
    path: PathBuf,
}

/// Safety: `file` must point to `szOsFile` bytes of our VFS, as SQLite hands them out, aligned to 8.
unsafe fn tail(file: *mut File) -> *mut Tail {
    // SAFETY: those bytes have room for both parts, and `install` has stored the unix VFS.
    unsafe { file.byte_add((*BASE.load(Ordering::Acquire)).szOsFile as usize).cast() }
}

/// Calls the unix VFS's method.
macro_rules! unix {
    ($method:ident, $file:expr $(, $argument:expr)*) => {
        ((*(*tail($file)).unix).$method.expect("the unix VFS has it"))($file $(, $argument)*)
    };
}

unsafe extern "C" fn open(_: *mut Vfs, name: *const c_char, file: *mut File, flags: c_int, out: *mut c_int) -> c_int {
    // SAFETY: SQLite passes szOsFile bytes for the file and a C string or null. A file that failed has no tail and
    // only the unix VFS's methods; ours are set once the tail is written, and SQLite does not move a file.
    unsafe {
        let base = BASE.load(Ordering::Acquire);
        let path = if name.is_null() { c"" } else { CStr::from_ptr(name) };
        let path = Path::new(OsStr::from_bytes(path.to_bytes()));
        if let (Some(state), false) = (watch(path), path.exists()) {
            let mut state = lock(&state);
            if state.struck && matches!(state.fault, Some((Fault::PowerCut | Fault::Torn, _))) {
                (*file).pMethods = ptr::null();
                return ffi::SQLITE_CANTOPEN;
            }
            if let Some(log) = state.log(path) {
                log.born = true;
            }
        }
        let code = (*base).xOpen.expect("a VFS opens")(base, name, file, flags, out);
        let unix = (*file).pMethods;
        if code != ffi::SQLITE_OK {
            return code;
        }
        let mut methods = *unix;
        methods.xClose = Some(close);
        methods.xWrite = Some(write);
        methods.xTruncate = Some(truncate);
        methods.xSync = Some(sync);
        // Version 2 has no mapping of the file itself: every access goes through reads and writes.
        methods.iVersion = methods.iVersion.min(2);
        tail(file).write(Tail { methods, unix, path: path.to_owned() });
        (*file).pMethods = &raw const (*tail(file)).methods;
        code
    }
}

unsafe extern "C" fn close(file: *mut File) -> c_int {
    // SAFETY: SQLite closes a file that `open` made once; nothing uses its tail afterwards.
    unsafe {
        let code = unix!(xClose, file);
        tail(file).drop_in_place();
        code
    }
}

/// Writes `new` at `offset`, or cuts the file to `offset` bytes; notes before what that changes.
/// Safety: `file` must be a file that [`open`] has made.
unsafe fn change(file: *mut File, error: c_int, offset: i64, new: Option<&[u8]>) -> c_int {
    // SAFETY: the caller's promise; the size goes into our own variable, and `old` is as long as we say.
    unsafe {
        let (path, start) = (&(*tail(file)).path, offset as usize);
        run(path, error, |state, halves| {
            let half = |data: &[u8]| ((start + data.len() / 2) / SECTOR * SECTOR).saturating_sub(start);
            let new = new.map(|data| if halves == 1 { &data[..half(data)] } else { data });
            if let Some(log) = state.and_then(|state| state.log(path)) {
                let mut size = 0;
                assert_eq!(unix!(xFileSize, file, &raw mut size), ffi::SQLITE_OK);
                let old_size = size as usize;
                let end = new.map_or(old_size, |data| old_size.min(start + data.len()));
                let mut old = vec![0; end.saturating_sub(start)];
                assert_eq!(unix!(xRead, file, old.as_mut_ptr().cast(), old.len() as c_int, offset), ffi::SQLITE_OK);
                log.changes.push(Change { old_size, offset: start, old, new: new.map(<[u8]>::to_vec) });
            }
            match new {
                Some([]) => ffi::SQLITE_OK,
                Some(data) => unix!(xWrite, file, data.as_ptr().cast(), data.len() as c_int, offset),
                None => unix!(xTruncate, file, offset),
            }
        })
    }
}

unsafe extern "C" fn write(file: *mut File, data: *const c_void, amount: c_int, offset: i64) -> c_int {
    // SAFETY: SQLite passes a file that `open` made and `amount` bytes of data.
    unsafe { change(file, ffi::SQLITE_IOERR_WRITE, offset, Some(slice::from_raw_parts(data.cast(), amount as usize))) }
}

unsafe extern "C" fn truncate(file: *mut File, size: i64) -> c_int {
    // SAFETY: SQLite passes a file that `open` made.
    unsafe { change(file, ffi::SQLITE_IOERR_TRUNCATE, size, None) }
}

unsafe extern "C" fn sync(file: *mut File, flags: c_int) -> c_int {
    // SAFETY: SQLite passes a file that `open` made.
    unsafe {
        let path = &(*tail(file)).path;
        run(path, ffi::SQLITE_IOERR_FSYNC, |state, _| {
            let Some(state) = state else { return unix!(xSync, file, flags) };
            if let Some(log) = state.log(path) {
                log.changes.clear();
                // The first sync of a new file makes its name lasting: the unix VFS or the file system does it.
                if log.born {
                    state.sync_folder_of(path);
                }
            }
            ffi::SQLITE_OK
        })
    }
}

unsafe extern "C" fn delete(_: *mut Vfs, name: *const c_char, sync_folder: c_int) -> c_int {
    // SAFETY: SQLite passes a C string, and the unix VFS gets its own pointer.
    unsafe {
        let (path, base) = (Path::new(OsStr::from_bytes(CStr::from_ptr(name).to_bytes())), BASE.load(Ordering::Acquire));
        run(path, ffi::SQLITE_IOERR_DELETE, |state, _| {
            let image = state.is_some().then(|| fs::read(path));
            let done = (*base).xDelete.expect("a VFS deletes")(base, name, sync_folder);
            if let (Some(state), Some(Ok(image)), ffi::SQLITE_OK) = (state, image, done) {
                if let Some(log) = state.log(path) {
                    log.born = false;
                    log.ghosts.push((image, mem::take(&mut log.changes)));
                }
                if sync_folder & 1 != 0 && !state.struck {
                    state.sync_folder_of(path);
                }
            }
            done
        })
    }
}
