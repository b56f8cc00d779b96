//! The organization of `scan demo`: a small company with an online shop and a data lake.

use std::sync::Arc;

use super::{
    Amounts, AssignedAccounts, ForbiddenService, PERMISSION_SET, PlantedEvent, PlantedResource,
    SimulatedAccount, SimulatedOrganization, SimulatedPermissionSet, SimulatedState, SimulatedTrail,
    SimulatedUnit, SimulatedWitnesses, Trust, Workload, World,
};
use crate::names::{AccountId, Region, RegionName};

/// The regions of the company.
const REGIONS: [RegionName; 4] = [FRANKFURT, IRELAND, VIRGINIA, OREGON];
/// The regions of the newest account, which has not enabled all of them.
const FEWER_REGIONS: [RegionName; 2] = [FRANKFURT, VIRGINIA];
const FRANKFURT: RegionName = RegionName::new("eu-central-1");
const IRELAND: RegionName = RegionName::new("eu-west-1");
const VIRGINIA: RegionName = RegionName::new("us-east-1");
const OREGON: RegionName = RegionName::new("us-west-2");

/// The organizational units: name and index of the parent.
const UNITS: [(&str, Option<usize>); 6] = [
    ("Security", None),
    ("Infrastructure", None),
    ("Workloads", None),
    ("Production", Some(2)),
    ("Staging", Some(2)),
    ("Sandbox", None),
];

/// A row of the table of accounts.
struct DemoAccount {
    id: &'static str,
    name: &'static str,
    mail: &'static str,
    unit: Option<usize>,
    workload: DemoKind,
    special: DemoSpecial,
}

/// The special property of an account.
#[derive(Clone, Copy, PartialEq, Eq)]
enum DemoSpecial {
    Nothing,
    Suspended,
    RoleRefused,
    FewerRegions,
    Invited,
}

/// The purpose of an account.
#[derive(Clone, Copy)]
enum DemoKind {
    Management,
    Audit,
    Network,
    Shop,
    Staging,
    Data,
    Sandbox,
}

use DemoKind::{Audit, Data, Management, Network, Sandbox, Shop, Staging};
use DemoSpecial::{FewerRegions, Invited, Nothing, RoleRefused, Suspended};

#[rustfmt::skip]
const ACCOUNTS: [DemoAccount; 15] = [
    DemoAccount { id: "104205104205", name: "Blue Heron", mail: "root", unit: None, workload: Management, special: Nothing },
    DemoAccount { id: "112233105501", name: "log-archive", mail: "log-archive", unit: Some(0), workload: Audit, special: Nothing },
    DemoAccount { id: "118420336712", name: "security-audit", mail: "audit", unit: Some(0), workload: Audit, special: Nothing },
    DemoAccount { id: "205518740093", name: "network-hub", mail: "network", unit: Some(1), workload: Network, special: Nothing },
    DemoAccount { id: "231907744518", name: "shared-services", mail: "shared", unit: Some(1), workload: Staging, special: Nothing },
    DemoAccount { id: "310055471926", name: "shop-production", mail: "shop", unit: Some(3), workload: Shop, special: Nothing },
    DemoAccount { id: "327714509938", name: "payments-production", mail: "payments", unit: Some(3), workload: Shop, special: Nothing },
    DemoAccount { id: "344601228857", name: "Data Lake / EU (Production)", mail: "data-lake", unit: Some(3), workload: Data, special: Nothing },
    DemoAccount { id: "350988127746", name: "customer-portal", mail: "portal", unit: Some(3), workload: Staging, special: Invited },
    DemoAccount { id: "416620593301", name: "shop-staging", mail: "shop-staging", unit: Some(4), workload: Staging, special: Nothing },
    DemoAccount { id: "423358811694", name: "payments-staging", mail: "payments-staging", unit: Some(4), workload: Staging, special: Nothing },
    DemoAccount { id: "431175926608", name: "Mobile Backend", mail: "mobile", unit: Some(4), workload: Staging, special: FewerRegions },
    DemoAccount { id: "509984416235", name: "sandbox-anna", mail: "anna", unit: Some(5), workload: Sandbox, special: Nothing },
    DemoAccount { id: "515230977148", name: "acquired-startup", mail: "startup", unit: Some(5), workload: Sandbox, special: RoleRefused },
    DemoAccount { id: "598371140026", name: "legacy-website", mail: "legacy", unit: None, workload: Sandbox, special: Suspended },
];

