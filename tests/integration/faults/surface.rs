//! What a run touches besides AWS: the files of its folder, and nothing else.

use std::fs;
use std::os::unix::fs::symlink;

use crate::faults::crash::run_of;
use crate::sandbox::Sandbox;

#[test]
fn a_run_that_is_resumed_follows_no_link_out_of_its_folder() {
    for (name, code) in [("ledger.ndjson", 2), ("manifest.json", 2), ("accounts.json", 2), ("scan.lock", 1)] {
        let sandbox = Sandbox::new().file("mine.txt", "mine");
        sandbox.run(["demo", "-s", "sns", "-r", "eu-west-1"]);
        let file = sandbox.path(&run_of(&sandbox)).join(name);
        let _ = fs::remove_file(&file);
        symlink(sandbox.path("mine.txt"), &file).unwrap();
        let run = sandbox.run(["resume", &run_of(&sandbox)]);
        run.expect_exit(code).stderr_contains("is a symbolic link, which is not followed");
        assert_eq!(fs::read_to_string(sandbox.path("mine.txt")).unwrap(), "mine");
    }
}
