#@title 5. End it all: the tunnel, sshd and the keys on this machine
import shutil


def stop():
    tunnel.stop()
    stop_sshd()
    shutil.rmtree(ROOM, ignore_errors=True)
    print("✔ the tunnel is closed, sshd has ended, and this machine's keys are gone")


stop()
