//! Gives each resource of a witness its class.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::io;

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::Value;

use super::answers::{self, WitnessAnswer};
use super::bill::{BilledAmounts, ServiceTitles};
use super::call_outcomes::{CallOutcomes, ListOutcome};
use super::difference::{DifferenceClass, WitnessDifference};
use super::own_resources::{self, OwnResources};
use super::possible_entries::PossibleEntries;
use super::stored::{self, ReconcileSummary};
use super::type_counts::TypeCounts;
use super::type_names;
use super::witnessed::{GLOBAL, Witnessed};
use crate::model::catalog::{Catalog, CatalogError};
use crate::plan::spec::{ScanSpec, Witness};
use crate::reports::resources::{Resources, WideHash, WideHasher};
use crate::run::ResultsError;

/// How many differences of a class the summary has.
const EXAMPLES: usize = 20;

/// A run, and the run of its witnesses.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ComparedRuns<'run> {
    /// The run.
    pub(crate) run: &'run Resources,
    /// Its spec.
    pub(crate) spec: &'run ScanSpec,
    /// The run of the witnesses.
    pub(crate) answers: &'run Resources,
    /// The witnesses that were called.
    pub(crate) witnesses: &'run [Witness],
    /// The catalog, for the entries of a spec that would list more.
    pub(crate) catalog: &'run Catalog,
}

