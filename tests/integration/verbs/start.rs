//! The start of a scan: what is read before the first request.

use std::fs;

use aws_auto_inventory::simulator::World;
use aws_auto_inventory::simulator::world::Amounts;
use serde_json::json;

use crate::sandbox::Simulated;
use crate::sandbox::outcome::run_in;

/// The certificates are read with the first connection that needs them: the file that is named here does not exist.
#[test]
fn plain_http_endpoint_reads_no_certificates() {
    let aws = Simulated::new(World::sized(1, 1, Amounts::default()));
    let spec = json!([{"service": "sqs", "function": "list_queues"}]);
    let sandbox = aws.sandbox().spec(&spec).env("SSL_CERT_FILE", "/nowhere/certificates.pem");
    sandbox.run(["-s", "spec.json", "-r", "us-east-1", "-o", "output"]).expect_exit(0);
    let log = fs::read_to_string(run_in(&sandbox.path("output")).join("scan.log")).expect("a log");
    assert!(!log.contains("certificate"), "{log}");
}
