"""Inside the process that runs code from an answer: shuts itself in, then runs what stdin holds.

Linux alone. It stands by itself, so that it can be run as a script without this program's
libraries. What it cannot do without the system's leave, it does not pretend: it ends with `OPEN`.

It has an own user, network, mount and process namespace (namespaces(7)); its root is a folder in
memory with nothing but the interpreter, read-only, and an empty folder to work in. It has no
capabilities, and starts no processes (seccomp(2)).
"""

from __future__ import annotations

import ctypes
import linecache
import os
import platform
import resource
import signal
import struct
import sys
import traceback

OPEN = 97  # exit code: the system does not let a process shut itself in
READY = b"ready"
NAME = "<answer>"

_NEW_NAMESPACES = 0x10000000 | 0x40000000 | 0x20000 | 0x20000000 | 0x08000000 | 0x04000000
_PRIVATE, _BIND, _NO_SUID_OR_DEVICES = 0x40000 | 0x4000, 0x1000 | 0x4000, 0x2 | 0x4
_MOUNT_SETATTR, _HERE, _RECURSIVE, _READ_ONLY = 442, -100, 0x8000, 0x1 | 0x2 | 0x4
_DIE_WITH_PARENT, _DROP_BOUND, _NO_NEW_PRIVILEGES, _SECCOMP = 1, 24, 38, 22
_SYSTEM_FOLDERS = ("/usr", "/lib", "/lib64", "/lib32", "/etc/ld.so.cache")
# Of each machine: its audit number, the calls that start a process or a program or enter a
# namespace (fork, vfork, execve, execveat, unshare, setns), clone and clone3.
_CALLS = {
    "x86_64": (0xC000003E, (57, 58, 59, 322, 272, 308), 56, 435),
    "aarch64": (0xC00000B7, (221, 281, 97, 268), 220, 435),
}
_MOST_CALLS_X86_64 = 0x40000000  # from here on they are those of another way to call


def main() -> None:
    """Run as `code_child.py FOLDER DESCRIPTOR MEMORY_BYTES SECONDS FILE_BYTES`."""
    folder, ready = sys.argv[1], int(sys.argv[2])
    memory_bytes, seconds, file_bytes = map(int, sys.argv[3:])
    source = sys.stdin.read()
    try:
        _prctl(_DIE_WITH_PARENT, signal.SIGKILL)
        _enter_namespaces()
        child = os.fork()  # the first process of the new process namespace
    except OSError as error:
        sys.stderr.write(str(error))
        os._exit(OPEN)
    if child:
        os.close(ready)
        _, status = os.waitpid(child, 0)
        code = os.waitstatus_to_exitcode(status)
        os._exit(code if code >= 0 else 128 - code)
    try:
        _prctl(_DIE_WITH_PARENT, signal.SIGKILL)
        _change_root(folder, file_bytes)
        _limit(memory_bytes, seconds, file_bytes)
        _give_up_rights()
    except OSError as error:
        sys.stderr.write(str(error))
        os._exit(OPEN)
    os.write(ready, READY)
    os.closerange(3, 1024)
    _run(source)


def _run(source: str) -> None:
    """Run the code as Python runs a script, and end as it ends."""
    linecache.cache[NAME] = (len(source), None, source.splitlines(keepends=True), NAME)
    code = 1
    try:
        exec(compile(source, NAME, "exec"), {"__name__": "__main__"})
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException as error:
        trace = error.__traceback__.tb_next if error.__traceback__ else None
        traceback.print_exception(type(error), error, trace)
    finally:
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        os._exit(code & 0xFF)


# --- shutting in


_libc = ctypes.CDLL(None, use_errno=True)


def _checked(result: int) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def _prctl(option: int, *values: int) -> None:
    padded = [*values, 0, 0, 0, 0][:4]
    _checked(_libc.prctl(option, *(ctypes.c_ulong(value) for value in padded)))


def _enter_namespaces() -> None:
    user, group = os.getuid(), os.getgid()
    _checked(_libc.unshare(_NEW_NAMESPACES))
    for file, text in (
        ("setgroups", "deny"),
        ("uid_map", f"1000 {user} 1"),
        ("gid_map", f"1000 {group} 1"),
    ):
        with open(f"/proc/self/{file}", "w") as map_file:
            map_file.write(text)


