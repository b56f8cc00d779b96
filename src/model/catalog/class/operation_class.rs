//! The class of an operation, and how it passes on to the operations that are called for each of its items.

/// What the response of an operation is to an inventory.
///
/// The order is that of [`OperationClass::inherited`]: each class is farther from an inventory than those before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OperationClass {
    /// Resources and their settings: what users, deployments and AWS have set up.
    Configuration,
    /// The condition that something is in at the moment: status, health, compliance, recommendations.
    State,
    /// Records of the past: events, executions, jobs, findings, and versions other than those in use.
    History,
    /// Numbers: metrics, usage, costs.
    Measurement,
    /// What AWS and sellers offer to every account: versions, types, prices, managed policies.
    Offers,
    /// What a query finds.
    Search,
    /// The content of resources, in any number: objects, rows, messages, the users of an application. Operations on
    /// the deny list belong here, too.
    Data,
    /// The operation has a successor, or its service has ended.
    Deprecated,
}

impl OperationClass {
    /// All classes, in order.
    pub const ALL: [Self; 8] = [
        Self::Configuration,
        Self::State,
        Self::History,
        Self::Measurement,
        Self::Offers,
        Self::Search,
        Self::Data,
        Self::Deprecated,
    ];

    /// Returns the class of an operation that is called for each item of `parent`'s response.
    ///
    /// What hangs below configuration and state keeps its own class. Below everything else it is as far from an
    /// inventory as its parent: the ACL of each object is data, and the tags of each execution are history.
    #[must_use]
    pub fn inherited(self, parent: Self) -> Self {
        if parent <= Self::State { self } else { self.max(parent) }
    }

    /// Returns the name in documents and tables: `configuration`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Configuration => "configuration",
            Self::State => "state",
            Self::History => "history",
            Self::Measurement => "measurement",
            Self::Offers => "offers",
            Self::Search => "search",
            Self::Data => "data",
            Self::Deprecated => "deprecated",
        }
    }

    /// Returns the class with this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|class| class.name() == name)
    }
}