/// The account and service that a service control policy denies: no databases in sandboxes.
const DENIED: (&str, &str) = ("509984416235", "rds");

/// The permission sets of the simulated user. The first is assigned in all accounts except the listed ones, the others
/// only in these: payments are read by auditors, and a startup that was acquired has only bills so far.
const PERMISSION_SETS: [(&str, &[&str]); 3] = [
    (PERMISSION_SET, &["327714509938", "423358811694", "515230977148"]),
    ("SecurityAudit", &["327714509938", "423358811694"]),
    ("Billing", &["104205104205", "515230977148"]),
];

impl World {
    /// Returns the organization of the demonstration.
    #[must_use]
    pub fn demo() -> Self {
        let units = UNITS.iter().enumerate().map(|(index, (name, parent))| SimulatedUnit {
            id: format!("ou-h3rn-{index}a7c2d9e"),
            name: (*name).to_owned(),
            parent: *parent,
        });
        let organization = SimulatedOrganization {
            id: "o-bh1h3r0n5x".to_owned(),
            root_id: "r-h3rn".to_owned(),
            units: units.collect(),
        };
        let mut world = Self::new(organization, ACCOUNTS.iter().map(account).collect());
        world.page_size = 25;
        world.denials =
            vec![ForbiddenService { account: AccountId::new(DENIED.0), service: DENIED.1.to_owned() }];
        world.permission_sets = PERMISSION_SETS.iter().map(permission_set).collect();
        world.witnesses = Some(witnesses());
        world.trail = trail();
        world
    }
}

/// A row of the table of planted resources.
type PlantedRow = (
    &'static str,
    RegionName,
    (&'static str, &'static str),
    Option<&'static str>,
    Option<&'static str>,
    bool,
);

/// The resources that only the witnesses of the company report, one for each way in which an inventory can lack a
/// resource: account, region, service and resource in the ARN, types in Resource Explorer and CloudFormation, newness.
#[rustfmt::skip]
const PLANTED: [PlantedRow; 5] = [
    (SHOP, FRANKFURT, ("lambda", "function:shop-forgotten"), Some("lambda:function"), Some("AWS::Lambda::Function"), false),
    (SHOP, FRANKFURT, ("lambda", "function:shop-fresh"), None, Some("AWS::Lambda::Function"), true),
    (SHOP, FRANKFURT, ("states", "stateMachine:shop-orders"), Some("states:stateMachine"), Some("AWS::StepFunctions::StateMachine"), false),
    (SHOP, FRANKFURT, ("teleport", "gate:shop-gate"), Some("teleport:gate"), None, false),
    (DENIED.0, OREGON, ("rds", "db:anna-experiment"), Some("rds:db"), Some("AWS::RDS::DBInstance"), false),
];

/// The account of the shop.
const SHOP: &str = "310055471926";

fn witnesses() -> SimulatedWitnesses {
    let planted = PLANTED.map(|(account, region, arn, explorer_type, cloudformation_type, is_new)| {
        let (account, region) = (AccountId::new(account), region.region());
        PlantedResource { account, region, arn, explorer_type, cloudformation_type, is_new }
    });
    SimulatedWitnesses {
        without_index: vec![AccountId::new("431175926608")],
        planted: planted.into(),
        hidden: vec![(AccountId::new(SHOP), FRANKFURT.region())],
        billed: vec![(AccountId::new(SHOP), RegionName::new("ap-southeast-2").region(), "Amazon Kinesis")],
    }
}

