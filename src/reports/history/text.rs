//! The life of a resource as text.

use super::find::HistoryResource;
use super::life::{EventKind, LifeEvent, ResourceLife};
use super::overview::HistoryRun;
use crate::reports::diff::value_text;
use crate::util::terminal_text::printable_line;

/// The length of a time up to its minutes: `2026-11-22T10:00`.
const MINUTES: usize = 16;

/// Returns a stored time up to its minutes: `2026-11-22 10:00`.
fn to_the_minute(time: &str) -> String {
    time.get(..MINUTES).unwrap_or(time).replace('T', " ")
}

impl HistoryRun {
    /// Returns when it started, up to the minutes.
    pub(crate) fn started_minute(&self) -> String {
        to_the_minute(&self.started)
    }
}

impl HistoryResource {
    /// Returns the resource in one line: type, ID and name, account and region.
    pub(crate) fn line(&self) -> String {
        let Self { account, account_name, region, type_name, id, arn, name, .. } = self;
        let label = id.as_ref().or(arn.as_ref()).or(name.as_ref()).map_or("without an ID", String::as_str);
        let name = name.as_deref().filter(|name| *name != label);
        let name = name.map_or_else(String::new, |name| format!(" ({name})"));
        let account_name = account_name.as_ref().map_or_else(String::new, |name| format!(" {name}"));
        printable_line(&format!("{type_name} {label}{name} in {account}{account_name}, {region}"))
            .into_owned()
    }
}

impl ResourceLife {
    /// Returns the life as text: the resource, and a line for each event.
    pub(crate) fn text(&self) -> String {
        let width = self.events.iter().map(|event| event.run.chars().count()).max().unwrap_or_default();
        let mut lines = vec![self.resource.line()];
        lines.extend(self.resource.arn.as_deref().map(|arn| format!("  {}", printable_line(arn))));
        lines.extend(self.events.iter().map(|event| event.line(width)));
        lines.join("\n")
    }
}

impl LifeEvent {
    fn line(&self, width: usize) -> String {
        let started = to_the_minute(&self.started);
        let function = self.function.as_ref().map_or_else(String::new, |function| format!("{function} "));
        let line = format!("  {started}  {:width$}  {function}{}", self.run, self.event.words());
        printable_line(&line).into_owned()
    }
}

impl EventKind {
    fn words(&self) -> String {
        match self {
            Self::FirstSeen => "first seen".to_owned(),
            Self::Added { after } => format!("added after {after}"),
            Self::SeenAgain => "seen again".to_owned(),
            Self::Changed { after, path, old, new } => {
                let [old, new] = [old, new].map(|value| value_text(value.as_ref()));
                format!("changed after {after}: {path} {old} -> {new}")
            }
            Self::OnlyListed { because } => format!("listed, but not described: {because}"),
            Self::Unknown { because } => format!("unknown: {because}"),
            Self::Removed { after } => format!("removed after {after}"),
        }
    }
}
