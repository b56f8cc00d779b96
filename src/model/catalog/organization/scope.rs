//! The accounts of an organization that may call a function.

/// The accounts of an organization in which a function can be called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OrganizationScope {
    /// Whether the management account may call it.
    pub management: bool,
    /// The delegated administrators that may call it.
    pub delegated: Delegated,
    /// Whether each of these accounts returns separate data; otherwise one of them returns everything.
    pub each: bool,
}

/// The delegated administrators that may call a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delegated {
    /// None.
    Nobody,
    /// The delegated administrators of any service.
    AnyService,
    /// The delegated administrators of the service with this principal.
    Of(&'static str),
}
