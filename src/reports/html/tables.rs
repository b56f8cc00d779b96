//! Writes the resources of all runs into the page: for each resource a row in the table of its kind, and its JSON. A
//! row refers to an account of its run, and so to the run.

use std::collections::{BTreeMap, HashMap};
use std::io::{self, Write};

use serde_json::{Map, Value, json};

use super::chunk::Chunk;
use super::columns::{Columns, RowFields};
use super::kind_types::KindTypes;
use crate::aws::organization::Account;
use crate::model::console::console_link;
use crate::names::AccountId;
use crate::reports::resources::Resource;

/// Sizes in bytes of one chunk of rows, and of one chunk of resources as JSON: the page unpacks one at a
/// time, on demand.
const ROWS: usize = 512 * 1024;
const RAW: usize = 256 * 1024;
/// The most bytes buffered in all, however many kinds there are.
const WAITING: usize = 16 * 1024 * 1024;

/// The resources of one kind.
#[derive(Debug)]
struct KindTable {
    number: usize,
    count: u64,
    /// The number of resources of each run.
    counts: Vec<u64>,
    columns: Columns,
    types: KindTypes,
    rows: Chunk,
    raw: Chunk,
}

/// The tables of a page.
#[derive(Debug, Default)]
pub(super) struct KindTables {
    /// The accounts of the current run, with their indices among the accounts of all runs.
    accounts: HashMap<AccountId, usize>,
    /// The index of its first account.
    first_account: usize,
    /// The number of resources of each account, by its index.
    counts: Vec<u64>,
    /// For each run, the number of resources whose owner is the account that returned them, or not known.
    owned: Vec<u64>,
    /// The regions in the order of their first resource, and the number of resources in each run.
    regions: Vec<(String, Vec<u64>)>,
    /// By service and kind.
    kinds: BTreeMap<(String, String), KindTable>,
    waiting: usize,
    /// The table and the row of each resource of the current run, in its order.
    places: Vec<RowPlace>,
}

/// The place of a resource in the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct RowPlace {
    /// The number of its kind's table.
    pub(super) table: u32,
    /// Its index in the table.
    pub(super) row: u32,
}

impl KindTables {
    /// Starts the next run, and returns the index of its first account.
    pub(super) fn start(&mut self, accounts: &[Account]) -> usize {
        self.first_account = self.counts.len();
        self.accounts = accounts.iter().map(|account| account.id.clone()).zip(self.first_account..).collect();
        self.counts.resize(self.first_account + accounts.len(), 0);
        self.owned.push(0);
        self.places.clear();
        self.first_account
    }

    /// Returns the index of the current run.
    fn run(&self) -> usize {
        self.owned.len().saturating_sub(1)
    }

    /// Returns the place of each resource of the current run, in its order.
    pub(super) fn places(&self) -> &[RowPlace] {
        &self.places
    }

    /// Adds a resource, and writes the chunks that are large enough.
    pub(super) fn add(&mut self, resource: &Resource<'_>, writer: &mut dyn Write) -> io::Result<()> {
        let run = self.run();
        let account = self.accounts.get(&AccountId::new(resource.account)).copied();
        let account = account.unwrap_or(self.first_account);
        increment(&mut self.counts, account);
        if foreign_owner(resource).is_none() {
            increment(&mut self.owned, run);
        }
        let region = self.region(resource.region);
        let key = (resource.service.to_owned(), resource.kind.to_owned());
        let number = self.kinds.len();
        let table = self.kinds.entry(key).or_insert_with(|| KindTable {
            number,
            count: 0,
            counts: Vec::new(),
            columns: Columns::new(resource.service, resource.kind),
            types: KindTypes::default(),
            rows: Chunk::default(),
            raw: Chunk::default(),
        });
        let number = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
        self.places.push(RowPlace { table: number(table.number as u64), row: number(table.count) });
        table.count += 1;
        increment(&mut table.counts, run);
        let resource_type = resource.resource_type.map(|name| table.types.index(name));
        let row = row(account, region, resource, resource_type, &mut table.columns);
        self.waiting += table.rows.push(&row)?;
        self.waiting += table.raw.push(&complete(resource))?;
        for (chunk, part, limit) in [(&mut table.rows, "rows", ROWS), (&mut table.raw, "raw", RAW)] {
            if chunk.len() >= limit {
                self.waiting -= chunk.len();
                chunk.write(writer, part, table.number)?;
            }
        }
        if self.waiting > WAITING { self.write_largest(writer) } else { Ok(()) }
    }

