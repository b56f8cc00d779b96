//! What releases are made with: the workflow, its scripts, the installer, the formula and the image.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::Command;

use super::deploy::tools::{Tool, expect_clean, expect_refused};
use crate::sandbox::{Finished, Sandbox, root};

const TARGETS: [&str; 4] = [
    "x86_64-unknown-linux-musl",
    "aarch64-unknown-linux-musl",
    "x86_64-apple-darwin",
    "aarch64-apple-darwin",
];

fn text(name: &str) -> String {
    fs::read_to_string(root().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

#[test]
fn the_release_is_a_workflow_that_github_takes() {
    let workflow = text(".github/workflows/release.yml");
    expect_clean(Tool::GithubWorkflow, &workflow);
    expect_clean(Tool::Actionlint, &workflow);
    expect_refused(Tool::Actionlint, &workflow.replace("steps.auth.outputs", "steps.login.outputs"));
}

#[test]
fn a_release_may_only_do_what_its_jobs_need() {
    let workflow = text(".github/workflows/release.yml");
    assert!(workflow.contains("\npermissions:\n  contents: read\n"), "all jobs may more than read");
    assert!(!workflow.contains("secrets."), "a stored secret");
    assert_eq!(workflow.matches("contents: write").count(), 1, "the release alone is written");
}

#[test]
fn releases_are_made_with_the_versions_that_are_tested() {
    let workflow = text(".github/workflows/release.yml");
    let version = |file: &str, name: &str| {
        let script = text(file);
        let value = script.split_once(&format!("{name}=")).unwrap_or_else(|| panic!("{file}: no {name}")).1;
        value.split_whitespace().next().expect("a version").to_owned()
    };
    for (package, file, name) in [
        ("ziglang==", "tests/platforms", "zig_version"),
        ("cargo-zigbuild==", "tests/platforms", "zigbuild_version"),
        ("maturin==", "tests/wheel", "maturin_version"),
        ("cargo-deb@", "tests/packages", "cargo_deb_version"),
        ("cargo-cyclonedx@", "tests/packages", "cyclonedx_version"),
    ] {
        let wanted = format!("{package}{}", version(file, name));
        assert!(workflow.contains(&wanted), "{wanted}");
    }
}

#[test]
fn all_scripts_of_the_shell_are_without_findings() {
    let mut scripts = 0;
    for folder in ["docs/packages", "docs/packages/image", "docs/deploy", "tests", ".ci", "benches"] {
        for entry in fs::read_dir(root().join(folder)).expect("a folder") {
            let path = entry.expect("an entry").path();
            let Ok(script) = fs::read_to_string(&path) else { continue };
            if script.starts_with("#!/usr/bin/env bash") || script.starts_with("#!/bin/sh") {
                expect_clean(Tool::Shellcheck, &script);
                scripts += 1;
            }
        }
    }
    assert!(scripts >= 9, "{scripts} scripts");
    expect_refused(Tool::Shellcheck, "#!/bin/sh\nrm -rf $1/x\n");
}

#[test]
fn the_image_of_a_release_has_no_root_and_no_shell() {
    let dockerfile = text("docs/packages/image/Dockerfile");
    expect_clean(Tool::Hadolint, &dockerfile);
    assert!(dockerfile.contains("\nFROM scratch\n"));
    assert!(dockerfile.contains("\nUSER 65532:65532\n"));
    assert!(!dockerfile.contains("\nRUN "), "there is no shell to run it with");
}

/// Archives of a program that only prints its version.
fn releases(version: &str) -> Sandbox {
    let sandbox = Sandbox::new().file("program", &format!("#!/bin/sh\necho 'scan {version}'\n"));
    fs::set_permissions(sandbox.path("program"), fs::Permissions::from_mode(0o755)).expect("a program");
    for folder in [String::from("latest/download"), format!("download/v{version}")] {
        let folder = sandbox.path("releases").join(folder);
        for target in TARGETS {
            archive(&sandbox, target, &folder);
        }
        let sums = "cd \"$1\" && sha256sum -- * > ../sums && mv ../sums SHA256SUMS";
        let made = Command::new("sh").args(["-c", sums, "sh"]).arg(&folder).status();
        assert!(made.expect("a shell").success());
    }
    sandbox
}

#[track_caller]
fn archive(sandbox: &Sandbox, target: &str, folder: &Path) {
    let made = Command::new(root().join("docs/packages/archive"))
        .arg(target)
        .arg(sandbox.path("program"))
        .arg(folder)
        .env("SOURCE_DATE_EPOCH", "1764460800")
        .output()
        .expect("the script runs");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
}

/// Runs the installer as it comes with a release.
fn install(sandbox: &Sandbox, arguments: &str) -> Finished {
    let releases = format!("file://{}", sandbox.path("releases").display());
    let script = text("docs/packages/install.sh").replace("@RELEASES@", &releases);
    fs::write(sandbox.path("install.sh"), script).expect("a file");
    sandbox.shell(&format!("sh install.sh {arguments}"))
}

#[test]
fn the_same_program_makes_the_same_archive() {
    let sandbox = releases("1.2.3");
    let file = format!("aws-auto-inventory-{}.tar.gz", TARGETS[0]);
    let bytes =
        |folder: &str| fs::read(sandbox.path("releases").join(folder).join(&file)).expect("an archive");
    assert!(bytes("latest/download") == bytes("download/v1.2.3"));
    archive(&sandbox, "x86_64-pc-windows-msvc", &sandbox.path("one"));
    archive(&sandbox, "x86_64-pc-windows-msvc", &sandbox.path("two"));
    let zip = |folder: &str| {
        fs::read(sandbox.path(folder).join("aws-auto-inventory-x86_64-pc-windows-msvc.zip")).expect("one")
    };
    assert!(zip("one") == zip("two"));
}

#[test]
fn the_installer_installs_the_program_under_both_names() {
    let sandbox = releases("1.2.3");
    install(&sandbox, "")
        .expect_exit(0)
        .stdout_contains("Installed scan 1.2.3")
        .stdout_contains("to your PATH");
    for name in ["scan", "aws-auto-inventory"] {
        let run = sandbox.shell(&format!("\"$HOME/.local/bin/{name}\""));
        assert_eq!(run.stdout, "scan 1.2.3\n", "{name}");
    }
    // Again: it replaces what it installed.
    install(&sandbox, "--version v1.2.3").expect_exit(0).stdout_contains("as scan and aws-auto-inventory");
}

#[test]
fn the_installer_keeps_a_scan_of_another_package() {
    let sandbox = releases("1.2.3");
    fs::create_dir(sandbox.path("bin")).expect("a folder");
    symlink("/bin/true", sandbox.path("bin/scan")).expect("a link");
    install(&sandbox, "--to bin").expect_exit(0).stdout_contains("bin/scan is another program");
    assert_eq!(fs::read_link(sandbox.path("bin/scan")).expect("a link"), Path::new("/bin/true"));
}

#[test]
fn the_installer_takes_no_archive_with_another_sum() {
    let sandbox = releases("1.2.3");
    for target in TARGETS {
        let file = format!("releases/latest/download/aws-auto-inventory-{target}.tar.gz");
        fs::write(sandbox.path(&file), "something else").expect("a file");
    }
    install(&sandbox, "").expect_exit(1).stderr_contains("nothing was installed");
    assert!(!sandbox.path(".local").exists());
}

#[test]
fn the_installer_says_what_it_lacks() {
    let sandbox = releases("1.2.3");
    install(&sandbox, "--version 9.9.9")
        .expect_exit(1)
        .stderr_contains("download/v9.9.9/aws-auto-inventory-");
    install(&sandbox, "--prefix x").expect_exit(1).stderr_contains("there are --version and --to");
    install(&sandbox, "--to").expect_exit(1).stderr_contains("--to needs a value");
    let script = text("docs/packages/install.sh");
    let sandbox = Sandbox::new().file("install.sh", &script);
    sandbox.shell("sh install.sh").expect_exit(1).stderr_contains("belongs to no release");
}

#[test]
fn the_formula_has_the_sum_of_each_archive() {
    let lines: Vec<String> = TARGETS
        .iter()
        .zip(["aa", "bb", "cc", "dd"])
        .map(|(target, sum)| format!("{}  aws-auto-inventory-{target}.tar.gz\n", sum.repeat(32)))
        .collect();
    let sums = lines.concat();
    let sandbox =
        Sandbox::new().file("SHA256SUMS", &sums).file("fewer", sums.split_once('\n').expect("lines").1);
    let script = root().join("docs/packages/formula").display().to_string();
    let made = sandbox.shell(&format!("{script} 1.2.3 https://example.com/scan/releases SHA256SUMS"));
    made.expect_exit(0).stdout_contains("homepage \"https://example.com/scan\"");
    for (target, sum) in TARGETS.iter().zip(["aa", "bb", "cc", "dd"]) {
        let entry = format!(
            "url \"https://example.com/scan/releases/download/v1.2.3/aws-auto-inventory-{target}.tar.gz\"\n      \
             sha256 \"{}\"\n",
            sum.repeat(32)
        );
        made.stdout_contains(&entry);
    }
    let lacking = sandbox.shell(&format!("{script} 1.2.3 https://example.com/scan/releases fewer"));
    lacking.expect_exit(1).stderr_contains("has no aws-auto-inventory-x86_64-unknown-linux-musl.tar.gz");
    assert_eq!(lacking.stdout, "", "half a formula");
}

#[test]
fn binstall_finds_the_archives_by_their_names() {
    let manifest = text("Cargo.toml");
    assert!(manifest.contains("/releases/download/v{ version }/{ name }-{ target }{ archive-suffix }"));
    assert!(manifest.contains("bin-dir = \"{ name }-{ target }/{ bin }{ binary-ext }\""));
    // What systems with glibc get is the static program, which is the only one for Linux.
    for processor in ["x86_64", "aarch64"] {
        let other = format!("binstall.overrides.{processor}-unknown-linux-gnu]");
        let rows = manifest.split_once(&other).expect("an override").1;
        assert!(rows.lines().nth(1).expect("a row").contains(&format!("{processor}-unknown-linux-musl{{")));
    }
    let workflow = text(".github/workflows/release.yml");
    for target in TARGETS {
        assert!(workflow.contains(&format!("target: {target}, runner:")), "{target}");
    }
}
