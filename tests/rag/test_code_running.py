"""Code from an answer runs, and does no harm. Real processes, really shut in."""

import os
import sys
import threading
import time
from pathlib import Path

import pytest

from rag.code_running import OUTPUT_LIMIT_BYTES, CodeResult, run_python
from rag.errors import CodeNotRun, Stopped


def run(source: str) -> CodeResult:
    try:
        return run_python(source, is_stopped=lambda: False)
    except CodeNotRun:
        pytest.skip("this system lets no process shut itself in")


pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="nothing is run elsewhere")


def test_what_it_prints_is_told() -> None:
    result = run("import math\nprint('π is', round(math.pi, 4))")
    assert (result.output, result.error, result.exit_code) == ("π is 3.1416\n", "", 0)
    assert not result.was_limited


def test_an_error_is_told_as_python_tells_it() -> None:
    result = run("def half(x):\n    return x / 0\nhalf(1)\n")
    assert result.exit_code == 1
    assert 'File "<answer>", line 3' in result.error
    assert "return x / 0" in result.error
    assert "code_child" not in result.error


def test_a_slip_in_the_code_is_told() -> None:
    assert "SyntaxError" in run("print('unclosed").error


def test_its_exit_code_is_told() -> None:
    assert run("raise SystemExit(3)").exit_code == 3


def test_nobody_answers_its_questions() -> None:
    assert "EOFError" in run("input('Name? ')").error


@pytest.mark.parametrize(
    "attempt",
    [
        "import socket; socket.create_connection(('127.0.0.1', {port}), 2)",
        "import socket; socket.create_connection(('1.1.1.1', 53), 2)",
        "import urllib.request; urllib.request.urlopen('http://127.0.0.1:{port}', timeout=2)",
    ],
)
def test_it_reaches_no_network(attempt: str) -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as server:
        result = run(attempt.format(port=server.getsockname()[1]))
    assert result.exit_code == 1
    assert "Error" in result.error


@pytest.mark.parametrize(
    "attempt",
    [
        "import subprocess; subprocess.run(['/usr/bin/env'])",
        "import os; os.system('true') and 1/0",
        "import os\nwhile True: os.fork()",
        "import os; os.execv('/usr/bin/env', ['env'])",
        "import os; os.posix_spawn('/usr/bin/env', ['env'], dict())",
    ],
)
def test_it_starts_no_processes(attempt: str) -> None:
    result = run(attempt)
    assert result.exit_code == 1
    assert result.seconds < 5


def test_threads_it_may_start() -> None:
    code = (
        "import threading\nt = threading.Thread(target=print, args=('hello',))\nt.start()\nt.join()"
    )
    assert run(code).output == "hello\n"


def test_it_gets_no_more_memory_than_it_may_have() -> None:
    result = run("held = bytearray(600 << 20)")
    assert "MemoryError" in result.error
    assert result.was_limited


def test_an_endless_loop_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rag.code_running.TIME_LIMIT_S", 1)
    result = run("print('begun', flush=True)\nwhile True: pass")
    assert result.output == "begun\n"
    assert result.was_limited
    assert 0.5 < result.seconds < 5


def test_sleeping_does_not_get_round_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rag.code_running.TIME_LIMIT_S", 1)
    result = run("import time, signal\nsignal.signal(15, signal.SIG_IGN)\ntime.sleep(60)")
    assert result.was_limited
    assert result.seconds < 5


def test_it_neither_reads_nor_writes_the_persons_files(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    assert "FileNotFoundError" in run(f"print(open({str(secret)!r}).read())").error
    assert "FileNotFoundError" in run(f"open({str(tmp_path / 'new')!r}, 'w')").error
    assert list(tmp_path.iterdir()) == [secret]


def test_what_it_sees_of_the_system_is_read_only() -> None:
    code = (
        "import os, sys\n"
        "for place in ('/usr', sys.base_prefix, '/'):\n"
        "    try: open(os.path.join(place, 'new'), 'w')\n"
        "    except OSError as error: print(type(error).__name__, error.errno)\n"
        "print(sorted(set(os.listdir('/')) - {'usr', 'lib', 'lib64', 'lib32', 'etc'}))\n"
    )
    output = run(code).output
    assert output.count("Error") == 2
    assert "home" not in output


def test_it_has_a_folder_of_its_own_which_is_gone_afterwards() -> None:
    code = "import os\nopen('a.txt', 'w').write('kept')\nprint(open('a.txt').read(), os.getcwd())"
    assert run(code).output == "kept /work\n"
    assert "FileNotFoundError" in run("open('a.txt')").error


def test_its_folder_has_a_limit() -> None:
    code = "for n in range(4):\n    open(str(n), 'wb').write(bytes(30 << 20))"
    assert "OSError" in run(code).error


def test_it_sees_no_other_process_and_ends_none() -> None:
    code = f"import os\nos.kill({os.getpid()}, 9)"
    assert "ProcessLookupError" in run(code).error


@pytest.mark.parametrize(
    "attempt",
    [
        "import os; os.chroot('/usr')",
        "import os; os.setuid(0)",
        "import ctypes; assert ctypes.CDLL(None).unshare(0x10000000) == 0",
        "import ctypes; assert ctypes.CDLL(None).mount(b'none', b'/usr', b'tmpfs', 0, None) == 0",
        "import ctypes; assert ctypes.CDLL(None).umount2(b'/usr', 2) == 0",
        "import os; os.mknod('/work/d', 0o60600, os.makedev(8, 0))",
        "import resource; resource.setrlimit(resource.RLIMIT_AS, (1 << 40, 1 << 40))",
    ],
)
def test_it_has_no_rights(attempt: str) -> None:
    assert run(attempt).exit_code == 1


def test_huge_output_is_cut() -> None:
    result = run("for _ in range(100000): print('a' * 100)")
    assert len(result.output) == OUTPUT_LIMIT_BYTES
    assert result.was_limited
    assert result.exit_code == 0


def test_a_crash_is_told() -> None:
    result = run("import ctypes; ctypes.string_at(0)")
    assert result.exit_code == 128 + 11


def test_a_stop_ends_it() -> None:
    stopped = threading.Event()
    threading.Timer(0.5, stopped.set).start()
    began = time.monotonic()
    try:
        with pytest.raises(Stopped):
            run_python("while True: pass", is_stopped=stopped.is_set)
    except CodeNotRun:
        pytest.skip("this system lets no process shut itself in")
    assert time.monotonic() - began < 8


def test_where_nothing_can_be_shut_in_nothing_is_run() -> None:
    refused = (sys.executable, "-c", "raise SystemExit(97)")
    with pytest.raises(CodeNotRun, match="does not let Deskbook shut a program in"):
        run_python("print(1)", is_stopped=lambda: False, command=refused)


def test_where_nothing_is_run_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "win32")
    with pytest.raises(CodeNotRun, match="copy it and run it in Python yourself"):
        run_python("print(1)", is_stopped=lambda: False)