    /// Writes what is still buffered.
    pub(super) fn finish(&mut self, writer: &mut dyn Write) -> io::Result<()> {
        for table in self.kinds.values_mut() {
            table.rows.write(writer, "rows", table.number)?;
            table.raw.write(writer, "raw", table.number)?;
        }
        self.waiting = 0;
        Ok(())
    }

    /// Writes the resources of the kind with the most buffered bytes.
    fn write_largest(&mut self, writer: &mut dyn Write) -> io::Result<()> {
        let size = |table: &KindTable| table.rows.len() + table.raw.len();
        let Some(table) = self.kinds.values_mut().max_by_key(|table| size(table)) else { return Ok(()) };
        self.waiting -= size(table);
        table.rows.write(writer, "rows", table.number)?;
        table.raw.write(writer, "raw", table.number)
    }

    /// Counts a resource in a region, and returns the region's index.
    fn region(&mut self, name: &str) -> usize {
        let found = self.regions.iter().position(|(known, _)| known == name);
        let index = found.unwrap_or_else(|| {
            self.regions.push((name.to_owned(), Vec::new()));
            self.regions.len() - 1
        });
        let run = self.run();
        increment(&mut self.regions[index].1, run);
        index
    }

    /// Returns the number of resources of the current run.
    pub(super) fn count(&self) -> u64 {
        self.places.len() as u64
    }

    /// Returns the number of resources of the current run that the account owns that returned them, as far as owners
    /// are known.
    pub(super) fn owned(&self) -> u64 {
        self.owned.last().copied().unwrap_or_default()
    }

    /// Returns the number of resources of the account at an index.
    pub(super) fn of_account(&self, index: usize) -> u64 {
        self.counts.get(index).copied().unwrap_or_default()
    }

    /// Returns the regions, to which rows refer by index, with the number of resources in each run.
    pub(super) fn regions(&self) -> Value {
        self.regions.iter().map(|(name, counts)| json!({"name": name, "counts": counts})).collect()
    }

    /// Returns the kinds, sorted by service and kind.
    pub(super) fn kinds(&self) -> Value {
        let kinds = self.kinds.iter().map(|((service, kind), table)| {
            json!({
                "table": table.number,
                "service": service,
                "kind": kind,
                "counts": table.counts,
                "columns": table.columns.titles(),
                "types": table.types.names(),
            })
        });
        kinds.collect()
    }
}

/// Counts one more at an index. Counts beyond the end are 0.
fn increment(counts: &mut Vec<u64>, index: usize) {
    if counts.len() <= index {
        counts.resize(index + 1, 0);
    }
    counts[index] += 1;
}

/// Returns a row: account and region by index, name, ID, ARN, state, type, creation time, tags, link to the console,
/// another owner, the type of CloudFormation by index, and the columns of the kind.
fn row(
    account: usize,
    region: usize,
    resource: &Resource<'_>,
    resource_type: Option<usize>,
    columns: &mut Columns,
) -> Vec<Value> {
    let known = [&resource.id, &resource.arn, &resource.name].map(|text| text.as_deref());
    let RowFields { state, type_of, created, others } =
        columns.fields(&resource.raw, &resource.facts, &known);
    let [id, arn, name] = known.map(Value::from);
    let tags = resource.tags.clone().map_or(Value::Null, Value::Object);
    let link = resource.arn.as_deref().and_then(|arn| console_link(arn, resource.region));
    let (link, owner) = (Value::from(link), Value::from(foreign_owner(resource)));
    let mut row = vec![account.into(), region.into(), name, id, arn, state, type_of, created, tags];
    row.extend([link, owner, resource_type.into()]);
    row.extend(others);
    while row.last().is_some_and(Value::is_null) {
        row.pop();
    }
    row
}

/// Returns the owner of a resource, if it is not the account that returned the resource.
fn foreign_owner<'resource>(resource: &'resource Resource<'_>) -> Option<&'resource str> {
    resource.owner_account.as_deref().filter(|owner| *owner != resource.account)
}