def _change_root(folder: str, size_bytes: int) -> None:
    """A root in memory: what is in it is gone with the process."""
    _mount("none", "/", None, _PRIVATE, None)
    _mount("tmpfs", folder, "tmpfs", _NO_SUID_OR_DEVICES, f"size={size_bytes},mode=755")
    for source in _needed():
        _show(source, folder + source)
    os.makedirs(folder + "/work")
    os.chroot(folder)
    os.chdir("/work")
    os.environ.clear()
    os.environ.update(HOME="/work", TMPDIR="/work", LANG="C.UTF-8")


def _needed() -> list[str]:
    """What the interpreter reads; the outermost folders first."""
    own = {os.path.dirname(os.path.realpath(sys.executable)), sys.base_prefix, *sys.path}
    own.discard("/")
    found: list[str] = []
    for path in [*_SYSTEM_FOLDERS, *sorted(own)]:
        is_within = any(path == known or path.startswith(known + "/") for known in found)
        if os.path.exists(path) and os.path.isabs(path) and not is_within:
            found.append(path)
    return found


def _show(source: str, target: str) -> None:
    """Let a folder be seen in the new root, read-only."""
    os.makedirs(os.path.dirname(target), exist_ok=True)
    if os.path.islink(source):
        os.symlink(os.readlink(source), target)
        return
    if os.path.isdir(source):
        os.makedirs(target, exist_ok=True)
    else:
        os.close(os.open(target, os.O_CREAT | os.O_WRONLY, 0o644))
    _mount(source, target, None, _BIND, None)
    attributes = struct.pack("QQQQ", _READ_ONLY, 0, 0, 0)
    _checked(
        _libc.syscall(
            _MOUNT_SETATTR, _HERE, os.fsencode(target), _RECURSIVE, attributes, len(attributes)
        )
    )


def _mount(source: str, target: str, kind: str | None, flags: int, options: str | None) -> None:
    kind_bytes = kind.encode() if kind else None
    option_bytes = options.encode() if options else None
    _checked(
        _libc.mount(
            os.fsencode(source),
            os.fsencode(target),
            kind_bytes,
            ctypes.c_ulong(flags),
            option_bytes,
        )
    )


def _limit(memory_bytes: int, seconds: int, file_bytes: int) -> None:
    for kind, limit in (
        (resource.RLIMIT_AS, memory_bytes),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, file_bytes),
        (resource.RLIMIT_NOFILE, 64),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (limit, limit))


def _give_up_rights() -> None:
    """No capabilities, none to come, and no new processes."""
    for capability in range(64):
        if _libc.prctl(_DROP_BOUND, capability, 0, 0, 0) != 0:
            break  # the system has no more of them
    header, none = struct.pack("Ii", 0x20080522, 0), bytes(24)
    _checked(_libc.capset(header, none))
    _prctl(_NO_NEW_PRIVILEGES, 1)
    _forbid_processes()


def _forbid_processes() -> None:
    """A filter of system calls: threads may be started, processes and programs not."""
    if platform.machine() not in _CALLS:
        raise OSError(0, "the calls of this kind of processor are not known")
    audit, forbidden, clone, clone3 = _CALLS[platform.machine()]
    load, equal, some, at_least, end = 0x20, 0x15, 0x45, 0x35, 0x06
    kill, refuse, unknown, allow = 0x80000000, 0x50001, 0x50026, 0x7FFF0000
    rules = [(load, 0, 0, 4), (equal, 1, 0, audit), (end, 0, 0, kill), (load, 0, 0, 0)]
    rules += [(at_least, 0, 1, _MOST_CALLS_X86_64), (end, 0, 0, kill)]
    for call in forbidden:
        rules += [(equal, 0, 1, call), (end, 0, 0, refuse)]
    rules += [(equal, 0, 1, clone3), (end, 0, 0, unknown)]  # libc then takes clone
    thread = 0x10000
    rules += [(equal, 0, 4, clone), (load, 0, 0, 16), (some, 1, 0, thread), (end, 0, 0, refuse)]
    rules += [(end, 0, 0, allow), (end, 0, 0, allow)]
    code = b"".join(struct.pack("HBBI", *rule) for rule in rules)
    buffer = ctypes.create_string_buffer(code, len(code))
    program = struct.pack("HxxxxxxP", len(rules), ctypes.addressof(buffer))
    _checked(_libc.prctl(_SECCOMP, 2, program, 0, 0))


if __name__ == "__main__":
    main()
