//! Trial: `check IMAGE [check|dry|boot|fork]`.
use std::process::ExitCode;
use std::time::Duration;

use camino::Utf8PathBuf;
use image::sandbox::{self, Start};
use vm::{Image, MIB, Machine, Ports, Run, Running, check};

fn main() -> ExitCode {
    let run = || -> anyhow::Result<ExitCode> {
        let args = match sandbox::start()? {
            Start::Verb(args) => args,
            Start::Done(code) => return Ok(code),
        };
        if !sandbox::inside() {
            return sandbox::enter(&args[1..]);
        }
        inner(
            &args[1].clone().into_string().unwrap(),
            args[2].to_str().unwrap(),
        )?;
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

fn inner(file: &str, what: &str) -> anyhow::Result<()> {
    let progress = image::progress::Progress::new(false);
    let cache = Utf8PathBuf::from("/tmp/vmw/cache");
    let tools = image::tools::Tools::acquire(
        cache.as_std_path(),
        image::tools::VM,
        None,
        false,
        &progress,
    )?;
    let image = Image::prepare(&cache, file.as_ref(), None, &tools, &progress)?;
    eprintln!("{image:?}");
    let run = Run::new(&cache)?;
    let ports = Ports::choose(None, None)?;
    let card = image
        .disk
        .fork(&run.dir().join("card.qcow2"), Some(8192 * MIB), &tools)?;
    let machine = Machine::new(
        &image,
        card,
        run.dir(),
        "/tmp/vmw/console.log".into(),
        ports,
    );
    eprintln!("{machine}");
    match what {
        "dry" => return Ok(()),
        "boot" => return vm::boot(machine, ports, &tools),
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
    println!("boot {:.1} s", report.boot_seconds);
    if what == "fork" {
        let mut child = running.machine().clone();
        let state = run.dir().join("state");
        let t = std::time::Instant::now();
        running.save(&state)?;
        println!(
            "saved {} MiB in {:?}",
            std::fs::metadata(&state)?.len() >> 20,
            t.elapsed()
        );
        for n in 0..2 {
            let t = std::time::Instant::now();
            let mut child = child.clone();
            child.disk =
                child
                    .disk
                    .fork(&run.dir().join(format!("fork{n}.qcow2")), None, &tools)?;
            child.resume = Some(state.clone());
            child.sockets = run.dir().join(format!("s{n}"));
            std::fs::create_dir_all(&child.sockets)?;
            child.console_log = format!("/tmp/vmw/console-{n}.log").into();
            let mut r = Running::start(child, &tools)?;
            let mut q = r.qmp()?;
            loop {
                let s = q.execute("query-status", serde_json::json!({}))?;
                if s["status"] == "running" {
                    break;
                }
                std::thread::sleep(Duration::from_millis(200));
            }
            println!("resumed after {:?}", t.elapsed());
            std::thread::sleep(Duration::from_secs(5));
            drop(q);
            let t = std::time::Instant::now();
            if n == 0 {
                r.power_off(Duration::from_secs(90))?
            } else {
                r.cut_power()?
            }
            println!("ended after {:?}", t.elapsed());
        }
        child.resume = None;
    } else {
        let t = std::time::Instant::now();
        running.power_off(Duration::from_secs(90))?;
        println!("off after {:?}", t.elapsed());
    }
    report.verdict()
}
