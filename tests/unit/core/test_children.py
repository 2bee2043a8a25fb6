"""Child processes: messages, arrays, death on both sides."""

import os
import signal
import subprocess
import sys
import textwrap
import threading
from pathlib import Path

import numpy as np
import psutil
import pytest

from medviewer.core import child as child_module
from medviewer.core.child import Child, ChildDied
from medviewer.core.parcels import BadParcel, Parcels, sweep

ECHO = textwrap.dedent("""
    import sys
    from medviewer.core.child import serve
    from medviewer.core.parcels import Parcels
    parcels = Parcels(sys.argv[1])
    def handle(message, outbox, cancels):
        if message["kind"] == "crash":
            import os; os._exit(9)
        if message["kind"] == "print":
            print("a library prints here", flush=True)
        if message["kind"] == "spin":
            outbox.send({"kind": "spinning"})
            while message["id"] not in cancels: pass
        if message["kind"] == "double":
            message["array"] = parcels.wrap(parcels.unwrap(message["array"]) * 2)
        outbox.send(message)
    serve(handle, parcels)
""")


@pytest.fixture
def talk(monkeypatch):
    """Start an echo process; gives (child, next message, next death, parcels)."""
    monkeypatch.setattr(child_module, "command", lambda process, *a: [sys.executable, "-c", ECHO, *a])
    import queue

    parcels, messages, deaths = Parcels(), queue.Queue(), queue.Queue()
    child = Child("echo", parcels, messages.put, deaths.put)
    yield child, lambda: messages.get(timeout=10), lambda: deaths.get(timeout=10), parcels
    child.close()
    parcels.close()


def test_messages_and_arrays_come_back(talk):
    child, heard, _, parcels = talk
    child.send({"kind": "double", "id": 1, "array": parcels.wrap(np.arange(6, dtype=np.int16).reshape(2, 3))})
    assert parcels.unwrap(heard()["array"]).tolist() == [[0, 2, 4], [6, 8, 10]]
    assert list(Path(parcels.folder).iterdir()) == []


def test_a_stray_print_does_not_land_in_the_protocol(talk):
    child, heard, _, _ = talk
    child.send({"kind": "print", "id": 1})
    assert heard()["kind"] == "print"


def test_a_cancel_reaches_a_child_that_is_busy(talk):
    child, heard, _, _ = talk
    child.send({"kind": "spin", "id": 4})
    assert heard()["kind"] == "spinning"
    child.send({"kind": "cancel", "id": 4})
    assert heard()["id"] == 4


def test_the_death_of_a_child_is_told_and_later_messages_are_refused(talk):
    child, _, died, _ = talk
    child.send({"kind": "crash", "id": 1})
    assert died() == 9
    with pytest.raises(ChildDied):
        child.send({"kind": "x", "id": 2})


def test_nothing_is_left_when_the_parent_is_killed_while_the_child_works(tmp_path):
    parent = textwrap.dedent(f"""
        import sys, threading
        from medviewer.core import child
        from medviewer.core.parcels import Parcels
        child.command = lambda process, *a: [sys.executable, "-c", {ECHO!r}, *a]
        parcels = Parcels()
        busy = threading.Event()
        c = child.Child("echo", parcels, lambda m: busy.set(), print)
        c.send({{"kind": "spin", "id": 1}})
        busy.wait(10)
        print(c.pid, parcels.folder, flush=True)
        threading.Event().wait()
    """)
    process = subprocess.Popen([sys.executable, "-c", parent], stdout=subprocess.PIPE, text=True)
    with process:
        pid, folder = process.stdout.readline().split()
        orphan = psutil.Process(int(pid))
        os.kill(process.pid, signal.SIGKILL)
    orphan.wait(5)
    assert not Path(folder).exists()


def test_a_description_that_lies_is_refused(tmp_path):
    parcels = Parcels()
    described = parcels.wrap(np.zeros((4, 4), np.uint8))
    for lie in ({"shape": [400, 400]}, {"dtype": "object"}, {"parcel": "../../etc/passwd"}, {"shape": [-4, -4]}):
        with pytest.raises(BadParcel):
            parcels.unwrap({**described, **lie})
    assert parcels.unwrap(described).shape == (4, 4)
    parcels.close()


def test_folders_of_processes_that_are_gone_are_swept():
    dead = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, text=True)
    parcels = Parcels()
    left = Path(parcels.folder).with_name(f"medviewer-{dead.stdout.strip()}-left")
    left.mkdir()
    sweep()
    assert not left.exists()
    assert Path(parcels.folder).exists()
    parcels.close()


def test_many_threads_may_speak_to_one_child(talk):
    child, heard, _, _ = talk
    threads = [threading.Thread(target=child.send, args=({"kind": "x", "id": i},)) for i in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(heard()["id"] for _ in threads) == list(range(50))
