//! The wire formats of AWS's six protocols: encoding of requests and decoding of responses.
//!
//! ```text
//! parameters ─► encode_request ─► WireRequest ─► HTTP ─► decode_response ─► values
//!                                                    └─► decode_error ────► ServiceError
//! ```
//!
//! Values are those of boto3, as JSON: botocore's member names; timestamps as the text of Python's
//! `datetime.isoformat()`; blobs in base64; `NaN`, `Infinity` and `-Infinity` as these texts.
//! `botocore/serialize.py` and `botocore/parsers.py` are the reference, and botocore's own protocol test suites
//! run against this module.

mod body;
mod decode;
pub mod encode;
mod errors;
mod headers;
mod timestamp;

pub(crate) use body::description as body_description;
#[cfg(test)]
pub(crate) use decode::is_scanned;
pub use decode::{DecodeError, Listing, ListingOf, decode_listing, decode_response};
#[cfg(feature = "demo")]
pub(crate) use decode::{cbor_value, decode_xml_request};
pub use encode::{EncodeError, WireRequest, encode_request};
pub use errors::{ErrorDocument, decode_error, is_error_document};
pub use headers::ResponseHeaders;
