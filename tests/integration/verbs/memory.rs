//! The memory of verbs that read a finished run: it does not grow with the number of resources. Counted in allocated
//! bytes, which are the same on every machine; `docs/performance.md` has the memory of whole processes.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use allocation_counter::measure;
use aws_auto_inventory::app::open_run;
use aws_auto_inventory::reports::diff::{self, Choice, Ignore};
use aws_auto_inventory::reports::export::{self, ExportFormat, ExportTarget};
use aws_auto_inventory::reports::html;
use serde_json::json;

use crate::sandbox::Sandbox;

const ACCOUNT: &str = "350988127746";
/// The bytes of one resource's tags: with them, the smaller run is larger than all buffers together.
const TAGS: usize = 8_000;
const FEW: usize = 800;
const MANY: usize = 2_400;

/// A run of one account with so many volumes in each of these regions.
fn run_of(regions: &[&str], volumes: usize) -> (Sandbox, PathBuf) {
    let sandbox = Sandbox::new()
        .spec(&json!([{"service": "ec2", "function": "describe_volumes", "result_key": "Volumes"}]));
    let regions_option = regions.join(",");
    let run = ["demo", "-s", "spec.json", "-r", &regions_option, "--accounts", ACCOUNT, "--run-name", "run"];
    sandbox.run(run).expect_exit(0);
    let folder = sandbox.path("output/run");
    let entries = fs::read_dir(&folder).expect("a run").map(|entry| entry.expect("an entry").path());
    let account = entries.into_iter().find(|path| path.is_dir()).expect("the account");
    for region in regions {
        let mut file = String::from("{\"describe_volumes\": [");
        for index in 0..volumes {
            let comma = if index == 0 { "" } else { "," };
            let value = "x".repeat(TAGS);
            write!(
                file,
                "{comma}\n{{\"VolumeId\":\"vol-{index:017x}\",\"Tags\":[{{\"Key\":\"k\",\"Value\":\"{value}\"}}]}}"
            )
            .expect("writes");
        }
        file.push_str("]}\n");
        fs::create_dir_all(account.join(region)).expect("a folder");
        fs::write(account.join(region).join("ec2.json"), file).expect("writes");
    }
    (sandbox, folder)
}

/// The most bytes that are allocated at one time while a run is read.
fn peak(run: &Path, read: impl FnOnce(&Path)) -> u64 {
    measure(|| read(run)).bytes_max
}

/// Expects that each further resource takes at most so many bytes.
#[track_caller]
fn expect_growth(most: u64, read: &dyn Fn(&Path)) {
    let ((_few, small), (_many, large)) = (run_of(&["eu-central-1"], FEW), run_of(&["eu-central-1"], MANY));
    let [few, many] = [&small, &large].map(|run| peak(run, read));
    let growth = many.saturating_sub(few) / (MANY - FEW) as u64;
    assert!(growth <= most, "{growth} bytes for each resource: {few} with {FEW}, {many} with {MANY}");
}

fn export(run: &Path, format: ExportFormat) {
    let resources = open_run(run, None).expect("a run");
    let path = run.with_file_name("exported");
    export::write(&resources, format, ExportTarget::Path(&path), &[]).expect("exports");
}

/// A hash for each ARN of an account, so that no resource is reported twice, and buffers that differ a little.
const HASHES: u64 = 200;
/// A link into the console, of which a workbook keeps at most 65,530.
const LINK: u64 = 2_000;

#[test]
fn ndjson_memory_is_independent_of_resources() {
    expect_growth(HASHES, &|run| export(run, ExportFormat::Ndjson));
}

#[test]
fn csv_memory_is_independent_of_resources() {
    expect_growth(HASHES, &|run| export(run, ExportFormat::Csv));
}

#[test]
fn single_csv_memory_is_independent_of_resources() {
    expect_growth(HASHES, &|run| export(run, ExportFormat::SingleCsv));
}

#[test]
fn sqlite_memory_is_independent_of_resources() {
    expect_growth(HASHES, &|run| export(run, ExportFormat::Sqlite));
}

#[test]
fn parquet_memory_is_independent_of_resources() {
    expect_growth(HASHES, &|run| export(run, ExportFormat::Parquet));
}

#[test]
fn workbook_memory_grows_only_by_links() {
    expect_growth(HASHES + LINK, &|run| export(run, ExportFormat::Xlsx));
}

#[test]
fn report_memory_is_independent_of_resources() {
    expect_growth(HASHES, &|run| {
        let resources = open_run(run, None).expect("a run");
        let runs = [("run".to_owned(), &resources)];
        html::write(&runs, None, &run.with_file_name("page.html"), |_| ()).expect("writes");
    });
}

/// Runs are compared region by region.
#[test]
fn diff_memory_is_independent_of_regions() {
    let compared = |run: &Path| {
        let [old, new] = [run, run].map(|run| open_run(run, None).expect("a run"));
        let names = ["old", "new"].map(str::to_owned);
        let ignore = Ignore::new([], true).expect("patterns");
        diff::compare(&old, &new, names, &ignore, &Choice::default()).expect("compares");
    };
    let (_one, small) = run_of(&["eu-central-1"], 100);
    let (_four, large) = run_of(&["eu-central-1", "eu-west-1", "us-east-1", "us-west-2"], 100);
    let [one, four] = [&small, &large].map(|run| peak(run, compared));
    assert!(four <= one + one / 10, "{one} bytes for one region, {four} for four");
}
