"""Calls: what a jailed process may not ask of Linux, and the numbers of it."""

import errno

X86_64, ARM_64 = 0xC000003E, 0xC00000B7
ARCHITECTURES = {"x86_64": X86_64, "aarch64": ARM_64}
LAST = 456
"""The last call that was looked at; newer ones are answered as by an old kernel."""

_NUMBERS = """
accept 43 202, accept4 288 242, acct 163 89, add_key 248 217, adjtimex 159 171,
bind 49 200, bpf 321 280, chmod 90 -, chown 92 -, chroot 161 51, clock_adjtime 305 266,
clock_settime 227 112, clone 56 220, clone3 435 435, connect 42 203,
delete_module 176 106, execve 59 221, execveat 322 281, fallocate 285 47, fanotify_init 300 262,
fanotify_mark 301 263, fchmod 91 52, fchmodat 268 53, fchmodat2 452 452, fchown 93 55,
fchownat 260 54, finit_module 313 273, fork 57 -, fremovexattr 199 16, fsconfig 431 431,
fsetxattr 190 7, fsmount 432 432, fsopen 430 430, fspick 433 433, futimesat 261 -,
init_module 175 105, inotify_add_watch 254 27, io_uring_enter 426 426,
io_uring_register 427 427, io_uring_setup 425 425, ioctl 16 29, ioperm 173 -, iopl 172 -,
ioprio_set 251 30, kcmp 312 272, kexec_file_load 320 294, kexec_load 246 104,
keyctl 250 219, kill 62 129, lchown 94 -, listen 50 201, lookup_dcookie 212 18,
lremovexattr 198 15, lsetxattr 189 6, memfd_create 319 279, memfd_secret 447 447, migrate_pages 256 238,
mknod 133 -, mknodat 259 33, modify_ldt 154 -, mount 165 40, mount_setattr 442 442,
move_mount 429 429, move_pages 279 239, mq_open 240 180, mq_unlink 241 181, msgget 68 186,
name_to_handle_at 303 264, nfsservctl 180 42, open_by_handle_at 304 265, open_tree 428 428,
perf_event_open 298 241, personality 135 92, pidfd_getfd 438 438, pidfd_open 434 434,
pidfd_send_signal 424 424, pivot_root 155 41, prctl 157 167, prlimit64 302 261,
process_madvise 440 440, process_mrelease 448 448, process_vm_readv 310 270,
process_vm_writev 311 271, ptrace 101 117, quotactl 179 60, quotactl_fd 443 443,
reboot 169 142, removexattr 197 14, request_key 249 218, rt_sigqueueinfo 129 138,
rt_tgsigqueueinfo 297 240, sched_setaffinity 203 122, sched_setattr 314 274,
sched_setparam 142 118, sched_setscheduler 144 119, semget 64 190, sendmmsg 307 269,
sendmsg 46 211, sendto 44 206, setdomainname 171 162, sethostname 170 161, setns 308 268,
setpgid 109 154, setpriority 141 140, settimeofday 164 170, setxattr 188 5, shmget 29 194,
socket 41 198, socketpair 53 199, swapoff 168 225, swapon 167 224, syslog 103 116,
tgkill 234 131, tkill 200 130, truncate 76 45, umount2 166 39, unshare 272 97, uselib 134 -,
userfaultfd 323 282, utime 132 -, utimensat 280 88, utimes 235 -, vfork 58 -, vhangup 153 58
"""


def numbers(architecture: int) -> dict[str, int]:
    """The number of each call on that kind of processor; some have fewer calls."""
    column = 1 if architecture == X86_64 else 2
    rows = (row.split() for row in _NUMBERS.split(","))
    return {row[0]: int(row[column]) for row in rows if row[column] != "-"}


