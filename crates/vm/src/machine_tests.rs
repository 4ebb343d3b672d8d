//! The exact command lines.

use super::*;
use crate::disk::Format;

fn machine() -> Machine {
    Machine {
        accel: Accel::Tcg,
        cpus: 2,
        memory_mib: 2048,
        kernel: "/c/image-1/kernel".into(),
        initrd: "/c/image-1/initrd".into(),
        append: "root=LABEL=writable console=ttyAMA0".into(),
        disk: Disk {
            path: "/c/run-1/card.qcow2".into(),
            format: Format::Qcow2,
        },
        flushes: false,
        monitor: false,
        forwards: vec![
            Forward {
                host: 40022,
                guest: 22,
            },
            Forward {
                host: 43389,
                guest: 3389,
            },
        ],
        console: Console::Log,
        console_log: "/c/log/console.log".into(),
        sockets: "/c/run-1".into(),
        reboots: false,
        resume: None,
    }
}

#[test]
fn the_command_line_is_this_one() {
    let expected = "qemu-system-aarch64 -M virt -cpu cortex-a72 -accel tcg,thread=multi -smp 2 -m 2048 \
        -display none -kernel /c/image-1/kernel -initrd /c/image-1/initrd \
        -append 'root=LABEL=writable console=ttyAMA0' \
        -drive if=none,id=card,format=qcow2,file=/c/run-1/card.qcow2,cache=unsafe,discard=unmap \
        -device virtio-blk-pci,drive=card \
        -netdev user,id=net,hostfwd=tcp:127.0.0.1:40022-:22,hostfwd=tcp:127.0.0.1:43389-:3389 \
        -device virtio-net-pci,netdev=net,romfile= -device virtio-rng-pci \
        -chardev socket,id=check,path=/c/run-1/check.sock,server=on,wait=off -device virtio-serial-pci \
        -device virtserialport,chardev=check,name=org.colab-keeper.check \
        -chardev file,id=console,path=/c/log/console.log -serial chardev:console \
        -qmp unix:/c/run-1/qmp.sock,server=on,wait=off -nodefaults -no-user-config -no-reboot";
    assert_eq!(machine().to_string(), expected);
}

#[test]
fn what_was_asked_for_is_in_it() {
    let mut machine = machine();
    machine.accel = Accel::Kvm;
    machine.flushes = true;
    machine.console = Console::Stdio;
    machine.reboots = true;
    machine.resume = Some("/c/run-1/state".into());
    machine.disk.path = "/c/a,b/card.qcow2".into();
    let line = machine.to_string();
    for part in [
        "-M virt,gic-version=host -cpu host -accel kvm ",
        "file=/c/a,,b/card.qcow2,cache=writeback,",
        "-chardev stdio,id=console,mux=on,signal=off,logfile=/c/log/console.log -mon chardev=console,mode=readline ",
        "-incoming file:/c/run-1/state ",
    ] {
        assert!(line.contains(part), "{part} is not in {line}");
    }
    assert!(!line.contains("-no-reboot"));
}

#[test]
fn an_unknown_accelerator_is_a_clear_error() {
    assert_eq!("kvm".parse(), Ok(Accel::Kvm));
    let error = "xen".parse::<Accel>().unwrap_err();
    assert_eq!(
        error,
        "there is no accelerator \"xen\"; there are tcg and kvm"
    );
}

#[test]
fn chosen_ports_are_kept_and_free_ones_differ() {
    let ports = Ports::choose(Some(2222), None).unwrap();
    assert_eq!(ports.ssh, 2222);
    let ports = Ports::choose(None, None).unwrap();
    assert_ne!(ports.ssh, ports.rdp);
}
