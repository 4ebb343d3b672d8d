#@title 4. Watch: goes on until ■ is pressed
import time


def watch():
    shown = None
    try:
        while not tunnel.over:
            if shown != (now := (tunnel.good, tunnel.state)):
                shown = now
                print(time.strftime("%H:%M:%S", time.gmtime()), "UTC", "✔" if tunnel.good else "…", tunnel.state, flush=True)
            time.sleep(1)
        print("✘", tunnel.state)
    except KeyboardInterrupt:
        print("no longer watching; the next cell ends the tunnel")


watch()
