//! Which accounts of an organization may call a function.

/// The accounts of an organization in which a function can be called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OrganizationScope {
    /// Whether the management account may call it.
    pub management: bool,
    /// The delegated administrators that may call it.
    pub delegated: Delegated,
    /// Whether each of these accounts returns something of its own; otherwise one of them returns everything.
    pub each: bool,
}

/// The delegated administrators that may call a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delegated {
    /// None.
    Nobody,
    /// Those of any service.
    AnyService,
    /// Those of the service with this principal.
    Of(&'static str),
}
