#@title 3. Connect, and again whenever the line breaks
import atexit
import subprocess
import threading
import time

# What ssh says, what that means here, and whether trying again could help.
MEANINGS = [
    ("HOST IDENTIFICATION HAS CHANGED", "whoever answers there is not your device: its key is another one. Nothing was "
     "sent. Does the port lead to your device? If you have flashed it anew: sudo keeper tunnel enrol", False),
    ("Host key verification failed", "whoever answers there is not your device: its key is another one. Nothing was "
     "sent. Does the port lead to your device? If you have flashed it anew: sudo keeper tunnel enrol", False),
    ("Permission denied", "your device refuses this machine's key: it has expired, it was revoked, or the tunnel is "
     "switched off. On the device: keeper tunnel keys", False),
    ("remote port forwarding failed", "the tunnel's entrance is taken: another machine is connected, or this one was a "
     "moment ago. It is free within a minute after the other one ends", True),
    ("Could not resolve hostname", "the name of your device is not known to the DNS. On the device: keeper doctor", True),
    ("Connection refused", "nothing listens there: does the router lead the port to your device?", True),
    ("Connection timed out", "nobody answers: is the device on, does the router lead the port to it?", True),
    ("Operation timed out", "nobody answers: is the device on, does the router lead the port to it?", True),
    ("No route to host", "there is no way to that address", True),
    ("not responding", "the line was dead", True),
]

DIALLING = "dialling …"


class Tunnel:
    """Dials in the background until it is stopped; `state` says how it is, in words, and is set last."""

    def __init__(self):
        self.state, self.good, self.over = DIALLING, False, False
        self._child, self._end = None, threading.Event()
        threading.Thread(target=self._keep, daemon=True).start()

    def _keep(self):
        pause = 2
        while not self._end.is_set():
            began = time.monotonic()
            again = self._dial()
            if not again:
                break
            pause = 2 if time.monotonic() - began > 60 else min(pause * 2, 15)
            self._end.wait(pause)
        self.good, self.over = False, True

    def _dial(self):
        command = ["ssh", "-N", "-F", str(ROOM / "ssh_config"), "device"]
        self._child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                       stderr=subprocess.PIPE, text=True, errors="replace",
                                       # ■ interrupts all of the kernel's own session.
                                       start_new_session=True)
        said = []
        for line in self._child.stderr:
            if "remote forward success" in line:
                self.good, self.state = True, "connected; on your device: keeper shell"
            if not line.startswith("debug"):
                said = said[-20:] + [line.strip()]
        self._child.wait()
        self.good = False
        if self._end.is_set():
            return False
        for words, meaning, again in MEANINGS:
            if any(words in line for line in said):
                self.over, self.state = not again, meaning
                return again
        self.state = "the line broke: " + (said[-1] if said else f"ssh ended with status {self._child.returncode}")
        return True

    def stop(self):
        self._end.set()
        if self._child:
            self._child.terminate()


def connect():
    global tunnel
    if "tunnel" in globals():
        tunnel.stop()
    tunnel = Tunnel()
    atexit.register(tunnel.stop)
    # How the first attempt ended; the next cell shows the others.
    end = time.monotonic() + 30
    while tunnel.state == DIALLING and time.monotonic() < end:
        time.sleep(0.2)
    if tunnel.over:
        raise Trouble(tunnel.state)
    print("✔" if tunnel.good else "… trying on:", tunnel.state)


connect()
