#@title 2. Prepare: sshd on this machine alone, keys only
import base64
import datetime
import getpass
import hashlib
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import time

ROOM = pathlib.Path("/root/.colab-keeper")
SECRET = "COLAB_KEEPER"
NVIDIA = "/usr/lib64-nvidia"


class Trouble(Exception):
    """What a person can do something about: shown without a traceback."""

    def _render_traceback_(self):
        return [f"✘ {self}"]


def pasted():
    try:
        from google.colab import userdata
    except ImportError:
        return getpass.getpass("Enrolment string: ")
    try:
        return userdata.get(SECRET)
    except Exception:  # There is none, or this notebook may not read it.
        return getpass.getpass(f"Enrolment string (there is no secret {SECRET} for this notebook): ")


def read(text):
    parts = "".join(text.split()).split(".")
    if len(parts) != 3 or parts[0] != "ck1":
        raise Trouble("this is no whole enrolment string; on the device: sudo keeper tunnel enrol")
    try:
        body = base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4))
    except ValueError:
        body = b""
    if hashlib.sha256(body).hexdigest()[:8] != parts[2]:
        raise Trouble("the enrolment string is incomplete or damaged: copy all of it, one line")
    given = json.loads(body)
    if not re.fullmatch(r"[A-Za-z0-9:][A-Za-z0-9.:-]*", given["address"]):
        raise Trouble("the enrolment string names no address; on the device: sudo keeper tunnel enrol")
    expires = datetime.datetime.fromisoformat(given["expires"].replace("Z", "+00:00"))
    if expires <= datetime.datetime.now(datetime.timezone.utc):
        raise Trouble(f"the enrolment expired at {given['expires']}; on the device: sudo keeper tunnel enrol")
    return given


def install():
    if os.path.exists("/usr/sbin/sshd") and shutil.which("tmux"):
        return
    print("installing openssh-server and tmux …")
    # At run level 1 Debian's scripts start no service: the package's own sshd would listen everywhere.
    quiet = dict(os.environ, DEBIAN_FRONTEND="noninteractive", RUNLEVEL="1")
    get = ["apt-get", "-qq", "-o", "DPkg::Lock::Timeout=120"]
    for words in (["update"], ["install", "-y", "--no-install-recommends", "openssh-server", "tmux"]):
        done = subprocess.run(get + words, env=quiet, capture_output=True, text=True)
    if done.returncode:
        raise Trouble(f"installing failed:\n{done.stderr.strip()}")


def write(name, text):
    with open(os.open(ROOM / name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)


def settings(given):
    # Colab's own programs, nvidia-smi among them, are where the notebook finds them.
    variables = {"COLAB_KEEPER": given["expires"], "PATH": os.environ["PATH"]}
    if os.path.isdir(NVIDIA):
        variables["LD_LIBRARY_PATH"] = NVIDIA
    variables = " ".join(f'"{name}={value}"' for name, value in variables.items() if '"' not in value)
    write("sshd_config", f"""\
ListenAddress 127.0.0.1
Port 22
HostKey {ROOM}/host_key
PidFile {ROOM}/sshd.pid
AuthorizedKeysFile {ROOM}/login_keys
AllowUsers root
PermitRootLogin prohibit-password
AuthenticationMethods publickey
PasswordAuthentication no
KbdInteractiveAuthentication no
UsePAM no
AllowTcpForwarding no
AllowStreamLocalForwarding no
AllowAgentForwarding no
X11Forwarding no
PermitTunnel no
ClientAliveInterval 15
ClientAliveCountMax 8
SetEnv {variables}
Subsystem sftp internal-sftp
""")
    # Colab's name of the device says nothing to ssh: its key counts.
    write("ssh_config", f"""\
Host device
    HostName {given['address']}
    Port {int(given['port'])}
    User {given['user']}
    IdentityFile {ROOM}/dial_key
    IdentitiesOnly yes
    BatchMode yes
    HostKeyAlias device
    UserKnownHostsFile {ROOM}/known_hosts
    GlobalKnownHostsFile /dev/null
    StrictHostKeyChecking yes
    UpdateHostKeys no
    ConnectTimeout 20
    ServerAliveInterval 10
    ServerAliveCountMax 3
    ExitOnForwardFailure yes
    RemoteForward localhost:{int(given['entrance'])} 127.0.0.1:22
    LogLevel DEBUG1
""")


def came_true(condition):
    """Whether it did within ten seconds."""
    end = time.monotonic() + 10
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.1)
    return True


def stop_sshd():
    # An earlier one holds the port until it has removed this file, which is its last act.
    pid = ROOM / "sshd.pid"
    try:
        os.kill(int(pid.read_text()), signal.SIGTERM)
        came_true(lambda: not pid.exists())
    except (OSError, ValueError):
        pass
    pid.unlink(missing_ok=True)


def start_sshd():
    os.makedirs("/run/sshd", exist_ok=True)
    log = ROOM / "sshd.log"
    log.unlink(missing_ok=True)
    command = ["/usr/sbin/sshd", "-f", ROOM / "sshd_config", "-E", log]
    started = subprocess.run(command, capture_output=True, text=True)
    # It goes into the background first, and then takes the port: its file says that it has.
    if started.returncode or not came_true((ROOM / "sshd.pid").exists):
        said = started.stderr.strip() or (log.read_text().strip() if log.exists() else "")
        raise Trouble(f"sshd does not start:\n{said}")


def root_may_log_in():
    # sshd takes a password that begins with "!" for a locked account; "*" is no password at all.
    shadow = pathlib.Path("/etc/shadow")
    lines = shadow.read_text().splitlines() if shadow.exists() else []
    if any(line.startswith("root:!") for line in lines):
        subprocess.run(["usermod", "-p", "*", "root"], check=True)


def prepare():
    given = read(pasted())
    install()
    stop_sshd()
    ROOM.mkdir(mode=0o700, exist_ok=True)
    ROOM.chmod(0o700)
    write("dial_key", given["dial_key"])
    write("host_key", given["host_key"])
    write("known_hosts", "".join(f"device {key}\n" for key in given["device_host_keys"]))
    write("login_keys", "".join(f"{key}\n" for key in given["login_keys"]))
    settings(given)
    root_may_log_in()
    start_sshd()
    print(f"✔ ready to dial {given['address']}, port {given['port']}; good until {given['expires']}")


prepare()
