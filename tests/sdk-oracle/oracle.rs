//! The official typed clients as the measure: what `scan` wrote equals what they answer, field by field.
//!
//! The typed clients make real resources in an empty moto server, the program scans them, and every field of
//! their types is compared with the member of the same name in the result files. `tests/run` builds the
//! program, prepares moto, and names both in the environment.

mod account;
#[path = "../integration/sandbox/difference.rs"]
mod difference;
#[path = "../integration/sandbox/moto.rs"]
#[expect(dead_code, reason = "the integration tests ask more of it")]
mod moto;
mod plain;
mod shapes;

use serde_json::Value;

use crate::account::ScannedAccount;
use crate::difference::first_difference;
use crate::plain::Plain;

/// Where the scripts are that start moto.
const MOTO_SCRIPTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../moto");

/// Ends the test unless the scanned values are those of the typed clients, in the same order.
#[track_caller]
fn assert_equal(scanned: &Value, typed: &impl Plain) {
    let typed = typed.plain().expect("an answer");
    assert!(typed != Value::Array(Vec::new()), "nothing to compare");
    if let Some(difference) = first_difference(scanned, &typed, &[]) {
        panic!("the typed client answers otherwise at {difference}");
    }
}

#[test]
fn instances_equal_the_typed_ones() {
    let account = ScannedAccount::shared();
    let reservations = account.collect(account.ec2.describe_instances().into_paginator().items().send());
    let typed: Vec<_> =
        reservations.into_iter().flat_map(|reservation| reservation.instances.unwrap_or_default()).collect();
    let scanned = account.result("ec2", "describe_instances");
    let reservations = scanned["Reservations"].as_array().expect("reservations");
    let instances = reservations.iter().flat_map(|one| one["Instances"].as_array().expect("instances"));
    assert_equal(&instances.cloned().collect(), &typed);
}

#[test]
fn volumes_equal_the_typed_ones() {
    let account = ScannedAccount::shared();
    let typed = account.collect(account.ec2.describe_volumes().into_paginator().items().send());
    assert_equal(&account.result("ec2", "describe_volumes")["Volumes"], &typed);
}

#[test]
fn security_groups_equal_the_typed_ones() {
    let account = ScannedAccount::shared();
    let typed = account.collect(account.ec2.describe_security_groups().into_paginator().items().send());
    assert_equal(&account.result("ec2", "describe_security_groups")["SecurityGroups"], &typed);
}

#[test]
fn buckets_equal_the_typed_ones() {
    let account = ScannedAccount::shared();
    // With a page size the answer names each bucket's region.
    let typed = account.block_on(account.s3.list_buckets().max_buckets(1000).send()).buckets;
    assert_equal(&account.result("s3", "list_buckets")["Buckets"], &typed);
}

#[test]
fn tables_equal_the_typed_ones() {
    let account = ScannedAccount::shared();
    let typed = account.block_on(account.dynamodb.describe_table().table_name(account::TABLE).send()).table;
    assert_equal(&account.result("dynamodb", "describe_table")["Table"], &typed);
}

#[test]
fn load_balancers_equal_the_typed_ones() {
    let account = ScannedAccount::shared();
    let typed = account.collect(account.elbv2.describe_load_balancers().into_paginator().items().send());
    assert_equal(&account.result("elbv2", "describe_load_balancers")["LoadBalancers"], &typed);
}

#[test]
fn target_groups_equal_the_typed_ones() {
    let account = ScannedAccount::shared();
    let typed = account.collect(account.elbv2.describe_target_groups().into_paginator().items().send());
    assert_equal(&account.result("elbv2", "describe_target_groups")["TargetGroups"], &typed);
}
