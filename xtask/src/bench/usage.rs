//! CPU and wall time, of this process and of all that it has waited for.

use std::time::Instant;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

/// Clock ticks a second, as /proc counts them on every Linux.
const TICKS: f64 = 100.0;

/// A reading.
pub struct Usage {
    cpu: f64,
    at: Instant,
}

/// What was used between two readings.
#[derive(Debug, Serialize, Deserialize)]
pub struct Spent {
    /// Seconds of CPU, user and system.
    pub cpu: f64,
    /// Seconds on the wall.
    pub wall: f64,
}

impl Usage {
    /// What has been used up to now.
    ///
    /// # Errors
    /// /proc is not there.
    pub fn now() -> Result<Self> {
        let stat = fs_err::read_to_string("/proc/self/stat")?;
        Ok(Self {
            cpu: cpu(&stat)?,
            at: Instant::now(),
        })
    }

    /// What was used since an earlier reading.
    pub fn since(&self, before: &Self) -> Spent {
        Spent {
            cpu: self.cpu - before.cpu,
            wall: self.at.duration_since(before.at).as_secs_f64(),
        }
    }
}

/// utime, stime, cutime and cstime of proc_pid_stat(5): fields 14 to 17, counted behind the name,
/// which may hold anything.
fn cpu(stat: &str) -> Result<f64> {
    let (_, fields) = stat
        .rsplit_once(')')
        .context("/proc/self/stat without a name")?;
    let ticks: Vec<f64> = fields
        .split_whitespace()
        .skip(11)
        .take(4)
        .flat_map(str::parse)
        .collect();
    anyhow::ensure!(ticks.len() == 4, "/proc/self/stat is too short");
    Ok(ticks.iter().sum::<f64>() / TICKS)
}

/// The machine in a line: processor, cores, memory, kernel.
pub fn machine() -> String {
    let read = |path: &str| fs_err::read_to_string(path).unwrap_or_default();
    let value = |text: &str, key: &str| {
        let line = text
            .lines()
            .find(|line| line.starts_with(key))
            .unwrap_or_default();
        line.split_once(':')
            .map(|(_, value)| value.trim().to_owned())
            .unwrap_or_default()
    };
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let memory = value(&read("/proc/meminfo"), "MemTotal");
    let kib: u64 = memory
        .split(' ')
        .next()
        .and_then(|kib| kib.parse().ok())
        .unwrap_or(0);
    let kernel = read("/proc/sys/kernel/osrelease");
    let release = kernel.trim().split('-').next().unwrap_or_default();
    let model = value(&read("/proc/cpuinfo"), "model name");
    format!(
        "{model}, {cores} cores, {} GiB, Linux {release}",
        kib.div_ceil(1 << 20)
    )
}

#[cfg(test)]
mod tests {
    #[test]
    fn times_are_found_behind_any_name() {
        let stat = "7 (a) b) c) S 1 7 7 0 -1 4194560 1 2 3 4 100 50 25 25 20 0 1 0";
        assert!((super::cpu(stat).unwrap() - 2.0).abs() < 1e-9);
        assert!(super::cpu("7 (x) S 1").is_err());
    }
}