FOREVER: dict[str, int] = {
    # Nothing is started, and nobody else is touched, watched or read.
    **dict.fromkeys(("execve", "execveat", "fork", "vfork", "setpgid"), errno.EPERM),
    **dict.fromkeys(("ptrace", "process_vm_readv", "process_vm_writev"), errno.EPERM),
    **dict.fromkeys(("process_madvise", "process_mrelease", "kcmp"), errno.EPERM),
    **dict.fromkeys(("pidfd_open", "pidfd_getfd", "pidfd_send_signal"), errno.EPERM),
    **dict.fromkeys(("tkill", "move_pages", "migrate_pages"), errno.EPERM),
    **dict.fromkeys(("sched_setaffinity", "sched_setattr", "setpriority"), errno.EPERM),
    **dict.fromkeys(("sched_setparam", "sched_setscheduler"), errno.EPERM),
    **dict.fromkeys(
        ("ioprio_set", "perf_event_open", "inotify_add_watch"), errno.EPERM
    ),
    **dict.fromkeys(("fanotify_init", "fanotify_mark"), errno.EPERM),
    # Nor is the memory, the queue or the key that processes share by a number.
    **dict.fromkeys(
        ("shmget", "semget", "msgget", "mq_open", "mq_unlink"), errno.EPERM
    ),
    **dict.fromkeys(("add_key", "keyctl", "request_key"), errno.EPERM),
    # What Landlock does not hold: whose a file is, and what is noted beside it.
    **dict.fromkeys(("chown", "fchown", "fchownat", "lchown"), errno.EPERM),
    **dict.fromkeys(("setxattr", "fsetxattr", "lsetxattr"), errno.EPERM),
    **dict.fromkeys(("removexattr", "fremovexattr", "lremovexattr"), errno.EPERM),
    **dict.fromkeys(("mknod", "mknodat", "name_to_handle_at"), errno.EPERM),
    "open_by_handle_at": errno.EPERM,
    # These are said to have been done, so that copying a file in one's own folder works.
    **dict.fromkeys(("chmod", "fchmod", "fchmodat", "fchmodat2"), 0),
    **dict.fromkeys(("utime", "utimes", "utimensat", "futimesat"), 0),
    # Memory and room on the disk that no limit counts; libraries then write zeros instead.
    "memfd_create": errno.ENOSYS,
    "fallocate": errno.EOPNOTSUPP,
    # Calls past the filter, and the parts of the kernel in which the holes are found.
    **dict.fromkeys(("io_uring_setup", "io_uring_enter"), errno.ENOSYS),
    **dict.fromkeys(("io_uring_register", "clone3"), errno.ENOSYS),
    **dict.fromkeys(("bpf", "userfaultfd", "memfd_secret", "modify_ldt"), errno.EPERM),
    **dict.fromkeys(("personality", "syslog", "lookup_dcookie", "uselib"), errno.EPERM),
    # The machine itself.
    **dict.fromkeys(("mount", "umount2", "pivot_root", "chroot", "setns"), errno.EPERM),
    **dict.fromkeys(("unshare", "open_tree", "move_mount", "fsopen"), errno.EPERM),
    **dict.fromkeys(("fsconfig", "fsmount", "fspick", "mount_setattr"), errno.EPERM),
    **dict.fromkeys(("acct", "quotactl", "quotactl_fd", "nfsservctl"), errno.EPERM),
    **dict.fromkeys(("swapon", "swapoff", "reboot", "vhangup"), errno.EPERM),
    **dict.fromkeys(("kexec_load", "kexec_file_load", "init_module"), errno.EPERM),
    **dict.fromkeys(("finit_module", "delete_module", "iopl", "ioperm"), errno.EPERM),
    **dict.fromkeys(("sethostname", "setdomainname", "settimeofday"), errno.EPERM),
    **dict.fromkeys(("clock_settime", "clock_adjtime", "adjtimex"), errno.EPERM),
}
"""Refused whatever is asked of them, with that error; 0 is done and changes nothing."""

SPEAKING = ("connect", "bind", "listen", "accept", "accept4", "sendmsg", "sendmmsg")
"""Refused to a process that has no network; open files could be sent to nowhere, too."""
