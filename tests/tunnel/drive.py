"""Executes a notebook in a real IPython kernel, cell by cell, as a person in Colab would.

drive.py NOTEBOOK RESULTS CELL…: the cells by their ids. What each has printed is RESULTS/<id>, written when it has
ended; a cell that failed has RESULTS/<id>.failed besides. While the cell "watch" runs, RESULTS/interrupt is waited for: then
the kernel is interrupted, as the button for it does.
"""

import os
import pathlib
import signal
import sys
import threading
import time

import nbclient
import nbformat


def interrupt(client, results):
    while not (results / "interrupt").exists():
        time.sleep(0.1)
    os.killpg(client.km.provisioner.pid, signal.SIGINT)


def text(output):
    if output["output_type"] == "stream":
        return output["text"]
    if output["output_type"] == "error":
        return "\n".join(output["traceback"]) + "\n"
    return output.get("data", {}).get("text/plain", "")


def main():
    path, results, wanted = sys.argv[1], pathlib.Path(sys.argv[2]), sys.argv[3:]
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    client = nbclient.NotebookClient(notebook, timeout=None, allow_errors=True)
    with client.setup_kernel():
        for name in wanted:
            at, cell = next((at, cell) for at, cell in enumerate(notebook.cells) if cell["id"] == name)
            if name == "watch":
                threading.Thread(target=interrupt, args=(client, results), daemon=True).start()
            client.execute_cell(cell, at)
            said = "".join(text(output) for output in cell["outputs"])
            if any(output["output_type"] == "error" for output in cell["outputs"]):
                (results / f"{name}.failed").write_text(said)
            (results / f".{name}").write_text(said)
            (results / f".{name}").rename(results / name)


main()
