#@title 1. What this machine has
import os
import shutil
import subprocess


def machine():
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    disk = shutil.disk_usage("/").free / 2**30
    print(f"{os.cpu_count()} CPUs, {memory:.1f} GiB of memory, {disk:.0f} GiB of disk free")
    if not shutil.which("nvidia-smi"):
        print("no GPU: Runtime > Change runtime type")
        return
    asked = ["nvidia-smi", "--query-gpu=name,memory.total,driver_version", "--format=csv,noheader"]
    said = subprocess.run(asked, capture_output=True, text=True, timeout=60)
    print("GPU:", (said.stdout or said.stderr).strip())


machine()
