//! A Colab machine's own part: its person's secret, and the notebook in a real IPython kernel.

use std::process::Child;

use e2e::repository;

use crate::machine::{Machine, wait};

/// A notebook that is being executed.
pub struct Colab<'a> {
    machine: &'a Machine<'a>,
    child: Child,
}

/// Where Colab has programs of its own: the kernel finds them, other accounts' shells do not.
pub const TOOLS: &str = "/root/tools";

/// All of its cells.
pub const ALL: &str = "machine prepare connect watch stop";

impl<'a> Colab<'a> {
    /// Executes these cells of the notebook with this secret.
    pub fn execute(machine: &'a Machine, secret: &str, cells: &str) -> Self {
        let wishes = tunnel::Wishes {
            gpu: true,
            high_ram: true,
        };
        let room = &machine.room;
        fs_err::write(room.join("keeper.ipynb"), tunnel::notebook(wishes)).unwrap();
        let drive = repository().join("tests/tunnel/drive.py");
        fs_err::copy(drive, room.join("drive.py")).unwrap();
        let google = room.join("python/google/colab");
        fs_err::create_dir_all(&google).unwrap();
        // Where Colab keeps a person's secrets.
        let module = format!("def get(name):\n    return {{'COLAB_KEEPER': {secret:?}}}[name]\n");
        fs_err::write(google.join("userdata.py"), module).unwrap();
        fs_err::write(google.join("__init__.py"), "").unwrap();
        let results = room.join("results");
        if results.exists() {
            fs_err::remove_dir_all(&results).unwrap();
        }
        fs_err::create_dir(&results).unwrap();
        let room = room.display();
        let script = format!(
            "export HOME=/root PYTHONPATH={room}/python PATH=$PATH:{TOOLS}; cd /root
             exec python3 {room}/drive.py {room}/keeper.ipynb {room}/results {cells} >{room}/said 2>&1"
        );
        let child = machine.cmd(&script).command().spawn().unwrap();
        Self { machine, child }
    }

    /// What a cell has printed, when it has ended.
    #[track_caller]
    pub fn said(&mut self, cell: &str) -> String {
        let file = self.machine.room.join("results").join(cell);
        wait(&format!("the cell {cell} has ended"), || {
            file.exists()
                || self.has_ended() && {
                    let said = fs_err::read_to_string(self.machine.room.join("said"));
                    panic!("the kernel has ended: {}", said.unwrap_or_default())
                }
        });
        fs_err::read_to_string(file).unwrap()
    }

    /// Presses the button that interrupts a cell.
    pub fn interrupt(&self) {
        fs_err::write(self.machine.room.join("results/interrupt"), "").unwrap();
    }

    pub fn has_ended(&mut self) -> bool {
        self.child.try_wait().unwrap().is_some()
    }
}