/// A row of the table of events.
type EventRow = (&'static str, RegionName, &'static str, [&'static str; 2], &'static str, bool);

/// The events of the company, in the order in which they happened: account, region, resource, service and operation,
/// caller, and whether the request succeeded.
#[rustfmt::skip]
const EVENTS: [EventRow; 11] = [
    (STAGING, FRANKFURT, "shop-staging-returns", [LAMBDA, "CreateFunction20150331"], "role/Developer/mallory", false),
    (STAGING, FRANKFURT, "shop-staging-returns", [LAMBDA, "CreateFunction20150331"], "role/Developer/anna", true),
    (STAGING, FRANKFURT, "shop-staging-returns", [LAMBDA, "UpdateFunctionCode20150331v2"], "role/Deployment/pipeline", true),
    (STAGING, FRANKFURT, "shop-staging-catalog", [LAMBDA, "UpdateFunctionCode20150331v2"], "role/Developer/anna", true),
    (STAGING, FRANKFURT, "shop-staging-catalog", [LAMBDA, "UpdateFunctionConfiguration20150331v2"], "user/ben", true),
    (STAGING, FRANKFURT, "shop-staging-catalog", [LAMBDA, "GetFunction20150331v2"], "role/Audit/carla", true),
    (STAGING, FRANKFURT, "arn:aws:lambda:eu-central-1:416620593301:function:shop-staging-checkout", [LAMBDA, "DeleteFunction20150331"], "service/cloudformation.amazonaws.com", true),
    // In another region and account, the names are those of other functions.
    (STAGING, VIRGINIA, "shop-staging-orders", [LAMBDA, "CreateFunction20150331"], "user/ben", true),
    (SHOP, FRANKFURT, "shop-staging-orders", [LAMBDA, "CreateFunction20150331"], "user/ben", true),
    // A role, whose events are in the region of global services.
    (STAGING, VIRGINIA, "shop-staging-catalog-role", ["iam.amazonaws.com", "UpdateRole"], "role/Administrator/dora", true),
    (DENIED_EVENTS, OREGON, "anna-checkout", [LAMBDA, "UpdateFunctionConfiguration20150331v2"], "user/anna", true),
];

const LAMBDA: &str = "lambda.amazonaws.com";
/// The account of the shop's staging environment.
const STAGING: &str = "416620593301";
/// The account in which the role may not read events.
const DENIED_EVENTS: &str = "509984416235";

fn trail() -> SimulatedTrail {
    let events = EVENTS.map(|(account, region, resource, [source, name], caller, succeeded)| PlantedEvent {
        account: AccountId::new(account),
        region: region.region(),
        resource,
        source,
        name,
        caller,
        succeeded,
    });
    SimulatedTrail { events: events.into(), denied: vec![AccountId::new(DENIED_EVENTS)] }
}

fn permission_set((name, accounts): &(&str, &[&str])) -> SimulatedPermissionSet {
    let accounts = accounts.iter().copied().map(AccountId::new).collect();
    let assigned = match *name {
        PERMISSION_SET => AssignedAccounts::AllExcept(accounts),
        _ => AssignedAccounts::Only(accounts),
    };
    SimulatedPermissionSet { name: (*name).to_owned(), assigned }
}

fn account(row: &DemoAccount) -> SimulatedAccount {
    let regions: &[RegionName] = if row.special == FewerRegions { &FEWER_REGIONS } else { &REGIONS };
    SimulatedAccount {
        id: AccountId::new(row.id),
        name: row.name.to_owned(),
        email: format!("aws+{}@blue-heron.example", row.mail),
        state: if row.special == Suspended { SimulatedState::Suspended } else { SimulatedState::Active },
        unit: row.unit,
        invited: row.special == Invited,
        trust: if row.special == RoleRefused { Trust::Refuses } else { Trust::Grants },
        regions: regions.iter().copied().map(Region::from).collect(),
        workload: Arc::new(workload(row.workload, row.mail)),
    }
}

fn workload(kind: DemoKind, prefix: &str) -> Workload {
    let (busy_in, busy, elsewhere): (&[RegionName], Amounts, Amounts) = match kind {
        Management => (&[VIRGINIA], management(), Amounts::default()),
        Audit => (&[FRANKFURT], audit(), Amounts { buckets: 1, ..Amounts::default() }),
        Network => (&[FRANKFURT, IRELAND], network(), Amounts::default()),
        Shop => (&[FRANKFURT], shop(), spare()),
        Staging => (&[FRANKFURT], staging(), Amounts::default()),
        Data => (&[IRELAND], data(), Amounts { buckets: 2, ..Amounts::default() }),
        Sandbox => (&[OREGON], sandbox(), Amounts::default()),
    };
    let (roles, users, policies, hosted_zones) = match kind {
        Management => (6, 2, 3, 1),
        Network => (4, 0, 2, 5),
        Shop => (30, 1, 12, 2),
        Data => (18, 0, 8, 0),
        Audit | Staging | Sandbox => (8, 1, 3, 0),
    };
    let busy_in = busy_in.iter().copied().map(Region::from).collect();
    Workload {
        prefix: prefix.to_owned(),
        busy_in,
        busy,
        elsewhere,
        roles,
        users,
        policies,
        hosted_zones,
        uniform: false,
    }
}

fn management() -> Amounts {
    Amounts { buckets: 2, topics: 2, keys: 1, stacks: 3, functions: 1, ..Amounts::default() }
}

fn audit() -> Amounts {
    Amounts { buckets: 6, functions: 3, keys: 4, queues: 2, topics: 3, stacks: 4, ..Amounts::default() }
}

fn network() -> Amounts {
    Amounts { vpcs: 3, reservations: 2, addresses: 6, load_balancers: 2, stacks: 5, ..Amounts::default() }
}

/// Returns amounts with more than one page of almost every resource.
fn shop() -> Amounts {
    Amounts {
        vpcs: 2,
        reservations: 60,
        unattached_volumes: 3,
        images: 9,
        snapshots: 40,
        addresses: 5,
        buckets: 14,
        tables: 32,
        load_balancers: 6,
        functions: 41,
        databases: 4,
        ecs_clusters: 3,
        eks_clusters: 2,
        keys: 7,
        queues: 28,
        topics: 9,
        stacks: 27,
    }
}

/// Returns the amounts of a fallback region.
fn spare() -> Amounts {
    Amounts {
        vpcs: 1,
        reservations: 3,
        snapshots: 2,
        buckets: 1,
        tables: 2,
        load_balancers: 1,
        keys: 1,
        stacks: 2,
        ..Amounts::default()
    }
}

fn staging() -> Amounts {
    Amounts {
        vpcs: 1,
        reservations: 5,
        unattached_volumes: 1,
        images: 2,
        snapshots: 6,
        addresses: 1,
        buckets: 4,
        tables: 5,
        load_balancers: 2,
        functions: 12,
        databases: 1,
        ecs_clusters: 1,
        eks_clusters: 0,
        keys: 2,
        queues: 6,
        topics: 3,
        stacks: 6,
    }
}

fn data() -> Amounts {
    Amounts {
        vpcs: 1,
        reservations: 8,
        images: 1,
        snapshots: 12,
        buckets: 36,
        tables: 3,
        functions: 15,
        databases: 2,
        eks_clusters: 1,
        keys: 6,
        queues: 8,
        topics: 4,
        stacks: 9,
        ..Amounts::default()
    }
}

fn sandbox() -> Amounts {
    Amounts { vpcs: 1, reservations: 1, buckets: 2, tables: 1, functions: 2, stacks: 1, ..Amounts::default() }
}

#[cfg(test)]
mod tests {
    use super::super::{SimulatedState, Trust};
    use super::{REGIONS, World};

    #[test]
    fn the_organization_has_one_of_every_difficulty() {
        let world = World::demo();
        let accounts = world.accounts();
        let count = |matching: &dyn Fn(&super::SimulatedAccount) -> bool| {
            accounts.iter().filter(|account| matching(account)).count()
        };
        assert_eq!(accounts.len(), 15);
        assert_eq!(count(&|account| account.state == SimulatedState::Suspended), 1);
        assert_eq!(count(&|account| account.trust == Trust::Refuses), 1);
        assert_eq!(count(&|account| account.regions.len() < REGIONS.len()), 1);
        assert_eq!(count(&|account| account.name.contains('/')), 1);
        assert!(accounts.iter().all(|account| crate::names::AccountId::parse(account.id.as_str()).is_some()));
    }

    #[test]
    fn units_are_named_by_their_path() {
        let organization = World::demo().organization;
        assert_eq!(organization.path(None), "o-bh1h3r0n5x/r-h3rn/");
        assert_eq!(organization.path(Some(3)), "o-bh1h3r0n5x/r-h3rn/ou-h3rn-2a7c2d9e/ou-h3rn-3a7c2d9e/");
    }
}
