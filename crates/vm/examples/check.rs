//! Trial: `check IMAGE [check|dry|boot|stdio|fork] [APPEND]`.
use std::process::ExitCode;
use std::time::{Duration, Instant};

use image::sandbox::{self, Start};
use vm::{Console, Options, Running, Session, check};

fn main() -> ExitCode {
    let run = || -> anyhow::Result<ExitCode> {
        let args = match sandbox::start()? {
            Start::Verb(args) => args,
            Start::Done(code) => return Ok(code),
        };
        if !sandbox::inside() {
            return sandbox::enter(&args[1..], &[]);
        }
        let args: Vec<&str> = args.iter().map(|a| a.to_str().unwrap()).collect();
        inner(args[1], args[2], args.get(3).copied())?;
        Ok(ExitCode::SUCCESS)
    };
    run().unwrap_or_else(|error| {
        for line in image::hint::chain_of(&error) {
            eprintln!("error: {line}");
        }
        eprintln!("hint: {:?}", image::hint::hint_of(&error));
        ExitCode::FAILURE
    })
}

fn inner(file: &str, what: &str, append: Option<&str>) -> anyhow::Result<()> {
    let progress = image::progress::Progress::new(false);
    let cache = std::path::Path::new("/tmp/vmw/cache");
    let tools = image::tools::Tools::acquire(
        cache,
        image::tools::VM,
        &image::archive::Mirrors::new(&[]).of("debian")?,
        false,
        &progress,
    )?;
    let mut options = Options::new(file.as_ref(), cache, "/tmp/vmw/console.log".as_ref());
    if what == "kvm" {
        options.accel = vm::Accel::Kvm;
    }
    if what == "stdio" {
        options.console = Console::Stdio;
    }
    let Session {
        image: _image,
        run,
        ports,
        mut machine,
    } = Session::prepare(&options, &tools, &progress)?;
    if let Some(append) = append {
        machine.append = format!("{} {append}", machine.append);
    }
    match what {
        "dry" => {
            println!("{machine}");
            return Ok(());
        }
        "boot" | "stdio" => return vm::boot(machine, ports, &tools),
        _ => {}
    }
    let (report, running) =
        check::run_check(machine, ports, run.dir(), check::LIMIT, &tools, &progress)?;
    for check in &report.checks {
        println!("{check}");
    }
    for note in &report.notes {
        println!("note {note}");
    }
    println!(
        "boot {:.1} s, all {:.1} s",
        report.boot_seconds,
        running.age().as_secs_f64()
    );
    if what == "fork" {
        let child = running.machine().clone();
        let state = run.dir().join("state");
        let t = Instant::now();
        running.save(&state)?;
        println!(
            "saved {} MiB in {:?}",
            std::fs::metadata(&state)?.len() >> 20,
            t.elapsed()
        );
        for n in 0..2 {
            let t = Instant::now();
            let mut child = child.clone();
            child.disk =
                child
                    .disk
                    .fork(&run.dir().join(format!("fork{n}.qcow2")), None, &tools)?;
            child.resume = Some(state.clone());
            child.sockets = run.dir().join(format!("s{n}"));
            std::fs::create_dir_all(&child.sockets)?;
            child.console_log = format!("/tmp/vmw/console-{n}.log").into();
            let r = Running::start(child, &tools)?;
            println!("resumed after {:?}", t.elapsed());
            std::thread::sleep(Duration::from_secs(5));
            let t = Instant::now();
            if n == 0 {
                r.power_off(Duration::from_secs(120))?;
            } else {
                r.cut_power()?;
            }
            println!("ended after {:?}", t.elapsed());
        }
    } else {
        let t = Instant::now();
        running.power_off(Duration::from_secs(120))?;
        println!("off after {:?}", t.elapsed());
    }
    report.verdict()
}
