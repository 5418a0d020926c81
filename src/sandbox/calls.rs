//! System calls, by seccomp.

use std::collections::BTreeMap;
use std::env::consts::ARCH;

use seccompiler::{
    BackendError, BpfProgram, Error, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter,
    SeccompRule, TargetArch, sock_filter,
};

use super::Wall;

/// Calls that fail whatever their arguments. All of them exist on `x86_64` and on `aarch64`.
const DENIED: &[i64] = &[
    // Other programs.
    libc::SYS_execve,
    libc::SYS_execveat,
    // Other processes.
    libc::SYS_ptrace,
    libc::SYS_process_vm_readv,
    libc::SYS_process_vm_writev,
    libc::SYS_pidfd_getfd,
    // Large parts of the kernel that need no privilege, and what is often used to break others. Requests made
    // through io_uring pass no filter.
    libc::SYS_bpf,
    libc::SYS_perf_event_open,
    libc::SYS_userfaultfd,
    libc::SYS_io_uring_setup,
    libc::SYS_io_uring_enter,
    libc::SYS_io_uring_register,
    libc::SYS_add_key,
    libc::SYS_request_key,
    libc::SYS_keyctl,
    // Mounts and namespaces.
    libc::SYS_mount,
    libc::SYS_umount2,
    libc::SYS_mount_setattr,
    libc::SYS_move_mount,
    libc::SYS_open_tree,
    libc::SYS_fsopen,
    libc::SYS_fsconfig,
    libc::SYS_fsmount,
    libc::SYS_fspick,
    libc::SYS_pivot_root,
    libc::SYS_chroot,
    libc::SYS_unshare,
    libc::SYS_setns,
    // Files by handle, past all directories.
    libc::SYS_name_to_handle_at,
    libc::SYS_open_by_handle_at,
    // The machine.
    libc::SYS_kexec_load,
    libc::SYS_kexec_file_load,
    libc::SYS_init_module,
    libc::SYS_finit_module,
    libc::SYS_delete_module,
    libc::SYS_reboot,
    libc::SYS_swapon,
    libc::SYS_swapoff,
    libc::SYS_quotactl,
    libc::SYS_quotactl_fd,
    libc::SYS_acct,
    libc::SYS_settimeofday,
    libc::SYS_clock_settime,
    libc::SYS_clock_adjtime,
    libc::SYS_adjtimex,
    libc::SYS_sethostname,
    libc::SYS_setdomainname,
    // These have no number on aarch64.
    #[cfg(target_arch = "x86_64")]
    libc::SYS_modify_ldt,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_iopl,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_ioperm,
];

/// Flags of clone that make a namespace. `CLONE_NEWTIME` is not for clone, where its bit is part of a signal number.
const NAMESPACES: [i32; 7] = [
    libc::CLONE_NEWNS,
    libc::CLONE_NEWCGROUP,
    libc::CLONE_NEWUTS,
    libc::CLONE_NEWIPC,
    libc::CLONE_NEWUSER,
    libc::CLONE_NEWPID,
    libc::CLONE_NEWNET,
];

/// TIOCSTI and TIOCLINUX: both type into a terminal, which may be that of a shell.
const TYPING: [i32; 2] = [0x5412, 0x541c];

/// The answer ENOSYS, as from a kernel without them, to two kinds of calls that the rules cannot tell apart:
///
/// - x32 calls, which are `x86_64` ones by their architecture but have numbers of their own, from `0x4000_0000` on;
/// - clone3 (435 everywhere), whose flags are out of reach in memory; the C library falls back to clone.
const UNKNOWN: [sock_filter; 4] = [
    // Load the number of the call, which is at offset 0.
    sock_filter {
        code: 0x20,
        jt: 0,
        jf: 0,
        k: 0,
    },
    // To the answer from 0x4000_0000 on, to the next if less.
    sock_filter {
        code: 0x35,
        jt: 1,
        jf: 0,
        k: 0x4000_0000,
    },
    // To the answer if clone3, or else past it.
    sock_filter {
        code: 0x15,
        jt: 0,
        jf: 1,
        k: 435,
    },
    sock_filter {
        code: 0x06,
        jt: 0,
        jf: 0,
        k: libc::SECCOMP_RET_ERRNO | libc::ENOSYS.cast_unsigned(),
    },
];

/// Denies, with EPERM, the calls of this module to the calling thread and those it starts. All others are allowed.
///
/// A 32-bit call from a 64-bit process (`int 0x80`) kills the process: that is the filter's first check.
pub(super) fn restrict() -> Result<Wall, Error> {
    let deny = SeccompAction::Errno(libc::EPERM.cast_unsigned());
    let filter = SeccompFilter::new(rules()?, SeccompAction::Allow, deny, TargetArch::try_from(ARCH)?)?;
    let mut program = UNKNOWN.to_vec();
    program.extend(BpfProgram::try_from(filter)?);
    seccompiler::apply_filter(&program)?;
    Ok(Wall::Full)
}

/// For each call the cases in which it is denied; none stands for always.
fn rules() -> Result<BTreeMap<i64, Vec<SeccompRule>>, BackendError> {
    use SeccompCmpOp::{Eq, MaskedEq, Ne};
    let mut rules: BTreeMap<_, _> = DENIED.iter().map(|call| (*call, Vec::new())).collect();
    // Local sockets, and of netlink only the news of devices.
    rules.insert(
        libc::SYS_socket,
        vec![
            case([(0, Ne, libc::AF_UNIX), (0, Ne, libc::AF_NETLINK)])?,
            case([(0, Eq, libc::AF_NETLINK), (2, Ne, libc::NETLINK_KOBJECT_UEVENT)])?,
        ],
    );
    rules.insert(libc::SYS_socketpair, vec![case([(0, Ne, libc::AF_UNIX)])?]);
    // The argument -1 only asks.
    rules.insert(libc::SYS_personality, vec![case([(0, Ne, -1)])?]);
    let spaces = NAMESPACES.iter().map(|flag| case([(0, MaskedEq(wide(*flag)), *flag)]));
    rules.insert(libc::SYS_clone, spaces.collect::<Result<_, _>>()?);
    let typing = TYPING.iter().map(|request| case([(1, Eq, *request)]));
    rules.insert(libc::SYS_ioctl, typing.collect::<Result<_, _>>()?);
    Ok(rules)
}

/// A case in which all of these arguments compare so. The kernel, too, reads 32 bits of each of them.
fn case<const N: usize>(tests: [(u8, SeccompCmpOp, i32); N]) -> Result<SeccompRule, BackendError> {
    let condition = |(argument, op, value)| SeccompCondition::new(argument, SeccompCmpArgLen::Dword, op, wide(value));
    SeccompRule::new(tests.into_iter().map(condition).collect::<Result<_, _>>()?)
}

fn wide(value: i32) -> u64 {
    value.cast_unsigned().into()
}