/// Returns the complete resource: as AWS returned it, and what other calls returned about it.
fn complete<'resource>(
    resource: &'resource Resource<'_>,
) -> (&'resource Value, &'resource Map<String, Value>) {
    (&resource.raw, &resource.details)
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, Value, json};

    use super::{Columns, KindTables, RowPlace, WAITING, row};
    use crate::aws::organization::Account;
    use crate::names::AccountId;
    use crate::reports::resources::{Resource, ResourceFacts};

    const ACCOUNT: &str = "111111111111";

    fn tables() -> KindTables {
        let mut tables = KindTables::default();
        tables.start(&accounts());
        tables
    }

    fn accounts() -> [Account; 2] {
        ["222222222222", ACCOUNT].map(|id| Account::alone(AccountId::new(id)))
    }

    fn resource(kind: &str, raw: Value) -> Resource<'_> {
        Resource {
            account: ACCOUNT,
            account_name: None,
            account_ou: None,
            region: "eu-west-1",
            service: "any",
            kind,
            resource_type: None,
            function: "list_any",
            id: Some("id-1".to_owned()),
            arn: None,
            name: None,
            parent: None,
            parent_kind: None,
            owner_account: None,
            facts: ResourceFacts::default(),
            tags: Some(Map::new()),
            account_tags: None,
            uses: None,
            used_by: None,
            raw,
            details: Map::new(),
        }
    }

    #[test]
    fn resources_are_counted_by_account_region_and_kind() {
        let (mut tables, mut page) = (tables(), Vec::new());
        tables.add(&resource("cat", json!({"Lives": 9})), &mut page).expect("takes it");
        tables.add(&resource("ant", json!({})), &mut page).expect("takes it");
        tables.add(&resource("cat", json!({"Lives": 8})), &mut page).expect("takes it");
        tables.finish(&mut page).expect("writes");
        assert_eq!((tables.count(), tables.of_account(0), tables.of_account(1)), (3, 0, 3));
        assert_eq!(tables.regions(), json!([{"name": "eu-west-1", "counts": [3]}]));
        assert_eq!(
            tables.kinds(),
            json!([
                {"table": 1, "service": "any", "kind": "ant", "counts": [1], "columns": [], "types": []},
                {"table": 0, "service": "any", "kind": "cat", "counts": [2], "columns": ["Lives"], "types": []},
            ])
        );
        let elements = String::from_utf8(page).expect("UTF-8").lines().count();
        assert_eq!(elements, 4, "rows and raw values of two kinds");
    }

    /// A row of the second run refers to its account of the second run, and follows those of the first in the table.
    #[test]
    fn runs_share_tables_and_no_accounts() {
        let (mut tables, mut page) = (tables(), Vec::new());
        tables.add(&resource("cat", json!({})), &mut page).expect("takes it");
        assert_eq!(tables.start(&accounts()), 2);
        tables.add(&resource("cat", json!({})), &mut page).expect("takes it");
        tables.add(&resource("dog", json!({})), &mut page).expect("takes it");
        assert_eq!((tables.count(), tables.owned()), (2, 2));
        assert_eq!([1, 2, 3].map(|index| tables.of_account(index)), [1, 0, 2]);
        assert_eq!(tables.places(), [RowPlace { table: 0, row: 1 }, RowPlace { table: 1, row: 0 }]);
        assert_eq!(tables.regions()[0]["counts"], json!([1, 2]));
        let kinds = tables.kinds();
        assert_eq!([&kinds[0]["counts"], &kinds[1]["counts"]], [&json!([1, 1]), &json!([0, 1])]);
    }

    /// A shared resource is in the tables of all accounts that see it, and counts as owned once.
    #[test]
    fn shared_resources_are_counted_as_owned_once() {
        let (mut tables, mut page) = (tables(), Vec::new());
        for owner in [None, Some(ACCOUNT), Some("333333333333"), Some("aws")] {
            let mut resource = resource("cat", json!({}));
            resource.owner_account = owner.map(str::to_owned);
            tables.add(&resource, &mut page).expect("takes it");
        }
        assert_eq!((tables.count(), tables.owned()), (4, 2));
    }

    #[test]
    fn row_has_link_owner_and_type() {
        let mut resource = resource("subnet", json!({"Lives": 9}));
        resource.arn = Some("arn:aws:ec2:eu-west-1:333333333333:subnet/subnet-1".to_owned());
        resource.owner_account = Some("333333333333".to_owned());
        let row = row(0, 0, &resource, Some(0), &mut Columns::new("any", "subnet"));
        let link = "https://eu-west-1.console.aws.amazon.com/vpc/home?region=eu-west-1#SubnetDetails:subnetId=subnet-1";
        assert_eq!(row[9..], [json!(link), json!("333333333333"), json!(0), json!(9)]);
    }

    #[test]
    fn waiting_rows_are_bounded_for_any_number_of_kinds() {
        let (mut tables, mut page) = (tables(), Vec::new());
        let raw = json!("x".repeat(200 * 1024));
        for number in 0..200 {
            tables.add(&resource(&format!("kind{number}"), raw.clone()), &mut page).expect("takes it");
            assert!(tables.waiting <= WAITING, "after {number}: {}", tables.waiting);
        }
        tables.finish(&mut page).expect("writes");
        let page = String::from_utf8(page).expect("UTF-8");
        assert_eq!(page.matches("data-part=\"raw\"").count(), 200);
    }
}