/// The reason why a run cannot be compared with witnesses.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ReconcileError {
    /// A run cannot be read.
    #[error(transparent)]
    Results(#[from] ResultsError),
    /// The catalog cannot be read.
    #[error(transparent)]
    Catalog(#[from] CatalogError),
    /// The result cannot be written.
    #[error("cannot write the comparison: {0}")]
    Unwritable(#[from] io::Error),
}

/// The state of a comparison.
struct WitnessComparison<'run> {
    runs: ComparedRuns<'run>,
    own: OwnResources,
    outcomes: CallOutcomes,
    entries: PossibleEntries<'run>,
    hasher: WideHasher,
    /// The classes of resources that the run does not have, and which witnesses reported them.
    classes: HashMap<WideHash, (DifferenceClass, Vec<Witness>)>,
    /// The types that each witness is known to report, and the accounts and regions in which it reports any.
    known_types: HashSet<(Witness, String)>,
    known_places: HashSet<(Witness, String, String)>,
    types: BTreeMap<String, TypeCounts>,
    /// The counts of the bill, which has no types of resources.
    bill: TypeCounts,
    examples: BTreeMap<DifferenceClass, Vec<WitnessDifference>>,
}

/// Takes an item of a witness, with the name of its call, and the account and place that were called.
type TakeWitnessItem<'take, WitnessComparison> =
    &'take mut dyn FnMut(&mut WitnessComparison, &str, &Value, &str, &str) -> Result<(), ReconcileError>;

/// Writes a difference.
type WriteDifference<'write> = &'write mut dyn FnMut(&WitnessDifference) -> io::Result<()>;

/// Compares a run with witnesses, writes the result into the folder of their run, and returns the summary.
///
/// # Errors
///
/// Returns an error if a run cannot be read, or the result cannot be written.
pub(crate) fn compare(runs: ComparedRuns<'_>) -> Result<ReconcileSummary, ReconcileError> {
    stored::write(runs.answers.results().path(), |write| {
        let mut own = OwnResources::default();
        runs.run.each::<ResultsError>(&mut |resource| {
            own.add(resource);
            Ok(())
        })?;
        let entries = PossibleEntries::new(runs.catalog);
        let outcomes = CallOutcomes::read(runs.run, runs.spec, &|entry| entries.is_usual(entry))?;
        let comparison = WitnessComparison {
            runs,
            own,
            outcomes,
            entries,
            hasher: WideHasher::default(),
            classes: HashMap::new(),
            known_types: HashSet::new(),
            known_places: HashSet::new(),
            types: BTreeMap::new(),
            bill: TypeCounts::default(),
            examples: BTreeMap::new(),
        };
        comparison.finish(write)
    })
}

impl WitnessComparison<'_> {
    fn finish(mut self, write: WriteDifference<'_>) -> Result<ReconcileSummary, ReconcileError> {
        let mut witnesses = answers::read(self.runs.answers.results(), self.runs.witnesses)?;
        for answer in &mut witnesses {
            let Some(witness) = Witness::ALL.into_iter().find(|one| one.as_str() == answer.witness) else {
                continue;
            };
            match witness {
                Witness::Bill => self.compare_bill(answer, write)?,
                _ => answer.resources = self.compare_witness(witness, write)?,
            }
        }
        self.add_unwitnessed(write)?;
        let mut total = self.bill;
        self.types.values().for_each(|counts| total.add_all(counts));
        Ok(ReconcileSummary {
            run_finished: self.runs.run.results().manifest().finished,
            witnesses,
            agreement_percent: total.agreement(),
            total,
            types: self.types,
            examples: self.examples,
        })
    }

    /// Compares all resources of a witness, and returns how many it reports.
    fn compare_witness(
        &mut self,
        witness: Witness,
        write: WriteDifference<'_>,
    ) -> Result<u64, ReconcileError> {
        let mut count = 0;
        self.each_item(witness, &mut |comparison, _, item, account, place| {
            let Some(witnessed) = Witnessed::read(witness, item, account, place) else { return Ok(()) };
            count += 1;
            comparison.add(&witnessed, write)
        })?;
        Ok(count)
    }

    /// Calls `take` with each item of a witness, the name of its call, and the account and place that were called.
    fn each_item(&mut self, witness: Witness, take: TakeWitnessItem<'_, Self>) -> Result<(), ReconcileError> {
        let answers = self.runs.answers;
        let calls = answers.calls();
        let is_wanted = |index: usize| {
            let call = &calls[index];
            call.service() == witness.service() && call.function() == witness.function()
        };
        for account in answers.results().accounts() {
            for place in answers.results().places(account)? {
                answers.each_found::<ReconcileError>(account, &place, &is_wanted, &mut |found| {
                    take(self, calls[found.call].name(), &found.resource.raw, account.id.as_str(), &place)
                })?;
            }
        }
        Ok(())
    }

    fn add(&mut self, witnessed: &Witnessed, write: WriteDifference<'_>) -> Result<(), ReconcileError> {
        let type_name = type_names::type_of(witnessed, &self.own);
        if let Some(number) = self.own.find(witnessed, type_name.as_deref()) {
            let type_name = self.own.type_name(number).to_owned();
            if self.own.mark(number) {
                self.types.entry(type_name.clone()).or_default().both += 1;
            }
            self.know(witnessed, type_name);
            return Ok(());
        }
        let key = match &witnessed.arn {
            Some(arn) => self.hasher.hash(arn.as_str()),
            None => self.hasher.hash((&witnessed.account, &witnessed.region, &type_name, &witnessed.id)),
        };
        let known =
            self.classes.get(&key).map(|(class, witnesses)| (*class, witnesses.contains(&witnessed.witness)));
        if known.is_some_and(|(_, is_repeated)| is_repeated) {
            return Ok(());
        }
        let shown = type_name.clone().unwrap_or_else(|| witnessed.shown_type());
        let mut difference = self.classify(witnessed, type_name.as_deref(), shown);
        // A witness that knows when it was created is first, and decides.
        if let Some((class, _)) = known {
            difference.class = class;
        } else {
            self.types.entry(difference.type_name.clone()).or_default().add(difference.class);
            self.keep(&difference);
        }
        self.classes.entry(key).or_insert((difference.class, Vec::new())).1.push(witnessed.witness);
        Ok(write(&difference)?)
    }

    /// Remembers that a witness knows a type, and an account and region. The tagging API does not know all resources of a
    /// type.
    fn know(&mut self, witnessed: &Witnessed, type_name: String) {
        let Witnessed { witness, account, region, .. } = witnessed;
        if *witness != Witness::Tagging {
            self.known_types.insert((*witness, type_name));
            for place in [region.as_str(), GLOBAL] {
                self.known_places.insert((*witness, account.clone(), place.to_owned()));
            }
        }
    }

    fn classify(
        &mut self,
        witnessed: &Witnessed,
        type_name: Option<&str>,
        shown: String,
    ) -> WitnessDifference {
        let time =
            |time: Option<DateTime<Utc>>| time.map(|time| time.to_rfc3339_opts(SecondsFormat::Secs, true));
        let mut difference = WitnessDifference {
            class: DifferenceClass::UnmatchedType,
            witness: Some(witnessed.witness.as_str().to_owned()),
            account: witnessed.account.clone(),
            region: witnessed.region.clone(),
            type_name: shown,
            arn: witnessed.arn.clone(),
            id: witnessed.id.clone(),
            name: witnessed.name.clone(),
            created: time(witnessed.created),
            reported: time(witnessed.reported),
            status: None,
            reason: None,
            entry: None,
        };
        let Some(type_name) = type_name else {
            difference.reason = Some("the type is not one that a function of the catalog returns".to_owned());
            return difference;
        };
        match self.outcomes.of(type_name, &witnessed.account, &witnessed.region) {
            ListOutcome::Complete => {
                let started = self.runs.run.results().manifest().started;
                let is_newer = witnessed.may_be_newer_than(started);
                difference.class = if is_newer { DifferenceClass::Newer } else { DifferenceClass::Missing };
                difference.reason = Some(match (is_newer, witnessed.created, witnessed.reported) {
                    (true, Some(_), _) => "it was created after the run started".to_owned(),
                    (true, None, _) => {
                        "the witness last reported it after the run started, and it may be newer".to_owned()
                    }
                    (false, None, None) => {
                        "the witness reports no times: it may be newer than the run, or deleted since"
                            .to_owned()
                    }
                    (false, ..) => {
                        "it existed when the run started, unless it was deleted and is still reported"
                            .to_owned()
                    }
                });
            }
            ListOutcome::Incomplete(status, reason) => {
                difference.class = DifferenceClass::Failed;
                difference.status = Some(status.as_str().to_owned());
                difference.reason = Some(reason);
            }
            ListOutcome::NotCalled(reason) => {
                difference.class = DifferenceClass::NotCalled;
                difference.reason = Some(reason);
                if !self.outcomes.lists_type(type_name) {
                    difference.entry = self.entries.of_type(type_name).map(Value::to_string);
                }
            }
        }
        difference
    }

    fn keep(&mut self, difference: &WitnessDifference) {
        let examples = self.examples.entry(difference.class).or_default();
        if examples.len() < EXAMPLES {
            examples.push(difference.clone());
        }
    }

    /// Adds the resources of the run that no witness reports, although one knows their type, account and region.
    fn add_unwitnessed(&mut self, write: WriteDifference<'_>) -> Result<(), ReconcileError> {
        let run = self.runs.run;
        run.each::<ReconcileError>(&mut |resource| {
            let type_name = own_resources::type_of(resource);
            let is_known = Witness::ALL.into_iter().any(|witness| {
                let place = (witness, resource.account.to_owned(), resource.region.to_owned());
                self.known_types.contains(&(witness, type_name.clone())) && self.known_places.contains(&place)
            });
            if !is_known || !self.own.take_unwitnessed(resource) {
                return Ok(());
            }
            let difference = WitnessDifference {
                class: DifferenceClass::OnlyInRun,
                witness: None,
                account: resource.account.to_owned(),
                region: resource.region.to_owned(),
                type_name: type_name.clone(),
                arn: resource.arn.clone(),
                id: resource.id.clone(),
                name: resource.name.clone(),
                created: resource.facts.created.clone(),
                reported: None,
                status: None,
                reason: None,
                entry: None,
            };
            self.types.entry(type_name).or_default().add(difference.class);
            self.keep(&difference);
            Ok(write(&difference)?)
        })
    }

    fn compare_bill(
        &mut self,
        answer: &mut WitnessAnswer,
        write: WriteDifference<'_>,
    ) -> Result<(), ReconcileError> {
        let mut amounts = BilledAmounts::default();
        self.each_item(Witness::Bill, &mut |_, name, item, _, _| {
            amounts.add(name, item);
            Ok(())
        })?;
        answer.resources = amounts.len() as u64;
        if amounts.len() == 0 {
            return Ok(());
        }
        let titles = ServiceTitles::new(self.runs.catalog)?;
        let (differences, unknown) = amounts.without_resources(&self.own, &self.outcomes, &titles);
        if !unknown.is_empty() {
            let names: Vec<String> = unknown.into_iter().collect();
            answer.notes.push(format!("not matched with a service: {}", names.join(", ")));
        }
        for difference in differences {
            self.bill.add(difference.class);
            self.keep(&difference);
            write(&difference)?;
        }
        Ok(())
    }
}
