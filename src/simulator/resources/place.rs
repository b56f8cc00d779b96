//! A place: an account and a region, from which the names of its resources are derived.

use serde_json::{Value, json};

use crate::simulator::world::seed::Seed;
use crate::simulator::world::{Amounts, SimulatedAccount};

/// The names of the components of a workload.
const PARTS: [&str; 16] = [
    "checkout", "catalog", "orders", "search", "cart", "identity", "billing", "shipping", "reviews", "stock",
    "mail", "export", "import", "metrics", "audit", "images",
];

/// Returns the name of the `number`th component.
pub(super) fn part(number: usize) -> &'static str {
    PARTS[number % PARTS.len()]
}

/// An account and a region.
#[derive(Clone, Copy, Debug)]
pub(in crate::simulator) struct AccountRegion<'call> {
    pub(in crate::simulator) account: &'call SimulatedAccount,
    pub(in crate::simulator) region: &'call str,
}

impl<'call> AccountRegion<'call> {
    pub(super) fn account_id(&self) -> &'call str {
        self.account.id.as_str()
    }

    /// Returns the amounts of resources.
    pub(super) fn amounts(&self) -> &'call Amounts {
        self.account.amounts(self.region)
    }

    /// Returns the seed of the `number`th resource of a kind.
    pub(super) fn seed(&self, kind: &str, number: usize) -> Seed {
        if self.account.workload.uniform {
            return Seed::of(&[kind]).with(number);
        }
        Seed::of(&[self.account_id(), self.region, kind]).with(number)
    }

    /// Returns an id in the format of EC2 since 2018: `i-0` and sixteen digits.
    pub(super) fn id(&self, prefix: &str, number: usize) -> String {
        format!("{prefix}-0{}", self.seed(prefix, number).hex(16))
    }

    /// Returns a realistic name: `shop-orders-2`.
    pub(super) fn name(&self, number: usize) -> String {
        let prefix = &self.account.workload.prefix;
        let part = part(number);
        match number / PARTS.len() {
            0 => format!("{prefix}-{part}"),
            again => format!("{prefix}-{part}-{}", again + 1),
        }
    }

    /// Returns the ARN of a regional resource.
    pub(super) fn arn(&self, service: &str, resource: &str) -> String {
        format!("arn:aws:{service}:{}:{}:{resource}", self.region, self.account_id())
    }

    /// Returns the ARN of a global resource.
    pub(super) fn global_arn(&self, service: &str, resource: &str) -> String {
        format!("arn:aws:{service}::{}:{resource}", self.account_id())
    }

    /// Returns one of the region's first three availability zones.
    pub(super) fn zone(&self, number: usize) -> String {
        format!("{}{}", self.region, char::from(b"abc"[number % 3]))
    }

    /// Returns the stage of this account.
    pub(super) fn stage(&self) -> &'static str {
        let name = &self.account.name;
        if name.to_ascii_lowercase().contains("production") {
            "production"
        } else if name.contains("staging") {
            "staging"
        } else {
            "shared"
        }
    }

    /// Returns the common tags of a resource.
    pub(super) fn tags(&self, name: &str) -> Value {
        json!([
            {"Key": "Name", "Value": name},
            {"Key": "stage", "Value": self.stage()},
            {"Key": "team", "Value": self.account.workload.prefix}
        ])
    }

    /// Returns the common tags as a map.
    pub(super) fn tag_map(&self, name: &str) -> Value {
        json!({"Name": name, "stage": self.stage(), "team": self.account.workload.prefix})
    }
}
