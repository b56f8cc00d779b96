//! The parameters of one request to the client.

use serde_json::{Map, Value};

use crate::model::catalog::Function;
use crate::model::protocol::ListingOf;
use crate::names::Region;

/// A request of one page.
#[derive(Clone, Copy)]
pub(super) struct CallRequest<'call> {
    pub(super) function: &'call Function,
    pub(super) region: &'call Region,
    pub(super) parameters: &'call Map<String, Value>,
    /// The list of the response that is requested as text.
    pub(super) listing: Option<&'call ListingOf>,
}
